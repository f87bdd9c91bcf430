/** The arguments of every question about the places of a level: which places, and which of their figures. */

import { ArgsType, Field, ID } from 'type-graphql';
import { BREAKDOWN, PERIOD } from './figure-arguments.js';
import { type LevelName, PlaceLevel } from './level-figures.js';
import { LevelFilter } from './level-filter.js';
import type { OrderEntry } from './list-order.js';

/** To read the newest figures of all places of a level, in points. */
const WORK = { SCHOOL: 7_000, TRUST: 4_000, others: 100 };
export const workOfLevel = ({ level }: { level: LevelName }): number =>
  level === 'SCHOOL' || level === 'TRUST' ? WORK[level] : WORK.others;

/** Where a list of all of a level is filtered or ordered by values of indicators: each is read of all. */
export const workOfValues = (
  level: LevelName,
  { filter, orderBy }: { filter?: { indicator?: unknown[] | null } | null; orderBy?: OrderEntry[] | null },
): number => {
  const keys = (orderBy ?? []).filter(({ indicator }) => indicator).length;
  return workOfLevel({ level }) * ((filter?.indicator ?? []).length + keys);
};

@ArgsType()
export class LevelArgs {
  @Field(() => ID, { description: 'Id of the indicator: suspension-rate.' })
  indicator!: string;

  @Field(() => PlaceLevel, { description: 'Which places.' })
  level!: LevelName;

  @Field(() => String, PERIOD)
  period?: string;

  @Field(() => String, BREAKDOWN)
  breakdown?: string;

  @Field(() => LevelFilter, {
    nullable: true,
    description: 'Keeps the places that it describes, and sets them beside each other alone. Left out: all.',
  })
  filter?: LevelFilter;
}
