/**
 * Statistical neighbours, from the LA interactive tool (LAIT): ten local authorities like each, in order of closeness.
 * https://github.com/dfe-analytical-services/local-authority-interactive-tool, 01_data/02_prod/sn_<month>_<year>.xlsx
 * An edition replaces the one before for new work and does not undo it: two editions have about half of their
 * neighbours in common, and what was compared under one is to be read under it.
 */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { NEIGHBOURS_PER_AUTHORITY, readNeighboursWorkbook } from '../neighbours-workbook.js';
import { integer, oneOf, text } from '../register-field.js';

const FOLDER =
  'https://raw.githubusercontent.com/dfe-analytical-services/local-authority-interactive-tool/main/01_data/02_prod';

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** Where the edition of a month (2025-05) is, if there is one. */
export const statisticalNeighboursUrl = (edition: string): string => {
  const [year, month] = edition.split('-') as [string, string];
  return `${FOLDER}/sn_${MONTHS[Number(month) - 1]}_${year}.xlsx`;
};

function editionOf(url: string): string {
  const [, month, year] = /sn_([a-z]+)_(\d{4})\.xlsx$/.exec(url)!;
  return `${year}-${String(MONTHS.indexOf(month!) + 1).padStart(2, '0')}`;
}

export const CLOSENESS = [
  { value: 'EXTREMELY_CLOSE', code: '1', name: 'Extremely close' },
  { value: 'VERY_CLOSE', code: '2', name: 'Very close' },
  { value: 'CLOSE', code: '3', name: 'Close' },
  { value: 'SOMEWHAT_CLOSE', code: '4', name: 'Somewhat close' },
  { value: 'NOT_CLOSE', code: '5', name: 'Not close' },
] as const;

const statisticalNeighbours: RegisterDataSet = {
  kind: 'register',
  id: 'statistical-neighbours',
  title: 'Statistical neighbours of local authorities',
  description:
    'For each local authority the ten that are most like it, closest first, with a word for how close: an edition for each time that they were worked out.',
  publisher: DFE,
  pageUrl: 'https://www.gov.uk/government/publications/local-authority-interactive-tool-lait',
  traps: [
    'Editions share about half of their neighbours: say which was used, and compare within one.',
    'To be a neighbour is not mutual: in about four pairs of ten it is so one way round only.',
    'Local authorities abolished since an edition still have neighbours in it, and are neighbours.',
  ],
  schedule: 'WEEKLY',
  source: {
    kind: 'editions',
    urls: ['2021-04', '2025-05'].map(statisticalNeighboursUrl),
    monthly: { after: '2025-05', url: statisticalNeighboursUrl, editionOf },
  },
  encoding: 'utf-8',
  reading: {
    form: 'workbook of statistical neighbours',
    read: (file) => readNeighboursWorkbook(file, editionOf(file.url)),
  },
  maximumRejectedShare: 0,
  table: 'statistical_neighbour',
  key: ['edition', 'la_code', 'rank'],
  edition: 'edition',
  localAuthorities: ['la_code', 'neighbour_code'],
  fields: {
    edition: text('edition', { required: true }),
    la_code: text('la_code', { required: true }),
    rank: integer('rank', { required: true, minimum: 1, maximum: NEIGHBOURS_PER_AUTHORITY }),
    neighbour_code: text('neighbour_code', { required: true }),
    closeness: oneOf(CLOSENESS, { name: 'closeness' }, { required: true }),
  },
};

export default statisticalNeighbours;
