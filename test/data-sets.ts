/** Which data sets a load of today's releases brings, and which only an earlier release had. */
import { DATA_SETS } from '../jobs/catalogue.js';
import type { DataSet } from '../jobs/declaration.js';

const isOfToday = ({ source }: DataSet) => source.kind !== 'ees' || source.lastRelease === undefined;

export const OF_TODAY = DATA_SETS.filter(isOfToday);
export const OF_THE_PAST = DATA_SETS.filter((dataSet) => !isOfToday(dataSet));

/** Data sets of which no real file could be had: declared, and proven on the sample. */
export const ONLY_IN_SAMPLE = ['gias-all-group-links', 'school-capacity', 'sen-by-school', 'sen-in-schools'];

/** What a first load of every data set ends with. */
export function firstOutcome(dataSet: DataSet, files: 'real' | 'sample' = 'sample') {
  if (files === 'real' && ONLY_IN_SAMPLE.includes(dataSet.id)) return 'UNAVAILABLE';
  return isOfToday(dataSet) ? 'LOADED' : 'UNCHANGED';
}

/** The data sets of a publication of Explore Education Statistics. */
export const dataSetsOf = (slug: string) =>
  DATA_SETS.filter(({ source }) => source.kind === 'ees' && source.slug === slug);

/** What the first load of everything says in the end. */
export const ALL_LOADED = `Data sets: ${OF_TODAY.length} loaded, ${OF_THE_PAST.length} unchanged, 0 not to be had now.`;

/** The same of the published files beside the project. */
export const ALL_REAL_LOADED = `Data sets: ${OF_TODAY.length - ONLY_IN_SAMPLE.length} loaded, ${OF_THE_PAST.length} unchanged, ${ONLY_IN_SAMPLE.length} not to be had now.`;

/** What the next look at everything says in the end. */
export const ALL_UNCHANGED = `Data sets: 0 loaded, ${DATA_SETS.length} unchanged, 0 not to be had now.`;
