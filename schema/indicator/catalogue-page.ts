/** A page of the catalogue: how many indicators, and how many to pass over. */

import { ArgsType, Field, Int } from 'type-graphql';
import { MAXIMUM_CATALOGUE } from '../../src/limits.js';
import { refused } from '../../src/refused.js';

@ArgsType()
export class CataloguePage {
  @Field(() => Int, { defaultValue: 100, description: `How many; ${MAXIMUM_CATALOGUE} at most.` })
  first!: number;

  @Field(() => Int, { defaultValue: 0, description: 'How many to pass over.' })
  skip!: number;
}

/** Refuses a page that is too large. */
export function refusePage({ first, skip }: CataloguePage): void {
  if (first >= 0 && first <= MAXIMUM_CATALOGUE && skip >= 0) return;
  throw refused(
    'first',
    `0 to ${MAXIMUM_CATALOGUE} indicators can be asked for at once, and skip is 0 or more`,
  );
}
