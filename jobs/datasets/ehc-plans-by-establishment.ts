/**
 * Statements of SEN and EHC plans each January by type of establishment: only in the releases until 2022. Later ones
 * have placements as columns of ehc-plans-caseload. Types came and went: special academies and free schools, for example,
 * were one type from 2019 on, and a breakdown's series ends where its type does.
 */
import { pastEhcPlansFile } from './shared/ehc-plans-file.js';

const BASE = 'all of the place’s EHC plans in January, which stand in another row';

const ehcPlansByEstablishment = pastEhcPlansFile({
  id: 'ehc-plans-by-establishment',
  title: 'Statements of SEN and EHC plans by type of establishment, January 2010 to 2022',
  description:
    'Statements of special educational needs (until 2018) and education, health and care plans (from 2015) in force each January, by group and type of establishment: published until 2022.',
  traps: [
    'Published until 2022; later releases have placements in `ehc-plans-caseload`.',
    'Types of establishment came and went: a breakdown’s series ends where its type does.',
    'Shares are of all of the place’s plans, which stand in another row: they cannot be pooled.',
  ],
  titleHint: /establishment type|type of establishment/i,
  period: 'JANUARY_CENSUS',
  filters: [
    { name: 'establishment_group', columns: ['establishment_group'], total: ['Total'] },
    { name: 'establishment_type', columns: ['establishment_type'], total: ['Total'] },
  ],
  counts: {
    statements: {
      column: 'Total_st',
      id: 'sen-statements-by-establishment',
      name: 'Statements of SEN (by type of establishment)',
      description: 'Statements of special educational needs in force in January.',
    },
    plans: {
      column: 'Total_ehc',
      id: 'ehc-plans-by-establishment',
      name: 'EHC plans (by type of establishment, until 2022)',
      description: 'EHC plans in force in January, as published until 2022.',
      share: {
        column: 'Total_ehc_pc',
        base: BASE,
        id: 'ehc-plans-by-establishment-rate',
        name: 'Share of EHC plans (by type of establishment, until 2022)',
      },
    },
    statements_and_plans: {
      column: 'Total_all',
      id: 'sen-statements-and-ehc-plans-by-establishment',
      name: 'Statements of SEN and EHC plans (by type of establishment)',
      description: 'Statements of special educational needs and EHC plans in force in January, together.',
      share: {
        column: 'Total_all_pc',
        base: 'all of the place’s statements and EHC plans in January, which stand in another row',
        id: 'sen-statements-and-ehc-plans-by-establishment-rate',
        name: 'Share of statements of SEN and EHC plans (by type of establishment)',
      },
    },
  },
});

export default ehcPlansByEstablishment;
