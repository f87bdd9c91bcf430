/**
 * Finds local authorities by profile: those that every criterion holds for, and of them a balanced sample. One that lacks a
 * figure is neither found nor left out silently: it could not be judged. docs/methods/find-local-authorities.md
 */
import { Args, ArgsType, Field, InputType, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MAXIMUM_RANKED, MAXIMUM_SAMPLE } from '../../src/limits.js';
import { refused, refuseOutside } from '../../src/refused.js';
import {
  isOfType,
  LocalAuthorityType,
  type LocalAuthorityTypeName,
} from '../local-authority/local-authority-type.js';
import { regionsIn } from '../place/codes.js';
import { LEVELS, placesOfLevel } from '../place/level-figures.js';
import { Direction } from '../place/list-order.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { allOf, inList } from '../select/conditions.js';
import { joinsOf, rowOf, SqlField, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { empty, join, raw, type Sql, sql } from '../select/sql.js';
import { type Criterion, ProfileCriterion, readCriteria, withinRange } from './criteria.js';
import { AppliedCriterion, FoundLocalAuthority, type FoundRow, listOf } from './found.js';

/** What the answer is read from: tables of the statement. */
interface SearchRow {
  criteria: Criterion[];
  tables: Tables;
}
type Tables = Record<'considered' | 'matching' | 'unjudged' | 'listed' | 'counts', Sql>;

const count = (name: keyof Tables) =>
  SqlField(({ tables }: SearchRow) => sql`(SELECT count(*)::int FROM ${tables[name]})`);
const authoritiesOf = (name: keyof Tables) =>
  SqlField(({ criteria, tables }: SearchRow, _args, select) => {
    const row = select.alias('v');
    const authority = rowOf(select.alias('t'));
    const object = select.forEach(MAXIMUM_RANKED).object({ criteria, row, authority } satisfies FoundRow);
    return sql`(SELECT coalesce(json_agg(${object} ORDER BY ${row}.turn, ${row}.name, ${row}.code), '[]') FROM ${tables[name]} ${row}
      JOIN local_authority ${authority.alias} ON ${authority.alias}.code = ${row}.code ${joinsOf(authority)})`;
  });

@ObjectType({ description: 'Local authorities that were found by profile, and how.' })
export class LocalAuthoritySearch {
  @Field(() => Int, {
    description: 'Local authorities that exist today, of the regions and types asked for.',
  })
  @count('considered')
  considered!: number;

  @Field(() => Int, { description: 'Those that every criterion holds for.' })
  @count('matching')
  matching!: number;

  @Field(() => [AppliedCriterion], {
    description: 'The criteria as they were understood, in the order asked.',
  })
  @SqlField(({ criteria, tables }: SearchRow, _args, select) => listOf(criteria, tables.counts, select))
  criteria!: AppliedCriterion[];

  @Field(() => [FoundLocalAuthority], {
    description:
      'Those that match, or the sample of them: by orderBy, without it a sample in the order of choice and all others by name.',
  })
  @authoritiesOf('listed')
  localAuthorities!: FoundLocalAuthority[];

  @Field(() => [FoundLocalAuthority], {
    description:
      'Those that could not be judged: no known value excludes them, and one or more is not known. By name. They are not in the sample.',
  })
  @authoritiesOf('unjudged')
  notJudged!: FoundLocalAuthority[];
}

@InputType({ description: 'By what local authorities are listed.' })
export class ProfileOrder {
  @Field(() => Int, { description: 'The criterion: its place in by, from 1.' })
  criterion!: number;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'Which way.' })
  direction!: 'ASC' | 'DESC';
}

@ArgsType()
export class FindArgs {
  @Field(() => [String], { nullable: true, description: 'In these regions, by GSS code. Left out: all.' })
  region?: string[];

  @Field(() => [LocalAuthorityType], {
    nullable: true,
    description: 'Councils of these kinds. Left out: all.',
  })
  type?: LocalAuthorityTypeName[];

  @Field(() => [ProfileCriterion], {
    description: 'What to find them by: those match that all criteria hold for.',
  })
  by!: ProfileCriterion[];

  @Field(() => ProfileOrder, { nullable: true, description: 'By which criterion to list them.' })
  orderBy?: ProfileOrder;

  @Field(() => Int, {
    nullable: true,
    description: `A balanced sample of so many of those that match: up to ${MAXIMUM_SAMPLE}. Left out: all of them.`,
  })
  sample?: number;
}

const each = (criteria: Criterion[], make: (number: Sql, criterion: Criterion) => Sql): Sql =>
  join(
    criteria.map((criterion) => sql`, ${make(raw(`_${criterion.number}`), criterion)}`),
    '',
  );

/** Sum of squares, over the criteria, of what is between two places in the order of each. */
const apart = (criteria: Criterion[], one: Sql, other: (number: Sql) => Sql): Sql =>
  criteria.length === 0
    ? sql`0::float8`
    : join(
        criteria.map(({ number }) => {
          const n = raw(`_${number}`);
          return sql`(${one}.place${n} - ${other(n)}) ^ 2`;
        }),
        ' + ',
      );

/**
 * One local authority after the other, an array that grows: first the one nearest to the middle of all, then always the one
 * that has least in common with those in the sample, counting its region and its quarter by each criterion (minimisation);
 * of several the one that is furthest from its nearest in the sample.
 */
function chosen(matching: Sql, criteria: Criterion[], sample: number): Sql {
  const middle = sql`SELECT code FROM ${matching} c ORDER BY ${apart(criteria, raw('c'), () => raw('0.5'))}, code LIMIT 1`;
  const alike = criteria.map(({ number }) => raw(`(o.quarter_${number} = c.quarter_${number})::int`));
  const inCommon = join([raw('(o.region_code IS NOT DISTINCT FROM c.region_code)::int'), ...alike], ' + ');
  const next = sql`WITH o AS MATERIALIZED (SELECT * FROM ${matching} WHERE code = ANY(s.codes))
    SELECT c.code FROM ${matching} c CROSS JOIN LATERAL (
      SELECT sum(${inCommon}) AS in_common, min(${apart(criteria, raw('c'), (n) => sql`o.place${n}`)}) AS distance FROM o) h
    WHERE NOT c.code = ANY(s.codes) ORDER BY h.in_common, h.distance DESC, c.code LIMIT 1`;
  return sql`SELECT ARRAY[m.code] AS codes FROM (${middle}) m
    UNION ALL SELECT s.codes || n.code FROM chosen s CROSS JOIN LATERAL (${next}) n
    WHERE cardinality(s.codes) < ${sample}::int`;
}

/** The tables that the answer is read from. */
function withTables(
  { considered, matching, unjudged, listed, counts }: Tables,
  criteria: Criterion[],
  from: Sql,
  authority: Sql,
  { sample, orderBy }: FindArgs,
): Sql {
  const row = raw('x');
  const where = (strictly: boolean) => allOf(criteria.map((one) => withinRange(one, row, strictly)));
  const turn = (inSample: Sql): Sql =>
    orderBy
      ? sql`row_number() OVER (ORDER BY x.${raw(`value_${orderBy.criterion}`)} ${raw(orderBy.direction)}, x.name, x.code)`
      : inSample;
  const isSample = sample !== undefined && sample !== null;
  const ofSample = isSample
    ? sql`JOIN unnest((SELECT codes FROM chosen ORDER BY cardinality(codes) DESC LIMIT 1)) WITH ORDINALITY c (code, turn) USING (code)`
    : empty;
  return sql`WITH RECURSIVE ${considered} AS MATERIALIZED (
      SELECT ${authority}.code, ${authority}.name, ${authority}.region_code${each(criteria, (n, { value, status }) => sql`${value} AS value${n}, ${status} AS status${n}`)} ${from}),
    ${matching} AS MATERIALIZED (
      SELECT *${each(criteria, (n) => sql`least(4, floor(place${n} * 4) + 1)::int AS quarter${n}`)} FROM (
        SELECT x.*${each(criteria, (n) => sql`percent_rank() OVER (ORDER BY x.value${n}) AS place${n}`)} FROM ${considered} x WHERE ${where(true)}) p),
    ${unjudged} AS (
      SELECT x.*, 0 AS turn${each(criteria, (n) => sql`NULL::float8 AS place${n}, NULL::int AS quarter${n}`)} FROM ${considered} x
      WHERE ${where(false)} AND NOT (${where(true)})),
    ${isSample ? sql`chosen AS (${chosen(matching, criteria, sample)}),` : empty}
    ${listed} AS MATERIALIZED (SELECT x.*, ${turn(isSample ? raw('c.turn') : raw('0'))} AS turn FROM ${matching} x ${ofSample}),
    ${counts} AS (SELECT 0 AS nothing${each(
      criteria,
      (
        n,
      ) => sql`count(value${n})::int AS known${n}, min(value${n}) AS least${n}, max(value${n}) AS greatest${n},
        (SELECT array_agg((SELECT count(*)::int FROM ${listed} WHERE quarter${n} = q) ORDER BY q) FROM generate_series(1, 4) q) AS listed${n}`,
    )} FROM ${considered} HAVING true)`;
}

@Resolver(() => LocalAuthoritySearch)
export class LocalAuthoritySearches {
  @WorkOf(1_500)
  @Query(() => LocalAuthoritySearch, {
    nullable: true,
    description:
      'Local authorities that exist today by what they are like: by region, kind of council, figures of any indicator, and how much is in academies or has come to be; all that match, or a balanced sample of them. docs/methods/find-local-authorities.md',
  })
  @SqlField((_row, args: FindArgs, select: Select) => {
    const { by, region, type, sample, orderBy } = args;
    if (orderBy && (orderBy.criterion < 1 || orderBy.criterion > by.length)) {
      throw refused(
        'orderBy.criterion',
        by.length === 0
          ? 'by has no criteria that it could be one of'
          : `one of the ${by.length} criteria of by, which are counted from 1`,
      );
    }
    if (typeof sample === 'number') refuseOutside('sample', sample, 1, MAXIMUM_SAMPLE);
    const authority = rowOf(select.alias('t'));
    const criteria = readCriteria(by, authority, select);
    const tables: Tables = {
      considered: select.alias('considered'),
      matching: select.alias('matching'),
      unjudged: select.alias('unjudged'),
      listed: select.alias('listed'),
      counts: select.alias('counts'),
    };
    const object = select.object({ criteria, tables } satisfies SearchRow);
    const level = LEVELS.LOCAL_AUTHORITY;
    const isKept = allOf([
      level.exists(authority.alias),
      region &&
        inList(
          sql`${authority.alias}.region_code`,
          raw('text'),
          'region',
          regionsIn('region', region, select.known),
        ),
      type && isOfType(authority.alias, type),
    ]);
    const from = placesOfLevel(level, authority, { isKept, isListed: sql`true` }, select);
    return sql`(${withTables(tables, criteria, from, authority.alias, args)} SELECT ${object} FROM ${tables.counts})`;
  })
  findLocalAuthorities(@Args(() => FindArgs) _args: FindArgs, @AsOf() _asOf?: string): LocalAuthoritySearch {
    return answeredBySql();
  }
}
