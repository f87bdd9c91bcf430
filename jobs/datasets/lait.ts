/**
 * The local authority interactive tool (LAIT): a row for each measure, place and year. England is number 970, the
 * regions are 980 to 990; what a measure is stands in its dictionary (lait-dictionary).
 */
import { DFE, type SeriesDataSet } from '../declaration.js';
import { LAIT_FILES, LAIT_PAGE } from './lait-dictionary.js';

const lait: SeriesDataSet = {
  kind: 'series',
  id: 'lait',
  title: 'Local authority interactive tool (LAIT)',
  description:
    'Hundreds of measures of children’s services, education and health for local authorities, regions and England by year, gathered by the Department from many publications.',
  publisher: DFE,
  pageUrl: LAIT_PAGE,
  traps: [
    'A plain year is the year that ends in it: `2017` of an academic measure is 2016/17 (decision 9).',
    '`-` is no zero: no figure was published, or the place did not exist.',
    'The tool shows about ten years. Older ones stay here, cited to the release that had them.',
    'Where the same measure comes from its own publication too, both exist and point at each other (`sameAs`); they need not agree. LAIT has numbers for nine cells that the exclusions of 2016/17 withhold.',
    'The file gives no base for its rates: nothing can be pooled from it.',
  ],
  schedule: 'WEEKLY',
  source: { kind: 'file', url: `${LAIT_FILES}/bds_long.csv` },
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
  columns: { measure: 'Short Desc', time: 'Years', place: 'LA Number', value: 'Values' },
  places: {
    '970': { level: 'NATIONAL', code: 'E92000001' },
    '980': { level: 'REGIONAL', code: 'E12000001' },
    '981': { level: 'REGIONAL', code: 'E12000002' },
    '982': { level: 'REGIONAL', code: 'E12000003' },
    '983': { level: 'REGIONAL', code: 'E12000004' },
    '984': { level: 'REGIONAL', code: 'E12000005' },
    '985': { level: 'REGIONAL', code: 'E12000006' },
    '986': { level: 'REGIONAL', code: 'E12000007' },
    // Inner and Outer London.
    '987': { level: 'REGIONAL', code: 'E13000001' },
    '988': { level: 'REGIONAL', code: 'E13000002' },
    '989': { level: 'REGIONAL', code: 'E12000008' },
    '990': { level: 'REGIONAL', code: 'E12000009' },
  },
  // The tool's own code takes both for "no value" (global.R of dfe-analytical-services/local-authority-interactive-tool).
  symbols: {
    '-': { status: 'NOT_AVAILABLE', meaning: 'no figure: none was published, or the place did not exist' },
    c: { status: 'SUPPRESSED', meaning: 'confidential: a small number' },
  },
  leavesOut: [
    {
      reason: 'a year "0": a row of the tool’s workbook without a year',
      when: (value) => value('Years') === '0',
    },
  ],
  sameAs: {
    TotPermEx: 'permanent-exclusion-rate',
    TotFixedEx: 'suspension-rate',
    'Total_ Pup_FixedEx': 'pupils-suspended-rate',
    SEN_CASES_JAN: 'ehc-plans',
    SEN_CASES_DUR_YEAR: 'ehc-plans-new',
    SEN_EHC_All_20wks: 'ehc-plans-within-20-weeks-rate',
    SEN_EHC_Excpt_20wks: 'ehc-plans-within-20-weeks-excluding-exceptions-rate',
  },
};

export default lait;
