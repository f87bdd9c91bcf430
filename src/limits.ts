/** Limits that are part of the graph's contract. Those that an operator may change are settings (src/settings.ts). */

/** Entries of a page when `first` is left out. */
export const DEFAULT_PAGE_SIZE = 20;
/** The largest page. */
export const MAXIMUM_PAGE_SIZE = 100;
/** Codes, URNs or ids in one pasted list. */
export const MAXIMUM_LIST = 1_000;
/** Characters of a text that is looked for in names. */
export const MAXIMUM_TEXT = 200;
/** Indicators asked for at once with indicators(ids). */
export const MAXIMUM_INDICATORS = 50;
/** Indicators listed at once from the catalogue. */
export const MAXIMUM_CATALOGUE = 500;
/** Entries that the nested lists of one question may come to. */
export const MAXIMUM_ROWS = 50_000;
/** Ranges of indicators that one list is filtered by, and keys that it is ordered by. */
export const MAXIMUM_VALUES = 5;
/** How far away schools are looked for, in kilometres. */
export const FARTHEST_KM = 100;
/** Revisions told at once. */
export const MAXIMUM_REVISIONS = 1_000;
/** Places of a ranking that are listed at once: every local authority there has been, or as many schools. */
export const MAXIMUM_RANKED = 200;
/** Local authorities that one is compared with, and neighbours where `first` is left out: the largest region has 32 others. */
export const MAXIMUM_COMPARED = 40;
/** Places that are judged at once: every school there is. */
export const MAXIMUM_JUDGED = 25_000;
/** Groups of an aggregate when `first` is left out. */
export const DEFAULT_GROUPS = 1_000;
/** Groups of an aggregate asked for at once. */
export const MAXIMUM_GROUPS = 5_000;
/** Rows of a list that is taken away whole. */
export const MAXIMUM_TAKEN = 1_000_000;
/** Percentiles of a distribution asked for at once. */
export const MAXIMUM_PERCENTILES = 101;
/** Bars of a histogram. */
export const MAXIMUM_BINS = 200;
/** Criteria by which local authorities are found at once. */
export const MAXIMUM_CRITERIA = 10;
/** Local authorities of a balanced sample. */
export const MAXIMUM_SAMPLE = 50;
