/** What is told of each characteristic that schools are compared by: of all schools of the phase, and between two schools. */
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Period } from '../observation/observation.js';
import { periodOf } from '../observation/period-row.js';
import { Moves, SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { Characteristic, type CharacteristicName, type Compared } from './intake.js';

/** A characteristic, and the row that its columns stand in. */
export interface CharacteristicRow {
  one: Compared;
  row: Sql;
}
const column = (name: string) =>
  SqlField(({ one, row }: CharacteristicRow) => sql`${row}.${raw(`${name}_${one.number}`)}`);

/** JSON array of an object for each characteristic. */
export const listOf = (compared: Compared[], row: Sql, select: Select): Sql =>
  sql`json_build_array(${join(compared.map((one) => select.object({ one, row } satisfies CharacteristicRow)))})`;

@ObjectType({ description: 'A characteristic that schools are compared by.' })
export class ComparedCharacteristic {
  @Field(() => Characteristic, { description: 'Which.' })
  @SqlField(({ one }: CharacteristicRow) => raw(`'${one.name}'`))
  characteristic!: CharacteristicName;

  @Field(() => ID, { description: 'Id of the indicator that is read for it.' })
  @SqlField(({ one }: CharacteristicRow) => raw(`'${one.indicator}'`))
  indicator!: string;

  @Field(() => Period, { description: 'The period of every value: the newest that schools have.' })
  @SqlField(({ one }: CharacteristicRow, _args, select) => select.object(periodOf(one.asked, select)))
  period!: Period;

  @Moves()
  @Field(() => Float, { description: 'How many years ago the period ended, to a tenth.' })
  @SqlField(
    ({ one }: CharacteristicRow, _args, select) =>
      sql`round(greatest(0, (current_date - ${periodOf(one.asked, select).period('ends_on')}) / 365.25), 1)`,
  )
  age!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Value of the school that is asked about. Null where it has none.',
  })
  @column('own')
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean of all open schools of the phase, each counting once.',
  })
  @column('mean')
  mean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Standard deviation of all open schools of the phase: one unit of the distance.',
  })
  @column('deviation')
  standardDeviation!: number | null;

  @Field(() => Int, { description: 'Open schools of the phase that have a value.' })
  @column('schools')
  schools!: number;
}

@ObjectType({ description: 'How far two schools are apart in one characteristic.' })
export class CharacteristicDifference {
  @Field(() => Characteristic, { description: 'Which.' })
  @SqlField(({ one }: CharacteristicRow) => raw(`'${one.name}'`))
  characteristic!: CharacteristicName;

  @Field(() => Period, { description: 'The period of both values.' })
  @SqlField(({ one }: CharacteristicRow, _args, select) => select.object(periodOf(one.asked, select)))
  period!: Period;

  @Field(() => Float, {
    nullable: true,
    description: 'Value of the school that is asked about, or of a pair the one with the higher share.',
  })
  @column('own')
  value!: number | null;

  @Field(() => Float, { nullable: true, description: 'Value of the other school.' })
  @column('value')
  otherValue!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Value of the other school less that of the first, in standard deviations of all open schools of the phase. Null where either has no value: it is then no part of the distance.',
  })
  @column('difference')
  difference!: number | null;
}
