/**
 * School places of a local authority in a school year, by phase: how many, how many pupils, what is left over, how right
 * forecasts were, and how many families had their first preference. The scorecards publish shares for local
 * authorities; places and pupils are published for schools alone, and are their sums. docs/methods/school-places.md
 */
import { Arg, Field, FieldResolver, Int, ObjectType, Resolver } from 'type-graphql';
import { refused } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Observation } from '../observation/observation.js';
import { newest, newestRow, type PlaceIndicatorRow } from '../observation/passes.js';
import { knownIndicator, placeIndicator } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { KnownPeriod } from '../select/known.js';
import type { Select } from '../select/select.js';
import { join, sql } from '../select/sql.js';

/** By phase, how the ids of the scorecards begin, and the breakdown of schools. */
const PHASES = {
  PRIMARY: { description: 'Primary.', prefix: 'primary', breakdown: 'primary' },
  SECONDARY: {
    description: 'Secondary.',
    prefix: 'secondary',
    breakdown: 'secondary',
  },
};
type PhaseName = keyof typeof PHASES;

export const PlacesPhase = describedEnum(
  'PlacesPhase',
  'A phase that school places are planned for.',
  PHASES,
);

/** One indicator of each of the two files, which tells what else of it there is. */
const SCORECARDS = 'primary-unfilled-places-rate';
const OF_SCHOOLS = 'school-places';

interface PlacesRow {
  authority: TableRow;
  /** The same row with the figures of its schools, which are other figures than its own. */
  ofSchools: TableRow;
  /** The school year: its label, and what every file calls it. */
  label: string;
  startsOn: string;
}

interface PhaseRow extends PlacesRow {
  phase: PhaseName;
}

/** The periods of an indicator that a level has, oldest first. */
const periodsAt = (id: string, level: string, select: Select): KnownPeriod[] =>
  select.known
    .periods(knownIndicator(select, id).dataSet.id)
    .filter(({ covered }) => covered.some((one) => one.level === level && select.isReleased(one.release)));

const periodOf = (id: string, level: string, { startsOn }: PlacesRow, select: Select) =>
  periodsAt(id, level, select).find((period) => period.startsOn === startsOn);

/** Of the scorecards: published for the local authority. */
function published(id: string, row: PhaseRow, select: Select): PlaceIndicatorRow | null {
  const period = periodOf(SCORECARDS, 'LOCAL_AUTHORITY', row, select);
  if (!period) return null;
  const type = select.typeNamed('LocalAuthority');
  const asked = { id: `${PHASES[row.phase].prefix}-${id}`, periods: [period.code] };
  return placeIndicator({ row: row.authority, type }, select, asked);
}

/** The sum over the schools that the register has in the local authority. */
function summed(id: string, row: PhaseRow, select: Select): PlaceIndicatorRow | null {
  const period = periodOf(OF_SCHOOLS, 'SCHOOL', row, select);
  if (!period) return null;
  const { ofSchools, phase } = row;
  const { breakdown } = PHASES[phase];
  const school = select.alias('s');
  const asked = { id, breakdown, periods: [period.code] };
  return {
    ...placeIndicator({ row: ofSchools, type: select.typeNamed('LocalAuthority') }, select, asked),
    source: {
      kind: 'trust',
      schools: sql`SELECT ${school}.urn FROM school ${school} WHERE ${school}.la_code = ${ofSchools.alias}.code AND ${select.valid(school)}`,
      held: sql`NULL::int`,
    },
  };
}

type Reading = (id: string, row: PhaseRow, select: Select) => PlaceIndicatorRow | null;
const figure = (reading: Reading, id: string) =>
  SqlField((row: PhaseRow, _args, select) => {
    const asked = reading(id, row, select);
    return asked ? newest(asked, select) : sql`NULL::json`;
  });

const SUMMED =
  'The sum over the mainstream state-funded schools that the register has in the local authority, as at May: derived, and null where no such file has the year.';
const PUBLISHED = 'As the scorecards publish it; null where they do not have the year.';

@ObjectType({ description: 'School places of a local authority in one phase.' })
export class PhasePlaces {
  @Field(() => PlacesPhase, { description: 'The phase.' })
  @SqlField(({ phase }: PhaseRow) => sql`${phase}::text`)
  phase!: string;

  @Field(() => Observation, {
    nullable: true,
    description: `Capacity: places, nursery not included. ${SUMMED}`,
  })
  @figure(summed, 'school-places')
  capacity!: Observation | null;

  @Field(() => Observation, { nullable: true, description: `Roll: pupils from reception. ${SUMMED}` })
  @figure(summed, 'pupils-in-places')
  roll!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Places that no pupil fills, school by school: full schools do not make up for them. ${SUMMED}`,
  })
  @figure(summed, 'unfilled-places')
  unfilled!: Observation | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many schools are in capacity. Null where capacity is.',
  })
  @SqlField((row: PhaseRow, _args, select) => {
    const asked = summed('school-places', row, select);
    return asked ? newestRow(asked, select).row.figure('parts') : sql`NULL::int`;
  })
  schools!: number | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Unfilled places, of 100 places, as the scorecards work it out. ${PUBLISHED}`,
  })
  @figure(published, 'unfilled-places-rate')
  unfilledShare!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Places expected to be spare three years on, as a part of 1 of all places. ${PUBLISHED}`,
  })
  @figure(published, 'spare-places-share')
  spareShare!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `How far the forecast made one year before was off, as a part of 1: above 0 too many pupils were forecast, below 0 too few. ${PUBLISHED}`,
  })
  @figure(published, 'forecast-accuracy-one-year')
  forecastAccuracyOneYear!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `The same of the forecast made three years before. ${PUBLISHED}`,
  })
  @figure(published, 'forecast-accuracy-three-years')
  forecastAccuracyThreeYears!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Of 100 pupils, how many were offered their first preference, for entry in the September after the school year. ${PUBLISHED}`,
  })
  @figure(published, 'first-preference-offers')
  firstPreferences!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Of 100 pupils, how many were offered one of their first three preferences, for the same entry. ${PUBLISHED}`,
  })
  @figure(published, 'top-three-preferences-offers')
  topThreePreferences!: Observation | null;
}

@ObjectType({ description: 'School places of a local authority in one school year.' })
export class SchoolPlaces {
  @Field(() => String, { description: 'The school year: 2024/25.' })
  @SqlField(({ label }: PlacesRow) => sql`${label}::text`)
  year!: string;

  @Field(() => [PhasePlaces], { description: 'Primary, then secondary.' })
  @SqlField((row: PlacesRow, _args, select) => {
    const phases = Object.keys(PHASES) as PhaseName[];
    return sql`json_build_array(${join(phases.map((phase) => select.object({ ...row, phase } satisfies PhaseRow)))})`;
  })
  byPhase!: PhasePlaces[];

  @Field(() => String, {
    nullable: true,
    description: 'What is missing for this year, and what there is instead. Null where nothing is.',
  })
  @SqlField((row: PlacesRow, _args, select) => {
    const files = [
      { id: SCORECARDS, level: 'LOCAL_AUTHORITY', what: 'shares, forecasts and preferences' },
      { id: OF_SCHOOLS, level: 'SCHOOL', what: 'capacity, roll and unfilled places' },
    ];
    const missing = files.flatMap(({ id, level, what }) => {
      if (periodOf(id, level, row, select)) return [];
      const there = periodsAt(id, level, select).map(({ label }) => label);
      const { dataSet } = knownIndicator(select, id);
      return [
        `There are no figures of ${what} for ${row.label}: ${dataSet.id} has ${there.join(', ') || 'none yet'}.`,
      ];
    });
    const words = missing.length > 0 ? sql`${missing.join(' ')}::text` : sql`NULL::text`;
    const scorecard = published('unfilled-places-rate', { ...row, phase: 'PRIMARY' }, select);
    if (!scorecard) return words;
    const text = `The scorecards have no row for it in ${row.label}: it did not exist, or is left out.`;
    return sql`nullif(concat_ws(' ', ${words}, CASE WHEN NOT (${newestRow(scorecard, select).isThere}) THEN ${text}::text END), '')`;
  })
  note!: string | null;
}

/** The school year that is meant: as asked, or the newest of the scorecards, or else of schools. */
function meantYear(asked: string | null | undefined, select: Select): KnownPeriod | null {
  const scorecards = periodsAt(SCORECARDS, 'LOCAL_AUTHORITY', select);
  const ofSchools = periodsAt(OF_SCHOOLS, 'SCHOOL', select);
  const all = [...scorecards, ...ofSchools];
  if (typeof asked !== 'string') return scorecards.at(-1) ?? ofSchools.at(-1) ?? null;
  const found = all.find(({ code, label }) => code === asked || label === asked);
  if (found) return found;
  throw refused(
    'period',
    `it is no school year of the files on school places. They have: ${[...new Set(all.map(({ code }) => code))].sort().join(', ') || 'none yet'}`,
  );
}

@Resolver(() => LocalAuthority)
export class LocalAuthorityPlaces {
  @WorkOf(50)
  @FieldResolver(() => SchoolPlaces, {
    nullable: true,
    description:
      'Its school places in one school year, by phase (docs/methods/school-places.md). Null before any of the files is loaded.',
  })
  @SqlField((authority: TableRow, { period }: { period?: string | null }, select) => {
    const year = meantYear(period, select);
    if (!year) return sql`NULL::json`;
    return select.object({
      authority,
      ofSchools: { ...authority, shared: new Map() },
      label: year.label,
      startsOn: year.startsOn,
    } satisfies PlacesRow);
  })
  schoolPlaces(
    @Arg('period', () => String, {
      nullable: true,
      description: 'A school year: 202425 or 2024/25. Left out: the newest of the scorecards.',
    })
    _period?: string,
  ): SchoolPlaces | null {
    return answeredBySql();
  }
}
