/**
 * The rate of a local authority's statistical neighbours together, for one stage of the way to an EHC plan: the sum of
 * counts over the sum of bases, where every neighbour publishes both. All rates of a pipeline are read in one pass over
 * the neighbours.
 */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { editionOf, neighboursOf } from '../neighbour/kinds.js';
import { newestRow } from '../observation/passes.js';
import { placeIndicator } from '../place/place.js';
import { Columns } from '../select/columns.js';
import { joinsOf, rowOf, SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import { isBeyondChance, type Rate } from '../statistics/two-rates.js';
import { type PipelineRow, periodOf, type RateName, rateOf, STAGES, type Stage } from './stages.js';

interface NeighbourRateRow {
  edition: string;
  places: Sql;
  withFigures: Sql;
  /** Sums, where every neighbour has both. */
  together: Rate;
  isBeyondChance: Sql;
}

@ObjectType({
  description:
    'A rate of the ten statistical neighbours together: the sum of their counts over the sum of their bases, never a mean of rates.',
})
export class EhcNeighbourRate {
  @Field(() => String, { description: 'The edition of neighbours: the newest.' })
  @SqlField(({ edition }: NeighbourRateRow) => sql`${edition}::text`)
  edition!: string;

  @Field(() => Int, { description: 'How many neighbours the edition names.' })
  @SqlField(({ places }: NeighbourRateRow) => places)
  neighbours!: number;

  @Field(() => Int, { description: 'How many of them publish both the count and its base for the period.' })
  @SqlField(({ withFigures }: NeighbourRateRow) => withFigures)
  withFigures!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The rate, per 100 and unrounded. Null unless every neighbour publishes both counts.',
  })
  @SqlField(({ together: { count, base } }: NeighbourRateRow) => sql`100 * ${count} / nullif(${base}, 0)`)
  value!: number | null;

  @Field(() => Float, { nullable: true, description: 'The sum of what is counted.' })
  @SqlField(({ together }: NeighbourRateRow) => together.count)
  numerator!: number | null;

  @Field(() => Float, { nullable: true, description: 'The sum of what it is out of.' })
  @SqlField(({ together }: NeighbourRateRow) => together.base)
  denominator!: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the local authority’s own rate differs from this one by more than chance makes in 95 of 100 cases: a normal test of two rates with the pooled rate. Null where either is null.',
  })
  @SqlField((row: NeighbourRateRow) => row.isBeyondChance)
  isBeyondChance!: boolean | null;
}

const STATISTICAL = { kind: 'STATISTICAL' } as const;

interface Neighbours {
  row: TableRow;
  columns: Columns;
  edition: string;
}

/** The neighbours of a pipeline's local authority; null where it is none, or no edition is loaded. */
function besides({ place, level }: PipelineRow, select: Select): Neighbours | null {
  if (level !== 'LOCAL_AUTHORITY') return null;
  const edition = editionOf(STATISTICAL, select);
  if (edition === null) return null;
  const known = place.shared.get('ehc neighbours') as Neighbours | undefined;
  if (known) return known;
  const row = rowOf(select.alias('n'));
  const made = { row, columns: new Columns(select.alias('a')), edition };
  const { columns } = made;
  const one = select.alias('s');
  columns.of('places', () => sql`count(*)::int`);
  place.joins.push(
    () => sql`LEFT JOIN LATERAL (SELECT ${columns.list((column) => column)}
      FROM (${neighboursOf(place, STATISTICAL, select)}) ${one} JOIN local_authority ${row.alias} ON ${row.alias}.code = ${one}.neighbour_code
      ${joinsOf(row)}) ${columns.alias} ON true`,
  );
  place.shared.set('ehc neighbours', made);
  return made;
}

/** JSON of the neighbours' rate beside `own`; null where there are no neighbours. */
export function neighbourRate(pipeline: PipelineRow, name: RateName, own: Rate | null, select: Select): Sql {
  const neighbours = besides(pipeline, select);
  const { numerator, denominator, counts } = rateOf(name);
  const periods = [numerator, denominator].map((stage) => periodOf(stage, pipeline.year, select));
  if (!neighbours || !own || periods.includes(undefined)) return sql`NULL::json`;
  const { row, columns, edition } = neighbours;
  const type = select.typeNamed('LocalAuthority');
  const figure = (stage: Stage, at: number) =>
    newestRow(
      placeIndicator({ row, type }, select, { id: STAGES[stage].id, periods: [periods[at]!.code] }),
      select,
    ).row.figure('value');
  const [count, base] = [figure(numerator, 0), figure(denominator, 1)];
  const both = sql`${count} IS NOT NULL AND ${base} IS NOT NULL`;
  const key = name.toLowerCase();
  const places = columns.of('places', () => sql`count(*)::int`);
  const withFigures = columns.of(`${key}_with`, () => sql`(count(*) FILTER (WHERE ${both}))::int`);
  const sum = (what: string, term: Sql) =>
    columns.of(`${key}_${what}`, () => sql`CASE WHEN bool_and(${both}) THEN sum(${term}) END`);
  const together = { count: sum('count', count), base: sum('base', base) };
  const object = select.object({
    edition,
    places,
    withFigures,
    together,
    isBeyondChance: isBeyondChance(counts, own, together),
  } satisfies NeighbourRateRow);
  return sql`CASE WHEN ${places} > 0 THEN ${object} END`;
}
