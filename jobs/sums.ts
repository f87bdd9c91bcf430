/**
 * Sums that a release publishes: England beside its local authorities, a total beside its parts, within rounding and the
 * bounds of what is withheld. Which rows belong to which total is the same for every measure, and worked out once.
 */
import type { StatisticsDataSet, SymbolDeclaration } from './declaration.js';
import type { SummedRow } from './stage-statistics.js';

/** A row, with what its numbers of period and breakdown stand for. */
export interface TotalsRow extends Pick<SummedRow, 'edition' | 'cells'> {
  level: string;
  code: string;
  period: string;
  /** By filter name: what the row is about; empty for the total. */
  filters: Record<string, string>;
}

interface Bounds {
  least: number;
  most: number;
}

/**
 * Reads the bounds of one measure's cells by what their symbols mean: a number is its own bounds, and null is a cell that
 * is no part of a sum.
 */
function boundsReader(dataSet: StatisticsDataSet, measure: string, at: number) {
  const editions = new Map(
    dataSet.editions.map(({ id, symbols }) => [
      id,
      new Map(Object.entries(symbols).map(([symbol, meaning]) => [symbol, boundsOf(meaning, measure)])),
    ]),
  );
  return ({ cells, edition }: TotalsRow): number | Bounds | null => {
    const cell = cells[at] ?? '';
    return typeof cell === 'number' ? cell : (editions.get(edition ?? '')?.get(cell) ?? null);
  };
}

function boundsOf({ status, bounds }: SymbolDeclaration, measure: string): Bounds | null {
  if (!UNKNOWN.has(status)) return null;
  const known = bounds?.find(({ measures }) => measures.includes(measure));
  return { least: known?.lower ?? 0, most: known?.upper ?? Number.POSITIVE_INFINITY };
}

/** There may be something behind the symbol that a total has counted in. */
const UNKNOWN = new Set(['SUPPRESSED', 'LOW', 'UNRELIABLE', 'NOT_AVAILABLE', 'NOT_COLLECTED']);
/** For sums of floating point. */
const HAIR = 1e-6;

export interface Disagreement extends Bounds {
  code: string;
  period: string;
  total: number;
  /** The topic that the parts are of. */
  of: string;
}

/** A total beside its parts; null where they agree. `apart`: how far rounding may take the one from the others. */
function disagreement(
  whole: number | Bounds | null,
  parts: TotalsRow[],
  at: number,
  boundsOfPart: (part: TotalsRow) => number | Bounds | null,
  apart: number,
): (Bounds & { total: number }) | null {
  const total =
    whole === null || typeof whole === 'number' || whole.least !== whole.most ? whole : whole.least;
  if (typeof total !== 'number') return null;
  let least = 0;
  let most = 0;
  let summed = 0;
  for (const part of parts) {
    const cell = part.cells[at];
    // Most cells are numbers, and there are millions of cells.
    const bounds = typeof cell === 'number' ? cell : boundsOfPart(part);
    if (bounds === null) continue;
    summed += 1;
    least += typeof bounds === 'number' ? bounds : bounds.least;
    most += typeof bounds === 'number' ? bounds : bounds.most;
  }
  const agree = least <= total + apart + HAIR && most >= total - apart - HAIR;
  return summed === 0 || agree ? null : { total, least, most };
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
    const found = disagreement(bounds(england), authorities, at, bounds, apart);
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
    const differs = disagreement(bounds(total), parts, at, bounds, rounded * (parts.length + 1));
    return differs ? [{ code: total.code, period: total.period, of, ...differs }] : [];
  });
}
