/**
 * What the EHC plan files (the SEN2 return) have in common: one publication, one way of writing breakdowns,
 * one symbol, one break in the series. Each file is a data set of its own, beside this one.
 */
import { DFE, type FilterDeclaration, type StatisticsDataSet } from '../../declaration.js';
import type { PeriodKind } from '../../period.js';
import { tidyPlace, tidyTime } from '../../row-reading.js';
import { STANDARD_EDITION } from './standard-symbols.js';

export const SEN2_BREAK = {
  from: '2023-01-01',
  note: 'From 2023 local authorities return a record of each person; before, they returned totals. The Department advises care in comparing across the change.',
};

/** The two filter columns of an EHC file; `total` is how the file writes "all" in both. */
const breakdownFilters = (total: string): FilterDeclaration[] => [
  { name: 'topic', columns: ['breakdown_topic'], total: [total] },
  { name: 'group', columns: ['breakdown'], total: [total] },
];

type Own = 'id' | 'title' | 'description' | 'measures' | 'indicators';

export function ehcPlansFile(
  file: Pick<StatisticsDataSet, Own> & { total: string; titleHint: RegExp; period: PeriodKind },
): StatisticsDataSet {
  const { total, titleHint, period, ...own } = file;
  return {
    kind: 'statistics',
    ...own,
    publisher: DFE,
    pageUrl:
      'https://explore-education-statistics.service.gov.uk/find-statistics/education-health-and-care-plans',
    schedule: 'RELEASE_MORNINGS',
    source: {
      kind: 'ees',
      slug: 'education-health-and-care-plans',
      titleHint,
      without: [],
      severalFiles: false,
    },
    encoding: 'utf-8',
    maximumRejectedShare: 0.001,
    place: tidyPlace(),
    time: tidyTime(period),
    filters: breakdownFilters(total),
    editions: [STANDARD_EDITION],
  };
}
