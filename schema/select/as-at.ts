/** asAt: what was true on a day in the world, by what is known now. Not asOf: what had been published on a day. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg } from 'type-graphql';

export const AsAt = () =>
  Arg('asAt', () => GraphQLLocalDate, {
    nullable: true,
    description:
      'What was so on this day in the world: 2018-09-01. Ends of memberships are inferred: see trustHistory. Left out: today, by the newest extract.',
  });
