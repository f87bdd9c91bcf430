/** The question what has changed, for local authorities, a trust or schools, in releases since a day. docs/methods/changes.md */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Args, ArgsType, Field, Float, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { firstNumberOf, UNDATED } from '../../jobs/release-order.js';
import { DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refused, refuseOutside } from '../../src/refused.js';
import { authoritiesIn, isUrn, notAUrn, refuseUnless, trustsIn } from '../place/codes.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { inList } from '../select/conditions.js';
import { joinsOf, rowOf, SqlField, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { schoolsOfTrust } from '../trust/trust.js';
import { Change, type ChangeRow } from './change.js';
import { indicatorsOf } from './compared.js';
import { FALSE_DISCOVERIES, type Judged, judgedOf, LEAST_EXPECTED, type Places } from './judged.js';

@ArgsType()
export class ChangesArgs {
  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'Only what releases brought that were published on this day or later: 2025-06-26. Releases whose day is not known are then left out. Left out: all.',
  })
  since?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A local authority, by 3-digit or GSS code, with its open schools.',
  })
  localAuthority?: string | null;

  @Field(() => ID, { nullable: true, description: 'A trust, by its UID, with the schools that it holds.' })
  trust?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Local authorities, by 3-digit or GSS code, without their schools.',
  })
  codes?: string[] | null;

  @Field(() => [Int], { nullable: true, description: 'Schools, by URN.' })
  urns?: number[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Keeps to these indicators, each a rate published with its counts of people or events. Left out: every one that is.',
  })
  indicators?: string[] | null;

  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many to list at most: up to ${MAXIMUM_PAGE_SIZE}. tests and beyondChance count all.`,
  })
  first!: number;
}

interface ChangesRow {
  judged: Judged;
  first: number;
  places: Sql;
  unknown: Sql;
}

@ObjectType({ description: 'What has changed, and among how many comparisons.' })
export class Changes {
  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'The newest known day of publication among the data sets that are compared, whether it brought a change or not.',
  })
  @SqlField(
    ({ judged: { rates } }: ChangesRow) =>
      sql`(SELECT max(r.published_on) FROM release r WHERE r.data_set_number IN (SELECT data_set FROM ${rates}))`,
  )
  newestReleaseOn!: string | null;

  @Field(() => Int, { description: 'How many places were looked at: local authorities, trusts and schools.' })
  @SqlField(({ places }: ChangesRow) => places)
  places!: number;

  @Field(() => [String], {
    description:
      'URNs that were asked for and that no school has, and a trust that there was not yet as of the day.',
  })
  @SqlField(({ unknown }: ChangesRow) => unknown)
  unknown!: string[];

  @Field(() => Int, {
    description: 'How many comparisons were judged. The false discoveries among all of them are controlled.',
  })
  @SqlField(({ judged: { judged } }: ChangesRow) => sql`(SELECT count(*)::int FROM ${judged})`)
  tests!: number;

  @Field(() => Int, {
    description: `How many had counts too small to be judged: fewer than ${LEAST_EXPECTED} expected in either rate.`,
  })
  @SqlField(
    ({ judged: { compared } }: ChangesRow) =>
      sql`(SELECT count(*)::int FROM ${compared} WHERE is_known AND NOT is_fair)`,
  )
  tooFew!: number;

  @Field(() => Int, {
    description: 'How many could not be made, because a count or a base is withheld or not published.',
  })
  @SqlField(
    ({ judged: { compared } }: ChangesRow) =>
      sql`(SELECT count(*)::int FROM ${compared} WHERE NOT coalesce(is_known, false))`,
  )
  withoutFigures!: number;

  @Field(() => Float, {
    description:
      'The share of what is beyond chance that may be chance all the same: the level of the control.',
  })
  @SqlField(() => raw(`${FALSE_DISCOVERIES}::float8`))
  falseDiscoveryRate!: number;

  @Field(() => Int, { description: 'How many of the tests are beyond chance at that level.' })
  @SqlField(
    ({ judged: { judged } }: ChangesRow) =>
      sql`(SELECT count(*)::int FROM ${judged} WHERE adjusted <= ${FALSE_DISCOVERIES}::float8)`,
  )
  beyondChance!: number;

  @Field(() => [Change], {
    description:
      'Those beyond chance, the strongest evidence first: by standard errors, then by how large the difference is beside the rate of both together.',
  })
  @SqlField(listed)
  changes!: Change[];
}

function listed({ judged: { judged, rates }, first }: ChangesRow, _args: unknown, select: Select): Sql {
  const [change, rate] = [select.alias('c'), select.alias('r')];
  const [authority, school, trust] = ['la', 's', 't'].map((name) => rowOf(select.alias(name)));
  const row: ChangeRow = {
    change,
    rate,
    places: { LOCAL_AUTHORITY: authority!, SCHOOL: school!, TRUST: trust! },
  };
  const object = select.forEach(first).object(row);
  const size = (of: Sql) =>
    sql`abs(${of}.count / ${of}.base - ${of}.other_count / ${of}.other_base) / ((${of}.count + ${of}.other_count) / (${of}.base + ${of}.other_base))`;
  const order = (of: Sql) =>
    sql`abs(${of}.z) DESC, ${size(of)} DESC, ${of}.kind, ${of}.level, ${of}.code, ${of}.at`;
  return sql`(SELECT coalesce(json_agg(${object} ORDER BY ${order(change)}), '[]')
    FROM (SELECT * FROM ${judged} j WHERE j.adjusted <= ${FALSE_DISCOVERIES}::float8 ORDER BY ${order(sql`j`)} LIMIT ${first}) ${change}
    JOIN ${rates} ${rate} ON ${rate}.at = ${change}.at
    LEFT JOIN local_authority ${authority!.alias} ON ${change}.level = 'LOCAL_AUTHORITY' AND ${authority!.alias}.code = ${change}.code
    LEFT JOIN school ${school!.alias} ON ${school!.alias}.urn = CASE ${change}.level WHEN 'SCHOOL' THEN ${change}.code::int END AND ${select.valid(school!.alias)}
    LEFT JOIN establishment_group ${trust!.alias} ON ${change}.level = 'TRUST' AND ${trust!.alias}.uid = ${change}.code AND ${select.valid(trust!.alias)}
    ${joinsOf(authority!)} ${joinsOf(school!)} ${joinsOf(trust!)})`;
}

const authoritiesOf = (codes: string[]): Sql =>
  sql`SELECT a.code FROM local_authority a WHERE a.code = ANY(${codes}::text[])`;

function refuse({ localAuthority, trust, codes, urns, first }: ChangesArgs): void {
  if (!isGiven(localAuthority) && !isGiven(trust) && !codes?.length && !urns?.length) {
    throw refused(
      'changes',
      'say for whom: localAuthority (888), trust (the UID 5143), codes (of local authorities) or urns (of schools)',
    );
  }
  refuseOutside('first', first, 0, MAXIMUM_PAGE_SIZE);
}

const isGiven = (value: string | null | undefined): value is string => typeof value === 'string';

/** Whom the question is about. */
function placesOf({ localAuthority, trust, codes, urns }: ChangesArgs, select: Select): Places {
  const { known } = select;
  const whole = isGiven(localAuthority) ? authoritiesIn('localAuthority', [localAuthority], known) : [];
  const named = authoritiesIn('codes', codes ?? [], known);
  refuseUnless(isUrn, urns, 'urns', notAUrn);
  const [held] = isGiven(trust) ? trustsIn('trust', [trust], known) : [];
  const chosen = inList(raw('s.urn'), raw('int'), 'urns', urns ?? []);
  return {
    authorities: authoritiesOf([...whole, ...named]),
    schools: sql`SELECT s.urn FROM school s WHERE ${select.valid(sql`s`)} AND (${chosen}
      OR (s.status <> 'CLOSED' AND s.la_code = ANY(${whole}::text[])))`,
    held: held
      ? sql`SELECT g.uid, s.urn FROM establishment_group g JOIN school s ON s.urn IN (${schoolsOfTrust(sql`g.uid`, select)}) AND ${select.valid(sql`s`)}
          WHERE g.uid = ${held} AND ${select.valid(sql`g`)}`
      : sql`SELECT ''::text AS uid, 0 AS urn WHERE false`,
  };
}

/** What was asked for and is not there: a trust may be there now, and not as of the day. */
function unknownOf({ trust, urns }: ChangesArgs, select: Select): Sql {
  return sql`(SELECT coalesce(json_agg(u.asked), '[]') FROM (
    SELECT asked::text FROM unnest(${urns ?? []}::int[]) asked WHERE NOT EXISTS (SELECT FROM school s WHERE s.urn = asked AND ${select.valid(sql`s`)})
    UNION ALL SELECT asked FROM unnest(${isGiven(trust) ? [trust] : []}::text[]) asked
      WHERE NOT EXISTS (SELECT FROM establishment_group g WHERE g.uid = asked AND ${select.valid(sql`g`)})) u)`;
}

@Resolver(() => Changes)
export class ChangeQueries {
  @WorkOf(2_000)
  @Query(() => Changes, {
    nullable: true,
    description:
      'What has changed: rates of the newest period that differ by more than chance from the period before, or from those of a local authority’s neighbours, the strongest evidence first (docs/methods/changes.md). As a feed: GET /changes.atom with the same arguments.',
  })
  @SqlField((_row, args: ChangesArgs, select) => {
    refuse(args);
    const indicators = indicatorsOf(args.indicators, select);
    const since = args.since
      ? sql`(c.brought >= ${firstNumberOf(args.since)} AND c.brought & ${UNDATED} = 0)`
      : sql`true`;
    const places = placesOf(args, select);
    const judged = judgedOf(places, indicators, since, select);
    const row: ChangesRow = {
      judged,
      first: args.first,
      places: sql`(SELECT (SELECT count(*) FROM ${judged.scope}) + (SELECT count(*) FROM ${judged.urns}) + (SELECT count(DISTINCT uid) FROM ${judged.held}))::int`,
      unknown: unknownOf(args, select),
    };
    const object = select.object(row);
    return sql`(WITH ${judged.queries} SELECT ${object})`;
  })
  changes(@Args(() => ChangesArgs) _args: ChangesArgs, @AsOf() _asOf?: string): Changes {
    return answeredBySql();
  }
}
