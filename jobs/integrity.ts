/**
 * Integrity: do the figures of a release agree with each other? A published rate beside its count over its base, a total
 * beside the sum of its parts, England beside the sum of its local authorities. A publisher may have reasons, so a
 * disagreement is a finding on the release, never a refusal; nothing is corrected.
 */
import type { PoolClient } from 'pg';
import type { StatisticsDataSet } from './declaration.js';

export const FINDING_KINDS = {
  RATE: 'A published rate is not its count over its base, within rounding.',
  PARTS: 'The parts of a total do not add up to it, within rounding and what is withheld.',
  NATIONAL_SUM: 'England is not the sum of its local authorities, within rounding and what is withheld.',
} as const;

export interface Finding {
  kind: keyof typeof FINDING_KINDS;
  measure: string;
  /** How many rows or totals disagree. */
  rows: number;
  message: string;
}

interface Checked {
  client: PoolClient;
  dataSet: StatisticsDataSet;
  number: number;
  /** data_set.measures. */
  measures: string[];
  release: number;
}

export async function findings(checked: Checked): Promise<Finding[]> {
  const { dataSet, measures } = checked;
  const rows = await totalsRows(checked);
  const additive = dataSet.indicators.filter((indicator) => indicator.additive);
  const sums = nationalTotals(rows);
  const divided = dividedTotals(dataSet, rows);
  return [
    ...(await rates(checked)),
    ...[...new Set(additive.map(({ measure }) => measure))].flatMap((measure) => {
      const at = measures.indexOf(measure);
      return [
        ...told('NATIONAL_SUM', measure, nationalSums(dataSet, measure, at, sums)),
        ...told('PARTS', measure, partSums(dataSet, measure, at, divided)),
      ];
    }),
  ];
}

/** Over every row of the release, schools too: one pass, and counts alone. */
async function rates({ client, dataSet, number, measures, release }: Checked): Promise<Finding[]> {
  const rated = dataSet.indicators.flatMap(({ rate, ...indicator }) =>
    rate ? [{ ...indicator, rate }] : [],
  );
  if (rated.length === 0) return [];
  const cell = (measure: string) => `o.values[${measures.indexOf(measure) + 1}]`;
  const rounding = dataSet.nationalRounding ?? 0;
  const odd = rated.map(({ measure, rate: { numerator, denominator, per }, decimals }) => {
    const [value, count, base] = [measure, numerator, denominator].map(cell);
    // Half a unit of the last decimal, a hair for floating point, and for England and the regions what rounding the
    // count and the base may come to.
    const apart = `${0.5 * 10 ** -decimals + 1e-9}
      + CASE WHEN o.place_id = ANY($3::int[]) THEN ${(rounding / 2) * per} / ${base} * (1 + ${count} / ${base}) ELSE 0 END`;
    return `(count(*) FILTER (WHERE ${base} > 0 AND abs(${value} - ${count} / ${base} * ${per}) > ${apart}))::int`;
  });
  const rounded = await client.query("SELECT id FROM place WHERE level IN ('NATIONAL', 'REGIONAL')");
  const { rows } = await client.query<number[]>({
    text: `SELECT ${odd.join(', ')} FROM observation o WHERE o.data_set_number = $1 AND o.from_release = $2`,
    values: [number, release, rounded.rows.map(({ id }) => id)],
    rowMode: 'array',
  });
  return rated.flatMap(({ id, measure }, at) => {
    const found = rows[0]![at]!;
    const message = `${id}: in ${found} row${found > 1 ? 's' : ''} the published rate is not the count over the base, within rounding`;
    return found > 0 ? [{ kind: 'RATE' as const, measure, rows: found, message }] : [];
  });
}

/** A row of England, a region or a local authority. */
export interface TotalsRow {
  level: string;
  code: string;
  period: string;
  /** By filter name: what the row is about; empty for the total. */
  filters: Record<string, string>;
  edition: string | null;
  /** By position: the value, or null with the published text in `raw`. */
  values: (number | null)[];
  raw: Record<string, string> | null;
}

/** The rows as they stand with the release, of the periods that it covers. */
async function totalsRows({ client, number, release }: Checked): Promise<TotalsRow[]> {
  // Places are named one by one: they are few, and the planner does not know it of a table that has just been filled.
  const places = await client.query(
    "SELECT id, level, code FROM place WHERE level IN ('NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY')",
  );
  const byId = new Map(places.rows.map(({ id, level, code }) => [id, { level, code }]));
  const periods = await client.query(
    `SELECT DISTINCT c.period_id, dp.label FROM coverage c
     JOIN data_set_period dp ON dp.data_set_number = c.data_set_number AND dp.period_id = c.period_id
     WHERE c.data_set_number = $1 AND c.release_id = $2`,
    [number, release],
  );
  const labels = new Map(periods.rows.map(({ period_id, label }) => [period_id, label]));
  const breakdowns = await client.query(
    'SELECT id, filters FROM breakdown WHERE data_set_number = $1 OR id = 0',
    [number],
  );
  const filters = new Map(breakdowns.rows.map(({ id, filters: named }) => [id, named]));
  const { rows } = await client.query(
    `SELECT place_id, period_id, breakdown_id, edition, to_json(values) AS values, raw FROM observation
     WHERE place_id = ANY($1::int[]) AND data_set_number = $2
       AND from_release <= $3 AND (to_release IS NULL OR to_release > $3)`,
    [[...byId.keys()], number, release],
  );
  return rows
    .filter(({ period_id }) => labels.has(period_id))
    .map(({ place_id, period_id, breakdown_id, edition, values, raw }) => ({
      ...byId.get(place_id)!,
      period: labels.get(period_id)!,
      filters: filters.get(breakdown_id)!,
      edition,
      values,
      raw,
    }));
}

interface Bounds {
  least: number;
  most: number;
}

/** Reads the bounds of one measure's cells by what their symbols mean: null for a cell that is no part of a sum. */
function boundsReader(dataSet: StatisticsDataSet, measure: string, at: number) {
  const editions = new Map(dataSet.editions.map(({ id, symbols }) => [id, symbols]));
  return ({ values, raw, edition }: TotalsRow): Bounds | null => {
    const value = values[at] ?? null;
    if (value !== null) return { least: value, most: value };
    const symbol = editions.get(edition ?? '')?.[raw?.[at + 1] ?? ''];
    if (!symbol || !UNKNOWN.has(symbol.status)) return null;
    const known = symbol.bounds?.find(({ measures }) => measures.includes(measure));
    return { least: known?.lower ?? 0, most: known?.upper ?? Number.POSITIVE_INFINITY };
  };
}

/** There may be something behind the symbol that a total has counted in. */
const UNKNOWN = new Set(['SUPPRESSED', 'LOW', 'UNRELIABLE', 'NOT_AVAILABLE', 'NOT_COLLECTED']);
/** For sums of floating point. */
const HAIR = 1e-6;

interface Disagreement extends Bounds {
  code: string;
  period: string;
  total: number;
  /** The topic that the parts are of. */
  of: string;
}

/** A total beside its parts; null where they agree. `apart`: how far rounding may take the one from the others. */
function disagreement(
  total: Bounds | null,
  parts: (Bounds | null)[],
  apart: number,
): (Bounds & { total: number }) | null {
  const summed = parts.filter((part) => part !== null);
  if (!total || total.least !== total.most || summed.length === 0) return null;
  const least = summed.reduce((sum, part) => sum + part.least, 0);
  const most = summed.reduce((sum, part) => sum + part.most, 0);
  const agree = least <= total.least + apart + HAIR && most >= total.least - apart - HAIR;
  return agree ? null : { total: total.least, least, most };
}

const isTotal = ({ filters }: TotalsRow) => Object.keys(filters).length === 0;

function grouped<T>(rows: T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** England and its local authorities, for each period that has both. */
interface NationalTotal {
  period: string;
  england: TotalsRow;
  authorities: TotalsRow[];
}

/** The same for every measure, and worked out once. */
export function nationalTotals(rows: TotalsRow[]): NationalTotal[] {
  return [...grouped(rows.filter(isTotal), ({ period }) => period)].flatMap(([period, ofPeriod]) => {
    const england = ofPeriod.find(({ level }) => level === 'NATIONAL');
    const authorities = ofPeriod.filter(({ level }) => level === 'LOCAL_AUTHORITY');
    return england ? [{ period, england, authorities }] : [];
  });
}

/** England beside its local authorities, for each period. */
export function nationalSums(
  dataSet: StatisticsDataSet,
  measure: string,
  at: number,
  totals: NationalTotal[],
): Disagreement[] {
  const bounds = boundsReader(dataSet, measure, at);
  const apart = (dataSet.nationalRounding ?? 1) / 2;
  return totals.flatMap(({ period, england, authorities }) => {
    const found = disagreement(bounds(england), authorities.map(bounds), apart);
    return found ? [{ code: england.code, period, of: '', ...found }] : [];
  });
}

/** A row beside those that differ from it in the filter that adds up. */
interface DividedTotal {
  total: TotalsRow;
  parts: TotalsRow[];
  /** The topic that the parts are of. */
  of: string;
}

/** Rows that have parts, once for every topic by which they are divided: the same for every measure. */
export function dividedTotals(dataSet: StatisticsDataSet, rows: TotalsRow[]): DividedTotal[] {
  const filter = dataSet.filters.find(({ addsUp }) => addsUp);
  if (!filter) return [];
  const topics = new Set(dataSet.filters.filter(({ isTopic }) => isTopic).map(({ name }) => name));
  const without = (filters: Record<string, string>, leftOut: (name: string) => boolean) =>
    JSON.stringify(Object.entries(filters).filter(([name]) => !leftOut(name)));
  const keys = memoised((filters: Record<string, string>) => ({
    own: without(filters, () => false),
    isPart: filter.name in filters && !filter.subtotals?.test(filters[filter.name]!),
    others: without(filters, (name) => name === filter.name),
    whole: without(filters, (name) => name === filter.name || topics.has(name)),
  }));
  const divided: DividedTotal[] = [];
  for (const ofPlace of grouped(rows, ({ code, period }) => `${code} ${period}`).values()) {
    const wholes = new Map(ofPlace.map((row) => [keys(row.filters).own, row]));
    const isPart = ({ filters }: TotalsRow) => keys(filters).isPart;
    for (const parts of grouped(ofPlace.filter(isPart), ({ filters }) => keys(filters).others).values()) {
      const { filters } = parts[0]!;
      const total = wholes.get(keys(filters).whole);
      if (!total) continue;
      const of = Object.entries(filters)
        .filter(([name]) => name !== filter.name)
        .map(([, value]) => value)
        .join(', ');
      divided.push({ total, parts, of });
    }
  }
  return divided;
}

/** Rows of one breakdown share one object of filters, and there are few breakdowns. */
function memoised<K extends object, V>(of: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let value = known.get(key);
    if (!value) {
      value = of(key);
      known.set(key, value);
    }
    return value;
  };
}

/** Totals beside the sums of their parts. */
export function partSums(
  dataSet: StatisticsDataSet,
  measure: string,
  at: number,
  totals: DividedTotal[],
): Disagreement[] {
  const bounds = boundsReader(dataSet, measure, at);
  return totals.flatMap(({ total, parts, of }) => {
    const rounded = total.level === 'LOCAL_AUTHORITY' ? 0 : (dataSet.nationalRounding ?? 1) / 2;
    const differs = disagreement(bounds(total), parts.map(bounds), rounded * (parts.length + 1));
    return differs ? [{ code: total.code, period: total.period, of, ...differs }] : [];
  });
}

/** One finding of all disagreements of a measure, told by the widest. */
function told(kind: Finding['kind'], measure: string, all: Disagreement[]): Finding[] {
  const gap = ({ total, least, most }: Disagreement) => Math.max(least - total, total - most);
  const [widest] = all.toSorted((one, other) => gap(other) - gap(one));
  if (!widest) return [];
  const { code, period, of, total, least, most } = widest;
  const parts =
    kind === 'NATIONAL_SUM' ? 'its local authorities add up' : `its parts${of ? ` by ${of}` : ''} add up`;
  const others = all.length > 1 ? `; ${all.length - 1} more disagree${all.length === 2 ? 's' : ''}` : '';
  return [
    {
      kind,
      measure,
      rows: all.length,
      message: `${measure}: ${code} has ${figure(total)} for ${period}, ${parts} to ${span(least, most)}${others}`,
    },
  ];
}

const figure = (value: number) => value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
const span = (least: number, most: number) =>
  least === most ? figure(least) : `${figure(least)} to ${figure(most)}`;
