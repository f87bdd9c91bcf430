/** Release: one publication of a data set as it was fetched. What a figure is cited to. */
import { GraphQLDateTimeISO, GraphQLLocalDate } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { FINDING_KINDS } from '../../jobs/integrity.js';
import type { Context } from '../context.js';
import { describedEnum } from '../enum-of.js';
import { DataSet } from './data-set.js';

@Entity('release')
@ObjectType({ description: 'One publication of a data set, as it was fetched: the source to cite.' })
export class Release {
  @Field(() => ID, { description: 'Number of the release in this graph.' })
  @PrimaryColumn('integer')
  id!: number;

  @Column('smallint', { name: 'data_set_number' })
  dataSetNumber!: number;

  @Field(() => String, { description: 'What the publisher calls it: Academic year 2016/17.' })
  @Column('text')
  title!: string;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'The publisher’s own day of publication; null where it gives none.',
  })
  @Column('date', { name: 'published_on', nullable: true })
  publishedOn!: string | null;

  @Field(() => GraphQLDateTimeISO, { description: 'When the file was fetched.' })
  @Column('timestamptz', { name: 'retrieved_at' })
  retrievedAt!: Date;

  @Field(() => String, { description: 'Address of the file (the first, where a release has several).' })
  @Column('text')
  url!: string;

  @Field(() => String, { description: 'SHA-256 of the file; of several, of their hashes in order.' })
  @Column('text')
  sha256!: string;

  @Field(() => Int, { description: 'Rows in the file.' })
  @Column('integer', { name: 'rows_read' })
  rowsRead!: number;

  @Field(() => Int, { description: 'Rows that could not be used: see dataStatus for each.' })
  @Column('integer', { name: 'rows_rejected' })
  rowsRejected!: number;

  @Field(() => Boolean, { description: 'True for the made-up sample: no figure in it is real.' })
  @Column('boolean')
  synthetic!: boolean;
}

@ObjectType({ description: 'One file of a release.' })
export class ReleaseFile {
  @Field(() => String, { description: 'Address of the file.' })
  url!: string;

  @Field(() => String, { description: 'SHA-256 of the file.' })
  sha256!: string;

  @Field(() => Float, { description: 'Size in bytes.' })
  bytes!: number;
}

export const FindingKind = describedEnum(
  'FindingKind',
  'How figures of a release disagree with each other.',
  FINDING_KINDS,
);

@ObjectType({
  description:
    'Figures of a release that disagree with each other, looked for with every publication. Nothing is corrected: the publisher may have its reasons.',
})
export class Finding {
  @Field(() => FindingKind, { description: 'How they disagree.' })
  kind!: string;

  @Field(() => String, { description: 'The measure of the file that they are of.' })
  measure!: string;

  @Field(() => Int, { description: 'How many rows or totals disagree.' })
  rows!: number;

  @Field(() => String, { description: 'A sentence, with the widest disagreement.' })
  message!: string;
}

@Resolver(() => Release)
export class ReleaseFields {
  @FieldResolver(() => DataSet, { description: 'The data set that it is a release of.' })
  dataSet(@Root() { dataSetNumber }: Release, @Ctx() { loaders }: Context): Promise<DataSet> {
    return loaders.dataSetByNumber.load(dataSetNumber);
  }

  @FieldResolver(() => [Finding], {
    description: 'Where its figures disagree with each other: empty where they do not.',
  })
  findings(@Root() { id }: Release, @Ctx() { loaders }: Context): Promise<Finding[]> {
    return loaders.findings.load(id);
  }

  @FieldResolver(() => [ReleaseFile], { description: 'The files of the release: nearly always one.' })
  files(@Root() { id }: Release, @Ctx() { loaders }: Context): Promise<ReleaseFile[]> {
    return loaders.releaseFiles.load(id);
  }
}
