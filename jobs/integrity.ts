/**
 * Integrity: do the figures of a release agree with each other? A published rate beside its count over its base, a total
 * beside the sum of its parts, England beside the sum of its local authorities. A publisher may have reasons, so a
 * disagreement is a finding on the release, never a refusal; nothing is corrected.
 */
import type { PoolClient } from 'pg';
import type { StatisticsDataSet } from './declaration.js';
import type { Covered } from './dictionaries.js';
import { stoodBefore } from './history.js';
import { SUMMED_LEVELS, type SummedRow } from './stage-statistics.js';
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
  /** The rows of the release that figures are summed to or from, and what it covers; null where nothing adds up. */
  summed: SummedRow[] | null;
  coverage: Covered[];
}

export async function findings(checked: Checked): Promise<Finding[]> {
  const summed = checked.summed && [...checked.summed, ...(await standingBeside(checked))];
  const names = await namesOf(checked);
  // Postgres looks at the rates while the sums are made here.
  const [odd, wrong] = await Promise.all([rates(checked), summed ? sums(checked, summed.map(names)) : []]);
  return [...odd, ...wrong];
}

async function sums({ dataSet, measures }: Checked, rows: TotalsRow[]): Promise<Finding[]> {
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

/** What the numbers in a row stand for. */
async function namesOf({ client, number, release }: Checked): Promise<(row: SummedRow) => TotalsRow> {
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
  return ({ level, code, period, breakdown, edition, cells }) => ({
    level,
    code,
    period: labels.get(period)!,
    filters: filters.get(breakdown)!,
    edition,
    cells,
  });
}

/** Rows of earlier releases that stand beside the release, in periods that it covers. Hardly any release has them. */
async function standingBeside({ client, number, release, coverage }: Checked): Promise<SummedRow[]> {
  const { rows: beside } = await client.query(
    `SELECT DISTINCT c.level, c.period_id FROM coverage c
     WHERE c.data_set_number = $1 AND c.release_id < $2 AND c.level = ANY($3) AND c.period_id = ANY($4::smallint[])
       AND NOT EXISTS (SELECT FROM coverage own WHERE own.data_set_number = $1 AND own.release_id = $2
         AND own.level = c.level AND own.period_id = c.period_id)`,
    [number, release, [...SUMMED_LEVELS], coverage.map(({ period }) => period)],
  );
  if (beside.length === 0) return [];
  const { rows } = await client.query(
    `SELECT p.level, p.code, o.period_id AS period, o.breakdown_id AS breakdown, o.edition, to_json(o.values) AS values, o.raw
     FROM observation o JOIN place p ON p.id = o.place_id
     JOIN unnest($3::text[], $4::smallint[]) AS b (level, period_id) ON b.level = p.level AND b.period_id = o.period_id
     WHERE o.data_set_number = $1 AND ${stoodBefore('o', '$2')}`,
    [number, release, beside.map(({ level }) => level), beside.map(({ period_id }) => period_id)],
  );
  return rows.map(({ values, raw, ...row }) => ({
    ...row,
    cells: values.map((value: number | null, at: number) => value ?? raw?.[at + 1] ?? null),
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
