/** DataSet: a source that is loaded, with its publisher and licence. */
import { Ctx, Field, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Context } from '../context.js';
import { Run } from '../data-status/run.js';
import { Moves } from '../select/field-sql.js';
import { Release } from './release.js';

@Entity('data_set')
@ObjectType({ description: 'A published source that is loaded: who publishes it, under which licence.' })
export class DataSet {
  @PrimaryColumn('smallint')
  number!: number;

  @Field(() => ID, { description: 'Stable and readable: gias-establishments.' })
  @Column('text')
  id!: string;

  @Field(() => String, { description: 'What it is called.' })
  @Column('text')
  title!: string;

  @Field(() => String, { description: 'What it holds.' })
  @Column('text')
  description!: string;

  @Field(() => String, { description: 'Who publishes it.' })
  @Column('text')
  publisher!: string;

  @Field(() => String, { description: 'Under which licence.' })
  @Column('text')
  licence!: string;

  @Field(() => String, { description: 'Address of the licence.' })
  @Column('text', { name: 'licence_url' })
  licenceUrl!: string;

  @Field(() => String, { description: 'A page about it, for a person.' })
  @Column('text', { name: 'page_url' })
  pageUrl!: string;

  @Field(() => String, { description: 'When it is looked at, as a cron expression in UTC.' })
  @Column('text')
  schedule!: string;
}

@Resolver(() => DataSet)
export class DataSetQueries {
  @Query(() => [DataSet], { description: 'Every data set, in the order in which they are loaded.' })
  dataSets(@Ctx() { repositories }: Context): Promise<DataSet[]> {
    return repositories.of(DataSet, (dataSets) => dataSets.find({ order: { number: 'ASC' } }));
  }

  @FieldResolver(() => Release, {
    nullable: true,
    description: 'The release that stands now. Null before the first load.',
  })
  release(@Root() { number }: DataSet, @Ctx() { loaders }: Context): Promise<Release | null> {
    return loaders.newestRelease.load(number);
  }

  @Moves()
  @FieldResolver(() => Run, { nullable: true, description: 'The last time that it was looked at.' })
  lastRun(@Root() { number }: DataSet, @Ctx() { loaders }: Context): Promise<Run | null> {
    return loaders.newestRun.load(number);
  }
}
