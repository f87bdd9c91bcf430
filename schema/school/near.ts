/**
 * Schools near a point or a postcode, the nearest first. Distances are those of the British National Grid, a plane: within
 * England it differs from the ground by less than 4 parts in 10,000. There is no file of postcodes: a postcode is where the schools are that have it.
 */
import {
  Args,
  ArgsType,
  Field,
  FieldResolver,
  Float,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { gridPointOf } from '../../jobs/british-national-grid.js';
import { FARTHEST_KM } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { hasPostcode, type Postcode, parsePostcode } from '../search/postcode.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { allOf } from '../select/conditions.js';
import { connection, connectionOf, type ListSource, PageArgs } from '../select/connection.js';
import { SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { Location, type LocationRow, School } from './school.js';
import { SchoolFilter } from './school-filter.js';
import { isFiltered } from './schools.js';

const LocatedBy = describedEnum('LocatedBy', 'By what the point was found that schools are near.', {
  POINT: 'It was given.',
  POSTCODE: 'The mean of the schools with this postcode.',
  SECTOR: 'No school with coordinates has the postcode: the mean of those of its sector (NG1 1).',
  OUTWARD_CODE: 'The mean of the schools of its outward code (NG1): right to some kilometres.',
});

@InputType({ description: 'A point in degrees (WGS84), as maps and telephones give it.' })
class PointInput {
  @Field(() => Float, { description: 'Degrees north.' })
  latitude!: number;

  @Field(() => Float, { description: 'Degrees east: negative west of Greenwich.' })
  longitude!: number;
}

@ObjectType({ description: 'A school with its distance from a point.' })
export class NearbySchool {
  @Field(() => Float, { description: 'Kilometres in a straight line, to the metre.' })
  @SqlField(({ alias }: TableRow) => sql`round(${alias}.distance)::float8 / 1000`)
  distanceKm!: number;

  @Field(() => School, { description: 'The school.' })
  @SqlField((row: TableRow, _args, select) => select.object(row))
  school!: School;
}

const NearbySchoolConnection = connectionOf(NearbySchool, 'NearbySchool', 'schools near a point');

/** What the answer is read from: a row with easting, northing, latitude, longitude and located_by, all null where there is no such postcode. */
interface NearRow extends Near {
  centre: Sql;
}

/** What was asked. */
interface Near {
  /** A query of that row. */
  centreOf: () => Sql;
  /** Under which cursors know it. */
  name: string;
  km: number;
  filter: SchoolFilter | null | undefined;
}

@ObjectType({
  description: 'Schools near a point. Schools of which the register gives no coordinates are not among them.',
})
export class SchoolsNear {
  @Field(() => LocatedBy, {
    nullable: true,
    description:
      'How the point was found. Null where no school with coordinates has the postcode or shares its first part.',
  })
  @SqlField(({ centre }: NearRow) => sql`${centre}.located_by`)
  locatedBy!: string | null;

  @Field(() => Location, { nullable: true, description: 'The point. Null where it was not found.' })
  @SqlField(({ centre }: NearRow, _args, select) => {
    const object = select.object({
      point: (what) =>
        what === 'easting' || what === 'northing'
          ? sql`round(${centre}.${raw(what)})::int`
          : sql`${centre}.${raw(what)}`,
    } satisfies LocationRow);
    return sql`CASE WHEN ${centre}.easting IS NOT NULL THEN ${object} END`;
  })
  location!: Location | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What to know of the point: that it is not known, or only roughly. Null where it is as asked.',
  })
  @SqlField(({ centre }: NearRow) => {
    const rough =
      'No school with coordinates has this postcode: distances are from the middle of the schools of';
    return sql`CASE ${centre}.located_by WHEN 'POSTCODE' THEN NULL WHEN 'POINT' THEN NULL
      WHEN 'SECTOR' THEN ${`${rough} its sector, the first part and the digit after it.`}::text
      WHEN 'OUTWARD_CODE' THEN ${`${rough} its first part, and right to some kilometres.`}::text
      ELSE 'No school with coordinates has this postcode, or shares its first part: give a point.' END`;
  })
  note!: string | null;

  @WorkOf(500)
  @Field(() => Int, {
    description:
      'How many schools that the filter describes, wherever they are, have no coordinates in the register and can therefore not be found.',
  })
  @SqlField(({ filter }: NearRow, _args, select) => {
    const school = select.alias('s');
    return sql`(SELECT count(*)::int FROM school ${school} WHERE ${isFiltered(school, filter, select)} AND NOT coalesce(${isSomewhere(school)}, false))`;
  })
  withoutCoordinates!: number;
}

/** Zeros stand for a place that is not known. */
const isSomewhere = (school: Sql): Sql => sql`(${school}.easting > 0 AND ${school}.northing > 0)`;

@ArgsType()
class NearArgs {
  @Field(() => String, {
    nullable: true,
    description: 'A postcode (NG1 1NG), its sector (NG1 1) or its first part (NG1). In place of point.',
  })
  postcode?: string;

  @Field(() => PointInput, { nullable: true, description: 'A point. In place of postcode.' })
  point?: PointInput;

  @Field(() => Float, {
    defaultValue: 5,
    description: `How many kilometres away at most: up to ${FARTHEST_KM}.`,
  })
  km!: number;

  @Field(() => SchoolFilter, {
    nullable: true,
    description: 'Keeps those that it describes. Left out: all, closed ones too.',
  })
  filter?: SchoolFilter;
}

/** Round England, in degrees. */
const ENGLAND = { south: 49.8, north: 55.9, west: -6.5, east: 1.9 };

function nearOf({ postcode, point, km, filter }: NearArgs, select: Select): Near {
  if (!(km > 0 && km <= FARTHEST_KM)) {
    throw refused('km', `more than 0, and ${FARTHEST_KM} at most`);
  }
  if (isGiven(postcode) === isGiven(point)) {
    throw refused('postcode, point', 'one of the two is needed, and not both');
  }
  if (isGiven(point)) {
    const { latitude, longitude } = point;
    const { south, north, west, east } = ENGLAND;
    if (!(latitude >= south && latitude <= north && longitude >= west && longitude <= east)) {
      throw refused(
        'point',
        `not in England, which lies from ${south} to ${north} degrees north and from ${west} to ${east} degrees east`,
      );
    }
    const { easting, northing } = gridPointOf(point);
    return {
      name: `${latitude},${longitude}`,
      km,
      filter,
      centreOf: () =>
        sql`SELECT ${easting}::float8 AS easting, ${northing}::float8 AS northing, ${latitude}::float8 AS latitude, ${longitude}::float8 AS longitude, 'POINT' AS located_by`,
    };
  }
  const parsed = parsePostcode(postcode!);
  if (!parsed) {
    throw refused('postcode', 'one such as NG1 1NG, or a part, such as NG1 1 or NG1');
  }
  return {
    name: `${parsed.outward}${parsed.inward ?? ''}`,
    km,
    filter,
    centreOf: () => centreOf(parsed, select),
  };
}

/** The middle of the schools that share most of a postcode. */
function centreOf({ outward, inward }: Postcode, select: Select): Sql {
  const [school, at] = [select.alias('s'), select.alias('g')];
  const spelled = sql`replace(${school}.postcode, ' ', '')`;
  const likest = inward
    ? sql`CASE WHEN ${spelled} = ${outward + inward}::text THEN 1 WHEN starts_with(${spelled}, ${outward + inward[0]}::text) THEN 2 ELSE 3 END`
    : sql`3`;
  return sql`SELECT found.* FROM (SELECT) one LEFT JOIN LATERAL (
      SELECT avg(easting)::float8 AS easting, avg(northing)::float8 AS northing, avg(latitude) AS latitude, avg(longitude) AS longitude,
        (ARRAY['POSTCODE', 'SECTOR', 'OUTWARD_CODE'])[likest] AS located_by
      FROM (SELECT ${at}.*, ${likest} AS likest FROM school ${school}
        JOIN grid_point ${at} ON ${at}.easting = ${school}.easting AND ${at}.northing = ${school}.northing
        WHERE ${select.valid(school)} AND ${hasPostcode(spelled, { outward, inward: null })}) alike
      GROUP BY likest ORDER BY likest LIMIT 1) found ON true`;
}

/** Schools within the distance, as columns of school and `distance`, in metres. */
function nearby({ centreOf: centre, name, km, filter }: Near, select: Select): ListSource {
  const metres = km * 1000;
  const [school, from] = [select.alias('s'), select.alias('c')];
  const distance = sql`sqrt((${school}.easting - ${from}.easting) ^ 2 + (${school}.northing - ${from}.northing) ^ 2)`;
  const isBeside = (axis: string) =>
    sql`${school}.${raw(axis)} BETWEEN ${from}.${raw(axis)} - ${metres}::float8 AND ${from}.${raw(axis)} + ${metres}::float8`;
  return {
    name: `schools within ${km} km of ${name}`,
    table: sql`(SELECT ${school}.*, ${distance} AS distance FROM (${centre()}) ${from}
      JOIN school ${school} ON ${allOf([isBeside('easting'), isBeside('northing'), isSomewhere(school)])}
      WHERE ${distance} <= ${metres}::float8 AND ${isFiltered(school, filter, select, true)})`,
    where: () => sql`true`,
    isSearch: true,
    order: [
      { sql: (row) => sql`${row}.distance`, type: 'float8' },
      { sql: (row) => sql`${row}.urn`, type: 'int' },
    ],
  };
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

@Resolver(() => SchoolsNear)
export class SchoolsNearQueries {
  @WorkOf(200)
  @Query(() => SchoolsNear, {
    nullable: true,
    description:
      'Schools near a postcode or a point, the nearest first. Null only where it was asked wrongly: then an error says how. docs/finding.md',
  })
  @SqlField((_row, args: NearArgs, select) => {
    const near = nearOf(args, select);
    const centre = select.alias('c');
    const object = select.object({ ...near, centre } satisfies NearRow);
    return sql`(SELECT ${object} FROM (${near.centreOf()}) ${centre})`;
  })
  schoolsNear(@Args(() => NearArgs) _args: NearArgs, @AsOf() _asOf?: string): SchoolsNear {
    return answeredBySql();
  }

  @FieldResolver(() => NearbySchoolConnection, {
    description: 'The schools, the nearest first, and by URN where they are equally far.',
  })
  @SqlField((row: NearRow, args: PageArgs, select) => connection(nearby(row, select), args, select))
  schools(@Args(() => PageArgs) _args: PageArgs): NearbySchool[] {
    return answeredBySql();
  }
}
