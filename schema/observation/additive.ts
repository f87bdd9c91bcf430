/** What can be added up: counts, and rates whose counts are published. A mean of anything else would be made up. */
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { SchoolGraphError } from '../../src/errors.js';

/** Whether figures of several places can be made into one. */
export const isAdditive = ({ additive, rate }: CataloguedIndicator) => additive || rate !== undefined;

/** Refuses an indicator that cannot be worked out for what nothing is published for. */
export function refuseUnlessAdditive(indicator: CataloguedIndicator, where: string): void {
  if (!isAdditive(indicator)) {
    throw new SchoolGraphError(
      'NOT_ADDITIVE',
      `${indicator.id} has no figure for ${where}: its published values cannot be added up, and no count and base are published to work it out from`,
    );
  }
}
