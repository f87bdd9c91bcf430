/**
 * What the EHC plan files (the SEN2 return) have in common: one publication, two ways of writing, one break in the
 * series. Each file is a data set of its own, beside this one. In every file x hides a local authority's figures that
 * are in England's, so that authorities add up to less than England; nothing is rounded or suppressed.
 * Source: the publication's data guidance, https://explore-education-statistics.service.gov.uk/find-statistics/education-health-and-care-plans/data-guidance
 */
import {
  DFE,
  type Edition,
  type FilterDeclaration,
  type StatisticsDataSet,
  type Unit,
} from '../../declaration.js';
import { januaryOf, type PeriodKind } from '../../period.js';
import { type PlaceReading, type TimeReading, tidyPlace, tidyTime } from '../../row-reading.js';
import { type Count, countsAndShares } from './counts-and-shares.js';

export const SEN2_BREAK = {
  from: '2023-01-01',
  note: 'From 2023 local authorities return a record of each person; before, they returned totals. The Department advises care in comparing across the change.',
};

/** How the topic "Type of placement" writes the groups that sum up others. */
const PLACEMENT_SUBTOTAL = / - total$/;

/** Traps of several of these files. */
export const EHC_AUTHORITIES_HIDDEN =
  '`x` hides figures of single local authorities that England’s include: authorities can add up to less than England.';
export const PLACEMENT_SUBTOTALS =
  'In the topic “Type of placement” some groups are sub-totals (“FE - total”) beside their parts: all of them add up to about twice the whole.';
export const BY_MAINTAINING_AUTHORITY =
  'Counted by the local authority that maintains the plan, wherever the school is: not comparable with the plans of pupils in an area’s schools.';

/** Releases since 2023: breakdown_topic and breakdown, academic years for what is counted in January. */
const PERSON_RECORDS: Edition = {
  id: 'person-records',
  marker: null,
  symbols: {
    x: { status: 'NOT_AVAILABLE', meaning: 'not available: not collected for that year, or being checked' },
    z: { status: 'NOT_APPLICABLE', meaning: 'not applicable' },
  },
};

/** Releases until 2022: totals that authorities returned, calendar years throughout. */
const totalsEdition = (marker: string | null): Edition => ({
  id: 'authority-totals',
  marker,
  symbols: {
    z: {
      status: 'NOT_APPLICABLE',
      meaning: 'not applicable: no EHC plans before September 2014, no statements of SEN after March 2018',
    },
  },
});

const TOPIC = 'EHC plans';
const EVERY_FILE_HAS = 'time_period';

const EDITIONS = { today: PERSON_RECORDS.id, older: totalsEdition(null).id };

/** The two filter columns of an EHC file today; `total` is how the file writes "all" in both. */
const breakdownFilters = (total: string, older: boolean): FilterDeclaration[] =>
  [
    { name: 'topic', columns: ['breakdown_topic'], total: [total], isTopic: true },
    { name: 'group', columns: ['breakdown'], total: [total], addsUp: true, subtotals: PLACEMENT_SUBTOTAL },
  ].map((filter) => (older ? { ...filter, lackedBy: [EDITIONS.older] } : filter));

/** How a release until 2022 has the same series: under other names, and maybe split in another way. */
interface OlderFile {
  /** A column that only that file has. */
  marker: string;
  /** Its rows by the marker column that are not "Total" are this other data set. */
  partsIn?: string;
  /** What is counted in January stands under the calendar year of that January (0), or the one before (1). */
  januaryAfter?: 0 | 1;
}

const COMMON = {
  kind: 'statistics',
  publisher: DFE,
  pageUrl:
    'https://explore-education-statistics.service.gov.uk/find-statistics/education-health-and-care-plans',
  schedule: 'RELEASE_MORNINGS',
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
} as const;

const source = (titleHint: RegExp, lastRelease?: string) => ({
  kind: 'ees' as const,
  slug: 'education-health-and-care-plans',
  titleHint,
  without: [],
  severalFiles: false,
  ...(lastRelease ? { lastRelease } : {}),
});

interface EhcFile
  extends Pick<StatisticsDataSet, 'id' | 'title' | 'description' | 'tolerates' | 'withdrawn' | 'traps'> {
  titleHint: RegExp;
  period: PeriodKind;
  topic?: string;
  /** What is counted; plans unless it says otherwise. */
  unit?: Unit;
  counts: Record<string, Count>;
}

/** A file of the releases since 2023, and where it has one its older edition. */
export function ehcPlansFile(file: EhcFile & { total: string; older?: OlderFile }): StatisticsDataSet {
  const { total, titleHint, period, older, topic = TOPIC, unit = 'PLANS', counts, ...own } = file;
  return {
    ...COMMON,
    ...own,
    source: source(titleHint),
    place: older?.partsIn ? totalsOnly(older.marker, older.partsIn) : tidyPlace(),
    time: older && period === 'JANUARY_CENSUS' ? januaryTime(older) : tidyTime(period),
    filters: breakdownFilters(total, older !== undefined),
    editions: [...(older ? [totalsEdition(older.marker)] : []), PERSON_RECORDS],
    ...countsAndShares({
      topic,
      unit,
      breaks: [SEN2_BREAK],
      editions: older ? EDITIONS : { today: EDITIONS.today },
      counts,
    }),
  };
}

/** A file that only the releases until 2022 have. */
export function pastEhcPlansFile(file: EhcFile & { filters: FilterDeclaration[] }): StatisticsDataSet {
  const { titleHint, period, topic = TOPIC, unit = 'PLANS', counts, ...own } = file;
  return {
    ...COMMON,
    ...own,
    source: source(titleHint, '2022'),
    place: tidyPlace(),
    time: period === 'JANUARY_CENSUS' ? januaryTime({ marker: EVERY_FILE_HAS }) : tidyTime(period),
    editions: [totalsEdition(null)],
    ...countsAndShares({
      topic,
      unit,
      editions: { today: EDITIONS.older },
      counts,
    }),
  };
}

/** In the older edition the rows of places as a whole: those by age belong to the data set named. */
function totalsOnly(column: string, partsIn: string): PlaceReading {
  const tidy = tidyPlace();
  return {
    ...tidy,
    columns: [...tidy.columns, { names: [column], optional: true }],
    rule: { tidy: null, totalsOf: column },
    reader: (contract, url) => {
      const place = tidy.reader(contract, url);
      const at = contract.indexOf(column);
      if (at === -1) return place;
      return (fields) => {
        const value = fields[at]!.trim();
        if (value === 'Total') return place(fields);
        return { level: null, column, value, reason: `a part of the total, which ${partsIn} has` };
      };
    },
  };
}

/** The January of an academic year; in the older edition of a calendar year, or the one after it. */
function januaryTime({ marker, januaryAfter = 0 }: OlderFile): TimeReading {
  const today = tidyTime('JANUARY_CENSUS');
  const calendar = tidyTime('CALENDAR_YEAR');
  return {
    columns: today.columns,
    periodKinds: today.periodKinds,
    rule: { tidy: 'JANUARY_CENSUS', ofCalendarYearsWith: marker, januaryAfter },
    reader: (contract, url) => {
      if (!contract.has(marker)) return today.reader(contract, url);
      const read = calendar.reader(contract, url);
      return (fields) => {
        const time = read(fields);
        return 'period' in time ? { ...time, period: januaryOf(Number(time.code) + januaryAfter) } : time;
      };
    },
  };
}
