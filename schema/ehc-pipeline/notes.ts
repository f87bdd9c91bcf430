/** What is to be known of the figures of an EHC pipeline: what is missing, not comparable, or not the place's own. */
import { newestRow } from '../observation/passes.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import {
  askedOf,
  breaksBetween,
  indicatorOf,
  type PipelineRow,
  periodOf,
  RATES,
  type RateName,
  rateOf,
  STAGES,
  type Stage,
} from './stages.js';

export function notesOf(row: PipelineRow, select: Select): Sql {
  const { year } = row;
  const texts: string[] = [];
  const stages = Object.keys(STAGES) as Stage[];
  const missing = stages.filter((stage) => periodOf(stage, year, select) === undefined);
  if (missing.length > 0) {
    const words = missing.map((stage) => `${stage} (${STAGES[stage].id})`);
    texts.push(`The files that are loaded do not have ${words.join(', ')} for ${year}.`);
  }
  for (const note of new Set(stages.flatMap((stage) => earlierWay(stage, year, select)))) {
    texts.push(`These figures are from before a change in how they are collected. ${note}`);
  }
  for (const name of Object.keys(RATES) as RateName[]) {
    const { numerator, denominator } = rateOf(name);
    const [one, other] = [numerator, denominator].map((stage) => periodOf(stage, year, select));
    if (one && other && breaksBetween(indicatorOf(numerator, select).breaks ?? [], one, other).length > 0) {
      texts.push(`There is no rate ${name}: its two counts were collected in different ways.`);
    }
  }
  const sure = texts.map((text) => sql`${text}::text`);
  const perhaps =
    row.level === 'LOCAL_AUTHORITY' ? stages.flatMap((stage) => regionsOwn(stage, row, select)) : [];
  const asked = askedOf('requests', row, select);
  if (asked) {
    const text = `The files have no row for it in ${year}: it did not exist, or published nothing.`;
    const { isThere } = newestRow(asked, select);
    perhaps.push(sql`CASE WHEN NOT (${isThere}) THEN ${text}::text END`);
    for (const stage of stages) perhaps.push(...withoutRow(stage, isThere, row, select));
  }
  return sql`to_json(array_remove(ARRAY[${join([...sure, ...perhaps])}]::text[], NULL))`;
}

/** A stage of which a place that is there in the year has no row: of one that a reorganisation made, what was in place before. */
function withoutRow(stage: Stage, isThere: Sql, row: PipelineRow, select: Select): Sql[] {
  const asked = askedOf(stage, row, select);
  const period = periodOf(stage, row.year, select);
  if (!asked || !period) return [];
  const text = `The files have no row for it in ${period.label} (${stage}): it did not exist then, or published nothing.`;
  return [sql`CASE WHEN ${isThere} AND NOT (${newestRow(asked, select).isThere}) THEN ${text}::text END`];
}

/** The breaks that came after the stage's period. */
function earlierWay(stage: Stage, year: number, select: Select): string[] {
  const period = periodOf(stage, year, select);
  const breaks = indicatorOf(stage, select).breaks ?? [];
  return period ? breaks.filter(({ from }) => period.startsOn < from).map(({ note }) => note) : [];
}

/** A figure that is its whole region's, and every other local authority's there: no figure of the place. */
function regionsOwn(stage: Stage, { place, year }: PipelineRow, select: Select): Sql[] {
  const period = periodOf(stage, year, select);
  const stored = select.known.stored(STAGES[stage].id);
  if (!period || !stored) return [];
  const valueAt = (
    level: string,
    code: Sql,
  ) => sql`(SELECT o.values[${stored.position}::int] FROM observation o
    WHERE o.place_id = (SELECT id FROM place WHERE level = ${raw(`'${level}'`)} AND code = ${code})
      AND o.data_set_number = ${stored.dataSetNumber}::smallint AND o.period_id = ${period.id}::smallint AND o.breakdown_id = 0
      AND ${select.valid(sql`o`)})`;
  const { alias } = place;
  const text = `${stage} is published with the figure of the whole region: it is not the local authority’s own, and no rate is made of it.`;
  return [
    sql`CASE WHEN ${valueAt('LOCAL_AUTHORITY', sql`${alias}.code`)} > 0
      AND ${valueAt('LOCAL_AUTHORITY', sql`${alias}.code`)} = ${valueAt('REGIONAL', sql`${alias}.region_code`)}
      AND EXISTS (SELECT FROM local_authority a WHERE a.region_code = ${alias}.region_code AND a.code <> ${alias}.code)
      THEN ${text}::text END`,
  ];
}
