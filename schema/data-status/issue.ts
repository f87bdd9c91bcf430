/** Issue: a row or a value of a file that could not be used, with where and why. */
import { Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { describedEnum } from '../enum-of.js';

const KINDS = {
  REJECTED: 'The row could not be used.',
  LEFT_OUT: 'The row is sound, but not what the data set is for.',
  FIELD: 'The row was used without this value.',
};
export const IssueKind = describedEnum('IssueKind', 'What became of the row.', KINDS);

@Entity('issue')
@ObjectType({ description: 'A row or a value of a file that could not be used.' })
export class Issue {
  @PrimaryColumn('integer', { name: 'run_id' })
  runId!: number;

  @Field(() => Int, { description: 'Which file of the release, from 1.' })
  @PrimaryColumn('smallint')
  file!: number;

  @Field(() => Int, { description: 'Line of the file.' })
  @PrimaryColumn('integer')
  line!: number;

  @Field(() => String, { description: 'Column of the file.' })
  @PrimaryColumn('text', { name: 'column_name' })
  column!: string;

  @Field(() => String, { description: 'What stands there.' })
  @Column('text')
  value!: string;

  @Field(() => String, { description: 'Why it could not be used.' })
  @Column('text')
  reason!: string;

  @Field(() => IssueKind, { description: 'What became of the row.' })
  @Column('text')
  kind!: string;
}
