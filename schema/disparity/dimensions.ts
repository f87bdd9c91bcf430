/**
 * Dimensions: ways in which a data set divides its whole (Ethnicity, Sex, phase), and the groups of each. Which breakdowns
 * are of one dimension follows from how its filters are declared; a group within another (special schools) has the
 * dimensions of that part.
 */
import { dataSetById } from '../../jobs/catalogue.js';
import type { FilterDeclaration } from '../../jobs/declaration.js';
import { refused } from '../../src/refused.js';
import type { KnownBreakdown } from '../select/known.js';

/** All others: the total without the group. */
export const REST = 'rest';
export const TOTAL = 'total';

interface Way {
  /** What it divides by: Ethnicity, phase. */
  name: string;
  /** The published value. */
  value: string;
  filter: FilterDeclaration;
  /** The part of the whole that it divides: what its other filters say. */
  within: string;
}

function filtersOf(dataSetId: string): FilterDeclaration[] {
  const dataSet = dataSetById(dataSetId);
  return dataSet?.kind === 'statistics' ? dataSet.filters : [];
}

/** The ways in which a breakdown divides the whole, the finest last. */
function waysOf(dataSetId: string, { filters }: KnownBreakdown): Way[] {
  const declared = filtersOf(dataSetId);
  const topic = declared.find(({ isTopic, name }) => isTopic && name in filters);
  const own = declared.filter(({ name, isTopic, decidedBy }) => name in filters && !isTopic && !decidedBy);
  return own.map((filter) => {
    const heading = topic ?? declared.find(({ decidedBy }) => decidedBy === filter.name);
    return {
      name: (heading && filters[heading.name]) ?? filter.name,
      value: filters[filter.name]!,
      filter,
      within: JSON.stringify(
        own.filter((other) => other !== filter).map(({ name }) => [name, filters[name]]),
      ),
    };
  });
}

const isNamed = (asked: string) => (way: Way) => way.name.toLowerCase() === asked.toLowerCase();
const NOWHERE = '[]';

/** The groups that a reference is set against: those of its dimension, or of the one that is named. */
export function groupsBeside(
  indicator: { id: string; dataSet: { id: string } },
  reference: string,
  asked: string | null | undefined,
  known: KnownBreakdown[],
): KnownBreakdown[] {
  const { id } = indicator.dataSet;
  const of = known.find(({ code }) => code === reference);
  const ways = of
    ? waysOf(id, of)
    : known.flatMap((one) => waysOf(id, one).filter(({ within }) => within === NOWHERE));
  const names = [...new Set(ways.map(({ name }) => name))];
  const way = asked ? ways.find(isNamed(asked)) : of && ways.at(-1);
  if (!way) {
    throw refused(
      'dimension',
      names.length === 0
        ? `${indicator.id} is published for no parts of the whole`
        : asked
          ? `the reference has no dimension of this name in ${indicator.id}. It has: ${names.join(', ')}`
          : `it is missing, where the reference is of no dimension itself. ${indicator.id} has: ${names.join(', ')}`,
    );
  }
  return known.filter(
    ({ code, ...one }) =>
      code !== reference &&
      waysOf(id, { code, ...one }).some(({ name, within }) => name === way.name && within === way.within),
  );
}

/** Whether nobody is counted in both, as far as declarations tell: two groups of one dimension, neither of which sums up others. */
export function isApart(dataSetId: string, one: KnownBreakdown, other: KnownBreakdown | undefined): boolean {
  if (!other) return false;
  const theirs = waysOf(dataSetId, other);
  return waysOf(dataSetId, one).some((way) =>
    theirs.some(
      ({ name, value, filter }) =>
        name === way.name &&
        value !== way.value &&
        filter.subtotals?.test(value) !== true &&
        filter.subtotals?.test(way.value) !== true,
    ),
  );
}
