/**
 * Every cell of the published files that are read, held against the tables: what csv-parse finds in the file stands in
 * the database, letter by letter, and nothing else does.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';

type Row = Record<string, string>;

interface Table {
  view: string;
  /** Files of the mirror, each with what the rows do not say themselves. */
  files: { path: string; period?: string }[];
  /** Rows that are about a place; null for one that is not to be found in the table. */
  key: (row: Row, period: string) => [level: string, code: string, period: string, breakdown: string] | null;
  /** The view's column for a column of the file; null for one that is not read. */
  measure: (column: string) => string | null;
  rows: number;
}

const EES = 'content.explore-education-statistics.service.gov.uk/api/releases';
const EXCLUSIONS = `${EES}/e7774a74-1f62-4b76-b9b5-84f14dac7278/files`;
const TABLES = 'www.compare-school-performance.service.gov.uk/download-data@download=true&regions=0&filters=';
const SCORECARDS =
  'raw.githubusercontent.com/dfe-analytical-services/la-school-places-scorecards/main/data/scorecard_data_2025_2023.csv';

const slug = (words: string) =>
  words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
const breakdown = (...words: string[]) =>
  words
    .filter((word) => word !== 'Total')
    .map(slug)
    .join('/') || 'total';
const tidy = (row: Row): [string, string] => {
  switch (row.geographic_level!.toLowerCase()) {
    case 'national':
      return ['NATIONAL', row.country_code!];
    case 'regional':
      return ['REGIONAL', row.region_code!];
    default:
      return ['LOCAL_AUTHORITY', row.old_la_code!];
  }
};
const schoolOrEngland = (row: Row, national: boolean): [string, string] =>
  national ? ['NATIONAL', 'E92000001'] : ['SCHOOL', row.URN!];

const CENSUS: Record<string, string> = {
  NOR: 'roll',
  NORG: 'girls',
  PNORG: 'girls_rate',
  NORB: 'boys',
  PNORB: 'boys_rate',
  TSENELSE: 'ehc_plan',
  PSENELSE: 'ehc_plan_rate',
  TSENELK: 'sen_support',
  PSENELK: 'sen_support_rate',
  NUMEAL: 'eal',
  PNUMEAL: 'eal_rate',
  NUMENGFL: 'english',
  PNUMENGFL: 'english_rate',
  NUMUNCFL: 'language_unknown',
  PNUMUNCFL: 'language_unknown_rate',
  NUMFSM: 'fsm',
  NUMFSMEVER: 'fsm_ever',
  PNUMFSMEVER: 'fsm_ever_rate',
  NORFSMEVER: 'fsm_ever_base',
};
const CHARACTERISTIC: Record<string, string> = {
  headcount: 'headcount',
  perm_excl: 'permanent_exclusions',
  perm_excl_rate: 'permanent_exclusion_rate',
  fixed_excl: 'suspensions',
  fixed_excl_rate: 'suspension_rate',
  one_plus_fixed: 'pupils_suspended',
  one_plus_fixed_rate: 'pupils_suspended_rate',
};
const PHASES: Record<string, string> = {
  PRI: 'state-funded-primary',
  SEC: 'state-funded-secondary',
  SPE: 'special',
};

const CASES: Table[] = [
  {
    view: 'suspensions_and_permanent_exclusions_by_reason',
    files: [{ path: `${EXCLUSIONS}/61e7ce76-2151-5e1d-b7b4-7ff5cf278b2a` }],
    key: (row) => [...tidy(row), row.time_period!, breakdown(row.school_type!)],
    measure: (column) =>
      /^(perm|fixed)_/.test(column)
        ? column.replace('perm_', 'permanent_').replace('fixed_', 'suspensions_')
        : null,
    rows: 7004,
  },
  {
    view: 'suspensions_and_permanent_exclusions_by_characteristic',
    files: [{ path: `${EXCLUSIONS}/a47e067e-d730-51d2-aacd-61ebdf2de1a3` }],
    // Rows of local authorities name none; ten rows of England have three fields too many.
    key: (row) =>
      row.geographic_level === 'national' && row.fields === '21'
        ? [...tidy(row), row.time_period!, breakdown(row.school_type!, row.characteristic!)]
        : null,
    measure: (column) => CHARACTERISTIC[column] ?? null,
    rows: 4576,
  },
  {
    view: 'absence_by_term',
    files: [
      { path: `${EES}/a2db7cc1-38ab-587c-b189-c9149d93e94d/files/e7e5562b-428e-52c5-8460-b5525aca76b6` },
    ],
    key: (row) => [...tidy(row), row.time_period!, breakdown(row.school_type!, row.term!)],
    measure: (column) => {
      if (!column.startsWith('sess_') || column === 'sess_auth_ext_holiday') return null;
      if (column === 'sess_possible') return 'sessions_possible';
      return column.replace('sess_', '').replace('_percent', '_rate');
    },
    rows: 9680,
  },
  {
    view: 'school_census',
    files: [
      { path: `${TABLES}CENSUS&fileformat=csv&year=2018-2019&meta=false`, period: '201819' },
      { path: `${TABLES}CENSUS&fileformat=csv&year=2022-2023&meta=false`, period: '202223' },
    ],
    key: (row, period) => [...schoolOrEngland(row, row.URN === 'NAT'), period, slug(row.SCHOOLTYPE!)],
    measure: (column) => CENSUS[column] ?? null,
    rows: 23_942 + 24_436,
  },
  {
    view: 'school_absence',
    files: [{ path: `${TABLES}PUPILABSENCE&fileformat=csv&year=2018-2019&meta=false`, period: '201819' }],
    key: (row, period) => [...schoolOrEngland(row, row.LA === 'NAT'), period, PHASES[row.ESTAB!] ?? 'total'],
    measure: (column) => ({ PERCTOT: 'absence_rate', PPERSABS10: 'persistent_absence_rate' })[column] ?? null,
    rows: 21_217,
  },
  {
    view: 'school_places_scorecards',
    files: [{ path: SCORECARDS }],
    key: (row) => [
      row.geographic_level === 'National' ? 'NATIONAL' : 'LOCAL_AUTHORITY',
      row.geographic_level === 'National' ? row.country_code! : row.LANumber!,
      row.Year!.replace('/', ''),
      'total',
    ],
    measure: (column) => {
      if (column === 'Funding') return 'basic_need_funding';
      const read =
        /^(Quan_._(In|RP|PP|Su|UP)|(Ban|An)_._gro|For_[13]_.|Pref_._\w+|CPP_._\w+|Qual_[PS]_(\d_N|Prop|Prop_QE))$/;
      return read.test(column) ? column.toLowerCase() : null;
    },
    rows: 462,
  },
];

describe.skipIf(!hasRealFiles())('the cells of the published files', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: loadedDatabase('real') });
    await client.connect();
  });
  afterAll(() => client.end());

  it.each(CASES)('$view: each as printed', async ({ view, files, key, measure, rows: expected }) => {
    const { rows: stored } = await client.query(`SELECT * FROM tidy.${view}`);
    expect(stored).toHaveLength(expected);
    const byKey = new Map(
      stored.map((row) => [[row.level, row.place_code, row.period, row.breakdown].join(' '), row]),
    );
    expect(byKey.size).toBe(expected);

    const differ: string[] = [];
    let held = 0;
    for (const { path, period = '' } of files) {
      const [header, ...lines] = parse(await readFile(`${inject('mirror')}/${path}`, 'utf8'), {
        bom: true,
        relax_column_count: true,
      }) as [string[], ...string[][]];
      const measures = header.map(measure);
      expect(measures.filter((name) => name !== null).length).toBeGreaterThan(1);
      for (const fields of lines) {
        const row: Row = Object.fromEntries(header.map((name, at) => [name, fields[at] ?? '']));
        row.fields = String(fields.length);
        const at = key(row, period);
        if (!at) continue;
        held += 1;
        const found = byKey.get(at.join(' '));
        measures.forEach((name, column) => {
          if (name === null) return;
          const printed = fields[column]!.trim();
          const number = Number(printed.replace('%', ''));
          // A cell has its number, and its text where that is not the number's own.
          const text = found?.[`${name}_raw`] ?? (found?.[name] === null ? null : String(found?.[name]));
          const value = Number.isNaN(number) ? null : number;
          if (text !== printed || (found?.[name] ?? null) !== value)
            differ.push(`${at.join(' ')} ${name}: "${printed}" is "${text}"`);
        });
      }
    }
    expect(differ.slice(0, 5)).toEqual([]);
    expect(held).toBe(expected);
  });
});
