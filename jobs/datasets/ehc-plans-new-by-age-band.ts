/**
 * New statements of SEN and EHC plans by age band: only in the releases until 2022. Its totals of EHC plans are also in
 * ehc-plans-new, whose later releases continue them.
 */
import { pastEhcPlansFile } from './shared/ehc-plans-file.js';

const ehcPlansNewByAgeBand = pastEhcPlansFile({
  id: 'ehc-plans-new-by-age-band',
  title: 'New statements of SEN and EHC plans by age band, 2009 to 2021',
  description:
    'Statements of special educational needs (until 2015) and education, health and care plans (from 2014) that were new in the calendar year, by age band: published until 2022.',
  traps: ['Published until 2022; `ehc-plans-new` continues its totals.'],
  titleHint: /new ehc plans by age|new ehc plans - by age/i,
  period: 'CALENDAR_YEAR',
  filters: [{ name: 'age_band', columns: ['characteristic_age'], total: ['Total'] }],
  counts: {
    statements: {
      column: 'Total_new_st',
      id: 'sen-statements-new',
      name: 'New statements of SEN',
      description: 'Statements of special educational needs made in the calendar year.',
    },
    plans: {
      column: 'Total_new_ehc',
      id: 'ehc-plans-new-by-age-band',
      name: 'New EHC plans (by age band, until 2021)',
      description: 'EHC plans made in the calendar year, as published until 2022.',
      note: 'For today’s figures see ehc-plans-new, which has the same totals and continues them.',
    },
    statements_and_plans: {
      column: 'Total_new_all',
      id: 'sen-statements-and-ehc-plans-new',
      name: 'New statements of SEN and EHC plans',
      description:
        'Statements of special educational needs and EHC plans made in the calendar year, together.',
    },
  },
});

export default ehcPlansNewByAgeBand;
