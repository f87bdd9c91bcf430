/** The arguments of every question about the places of a level: which places, and which of their figures. */

import { ArgsType, Field, ID } from 'type-graphql';
import { BREAKDOWN, PERIOD } from './figure-arguments.js';
import { type LevelName, PlaceLevel } from './level-figures.js';
import { LevelFilter } from './level-filter.js';

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
