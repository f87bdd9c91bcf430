/** The arguments of every question about the places of a level: which places, and which of their figures. */
import { ArgsType, Field, ID } from 'type-graphql';
import { type LevelName, PlaceLevel } from './level-figures.js';
import { LevelFilter } from './level-filter.js';

@ArgsType()
export class LevelArgs {
  @Field(() => ID, { description: 'Id of the indicator: suspension-rate.' })
  indicator!: string;

  @Field(() => PlaceLevel, { description: 'Which places.' })
  level!: LevelName;

  @Field(() => String, {
    nullable: true,
    description: 'Code or label as published: 201617, 2016/17. Left out: the newest that the level has.',
  })
  period?: string;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the whole, by a code of indicator.breakdowns. Left out: the total over all.',
  })
  breakdown?: string;

  @Field(() => LevelFilter, {
    nullable: true,
    description: 'Keeps the places that it describes, and sets them beside each other alone. Left out: all.',
  })
  filter?: LevelFilter;
}
