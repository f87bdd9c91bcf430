/** The question that leads to a comparison: of a local authority with its neighbours, on one indicator. */

import { Args, ArgsType, Field, FieldResolver, ID, Resolver } from 'type-graphql';
import { LocalAuthority } from '../local-authority/local-authority.js';
import {
  CODES,
  EDITION,
  editionOf,
  NeighbourKind,
  type NeighbourKindName,
  neighboursOf,
} from '../neighbour/kinds.js';
import { BREAKDOWN } from '../place/figure-arguments.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import { sql } from '../select/sql.js';
import { ChangeRow } from './change.js';
import { Compared, type ComparedQuestion } from './compared.js';
import { Comparison, type ComparisonRow } from './comparison.js';

@ArgsType()
class ComparisonArgs implements ComparedQuestion {
  @Field(() => ID, { description: 'Id of the indicator: suspension-rate.' })
  indicator!: string;

  @Field(() => NeighbourKind, {
    defaultValue: 'STATISTICAL',
    description: 'Which neighbours it is compared with.',
  })
  against!: NeighbourKindName;

  @Field(() => String, {
    nullable: true,
    description:
      'Code or label as published: 201617, 2016/17. Left out: the newest in which it and all its neighbours have a figure.',
  })
  period?: string | null;

  @Field(() => String, { nullable: true, description: EDITION })
  edition?: string | null;

  @Field(() => [String], { nullable: true, description: CODES })
  codes?: string[] | null;

  @Field(() => String, BREAKDOWN)
  breakdown?: string | null;
}

@Resolver(() => LocalAuthority)
export class Comparisons {
  @WorkOf(150)
  @FieldResolver(() => Comparison, {
    description:
      'Where it stands on an indicator among its neighbours, in its region and in England: ranks, quartile band, averages and the change since the period before, as the local authority interactive tool (LAIT) defines them (docs/methods/comparison.md).',
  })
  @SqlField((authority: TableRow, args: ComparisonArgs, select) => {
    const { against: kind, edition, codes } = args;
    const neighbours = { kind, edition: edition ?? null, codes: codes ?? null };
    const given = sql`SELECT neighbour_code, rank, closeness, in_order FROM (${neighboursOf(authority, neighbours, select)}) n`;
    const compared = new Compared(authority, given, args, select);
    let change: ChangeRow | null = null;
    return compared.read(
      select.object({
        compared,
        authority,
        neighbours,
        edition: editionOf(neighbours, select),
        change: () => {
          change ??= new ChangeRow(compared);
          return change;
        },
      } satisfies ComparisonRow),
    );
  })
  comparison(@Args(() => ComparisonArgs) _args: ComparisonArgs): Comparison {
    return answeredBySql();
  }
}
