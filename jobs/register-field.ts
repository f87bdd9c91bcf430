/**
 * How one field of a register is read: text of the file in, canonical text for Postgres out, or null for
 * "not stated". A field that cannot be read says why; whether that costs the row or only the field is
 * the field's own declaration (`required`).
 */
export interface RegisterField {
  /** The columns read, by header name. The first is the one named in issues. */
  columns: string[];
  /** Header columns that a file may lack; the field is then null throughout. */
  optional: boolean;
  /** Of several columns, those that some editions lack: the others say enough. */
  dispensable?: string[];
  /** A row without a usable value is rejected. */
  required: boolean;
  /** How it is read, as data: part of the definition that a release was loaded under. */
  rule: unknown;
  /** Throws a plain Error whose message completes "the value …". */
  read: (values: string[]) => string | null;
}

type Options = { optional?: boolean; required?: boolean };

function field(
  columns: string[],
  options: Options,
  rule: unknown,
  read: (values: string[]) => string | null,
): RegisterField {
  return { columns, optional: options.optional ?? false, required: options.required ?? false, rule, read };
}

export const text = (column: string, options: Options = {}): RegisterField =>
  field([column], options, 'text', ([value]) => value!.trim() || null);

export function integer(
  column: string,
  options: Options & { minimum?: number; maximum?: number } = {},
): RegisterField {
  const { minimum = 0, maximum = 2_147_483_647 } = options;
  return field([column], options, { integer: [minimum, maximum] }, ([value]) => {
    const trimmed = value!.trim();
    if (trimmed === '') return null;
    if (!/^-?\d+$/.test(trimmed)) throw new Error('is not a whole number');
    const number = Number(trimmed);
    if (number < minimum || number > maximum) throw new Error(`is not between ${minimum} and ${maximum}`);
    return String(number);
  });
}

export const decimal = (column: string, options: Options = {}): RegisterField =>
  field([column], options, 'decimal', ([value]) => {
    const trimmed = value!.trim();
    if (trimmed === '') return null;
    if (!/^-?\d+(\.\d+)?$/.test(trimmed)) throw new Error('is not a number');
    return trimmed;
  });

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Register dates that mean "not known". */
const DATE_SENTINELS = new Set(['1900-01-01', '1902-01-01']);

/** A date written dd-mm-yyyy or dd/mm/yyyy, as GIAS writes both; its sentinels 01/01/1900 and 01/01/1902 are null. */
export const date = (column: string, options: Options = {}): RegisterField =>
  field([column], options, 'date', ([value]) => {
    const trimmed = value!.trim();
    if (trimmed === '') return null;
    const match = /^(\d\d)[-/](\d\d)[-/](\d{4})$/.exec(trimmed);
    if (!match) throw new Error('is not a date (dd-mm-yyyy or dd/mm/yyyy)');
    const [, day, month, year] = match as unknown as [string, string, string, string];
    const last = month === '02' && !isLeapYear(Number(year)) ? 28 : DAYS_IN_MONTH[Number(month) - 1];
    if (last === undefined || Number(year) === 0 || Number(day) < 1 || Number(day) > last)
      throw new Error('is not a day of the calendar');
    const iso = `${year}-${month}-${day}`;
    return DATE_SENTINELS.has(iso) ? null : iso;
  });

const isLeapYear = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** One of a closed list, by its code where the file gives one, else by its name. */
export function oneOf(
  list: readonly { value: string; code: string; name: string }[],
  columns: { code?: string; name?: string },
  options: Options = {},
): RegisterField {
  const byCode = new Map(list.map((entry) => [entry.code, entry.value]));
  const byName = new Map(list.map((entry) => [entry.name.toLowerCase(), entry.value]));
  const read = [columns.code, columns.name].filter((column) => column !== undefined);
  return field(read, options, { oneOf: list }, (values) => {
    const code = columns.code ? values[0]!.trim() : '';
    const name = columns.name ? values[values.length - 1]!.trim() : '';
    const known = byName.get(name.toLowerCase()) ?? byCode.get(code);
    if (known) return known;
    if (name === '' && code === '') return null;
    throw new Error(`is none of ${list.map((entry) => `"${entry.name}"`).join(', ')}`);
  });
}

/** The code of an entry of a closed list; editions without the code column give its name. */
export function codeOf(
  list: readonly { code: string; name: string }[],
  columns: { code: string; name: string },
  options: Options = {},
): RegisterField {
  const entries = list.map((entry) => ({ ...entry, value: entry.code }));
  return { ...oneOf(entries, columns, options), rule: { codeOf: list }, dispensable: [columns.code] };
}

/** Text of which the named values mean "not stated". */
export const textUnless = (column: string, unknown: string[], options: Options = {}): RegisterField =>
  field([column], options, { textUnless: unknown }, ([value]) => {
    const trimmed = value!.trim();
    return trimmed === '' || unknown.includes(trimmed) ? null : trimmed;
  });

/** Codes of one form between spaces, as a Postgres array; an empty text is an empty list. */
export const list = (column: string, form: RegExp, options: Options = {}): RegisterField =>
  field([column], options, { list: String(form) }, ([value]) => {
    const entries = value!.split(' ').filter(Boolean);
    const odd = entries.find((entry) => !form.test(entry));
    if (odd !== undefined) throw new Error(`holds "${odd}", which is not such a code`);
    return `{${entries.join(',')}}`;
  });

/** LAESTAB: the 3-digit LA code and the 4-digit establishment number, written as seven digits. */
export const laEstab = (laColumn: string, numberColumn: string): RegisterField =>
  field([laColumn, numberColumn], {}, 'LAESTAB', ([la, number]) => {
    const code = la!.trim();
    const establishment = number!.trim();
    if (code === '' || establishment === '') return null;
    if (!/^\d{3}$/.test(code) || !/^\d{1,4}$/.test(establishment)) throw new Error('do not make a LAESTAB');
    return code + establishment.padStart(4, '0');
  });

/** The same field, of which the named texts mean "not stated". */
export const unless = (inner: RegisterField, unknown: string[]): RegisterField => ({
  ...inner,
  rule: { unless: [inner.rule, unknown] },
  read: (values) => (unknown.includes(values[0]!.trim()) ? null : inner.read(values)),
});

/** Text of several lines, however the file ends them, of which the named texts mean "not stated". */
export const paragraphs = (column: string, unknown: string[], options: Options = {}): RegisterField =>
  field([column], options, { paragraphs: unknown }, ([value]) => {
    const lines = value!.trim().replace(/\r*\n/g, '\n');
    return lines === '' || unknown.includes(lines) ? null : lines;
  });

/** A flag, by the texts that set it; null means "not stated". */
export const whether = (
  column: string,
  texts: Record<string, boolean | null>,
  options: Options = {},
): RegisterField =>
  field([column], options, { whether: texts }, ([value]) => {
    const meant = texts[value!.trim()];
    if (meant === undefined) {
      throw new Error(
        `is none of ${Object.keys(texts)
          .map((name) => `"${name}"`)
          .join(', ')}`,
      );
    }
    return meant === null ? null : String(meant);
  });

/** Excel counts days from here: day 1 is 1 January 1900, and it believes in a 29 February 1900. */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
const EXCEL_SERIAL = /^\d{5}$/;

/** A day as Excel counts them, 45809; any other text is no day, and null. */
export const excelDay = (column: string, options: Options = {}): RegisterField =>
  field([column], options, 'Excel day', ([value]) => {
    const trimmed = value!.trim();
    if (!EXCEL_SERIAL.test(trimmed)) return null;
    return new Date(EXCEL_EPOCH + Number(trimmed) * 86_400_000).toISOString().slice(0, 10);
  });

/** What stands where a day should: "Discontinued". */
export const excelDayNote = (column: string, unknown: string[], options: Options = {}): RegisterField =>
  field([column], options, { excelDayNote: unknown }, ([value]) => {
    const trimmed = value!.trim();
    return trimmed === '' || unknown.includes(trimmed) || EXCEL_SERIAL.test(trimmed) ? null : trimmed;
  });
