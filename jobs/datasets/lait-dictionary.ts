/**
 * The dictionary of the local authority interactive tool (LAIT): what each measure is, under which topics it
 * stands, which way is good, and what its years mean.
 */
import { DFE, type RegisterDataSet } from '../declaration.js';
import {
  excelDay,
  excelDayNote,
  integer,
  oneOf,
  paragraphs,
  text,
  textUnless,
  unless,
  whether,
} from '../register-field.js';
import { YEAR_TYPES } from '../spelled-year.js';

export const LAIT_PAGE = 'https://www.gov.uk/government/publications/local-authority-interactive-tool-lait';
export const LAIT_FILES =
  'https://raw.githubusercontent.com/dfe-analytical-services/local-authority-interactive-tool/main/01_data/02_prod';

const required = { required: true };
const optional = { optional: true };
/** How the file writes that there is nothing to say. */
const NOT_STATED = ['NA', '0'];

const laitDictionary: RegisterDataSet = {
  kind: 'register',
  id: 'lait-dictionary',
  title: 'Local authority interactive tool (LAIT): dictionary',
  description:
    'What each measure of the local authority interactive tool is: topic, definition, method, unit, which way is good, what its years mean, and when it is next due.',
  publisher: DFE,
  pageUrl: LAIT_PAGE,
  traps: [
    'Fourteen measures stand under two topics; the entry updated last names the measure.',
    'A day of the next update may be words: TBC, Discontinued (`nextUpdateNote`).',
    'Polarity `-` and `NA` both mean that no way is good.',
  ],
  schedule: 'WEEKLY',
  source: { kind: 'file', url: `${LAIT_FILES}/lait_data_dictionary.csv` },
  encoding: 'utf-8',
  // A measure with a new kind of year or polarity must not keep the others away: it is an issue, and told when figures come.
  maximumRejectedShare: 0.05,
  table: 'lait_measure',
  key: ['topic', 'measure_short'],
  fields: {
    topic: text('Topic', required),
    measure_short: text('Measure_short', required),
    measure_code: text('Measure_code', optional),
    measure: text('Measure', required),
    chart_title: text('Chart_title', required),
    polarity: oneOf(
      [
        { value: 'HIGH', code: 'High', name: 'High' },
        { value: 'LOW', code: 'Low', name: 'Low' },
        { value: 'NONE', code: '-', name: '-' },
        { value: 'NONE', code: 'NA', name: 'NA' },
      ],
      { name: 'Polarity' },
      required,
    ),
    y_axis_name: text('y_axis_name', required),
    state_funded: whether('state_funded_flag', { 'State Funded': true, NA: null, '': null }, optional),
    description: paragraphs('Description', NOT_STATED),
    methodology: paragraphs('Methodology', NOT_STATED, optional),
    links: paragraphs('Hyperlink(s)', NOT_STATED, optional),
    data_owner: textUnless('Data Owner (DO) /Supplier and Contact Details', NOT_STATED, optional),
    last_update_on: excelDay('Last Update', optional),
    last_update_note: excelDayNote('Last Update', NOT_STATED, optional),
    next_update_on: excelDay('Next Update', optional),
    next_update_note: excelDayNote('Next Update', NOT_STATED, optional),
    decimals: unless(integer('dps', { ...optional, maximum: 9 }), ['NA']),
    year_type: oneOf(
      Object.keys(YEAR_TYPES).map((name) => ({ value: name, code: name, name })),
      { name: 'Year_Type' },
      required,
    ),
    has_quartile_bands: whether('No_Quartile', { N: false, NA: true, '': true }, required),
  },
};

export default laitDictionary;
