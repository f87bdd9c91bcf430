/** The questions that lead to a composition: of England, of a region, of a local authority; on a day, or year by year. */

import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, FieldResolver, Int, Resolver } from 'type-graphql';
import { refused } from '../../src/refused.js';
import { England } from '../england/england.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Region, unlessSubRegion } from '../region/region.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { noteAsOf } from '../select/as-of.js';
import { Entries, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import { Composition } from './composition.js';
import { newestExtract, REGISTER } from './newest-extract.js';
import { Parts } from './parts.js';
import { anywhere, type OfPlace } from './trust-reach.js';

const DESCRIPTION =
  'Its state-funded schools on a day, by phase and by who provides them, from the days of opening and closing in the register (docs/methods/composition.md). asAt left out: the day of the newest extract. Null for a later day, of which the register cannot know.';
const TREND =
  'The composition on 1 September of each year, the earliest first. A 1 September later than the newest extract is not there.';
const NO_PART = 'Null for Inner and Outer London.';
const [FIRST_YEAR, LAST_YEAR] = [1900, 2100];
const LONGEST_TREND = 30;

const AsAt = () =>
  Arg('asAt', () => GraphQLLocalDate, { nullable: true, description: 'The day in the world: 2021-09-01.' });
const From = () => Arg('from', () => Int, { description: 'The first year: 2016.' });
const To = () => Arg('to', () => Int, { description: `The last year; ${LONGEST_TREND} at most in all.` });

/** `authority`: its code, of a local authority. */
type Where = (row: TableRow) => { ofPlace: OfPlace; authority?: Sql };
const inEngland: Where = () => ({ ofPlace: anywhere });
const inRegion: Where = ({ alias }) => ({
  ofPlace: (school) =>
    sql`${school}.la_code IN (SELECT code FROM local_authority WHERE region_code = ${alias}.code)`,
});
const inAuthority: Where = ({ alias }) => ({
  ofPlace: (school) => sql`${school}.la_code = ${alias}.code`,
  authority: sql`${alias}.code`,
});

type Wrap = (row: TableRow, composition: Sql) => Sql;
const asItIs: Wrap = (_row, composition) => composition;
const unlessPart: Wrap = ({ alias }, composition) => unlessSubRegion(alias, composition);

const partsOf = ({ ofPlace, authority }: ReturnType<Where>, select: Select) =>
  new Parts(ofPlace, authority ?? null, select);

const OnDay = (where: Where, wrap: Wrap = asItIs) =>
  SqlField((row: TableRow, { asAt }: { asAt?: string | null }, select) => {
    noteAsOf(select, REGISTER);
    const parts = partsOf(where(row), select);
    const object = select.object(parts);
    const newest = newestExtract(select);
    const day = asAt
      ? sql`SELECT ${asAt}::date AS day WHERE ${asAt}::date <= ${newest}`
      : sql`SELECT ${newest} AS day WHERE ${newest} IS NOT NULL`;
    return wrap(
      row,
      parts.read(sql`(${day})`, object, (one) => one),
    );
  });

const ByYear = (where: Where, wrap: Wrap = asItIs) =>
  SqlField((row: TableRow, { from, to }: { from: number; to: number }, select) => {
    if (from < FIRST_YEAR || to > LAST_YEAR || to < from || to - from >= LONGEST_TREND) {
      throw refused(
        'from, to',
        `years such as 2016 and 2022, from ${FIRST_YEAR} to ${LAST_YEAR}, the first not after the last, and ${LONGEST_TREND} at most in all`,
      );
    }
    noteAsOf(select, REGISTER);
    const each = select.forEach(to - from + 1);
    const parts = partsOf(where(row), each);
    const object = each.object(parts);
    const all = parts.read(
      sql`(SELECT make_date(year, 9, 1) AS day FROM generate_series(${from}::int, ${to}::int) year
        WHERE make_date(year, 9, 1) <= ${newestExtract(select)})`,
      object,
      (one, day) => sql`coalesce(json_agg(${one} ORDER BY ${day}), '[]')`,
    );
    return wrap(row, all);
  });

/** To read the schools of a place on a day, in points. */
const WORK = { england: 2_000, region: 700, localAuthority: 50 };
const years = ({ from, to }: { from: number; to: number }) => Math.max(1, to - from + 1);
const ofYears = (work: number) => (asked: { from: number; to: number }) => work * years(asked);

@Resolver(() => England)
export class EnglandCompositions {
  @WorkOf(WORK.england)
  @FieldResolver(() => Composition, { nullable: true, description: DESCRIPTION })
  @OnDay(inEngland)
  composition(@AsAt() _asAt?: string): Composition | null {
    return answeredBySql();
  }

  @Entries(years)
  @WorkOf(ofYears(WORK.england))
  @FieldResolver(() => [Composition], { description: TREND })
  @ByYear(inEngland)
  compositionTrend(@From() _from: number, @To() _to: number): Composition[] {
    return answeredBySql();
  }
}

@Resolver(() => Region)
export class RegionCompositions {
  @WorkOf(WORK.region)
  @FieldResolver(() => Composition, { nullable: true, description: `${DESCRIPTION} ${NO_PART}` })
  @OnDay(inRegion, unlessPart)
  composition(@AsAt() _asAt?: string): Composition | null {
    return answeredBySql();
  }

  @Entries(years)
  @WorkOf(ofYears(WORK.region))
  @FieldResolver(() => [Composition], { nullable: true, description: `${TREND} ${NO_PART}` })
  @ByYear(inRegion, unlessPart)
  compositionTrend(@From() _from: number, @To() _to: number): Composition[] | null {
    return answeredBySql();
  }
}

@Resolver(() => LocalAuthority)
export class LocalAuthorityCompositions {
  @WorkOf(WORK.localAuthority)
  @FieldResolver(() => Composition, { nullable: true, description: DESCRIPTION })
  @OnDay(inAuthority)
  composition(@AsAt() _asAt?: string): Composition | null {
    return answeredBySql();
  }

  @Entries(years)
  @WorkOf(ofYears(WORK.localAuthority))
  @FieldResolver(() => [Composition], { description: TREND })
  @ByYear(inAuthority)
  compositionTrend(@From() _from: number, @To() _to: number): Composition[] {
    return answeredBySql();
  }
}
