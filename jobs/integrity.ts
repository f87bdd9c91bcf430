/**
 * Integrity: do the figures of a release agree with each other? A published rate beside its count over its base, a total
 * beside the sum of its parts, England beside the sum of its local authorities. A publisher may have reasons, so a
 * disagreement is a finding on the release, never a refusal; nothing is corrected.
 */
import type { PoolClient } from 'pg';
import type { StatisticsDataSet } from './declaration.js';
import {
  type Disagreement,
  dividedTotals,
  nationalSums,
  nationalTotals,
  partSums,
  type TotalsRow,
} from './sums.js';

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
  // Postgres looks at the rates while the sums are made here.
  const [odd, wrong] = await Promise.all([rates(checked), sums(dataSet, measures, rows)]);
  return [...odd, ...wrong];
}

async function sums(dataSet: StatisticsDataSet, measures: string[], rows: TotalsRow[]): Promise<Finding[]> {
  const additive = dataSet.indicators.filter((indicator) => indicator.additive);
  const national = nationalTotals(rows);
  const divided = dividedTotals(dataSet, rows);
  return [...new Set(additive.map(({ measure }) => measure))].flatMap((measure) => {
    const at = measures.indexOf(measure);
    return [
      ...told('NATIONAL_SUM', measure, nationalSums(dataSet, measure, at, national)),
      ...told('PARTS', measure, partSums(dataSet, measure, at, divided)),
    ];
  });
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
      + CASE WHEN o.place_id = ANY(ARRAY(SELECT id FROM place WHERE level IN ('NATIONAL', 'REGIONAL'))) THEN ${(rounding / 2) * per} / ${base} * (1 + ${count} / ${base}) ELSE 0 END`;
    return `(count(*) FILTER (WHERE ${base} > 0 AND abs(${value} - ${count} / ${base} * ${per}) > ${apart}))::int`;
  });
  const { rows } = await client.query<number[]>({
    text: `SELECT ${odd.join(', ')} FROM observation o WHERE o.data_set_number = $1 AND o.from_release = $2`,
    values: [number, release],
    rowMode: 'array',
  });
  return rated.flatMap(({ id, measure }, at) => {
    const found = rows[0]![at]!;
    const message = `${id}: in ${found} row${found > 1 ? 's' : ''} the published rate is not the count over the base, within rounding`;
    return found > 0 ? [{ kind: 'RATE' as const, measure, rows: found, message }] : [];
  });
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
