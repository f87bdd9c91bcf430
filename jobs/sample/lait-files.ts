// Writes the local authority interactive tool (LAIT) as published: a row per measure, year and place, and the dictionary.
// Rule: real are the form, the measures' names and the codes; every value is made up, and the definitions say so.
import type { SampleFile } from './csv.js';
import { statisticsFile } from './csv.js';
import { LOCAL_AUTHORITIES } from './local-authorities.js';
import { Random } from './random.js';
import { REGION_BY_GSS, REGIONS } from './regions.js';

const DATA_HEADER = ['Short Desc', 'Data item', 'Years', 'LA and Regions', 'Values', 'LA Number', 'Region'];
const DICTIONARY_HEADER = [
  'Measure_code',
  'Topic',
  'Measure',
  'Chart_title',
  'Measure_short',
  'Polarity',
  'y_axis_name',
  'state_funded_flag',
  'Table_status',
  'Description',
  'Last Update',
  'Next Update',
  'Data Owner (DO) /Supplier and Contact Details',
  'Methodology',
  'Hyperlink(s)',
  'dps',
  'Year_Type',
  'No_Quartile',
];

interface Measure {
  short: string;
  topics: string[];
  title: string;
  polarity: 'High' | 'Low' | '-' | 'NA';
  axis: string;
  yearType: string;
  years: string[];
  /** About what a local authority's value is, and with how many decimals it is written. */
  typical: number;
  decimals: number;
  dps: number | 'NA';
  nextUpdate?: string;
  noQuartile?: true;
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const two = (year: number) => String(year % 100).padStart(2, '0');
const plain = range(2020, 2025).map(String);
const slashed = range(2019, 2024).map((year) => `${year}/${two(year + 1)}`);
const dashed = range(2019, 2024).map((year) => `${year}-${two(year + 1)}`);

const ABSENCE = 'All Pupil Absence & Exclusions';
const MEASURES: readonly Measure[] = [
  {
    short: 'TotPermEx',
    topics: [ABSENCE],
    title: 'Total Permanent Exclusions (%)',
    polarity: 'Low',
    axis: '% of the school population',
    yearType: 'Academic Year',
    years: slashed,
    typical: 0.009,
    decimals: 5,
    dps: 2,
    noQuartile: true,
  },
  {
    short: 'TotFixedEx',
    topics: [ABSENCE],
    title: 'Total number of suspensions (%)',
    polarity: 'Low',
    axis: '% of the school population',
    yearType: 'Academic Year',
    years: slashed,
    typical: 8,
    decimals: 5,
    dps: 2,
  },
  {
    short: 'CINPermExclusion',
    topics: ['Children in Need', ABSENCE],
    title: 'Children in need with at least one permanent exclusion (%)',
    polarity: 'Low',
    axis: '% CIN',
    yearType: 'Academic Year',
    years: ['0', ...plain],
    typical: 0.8,
    decimals: 2,
    dps: 2,
  },
  {
    short: 'SEN_CASES_JAN',
    topics: ['Children with SEN'],
    title: 'Total number of cases (as at January)',
    polarity: '-',
    axis: 'Total cases',
    yearType: 'Annual - January',
    years: plain,
    typical: 3500,
    decimals: 0,
    dps: 'NA',
  },
  {
    short: 'SEN_EHC_All_20wks',
    topics: ['Children with SEN'],
    title: 'All new  EHC plans issued within 20 weeks (%)',
    polarity: 'High',
    axis: '% of EHC plans',
    yearType: 'Calendar Year',
    years: plain,
    typical: 50,
    decimals: 1,
    dps: 'NA',
  },
  {
    short: 'KS1P_all',
    topics: ['Key Stage 1 and Phonics'],
    title: 'Phonics decoding (%)',
    polarity: 'High',
    axis: '% achieving expected level',
    yearType: 'Academic Year',
    years: [...plain.slice(0, -1), '2025 (prov)'],
    typical: 79,
    decimals: 0,
    dps: 'NA',
  },
  {
    short: 'A3A',
    topics: ['Key Stage 5'],
    title: 'A levels 3+ A grades (%)',
    polarity: 'High',
    axis: '% achieving expected level',
    yearType: 'Academic Year',
    years: ['2020 (Final)', '2021 (Final)', '2022 (Rev)', '2023 (Rev)', '2024 (Rev)', '2025'],
    typical: 11,
    decimals: 1,
    dps: 'NA',
  },
  {
    short: 'HE_19_All',
    topics: ['Further & Higher Education'],
    title: '15 year old pupils who entered HE by age 19 (%)',
    polarity: 'High',
    axis: '% entered',
    yearType: 'Academic Year',
    years: dashed,
    typical: 45,
    decimals: 1,
    dps: 'NA',
  },
  {
    short: 'LAC',
    topics: ['Children Looked After'],
    title: 'Children looked after rate per 10,000',
    polarity: 'Low',
    axis: 'Rate per 10,000',
    yearType: 'Annual',
    years: plain,
    typical: 70,
    decimals: 0,
    dps: 0,
  },
  {
    short: 'LACFinance',
    topics: ["Children's Service Finance"],
    title: 'Looked after children - weekly unit costs (approximate)',
    polarity: 'NA',
    axis: 'Unit Cost',
    yearType: 'Financial Year',
    years: dashed.map((year) => `${year} (OT)`),
    typical: 1800,
    decimals: 0,
    dps: 0,
  },
  {
    short: 'Hosp_Adm_Alc_<18yrs',
    topics: ['Health and Wellbeing'],
    title: 'Under 18 hospital admissions (alcohol related)',
    polarity: 'Low',
    axis: 'Rate per 100,000',
    yearType: 'Financial Year',
    years: range(2016, 2021).map((year) => `${year}/${two(year + 1)}-${two(year + 2)}/${two(year + 3)}`),
    typical: 30,
    decimals: 2,
    dps: 2,
  },
  {
    short: 'RTA',
    topics: ['Health and Wellbeing'],
    title: 'Children killed or seriously injured in road traffic accidents',
    polarity: 'Low',
    axis: 'Rate per 100,000',
    yearType: 'Calendar Year',
    years: range(2015, 2020).map((year) => `${year}-${two(year + 2)}`),
    typical: 16,
    decimals: 2,
    dps: 2,
    nextUpdate: 'Discontinued',
  },
  {
    short: 'Work_Force_Vac_Rate',
    topics: ["Children's Services Workforce"],
    title: 'Social worker vacancies (%)',
    polarity: 'Low',
    axis: '% vacancies',
    yearType: 'Annual (end of Sept)',
    years: plain,
    typical: 17,
    decimals: 1,
    dps: 1,
    nextUpdate: 'TBC',
  },
  {
    short: 'C&YPExpenditure',
    topics: ["Children's Service Finance"],
    title: 'Children and Young People Budget - Gross expenditure',
    polarity: 'NA',
    axis: 'Spend',
    yearType: 'Financial Year',
    years: plain,
    typical: 90_000_000,
    decimals: 0,
    dps: 0,
  },
];

interface Place {
  number: string;
  name: string;
  region: string;
  exists: boolean;
}

/** The file has every place for every measure and year: abolished ones too, with "-". */
function placesOfTheTool(): Place[] {
  const authorities = new Map<string, Place>();
  for (const { code, name, region, to } of LOCAL_AUTHORITIES) {
    if (!/^\d{3}$/.test(code)) continue;
    const exists = to === null || authorities.get(code)?.exists === true;
    authorities.set(code, { number: code, name, region: REGION_BY_GSS.get(region)!.name, exists });
  }
  const region = (number: number, name: string, exists = true) => ({
    number: String(number),
    name,
    region: 'NA',
    exists,
  });
  const [north, south] = [REGIONS.slice(0, 7), REGIONS.slice(7)];
  return [
    ...[...authorities.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    region(970, 'England'),
    ...north.map(({ name }, at) => region(980 + at, name)),
    region(987, 'London (Inner)', false),
    region(988, 'London (Outer)', false),
    ...south.map(({ name }, at) => region(989 + at, name)),
  ];
}

/** As the tool's workbook writes a number: often with the seventeen digits that Excel keeps, tiny ones as powers. */
function written(value: number, decimals: number, random: Random): string {
  const rounded = Number(value.toFixed(decimals));
  if (rounded !== 0 && Math.abs(rounded) < 0.01) return rounded.toExponential().replace('e', 'E');
  return decimals > 0 && random.chance(0.1) ? rounded.toPrecision(17) : String(rounded);
}

export function laitFiles(folder: string, seed: number): SampleFile[] {
  const places = placesOfTheTool();
  const rows: string[][] = [];
  for (const { short, title, years, typical, decimals } of MEASURES) {
    const random = new Random(seed, `lait ${short}`);
    const own = new Map(places.map(({ number }) => [number, random.factor(number >= '970' ? 0.05 : 0.25)]));
    for (const year of years) {
      const noYear = year === '0';
      const drift = random.factor(0.04);
      for (const { number, name, region, exists } of places) {
        const known = exists && !noYear && !random.chance(number >= '970' ? 0 : 0.02);
        const value = known
          ? written(typical * drift * own.get(number)! * random.factor(0.03), decimals, random)
          : '-';
        rows.push([
          short,
          noYear ? '' : title.replace(/\s+/g, ' '),
          year,
          name,
          value,
          `${number}.0`,
          region,
        ]);
      }
    }
  }
  return [
    statisticsFile(`${folder}/bds_long.csv`, DATA_HEADER, rows, { bom: false, end: '\n' }),
    dictionaryFile(`${folder}/lait_data_dictionary.csv`),
  ];
}

/** Text in quotes, numbers and NA bare, and the line ends of a workbook within a text. */
function dictionaryFile(path: string): SampleFile {
  const quoted = (text: string) => (text === 'NA' ? text : `"${text.replaceAll('"', '""')}"`);
  const lines = MEASURES.flatMap((measure, at) =>
    measure.topics.map((topic, ofTopics) =>
      [
        ...[String(at + 1), topic, measure.title, measure.title, measure.short, measure.polarity].map(quoted),
        ...[measure.axis, 'State Funded', 'NA'].map(quoted),
        quoted(
          `SYNTHETIC: every figure of this sample is made up.\r\r\n\r\r\nIn the tool: ${measure.title}.`,
        ),
        // 1 November 2025, and a month before under a second topic.
        ...[String(45_962 - 30 * ofTopics), measure.nextUpdate ?? '46327', 'DfE'].map(quoted),
        quoted('Made up by chance around a typical value.'),
        quoted('https://explore-education-statistics.service.gov.uk/'),
        String(measure.dps),
        quoted(measure.yearType),
        measure.noQuartile ? quoted('N') : 'NA',
      ].join(','),
    ),
  );
  const text = `${[DICTIONARY_HEADER.map(quoted).join(','), ...lines].join('\n')}\n`;
  return { path, rows: lines.length, body: Buffer.from(text, 'utf8') };
}
