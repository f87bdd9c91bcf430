/** A point of a series that is followed over schools, or over local authorities, that came after one another. */
import { Field, Int, ObjectType } from 'type-graphql';
import { Observation, Period } from '../observation/observation.js';
import { SqlField } from '../select/field-sql.js';
import { sql } from '../select/sql.js';
import type { PointRow } from './points.js';

@ObjectType({ description: 'A period of a followed series: its figure, or why there is none.' })
class SeriesPoint {
  @Field(() => Period, { description: 'The period.' })
  @SqlField(({ period }: PointRow, _args, select) => select.object(period))
  period!: Period;

  @Field(() => Observation, {
    nullable: true,
    description:
      'The figure: as published where one place stands for it, else the sum (isDerived; a rate: sum of numerators over sum of denominators). Null for a gap: note says why.',
  })
  @SqlField(({ observed }: PointRow, _args, select) => {
    const object = select.object(observed.row);
    return sql`CASE WHEN ${observed.isThere} THEN ${object} END`;
  })
  observation!: Observation | null;

  @Field(() => Boolean, {
    description:
      'True where something lies between it and the point before, so that the two are not simply comparable: other places, or a break of the indicator.',
  })
  @SqlField(({ startsAnew }: PointRow) => startsAnew)
  startsAnew!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Why there is no figure, and what lies between it and the point before. Null where nothing is to be said.',
  })
  @SqlField(({ note }: PointRow) => note)
  note!: string | null;
}

@ObjectType({ description: 'A period of a series of a school.' })
export class SchoolSeriesPoint extends SeriesPoint {
  @Field(() => [Int], {
    description:
      'The URNs whose published figures it is made of; for a gap those that could stand for it and have figures.',
  })
  @SqlField(({ parts }: PointRow) => sql`to_json(${parts})`)
  urns!: number[];
}

@ObjectType({ description: 'A period of a series of a local authority.' })
export class LocalAuthoritySeriesPoint extends SeriesPoint {
  @Field(() => [String], {
    description:
      'The 3-digit codes whose published figures it is made of; for a gap those that could stand for it and have figures.',
  })
  @SqlField(({ parts }: PointRow) => sql`to_json(${parts})`)
  codes!: string[];
}
