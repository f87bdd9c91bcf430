/** A neighbour in a comparison: what it is compared with is read from the figures of all that are compared. */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { MAXIMUM_COMPARED } from '../../src/limits.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Closeness } from '../neighbour/neighbour.js';
import { Observation } from '../observation/observation.js';
import { AS_SHOWN, rounded } from '../observation/shown.js';
import { joinsOf, rowOf, SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import type { Compared, Figure } from './compared.js';

interface ComparedNeighbourRow {
  compared: Compared;
  place: TableRow;
  /** Its row of the table of neighbours. */
  neighbour: Sql;
}

/** The figure with all that is known of it. */
export const observationOf = ({ isThere, row }: Figure, select: Select): Sql =>
  sql`CASE WHEN ${isThere} THEN ${select.object(row)} END`;

@ObjectType({ description: 'A neighbour, with its figure in the period that is compared.' })
export class ComparedNeighbour {
  @Field(() => LocalAuthority, { description: 'The neighbour.' })
  @SqlField(({ place }: ComparedNeighbourRow, _args, select) => select.object(place))
  localAuthority!: LocalAuthority;

  @Field(() => Float, {
    nullable: true,
    description: 'Its value, unrounded. Null where it is not known: see observation.',
  })
  @SqlField(({ compared }: ComparedNeighbourRow) => compared.published('value'))
  value!: number | null;

  @Field(() => String, {
    nullable: true,
    description: `value ${AS_SHOWN}. Null where it is not known: observation.shown says why.`,
  })
  @SqlField(({ compared }: ComparedNeighbourRow) =>
    rounded(compared.published('value'), compared.indicator.decimals),
  )
  valueShown!: string | null;

  @Field(() => Observation, {
    nullable: true,
    description: 'The figure with all that is known of it. Null where the period has no row for it.',
  })
  @SqlField(({ compared, place }: ComparedNeighbourRow, _args, select) =>
    observationOf(compared.ofPlace(place, 'LocalAuthority'), select),
  )
  observation!: Observation | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Its rank on the indicator, among the local authority and its neighbours: 1 is the best, equal values share a rank. Null where its value is not known, and where neither way is good.',
  })
  @SqlField(({ compared }: ComparedNeighbourRow) => compared.rank)
  rank!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How like it is: 1 is the closest. Null for all but statistical neighbours.',
  })
  @SqlField(({ neighbour }: ComparedNeighbourRow) => sql`${neighbour}.rank`)
  closenessRank!: number | null;

  @Field(() => Closeness, {
    nullable: true,
    description: 'How close it is, in the publisher’s words. Null for all but statistical neighbours.',
  })
  @SqlField(({ neighbour }: ComparedNeighbourRow) => sql`${neighbour}.closeness`)
  closeness!: string | null;
}

/** Every neighbour, in its order. */
export function neighboursOf(compared: Compared, select: Select): Sql {
  const { alias: neighbour, joins } = compared.neighbour;
  const place = rowOf(select.alias('t'));
  const entry = select
    .forEach(MAXIMUM_COMPARED)
    .object({ compared, place, neighbour } satisfies ComparedNeighbourRow);
  // Its figures are read for the ranking of all; whoever has none has no row there.
  compared.published('value');
  joins.push(
    sql`JOIN local_authority ${place.alias} ON ${place.alias}.code = ${neighbour}.neighbour_code`,
    () => joinsOf(place),
  );
  const list = sql`coalesce(json_agg(${entry} ORDER BY ${neighbour}.in_order), '[]')`;
  return compared.overall('neighbours', `list_${joins.length}`, () => list);
}
