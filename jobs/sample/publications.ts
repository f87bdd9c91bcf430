// The publications of the sample: which data sets they hold, and the documents that lead to them.
// Rule: titles, periods and levels are the publisher's manner of speaking; the figures behind them are made up.

import { type AbsenceYear, absenceFile } from './absence-files.js';
import { CALENDAR_YEARS, CASELOAD_YEARS, EXCLUSION_YEARS } from './academic-years.js';
import { capacityNationalFile, capacitySchoolFile } from './capacity-files.js';
import type { SampleFile } from './csv.js';
import { type DataSet, dataFilePath, type Publication, publicationDocuments } from './ees-documents.js';
import { caseloadFile, newPlansFile, timelinessFile } from './ehc-files.js';
import { planYears } from './ehc-plans.js';
import { PROCESS_FILES, processFile } from './ehc-process-files.js';
import {
  characteristicFile,
  EXCLUSION_INDICATORS,
  geographyFile,
  reasonFile,
  schoolFile,
} from './exclusion-files.js';
import { placeTotals, type SchoolYear } from './exclusions.js';
import type { PupilYear } from './pupils.js';
import { senFile, senSchoolFile } from './sen-files.js';

const EXCLUSIONS: Publication = {
  slug: 'suspensions-and-permanent-exclusions-in-england',
  title: 'Suspensions and permanent exclusions in England',
  release: {
    slug: '2024-25',
    title: 'Academic year 2024/25',
    coverage: 'Academic year',
    yearTitle: '2024/25',
    published: '2026-07-16T09:30:00+01:00',
  },
  next: { year: 2027, month: 7, day: null },
};

const PLANS: Publication = {
  slug: 'education-health-and-care-plans',
  title: 'Education, health and care plans',
  release: {
    slug: '2026',
    title: 'Reporting year 2026',
    coverage: 'Reporting year',
    yearTitle: '2026',
    published: '2026-06-25T09:30:00+01:00',
  },
  next: { year: 2027, month: 6, day: null },
};

const PLACES = ['Local authority', 'National', 'Regional'];
const range = (years: readonly { code: string }[]): readonly [string, string] => [
  years[0]!.code,
  years[years.length - 1]!.code,
];

export function exclusionPublication(seed: number, schoolYears: readonly SchoolYear[]): SampleFile[] {
  const totals = placeTotals(schoolYears);
  const common = { indicators: EXCLUSION_INDICATORS, periods: range(EXCLUSION_YEARS) };
  const dataSets: DataSet[] = [
    {
      file: characteristicFile(dataFilePath(EXCLUSIONS, 'by characteristic'), totals),
      title: 'Suspensions and permanent exclusions - by characteristic',
      summary: 'National and regional.',
      filters: ['Characteristic', 'Education phase'],
      levels: ['National', 'Regional'],
      ...common,
    },
    {
      file: geographyFile(dataFilePath(EXCLUSIONS, 'by geography'), totals),
      title: 'Suspensions and permanent exclusions - by geography',
      summary: 'National, regional and local authority.',
      filters: ['Education phase'],
      levels: PLACES,
      ...common,
    },
    {
      file: schoolFile(dataFilePath(EXCLUSIONS, 'by school'), schoolYears),
      title: 'Suspensions and permanent exclusions - by school',
      summary: 'School level; counts of 1 or 2 are suppressed.',
      filters: ['Academy type', 'Education phase'],
      levels: ['School'],
      ...common,
    },
    {
      file: reasonFile(dataFilePath(EXCLUSIONS, 'by reason'), seed, schoolYears),
      title: 'Permanent exclusions and suspensions - by reason',
      summary: 'National, regional and local authority; one reason for each.',
      filters: ['Education phase'],
      levels: PLACES,
      ...common,
    },
  ];
  return [...publicationDocuments(EXCLUSIONS, dataSets), ...dataSets.map(({ file }) => file)];
}

function publicationOf(slug: string, title: string): Publication {
  return {
    slug,
    title,
    release: {
      slug: '2024-25',
      title: 'Academic year 2024/25',
      coverage: 'Academic year',
      yearTitle: '2024/25',
      published: '2026-06-18T09:30:00+01:00',
    },
    next: { year: 2027, month: 6, day: null },
  };
}

const ABSENCE = publicationOf('pupil-absence-in-schools-in-england', 'Pupil absence in schools in England');
const SEN = publicationOf('special-educational-needs-in-england', 'Special educational needs in England');
const CAPACITY = publicationOf('school-capacity', 'School capacity');

/** A publication's documents and the files that they lead to. */
function published(
  publication: Publication,
  files: readonly { file: SampleFile; title: string; levels: readonly string[] }[],
): SampleFile[] {
  const dataSets = files.map(
    (one): DataSet => ({ ...one, summary: '', filters: [], indicators: [], periods: range(EXCLUSION_YEARS) }),
  );
  return [...publicationDocuments(publication, dataSets), ...dataSets.map(({ file }) => file)];
}

export const absencePublication = (years: readonly AbsenceYear[]): SampleFile[] =>
  published(ABSENCE, [
    { file: absenceFile(dataFilePath(ABSENCE, 'by term'), years), title: 'Absence by term', levels: PLACES },
  ]);

export const senPublication = (pupils: readonly PupilYear[]): SampleFile[] =>
  published(SEN, [
    {
      file: senFile(dataFilePath(SEN, 'by type of provision'), pupils),
      title: 'Pupils in all schools, by type of SEN provision',
      levels: PLACES,
    },
    {
      file: senSchoolFile(dataFilePath(SEN, 'by school'), pupils),
      title: 'School underlying data file',
      levels: ['School'],
    },
  ]);

export const capacityPublication = (schoolYears: readonly SchoolYear[]): SampleFile[] =>
  published(CAPACITY, [
    {
      file: capacitySchoolFile(dataFilePath(CAPACITY, 'by school'), schoolYears),
      title: 'School capacity - school level',
      levels: ['School'],
    },
    {
      file: capacityNationalFile(dataFilePath(CAPACITY, 'national'), schoolYears),
      title: 'School capacity - national only',
      levels: ['National'],
    },
  ]);

export function planPublication(seed: number): SampleFile[] {
  const years = planYears(seed);
  const common = { summary: '', filters: ['Breakdown topic', 'Breakdown'], levels: PLACES, indicators: [] };
  const dataSets: DataSet[] = [
    {
      file: caseloadFile(dataFilePath(PLANS, 'caseload'), seed, years),
      title: 'Number of education, health and care (EHC) plans as at January each year',
      periods: range(CASELOAD_YEARS),
      ...common,
    },
    {
      file: newPlansFile(dataFilePath(PLANS, 'new plans'), seed, years),
      title: 'Number of new EHC plans during the calendar year',
      periods: range(CALENDAR_YEARS),
      ...common,
    },
    {
      file: timelinessFile(dataFilePath(PLANS, 'timeliness'), seed, years),
      title: 'Timeliness of EHC plans (20 weeks)',
      periods: range(CALENDAR_YEARS),
      ...common,
    },
    ...PROCESS_FILES.map((of) => {
      const { file, periods } = processFile(of, dataFilePath(PLANS, of.name), seed, years);
      return {
        file,
        title: of.title,
        periods: range(periods.map(({ period: code }) => ({ code }))),
        ...common,
      };
    }),
  ];
  return [...publicationDocuments(PLANS, dataSets), ...dataSets.map(({ file }) => file)];
}
