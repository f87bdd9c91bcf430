/** Run: one attempt to load a data set, and what came of it. */
import { GraphQLDateTimeISO, GraphQLJSON } from 'graphql-scalars';
import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import type { Context } from '../context.js';
import { describedEnum } from '../enum-of.js';
import { Issue } from './issue.js';

const OUTCOMES = {
  LOADED: 'A new release was published.',
  UNCHANGED: 'The publisher has nothing new.',
  REFUSED: 'The file was not fit to be published; what stood before still stands.',
  UNAVAILABLE: 'The publisher could not be reached, or does not have the file.',
  FAILED: 'Something went wrong here; what stood before still stands.',
  INTERRUPTED: 'The process ended in the middle; nothing of it was published.',
};
export const RunOutcome = describedEnum('RunOutcome', 'What came of an attempt to load.', OUTCOMES);

@Entity('run')
@ObjectType({ description: 'One attempt to load a data set.' })
export class Run {
  @Field(() => ID, { description: 'Number of the attempt.' })
  @PrimaryColumn('integer')
  id!: number;

  @Column('smallint', { name: 'data_set_number' })
  dataSetNumber!: number;

  @Field(() => GraphQLDateTimeISO, { description: 'When it began.' })
  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Field(() => GraphQLDateTimeISO, { nullable: true, description: 'When it ended; null while it goes on.' })
  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Field(() => RunOutcome, { nullable: true, description: 'Null while it goes on.' })
  @Column('text', { nullable: true })
  outcome!: string | null;

  @Field(() => String, { description: 'The stage it reached: claim, fetch, stage, check, publish.' })
  @Column('text')
  stage!: string;

  @Field(() => String, { nullable: true, description: 'One sentence for the operator.' })
  @Column('text', { nullable: true })
  message!: string | null;

  @Field(() => Int, { description: 'Rows read from the files.' })
  @Column('integer', { name: 'rows_read' })
  rowsRead!: number;

  @Field(() => Int, { description: 'Rows that could not be used.' })
  @Column('integer', { name: 'rows_rejected' })
  rowsRejected!: number;

  @Field(() => Int, { description: 'Rows that were new or changed.' })
  @Column('integer', { name: 'rows_added' })
  rowsAdded!: number;

  @Field(() => Int, { description: 'Rows that ended: changed, or no longer in the file.' })
  @Column('integer', { name: 'rows_ended' })
  rowsEnded!: number;

  @Field(() => GraphQLJSON, { description: 'Milliseconds by stage.' })
  @Column('jsonb')
  milliseconds!: Record<string, number>;

  @Field(() => [String], { description: 'What looked odd, but not wrong enough to refuse.' })
  @Column('jsonb')
  warnings!: string[];
}

@Resolver(() => Run)
export class RunFields {
  @FieldResolver(() => [Issue], {
    description: `Rows and values that could not be used, in file order, ${MAXIMUM_PAGE_SIZE} at most at once.`,
  })
  async issues(
    @Root() { id }: Run,
    @Ctx() { repositories }: Context,
    @Arg('skip', () => Int, { defaultValue: 0, description: 'How many to pass over.' }) skip: number,
  ): Promise<Issue[]> {
    return repositories.of(Issue, (issues) =>
      issues.find({
        where: { runId: id },
        order: { file: 'ASC', line: 'ASC', column: 'ASC' },
        skip: Math.max(skip, 0),
        take: MAXIMUM_PAGE_SIZE,
      }),
    );
  }
}
