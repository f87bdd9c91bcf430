/**
 * Criteria: what local authorities are found by. Each comes to one value of each local authority: a figure of an indicator, the
 * share of its schools or pupils in academies on a day, or by how much that share grew.
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, Float, ID, InputType } from 'type-graphql';
import { MAXIMUM_CRITERIA } from '../../src/limits.js';
import { entryOf, refused, refuseLonger } from '../../src/refused.js';
import { CompositionPhase } from '../composition/composition.js';
import { newestExtract, REGISTER } from '../composition/newest-extract.js';
import { phaseOf, providerOf, wasOpenOn } from '../composition/state-funded.js';
import { describedEnum } from '../enum-of.js';
import { figureOfLevel, type LevelFigure } from '../place/level-figures.js';
import { whereOf } from '../place/place.js';
import { noteAsOf } from '../select/as-of.js';
import type { TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

const MEASURES = {
  SCHOOLS: { description: 'Academies per 100 state-funded schools.', weight: 'schools' },
  PUPILS: {
    description:
      'Pupils in academies per 100 pupils of state-funded schools. The register has one number of pupils for each school, whatever day is asked of.',
    weight: 'pupils',
  },
} as const;
type AcademyMeasureName = keyof typeof MEASURES;
export const AcademyMeasure = describedEnum(
  'AcademyMeasure',
  'What of a local authority is in academies, free schools included. docs/methods/composition.md',
  MEASURES,
);

@InputType({
  description:
    'One thing that local authorities are found by: indicator or academies, and how large it is. Without min and max it excludes nobody, and is told, ordered by and balanced by all the same.',
})
export class ProfileCriterion {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of an indicator that is published for local authorities.',
  })
  indicator?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the indicator: code or label. Left out: the newest that local authorities have.',
  })
  period?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the indicator: a part of the whole. Left out: the total over all.',
  })
  breakdown?: string | null;

  @Field(() => AcademyMeasure, { nullable: true, description: 'What is in academies.' })
  academies?: AcademyMeasureName | null;

  @Field(() => CompositionPhase, {
    nullable: true,
    description: 'Of academies: schools of this phase alone. Left out: of all phases.',
  })
  phase?: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'Of academies: the day. Left out: that of the newest extract.',
  })
  asAt?: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'Of academies: by how many percentage points the share grew since this day, in place of the share.',
  })
  since?: string | null;

  @Field(() => Float, { nullable: true, description: 'The value is this or more.' })
  min?: number | null;

  @Field(() => Float, { nullable: true, description: 'The value is this or less.' })
  max?: number | null;
}

/** A criterion as it is read. Its columns in SQL end with its number. */
export interface Criterion extends ProfileCriterion {
  number: number;
  /** Of an indicator. */
  asked: LevelFigure['asked'] | null;
  value: Sql;
  /** What is known of the figure of an indicator; null without a row. */
  status: Sql;
  /** Of academies. */
  day: Sql | null;
}

/** Reads each criterion beside a row of local_authority. Refuses what is no criterion. */
export function readCriteria(by: ProfileCriterion[], authority: TableRow, select: Select): Criterion[] {
  refuseLonger('by', by, MAXIMUM_CRITERIA);
  return by.map((criterion, at) => {
    const number = at + 1;
    const where = entryOf('by', at, by.length);
    refuseUnclear(criterion, where);
    return criterion.indicator
      ? ofIndicator({ ...criterion, indicator: criterion.indicator, where }, number, authority, select)
      : ofAcademies(criterion, number, authority, select);
  });
}

const OF_INDICATOR = ['period', 'breakdown'] as const;
const OF_ACADEMIES = ['phase', 'asAt', 'since'] as const;

function refuseUnclear(criterion: ProfileCriterion, where: string): void {
  const has = (name: keyof ProfileCriterion) => criterion[name] !== undefined && criterion[name] !== null;
  const refuse = (why: string) => {
    throw refused(where, why);
  };
  if (has('indicator') === has('academies')) refuse('name either an indicator or academies');
  const foreign = (has('indicator') ? OF_ACADEMIES : OF_INDICATOR).filter(has);
  if (foreign.length > 0) {
    refuse(
      `${foreign.join(', ')} ${has('indicator') ? 'is of academies; an indicator has period and breakdown' : 'is of an indicator; academies have phase, asAt and since'}`,
    );
  }
  if (has('asAt') && has('since') && criterion.since! >= criterion.asAt!) refuse('since is not before asAt');
  if (has('min') && has('max') && criterion.min! > criterion.max!) refuse('min is more than max');
}

function ofIndicator(
  { where, ...criterion }: ProfileCriterion & { indicator: string; where: string },
  number: number,
  authority: TableRow,
  select: Select,
): Criterion {
  const { asked, observed } = figureOfLevel(
    {
      ...criterion,
      level: 'LOCAL_AUTHORITY',
      where: whereOf(where, 'indicator'),
    },
    authority,
    select,
  );
  const status = sql`CASE WHEN ${observed.isThere} THEN ${observed.row.figure('status')} END`;
  return { ...criterion, number, asked, day: null, value: observed.row.figure('value'), status };
}

function ofAcademies(
  criterion: ProfileCriterion,
  number: number,
  authority: TableRow,
  select: Select,
): Criterion {
  noteAsOf(select, REGISTER);
  const newest = newestExtract(select);
  // Of a later day than the newest extract the register cannot know.
  const known = (day: string) => sql`(SELECT ${day}::date WHERE ${day}::date <= ${newest})`;
  const day = criterion.asAt ? known(criterion.asAt) : newest;
  const share = (on: Sql): Sql => {
    const joined = select.alias('m');
    authority.joins.push(
      sql`LEFT JOIN (${sharesOn(on, criterion, select)}) ${joined} ON ${joined}.la_code = ${authority.alias}.code`,
    );
    return sql`${joined}.share`;
  };
  const now = share(day);
  const value = criterion.since ? sql`${now} - ${share(known(criterion.since))}` : now;
  return { ...criterion, number, asked: null, day, value, status: sql`NULL::text` };
}

/** By local authority, what is in academies on a day, per 100: counted as a composition is. */
function sharesOn(day: Sql, { academies, phase }: ProfileCriterion, select: Select): Sql {
  const weight = raw(MEASURES[academies!].weight);
  return sql`SELECT la_code, 100.0::float8 * coalesce(sum(${weight}) FILTER (WHERE provider <> 'MAINTAINED'), 0) / nullif(sum(${weight}), 0) AS share
    FROM (SELECT g.*, ${providerOf()} AS provider, ${phaseOf()} AS counted_phase FROM (
      SELECT s.la_code, s.type_code, s.phase, count(*) AS schools, sum(s.number_of_pupils) AS pupils FROM school s
      WHERE ${day} IS NOT NULL AND ${select.valid(raw('s'))} AND ${wasOpenOn(raw('s'), day)} GROUP BY 1, 2, 3) g) c
    WHERE provider IS NOT NULL AND ${phase ? sql`counted_phase = ${phase}` : sql`counted_phase IS NOT NULL`} GROUP BY la_code`;
}

/** The condition that no known value is out of range; with `strictly`, that every value is known and within. */
export function withinRange({ number, min, max }: Criterion, row: Sql, strictly: boolean): Sql {
  const value = sql`${row}.${raw(`value_${number}`)}`;
  const within = sql`(${value} >= ${min ?? '-Infinity'}::float8 AND ${value} <= ${max ?? 'Infinity'}::float8)`;
  return strictly ? sql`coalesce(${within}, false)` : sql`coalesce(${within}, true)`;
}
