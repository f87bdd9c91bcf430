/** dataStatus: what stands in the database, whether it is real, and what went wrong on the way. */
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { Arg, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MATCH_ROUTES } from '../../jobs/school-matching.js';
import { MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import type { Context } from '../context.js';
import { DataSet } from '../data-set/data-set.js';
import { describedEnum } from '../enum-of.js';
import { Moves, WorkOf } from '../select/field-sql.js';

export const MatchRoute = describedEnum(
  'MatchRoute',
  'How a published school row was joined to a URN.',
  MATCH_ROUTES,
);

@ObjectType({ description: 'How many published schools of a period were joined to the register by a route.' })
export class SchoolMatch {
  @Field(() => String, { description: 'Period, by its published code.' })
  period!: string;

  @Field(() => MatchRoute, { description: 'How they were joined.' })
  route!: string;

  @Field(() => Int, { description: 'Published schools.' })
  schools!: number;
}

@ObjectType({ description: 'A published school that no school of the register was found for.' })
export class UnjoinedSchool {
  @Field(() => String, { nullable: true, description: 'LAESTAB as published.' })
  laEstab!: string | null;

  @Field(() => Int, { nullable: true, description: 'URN as published.' })
  urn!: number | null;

  @Field(() => String, { description: 'Period, by its published code.' })
  period!: string;
}

@ObjectType({ description: 'The state of the data.' })
export class DataStatus {
  @Field(() => Boolean, {
    description: 'True when everything here is the made-up sample: no figure is real.',
  })
  synthetic!: boolean;

  @Field(() => Float, { description: 'Rises with every publication of a data set.' })
  version!: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When data last changed.' })
  changedAt!: Date;
}

@Resolver(() => DataStatus)
export class DataStatusFields {
  @Moves()
  @Query(() => DataStatus, {
    description: 'What stands in the database, whether it is real, and what went wrong on the way.',
  })
  async dataStatus(@Ctx() { repositories }: Context): Promise<DataStatus> {
    const [row] = await repositories.query(
      'SELECT synthetic, version, changed_at AS "changedAt" FROM data_version',
    );
    return row as DataStatus;
  }

  @WorkOf(3_000)
  @FieldResolver(() => [DataSet], { description: 'Every data set, with its release, last run and issues.' })
  dataSets(@Ctx() { repositories }: Context): Promise<DataSet[]> {
    return repositories.of(DataSet, (dataSets) => dataSets.find({ order: { number: 'ASC' } }));
  }

  @FieldResolver(() => [SchoolMatch], {
    description: 'How published school rows were joined to URNs, by period and route.',
  })
  schoolMatches(
    @Ctx() { repositories }: Context,
    @Arg('period', () => String, { nullable: true, description: 'Published code; left out: all periods.' })
    period?: string,
  ): Promise<SchoolMatch[]> {
    return repositories.query(
      `SELECT dp.code AS period, m.route, sum(m.places)::int AS schools
       FROM school_match m JOIN data_set_period dp USING (data_set_number, period_id)
       WHERE $1::text IS NULL OR dp.code = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
      [period ?? null],
    );
  }

  @FieldResolver(() => [UnjoinedSchool], {
    description: `Published schools that were not joined, ${MAXIMUM_PAGE_SIZE} at most at once.`,
  })
  unjoinedSchools(
    @Ctx() { repositories }: Context,
    @Arg('period', () => String, { description: 'Published code.' }) period: string,
    @Arg('skip', () => Int, { defaultValue: 0, description: 'How many to pass over.' }) skip: number,
  ): Promise<UnjoinedSchool[]> {
    return repositories.query(
      `SELECT DISTINCT CASE p.level WHEN 'LAESTAB' THEN p.code END AS "laEstab",
         CASE p.level WHEN 'SCHOOL' THEN p.code::int END AS urn, dp.code AS period, p.level, p.code
       FROM observation o
       JOIN place p ON p.id = o.place_id AND p.level IN ('LAESTAB', 'SCHOOL')
       JOIN data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id AND dp.code = $1
       JOIN period pe ON pe.id = o.period_id
       LEFT JOIN school_place sp ON sp.place_id = o.place_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
       LEFT JOIN school s ON s.urn = sp.urn AND s.to_release IS NULL
       WHERE o.to_release IS NULL AND s.urn IS NULL
       ORDER BY p.level, p.code OFFSET $2 LIMIT ${MAXIMUM_PAGE_SIZE}`,
      [period, Math.max(skip, 0)],
    );
  }
}
