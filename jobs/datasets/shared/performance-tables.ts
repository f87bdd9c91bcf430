/**
 * What the files of the performance tables have in common: one file for each school year, a school by its URN, and last
 * rows NAT that are about England, one for each kind of school and none for all.
 */
import { DFE, type StatisticsDataSet } from '../../declaration.js';
import { type PlaceReading, placeOf } from '../../row-reading.js';

const ENGLAND = 'E92000001';
const NATIONAL = 'NAT';

/** A school by its URN; England where `column` says NAT. */
export function schoolOrEngland(column: 'URN' | 'LA'): PlaceReading {
  return {
    columns: [...new Set([column, 'URN'])].map((name) => ({ names: [name], optional: false })),
    rule: { urn: 'URN', [NATIONAL]: column },
    levels: ['NATIONAL', 'SCHOOL'],
    hasSchools: true,
    reader: ({ indexOf }) => {
      const levelAt = indexOf(column);
      const urnAt = indexOf('URN');
      return (fields) =>
        fields[levelAt]!.trim() === NATIONAL
          ? placeOf('NATIONAL', ENGLAND, column)
          : placeOf('SCHOOL', fields[urnAt]!.trim(), 'URN');
    },
  };
}

type Own =
  | 'id'
  | 'title'
  | 'description'
  | 'place'
  | 'time'
  | 'filters'
  | 'measures'
  | 'editions'
  | 'indicators';
type Optional = 'percentSigns' | 'columnsLeftOut' | 'traps';

export function performanceTable(
  file: Pick<StatisticsDataSet, Own | Optional> & { filter: 'CENSUS' | 'PUPILABSENCE'; firstYear: number },
): StatisticsDataSet {
  const { filter, firstYear, ...own } = file;
  return {
    kind: 'statistics',
    ...own,
    publisher: DFE,
    pageUrl: 'https://www.compare-school-performance.service.gov.uk/download-data',
    schedule: 'WEEKLY',
    source: { kind: 'performance-tables', filter, firstYear },
    encoding: 'utf-8',
    maximumRejectedShare: 0.001,
  };
}
