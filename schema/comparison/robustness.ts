/**
 * Robustness: whether the rank of a local authority among its statistical neighbours depends on which edition of them is
 * taken, and on those that the publisher itself calls not close. All variants are of one period and of the same figures.
 * docs/methods/neighbours.md
 */

import { Arg, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver } from 'type-graphql';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Period } from '../observation/observation.js';
import { BREAKDOWN } from '../place/figure-arguments.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Columns } from '../select/columns.js';
import { SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { ChangeDirection, directionOf } from './change.js';
import { Compared, type ComparedQuestion } from './compared.js';
import { AverageMethod } from './comparison.js';
import { ageNote, indicatorNotes, inPeriod, leftOutNote, ownNote, periodNote, sentences } from './notes.js';

const NOT_CLOSE = raw("'NOT_CLOSE'");

interface RobustnessRow {
  compared: Compared;
  editions: string[];
  variant: Sql;
  /** Aggregates over the variants. */
  overall: Columns;
}

interface VariantRow {
  variant: Sql;
}
const column = (name: string) => SqlField(({ variant }: VariantRow) => sql`${variant}.${raw(name)}`);

@ObjectType({
  description:
    'Its place among the statistical neighbours of one edition, with or without those that are not close.',
})
export class NeighbourVariant {
  @Field(() => String, { description: 'The edition of the neighbours: 2025-05.' })
  @column('edition')
  edition!: string;

  @Field(() => Boolean, {
    description: 'Whether neighbours whose closeness is NOT_CLOSE are among them.',
  })
  @column('includes_not_close')
  includesNotClose!: boolean;

  @Field(() => Int, { description: 'How many neighbours that makes.' })
  @column('neighbours')
  neighbours!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Its rank among itself and them: 1 is the best. Null where its value is not known or none of theirs is, and where neither way is good.',
  })
  @column('rank')
  rank!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many are ranked. Null where neither way is good.' })
  @column('ranked')
  of!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The average of the neighbours whose value is known, by averageMethod.',
  })
  @column('average')
  neighbourAverage!: number | null;

  @Field(() => AverageMethod, { nullable: true, description: 'How the average is made.' })
  @column('average_method')
  averageMethod!: string | null;

  @Field(() => Int, { description: 'Neighbours that went into the average.' })
  @column('averaged')
  neighboursAveraged!: number;

  @Field(() => ChangeDirection, {
    nullable: true,
    description: 'Whether it lies better or worse than that average. Null where neither way is good.',
  })
  @column('position')
  position!: string | null;
}

/** Whether a column differs between variants that have it; null where fewer than two do. */
const differs = (name: string) =>
  SqlField(({ overall, variant }: RobustnessRow) => {
    const value = sql`${variant}.${raw(name)}`;
    return overall.of(
      `${name}_differs`,
      () => sql`CASE WHEN count(${value}) > 1 THEN count(DISTINCT ${value}) > 1 END`,
    );
  });

@ObjectType({
  description:
    'Whether the place of a local authority among its statistical neighbours depends on which are taken.',
})
export class NeighbourRobustness {
  @Field(() => Period, {
    nullable: true,
    description:
      'The period, one for all variants: as asked; else the newest in which it and its neighbours of every edition have a figure, or those with most.',
  })
  @SqlField(
    ({ compared: { hasPeriod, period } }: RobustnessRow, _args, select) =>
      sql`CASE WHEN ${hasPeriod} THEN ${select.object(period)} END`,
  )
  period!: Period | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many years older the period is than the newest that the indicator has for any place.',
  })
  @SqlField(({ compared }: RobustnessRow) => compared.ageInYears)
  periodAgeYears!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Its own value, unrounded. Null where it is not known.',
  })
  @SqlField(({ compared }: RobustnessRow) => compared.own().row.figure('value'))
  value!: number | null;

  @Field(() => [NeighbourVariant], {
    description:
      'Each edition that names neighbours for it, the newest first: all of them, and those that are closer than NOT_CLOSE. One without any neighbour is not there.',
  })
  @SqlField(({ editions, overall, variant }: RobustnessRow, _args, select) =>
    overall.of(`variants_${overall.size}`, () => {
      const entry = select.forEach(2 * editions.length).object({ variant } satisfies VariantRow);
      return sql`coalesce(json_agg(${entry} ORDER BY ${variant}.edition DESC, ${variant}.includes_not_close DESC), '[]')`;
    }),
  )
  variants!: NeighbourVariant[];

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether its rank differs between variants: read it beside of, which can differ too. Null where fewer than two variants have a rank: then nothing was compared.',
  })
  @differs('rank')
  rankChanges!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it lies on another side of the neighbours’ average in one variant than in another. Null where fewer than two variants have an average, and where neither way is good.',
  })
  @differs('position')
  positionChanges!: boolean | null;

  @Field(() => [String], { description: 'What was left out, and why something is null, in sentences.' })
  @SqlField(({ compared, editions }: RobustnessRow) =>
    sentences([
      editionsNote(compared, editions),
      periodNote(compared),
      ...inPeriod(compared, [ageNote(compared), ownNote(compared), leftOutNote(compared)]),
      ...indicatorNotes(compared),
    ]),
  )
  notes!: string[];
}

/** Which editions name no neighbours for it. */
const editionsNote = ({ neighbours }: Compared, editions: string[]): Sql =>
  editions.length === 0
    ? sql`'No edition of statistical neighbours is loaded.'`
    : sql`(SELECT 'Names no statistical neighbours for it: ' || string_agg(e.edition, ', ' ORDER BY e.edition DESC) || '.'
        FROM unnest(${editions}::text[]) e (edition) WHERE NOT EXISTS (SELECT FROM ${neighbours} n WHERE n.edition = e.edition))`;

/** What each variant comes to: its neighbours, and the rank among them. */
function variantsOf(compared: Compared, own: Sql): Sql {
  const { indicator, neighbours, figures } = compared;
  const n = compared.neighbour.alias;
  const value = compared.published('value');
  const { average, method, used } = compared.average;
  const isRanked = indicator.polarity !== 'NONE';
  const isBetter = sql`${value} ${raw(indicator.polarity === 'LOW' ? '<' : '>')} ${own}`;
  return sql`SELECT v.*, ${directionOf(sql`v.average`, own, indicator)} AS position FROM (
    SELECT ${n}.edition, w.includes_not_close, count(*)::int AS neighbours, ${average} AS average, ${method} AS average_method, ${used} AS averaged,
      ${isRanked ? sql`CASE WHEN ${own} IS NOT NULL AND count(${value}) > 0 THEN (1 + count(*) FILTER (WHERE ${isBetter}))::int END` : sql`NULL::int`} AS rank,
      ${isRanked ? sql`(count(${value}) + CASE WHEN ${own} IS NULL THEN 0 ELSE 1 END)::int` : sql`NULL::int`} AS ranked
    FROM ${neighbours} ${n} CROSS JOIN (VALUES (true), (false)) w (includes_not_close)
    LEFT JOIN ${figures.alias} ON ${figures.alias}.code = ${n}.neighbour_code
    WHERE w.includes_not_close OR ${n}.closeness <> ${NOT_CLOSE} GROUP BY ${n}.edition, w.includes_not_close) v`;
}

@Resolver(() => LocalAuthority)
export class Robustness {
  @WorkOf(150)
  @FieldResolver(() => NeighbourRobustness, {
    description:
      'Its rank on an indicator among its statistical neighbours under each edition of them, with and without those that are called not close, and whether the rank depends on that (docs/methods/neighbours.md).',
  })
  @SqlField((authority: TableRow, question: ComparedQuestion, select) => {
    // As of a day there were the editions that begin by then.
    const editions = select.known
      .neighbourEditions('STATISTICAL')
      .filter((edition) => select.asOf === null || edition <= select.asOf);
    const given = sql`SELECT edition, neighbour_code, closeness, rank AS in_order FROM statistical_neighbour
      WHERE to_release IS NULL AND la_code = ${authority.alias}.code AND edition = ANY(${editions}::text[])`;
    const compared = new Compared(authority, given, question, select);
    const own = compared.own().row.figure('value');
    const variants = variantsOf(compared, own);
    const variant = select.alias('v');
    const overall = new Columns(select.alias('overall'));
    const answer = select.object({ compared, editions, variant, overall } satisfies RobustnessRow);
    if (overall.size > 0) {
      compared.join(
        sql`CROSS JOIN LATERAL (SELECT ${overall.list((one) => one)} FROM (${variants}) ${variant}) ${overall.alias}`,
      );
    }
    return compared.read(answer);
  })
  neighbourRobustness(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: suspension-rate.' }) _indicator: string,
    @Arg('period', () => String, {
      nullable: true,
      description: 'Code or label as published: 201617, 2016/17. Left out: see period.',
    })
    _period?: string,
    @Arg('breakdown', () => String, BREAKDOWN)
    _breakdown?: string,
  ): NeighbourRobustness {
    return answeredBySql();
  }
}
