/** RegisterCoverage: of the rows of a register that stand now, how many have each field. */
import type { GraphQLResolveInfo } from 'graphql';
import { isObjectType } from 'graphql';
import { Ctx, Field, FieldResolver, Float, Info, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { getMetadataArgsStorage } from 'typeorm';
import type { Context } from '../context.js';
import { DataSet } from '../data-set/data-set.js';
import { ENTITIES } from '../entities.js';
import type { RegisterRows } from './covered.js';

@ObjectType({ description: 'How often a field of a register is filled. Most facts can be missing.' })
export class FieldCoverage {
  @Field(() => String, { description: 'Name of the column in the tables: la_estab.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The field of the graph that has it: School.laEstab. Null where it is not a field by itself.',
  })
  graphField!: string | null;

  @Field(() => Int, { description: 'Rows in which it is filled.' })
  filled!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the rows, from 0 to 1. Null where there are no rows.',
  })
  share!: number | null;
}

@ObjectType({ description: 'How many rows of a register stand now, and how often each field is filled.' })
export class RegisterCoverage {
  @Field(() => Int, { description: 'Rows that stand now.' })
  rows!: number;
}

@Resolver(() => RegisterCoverage)
export class RegisterCoverageFields {
  @FieldResolver(() => DataSet, { description: 'The data set that the register is of.' })
  dataSet(@Root() { dataSet }: RegisterRows, @Ctx() { loaders }: Context): Promise<DataSet> {
    return loaders.dataSet.load(dataSet.id);
  }

  @FieldResolver(() => [FieldCoverage], {
    description: 'Every field that is declared, in the order declared.',
  })
  fields(@Root() { dataSet, rows, filled }: RegisterRows, @Info() info: GraphQLResolveInfo): FieldCoverage[] {
    return filled.map(({ column, filled: count }) => ({
      name: column,
      graphField: graphFieldOf(info, dataSet.table, column),
      filled: count,
      share: rows === 0 ? null : count / rows,
    }));
  }
}

/** The field of the graph that is a column of a table, where a type is the table's entity. */
function graphFieldOf({ schema }: GraphQLResolveInfo, table: string, column: string): string | null {
  const { tables, columns } = getMetadataArgsStorage();
  const entity = tables.find(
    ({ name, target }) => name === table && ENTITIES.some((known) => known === target),
  )?.target;
  if (typeof entity !== 'function') return null;
  const property = columns.find(
    ({ target, propertyName, options }) => target === entity && (options.name ?? propertyName) === column,
  )?.propertyName;
  const type = schema.getType(entity.name);
  return property && isObjectType(type) && type.getFields()[property] ? `${type.name}.${property}` : null;
}
