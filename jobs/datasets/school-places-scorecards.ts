/**
 * Local authority school places scorecards: places created, planned and needed, forecasts, preferences, cost and quality.
 * One wide file of three years; its name carries its edition (scorecard_data_2025_2023), so that the next one is a new
 * address to be declared here. What a column means is said by metadata.csv beside it, in words that name the years of
 * the newest edition; here they are said for any year.
 *
 * LOW "indicates sample size is too low to calculate forecast accuracy", z is not applicable, x not available: the
 * publisher's footnotes to the same figures (data catalogue, data set f6833d6d-a907-484b-ada1-6cac358b9d46).
 * Costs: "LA data contains the England average costs, adjusted for regional location factors" (data guidance of 2021).
 * Places created count net increases only, so that local authorities do not add to England (methodology).
 */
import { DFE, type IndicatorDeclaration, type Measure, type StatisticsDataSet } from '../declaration.js';
import { readPeriod } from '../period.js';
import {
  type PlaceReading,
  type PublishedPlace,
  type PublishedTime,
  placeOf,
  type TimeReading,
} from '../row-reading.js';

const REPOSITORY = 'dfe-analytical-services/la-school-places-scorecards';

/** The columns are the standard's, but for the number of the local authority. */
const place: PlaceReading = {
  columns: ['geographic_level', 'country_code', 'LANumber'].map((name) => ({
    names: [name],
    optional: false,
  })),
  rule: 'scorecards',
  levels: ['NATIONAL', 'LOCAL_AUTHORITY'],
  hasSchools: false,
  reader: ({ indexOf }) => {
    const [level, country, number] = ['geographic_level', 'country_code', 'LANumber'].map(indexOf) as [
      number,
      number,
      number,
    ];
    return (fields): PublishedPlace => {
      const value = fields[level]!.trim();
      switch (value.toLowerCase()) {
        case 'national':
          return placeOf('NATIONAL', fields[country]!.trim(), 'country_code');
        case 'local authority':
          return placeOf('LOCAL_AUTHORITY', fields[number]!.trim(), 'LANumber');
      }
      return {
        level: null,
        column: 'geographic_level',
        value,
        reason: 'a geographic level that is not read',
      };
    };
  },
};

/** "2024/25". */
const time: TimeReading = {
  columns: [{ names: ['Year'], optional: false }],
  rule: { slashed: 'ACADEMIC_YEAR' },
  periodKinds: ['ACADEMIC_YEAR'],
  reader: ({ indexOf }) => {
    const at = indexOf('Year');
    return (fields): PublishedTime => {
      const value = fields[at]!.trim();
      const code = value.replace('/', '');
      const identifier = 'Academic year';
      const period = /^\d{4}\/\d\d$/.test(value) ? readPeriod('ACADEMIC_YEAR', code, identifier) : null;
      return period
        ? { period, code, identifier }
        : { column: 'Year', value, reason: 'is not a school year such as 2024/25' };
    };
  },
};

type Figure = Pick<IndicatorDeclaration, 'unit' | 'decimals' | 'polarity' | 'additive'> & {
  /** Column of the primary figure; that of the secondary has an S for the P. */
  column: string;
  id: string;
  words: string;
  note?: string;
};

const PLACES = { unit: 'PLACES', decimals: 0, polarity: 'NONE' } as const;
const SHARE = { unit: 'SHARE', decimals: 3, polarity: 'NONE', additive: false } as const;
const OFFERS = { unit: 'PERCENT', decimals: 1, polarity: 'HIGH', additive: false } as const;
const COST = { unit: 'POUNDS', decimals: 0, polarity: 'NONE', additive: false } as const;
const RATINGS = [
  { column: '1', id: 'outstanding', words: 'schools judged outstanding' },
  { column: '2', id: 'good', words: 'schools judged good' },
  { column: '3', id: 'requires-improvement', words: 'schools judged to require improvement' },
  { column: '4', id: 'inadequate', words: 'schools judged inadequate' },
  { column: '0', id: 'unrated', words: 'schools without a judgement' },
];
const PREFERENCES = [
  { column: '1', id: 'first-preference', words: 'their first preference' },
  { column: '2', id: 'second-preference', words: 'their second preference' },
  { column: '3', id: 'third-preference', words: 'their third preference' },
  { column: 'T3', id: 'top-three-preferences', words: 'one of their first three preferences' },
];
const PROJECTS = [
  { column: 'NS', id: 'new-school', words: 'a new school' },
  { column: 'EP', id: 'permanent-expansion', words: 'a permanent expansion' },
  { column: 'ET', id: 'temporary-expansion', words: 'a temporary expansion' },
];

const FIGURES: Figure[] = [
  {
    ...PLACES,
    column: 'Quan_P_In',
    id: 'places-created',
    words: 'places created since 2009/10',
    additive: false,
    note: 'Where there are fewer places than in 2009/10 it is 0, so local authorities do not add up to England.',
  },
  {
    ...PLACES,
    column: 'Quan_P_RP',
    id: 'places-needed',
    words: 'places still needed to meet the demand expected three years on',
    additive: true,
  },
  {
    ...PLACES,
    column: 'Quan_P_PP',
    id: 'places-planned',
    words: 'places planned to be delivered within three years',
    additive: false,
    note: 'Local authorities do not add up to England.',
  },
  {
    ...SHARE,
    column: 'Quan_P_Su',
    id: 'spare-places-share',
    words: 'places expected to be spare three years on, as a part of all places',
  },
  {
    unit: 'PERCENT',
    decimals: 1,
    polarity: 'NONE',
    additive: false,
    column: 'Quan_P_UP',
    id: 'unfilled-places-rate',
    words: 'places that are unfilled, of all places',
  },
  {
    ...SHARE,
    column: 'Ban_P_gro',
    id: 'pupil-growth',
    words: 'change in the number of pupils since 2009/10',
  },
  {
    ...SHARE,
    column: 'An_P_gro',
    id: 'expected-pupil-growth',
    words: 'change in the number of pupils that is expected within three years',
  },
  {
    ...SHARE,
    column: 'For_1_P',
    id: 'forecast-accuracy-one-year',
    words: 'difference between the forecast made one year before and the pupils there are',
    note: 'Above 0 too many were forecast, below 0 too few; the nearer to 0 the better.',
  },
  {
    ...SHARE,
    column: 'For_3_P',
    id: 'forecast-accuracy-three-years',
    words: 'difference between the forecast made three years before and the pupils there are',
    note: 'Above 0 too many were forecast, below 0 too few; the nearer to 0 the better.',
  },
  ...PREFERENCES.flatMap(({ column, id, words }): Figure[] => [
    {
      ...OFFERS,
      column: `Pref_P_${column}_CY`,
      id: `${id}-offers`,
      words: `pupils offered ${words}, for entry in the September after the school year`,
    },
    {
      ...OFFERS,
      column: `Pref_P_${column}_NY`,
      id: `${id}-offers-a-year-on`,
      words: `pupils offered ${words}, for entry in the September after the next`,
    },
  ]),
  ...PROJECTS.map(
    ({ column, id, words }): Figure => ({
      ...COST,
      column: `CPP_P_${column}`,
      id: `${id}-cost-per-place`,
      words: `cost of a place in ${words}`,
      note: 'The average of England, adjusted for the prices of the region: not what the local authority itself spent.',
    }),
  ),
  ...RATINGS.map(
    ({ column, id, words }): Figure => ({
      ...PLACES,
      additive: true,
      column: `Qual_P_${column}_N`,
      id: `places-added-${id}`,
      words: `places added in ${words} by Ofsted`,
    }),
  ),
  {
    ...SHARE,
    polarity: 'HIGH',
    column: 'Qual_P_Prop',
    id: 'places-added-good-or-outstanding-share',
    words:
      'places added in schools judged good or outstanding by Ofsted, as a part of those added in schools with a judgement',
    note: 'Until 2023/24: since then there is no single judgement of a school.',
  },
  {
    ...SHARE,
    polarity: 'HIGH',
    column: 'Qual_P_Prop_QE',
    id: 'places-added-good-quality-of-education-share',
    words:
      'places added in schools whose quality of education was judged good or outstanding, as a part of those with a judgement',
    note: 'Since 2024/25.',
  },
];

const PHASES = [
  { id: 'primary', name: 'Primary', letter: 'P' },
  { id: 'secondary', name: 'Secondary', letter: 'S' },
];

const EVERY = PHASES.flatMap((phase) =>
  FIGURES.map(({ column, ...figure }) => {
    const own = phase.letter === 'P' ? column : column.replace(/_P(?=_|$)/, '_S');
    return { ...figure, phase, column: own, measure: own.toLowerCase() };
  }),
);

const schoolPlacesScorecards: StatisticsDataSet = {
  kind: 'statistics',
  id: 'school-places-scorecards',
  title: 'Local authority school places scorecards',
  description:
    'For every local authority and phase: places created, planned, needed, spare and unfilled, growth in pupils, how right forecasts were, how many families had their preference, the cost of places and the quality of the schools where they were added.',
  publisher: DFE,
  pageUrl: 'https://department-for-education.shinyapps.io/la-school-places-scorecards/',
  traps: [
    'Most figures are no sums: places created count net increases only, so that local authorities do not add up to England.',
    'Costs of a local authority are England’s average adjusted for regional prices: not what it spent.',
    'Forecast accuracy is a share above or below 0: the nearer to 0 the better.',
    'Places in schools judged good or outstanding end with 2023/24, when single judgements ended.',
    'The address carries the edition: the next one has to be declared.',
  ],
  schedule: 'WEEKLY',
  source: {
    kind: 'file',
    url: `https://raw.githubusercontent.com/${REPOSITORY}/main/data/scorecard_data_2025_2023.csv`,
  },
  encoding: 'utf-8',
  maximumRejectedShare: 0,
  place,
  time,
  filters: [],
  powersOfTen: true,
  columnsLeftOut: [
    {
      reason: 'names of what the codes say',
      columns: ['country_name', 'region_code', 'Region', 'new_la_code', 'LA_name'],
    },
    {
      reason: 'explained nowhere: metadata.csv has no line for it',
      columns: [
        /^(Pri|Sec)(NOR|Cap|Cap10)$/,
        /^(PRI|SEC)_NoR1[59]$/,
        /^NoR_/,
        /^Qual_[PS]_(NA_[EN]_\w\w|2_[EN]_OE)$/,
      ],
    },
    {
      reason: 'the number of England, repeated in the row of every local authority',
      columns: [/^(Projects|Cost|Places)_/],
    },
    { reason: 'existing places: the share of added ones is what is judged', columns: [/^Qual_[PS]_\d_E/] },
    {
      reason: 'one of four partial judgements: quality of education is read',
      columns: [/^Qual_[PS]_(\d_N|Prop)_(BA|PD|LM)$/, /^Qual_[PS]_\d_N_QE$/],
    },
    { reason: 'by results of pupils, no longer published', columns: [/^(KS2|KS4|Qual_KS)/] },
  ],
  measures: {
    basic_need_funding: {
      columns: ['Funding'],
      description: 'Total basic need allocation since 2011, in pounds.',
    },
    ...Object.fromEntries(
      EVERY.map(({ measure, column, phase, words }): [string, Measure] => [
        measure,
        { columns: [column], description: `${phase.name}: ${words}.` },
      ]),
    ),
  },
  editions: [
    {
      id: 'scorecards',
      marker: null,
      symbols: {
        z: { status: 'NOT_APPLICABLE', meaning: 'not applicable' },
        x: { status: 'NOT_AVAILABLE', meaning: 'not available' },
        NA: { status: 'NOT_AVAILABLE', meaning: 'not in the scorecard of that year' },
        Low: { status: 'UNRELIABLE', meaning: 'too few pupils to work out how right a forecast was' },
        LOW: { status: 'UNRELIABLE', meaning: 'too few pupils to work out how right a forecast was' },
      },
    },
  ],
  indicators: [
    {
      id: 'basic-need-funding',
      name: 'Basic need funding',
      description: 'Total allocated to create new primary and secondary places, since 2011.',
      topic: 'School places',
      unit: 'POUNDS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'basic_need_funding',
      additive: true,
    },
    ...EVERY.map(
      ({ phase, id, words, note, unit, decimals, polarity, additive, measure }): IndicatorDeclaration => ({
        id: `${phase.id}-${id}`,
        name: `${phase.name}: ${words}`,
        description: `${phase.name} phase: ${words}.${note ? ` ${note}` : ''}`,
        topic: 'School places',
        unit,
        decimals,
        polarity,
        measure,
        additive,
      }),
    ),
  ],
};

export default schoolPlacesScorecards;
