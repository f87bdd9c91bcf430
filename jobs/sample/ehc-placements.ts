// The placements that EHC plans are counted by: the publisher's columns, their totals, and when each was collected.
// Rule: the header of both placement files is derived from this one list, in the publisher's order.

interface Part {
  column: string;
  /** Made-up share in the caseload and among new plans. */
  caseload: number;
  started: number;
}

interface PlacementGroup {
  parts: readonly Part[];
  total?: string;
  percent?: string;
}

const part = (column: string, caseload: number, started: number): Part => ({ column, caseload, started });

const GROUPS: readonly PlacementGroup[] = [
  {
    parts: [
      part('mainstream_la_maintained', 16, 32),
      part('mainstream_la_maintained_resourced_provision', 1.3, 1),
      part('mainstream_la_maintained_senunit', 0.7, 0.6),
      part('mainstream_academy', 20, 34),
      part('mainstream_academy_resourced_provision', 1.4, 0.8),
      part('mainstream_academy_senunit', 1, 0.6),
      part('mainstream_free_school', 1.2, 1.8),
      part('mainstream_free_school_resourced_provision', 0.1, 0.1),
      part('mainstream_free_school_senunit', 0.1, 0.1),
      part('mainstream_independent', 1.2, 1.2),
    ],
    total: 'mainstream_total',
    percent: 'mainstream_total_pc',
  },
  {
    parts: [
      part('special_la_maintained', 16, 5),
      part('special_academy_free', 12, 4),
      part('special_independent', 4.4, 2),
      part('special_non_maintained', 0.8, 0.2),
    ],
    total: 'special_total',
    percent: 'special_total_pc',
  },
  {
    parts: [
      part('ap_pru_academy', 0.3, 0.5),
      part('ap_pru_free_school', 0.1, 0.2),
      part('ap_pru_la_maintained', 0.5, 0.9),
    ],
    total: 'ap_pru_total',
    percent: 'AP_PRU_total_pc',
  },
  {
    parts: [
      part('general_fe_tertiary_colleges', 12.5, 2.4),
      part('specialist_post_16_institutions', 1.6, 0.2),
      part('ukrlp_provider', 1.1, 0.3),
    ],
    total: 'fe_total',
    percent: 'fe_total_pc',
  },
  {
    parts: [
      part('elective_home_education', 1, 1),
      part('other_arrangements_la', 1.5, 1.2),
      part('other_arrangements_parents', 0.2, 0.2),
      part('online_provider', 0.05, 0.05),
      part('w_settings', 0.1, 0.1),
      part('other_schools', 0.05, 0.05),
      part('other_placement_settings', 0.7, 0.4),
      part('neet', 2.6, 0.5),
      part('neet_ntci', 0.3, 0.1),
      part('neet_other', 0.5, 0.3),
      part('neet_other_csa', 0.4, 0.4),
    ],
    total: 'ed_elsewhere',
    percent: 'ed_elsewhere_pc',
  },
  { parts: [part('nm_early_years', 0.7, 3.6)], percent: 'nm_early_years_pc' },
  { parts: [part('placement_unknown', 2, 3.2)], percent: 'placement_unknown_pc' },
  { parts: [part('await_prov_2022', 1.2, 2)] },
  { parts: [part('perm_ex_2022', 0.02, 0.05)] },
];

export const PARTS: readonly Part[] = GROUPS.flatMap(({ parts }) => parts);

export const EHC_PLACE: readonly string[] = [
  'time_period',
  'time_identifier',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'region_name',
  'new_la_code',
  'old_la_code',
  'la_name',
  'breakdown_topic',
  'breakdown',
];

const PLACEMENTS: readonly string[] = GROUPS.flatMap(({ parts, total, percent }) => [
  ...parts.map(({ column }) => column),
  ...(total ? [total] : []),
  ...(percent ? [percent] : []),
]);

export const CASELOAD_HEADER: readonly string[] = [...EHC_PLACE, 'ehcplans', ...PLACEMENTS];
export const NEW_PLANS_HEADER: readonly string[] = [...EHC_PLACE, 'new_ehc_plans', ...PLACEMENTS];

/** Numbers in the order of the timeliness file: of all plans, then without those the law excepts. */
export const TIMELINESS_HEADER: readonly string[] = [
  ...EHC_PLACE,
  'plans_issued_den',
  'plans_issued_den_ex',
  'plans_issued_within_20_weeks',
  'plans_issued_20_weeks_ex',
  'pc_plans_issued_within_20_weeks',
  'PC_plans_issued_20_weeks_ex',
  'plans_issued_gt20weeks_ltYear',
  'plans_issued_gt20weeks_ltYear_ex',
  'pc_plans_issued_gt20weeks_ltYear',
  'PC_plans_issued_gt20weeks_ltYear_ex',
  'plans_issued_gt_1_year',
  'plans_issued_gt_1_year_ex',
  'pc_plans_issued_gt_1_year',
  'PC_plans_issued_gt_1_year_ex',
];

const LATE = ['online_provider', 'w_settings', 'other_schools'];
const NEET_PARTS = ['neet_ntci', 'neet_other', 'neet_other_csa'];
const UNTIL_2022 = ['await_prov_2022', 'perm_ex_2022'];

/** Columns not collected for a year's caseload (by January) or for its new plans: published as x. */
export function notCollected(file: 'caseload' | 'started', january: number): ReadonlySet<string> {
  const neet = file === 'started' ? ['neet', ...NEET_PARTS] : NEET_PARTS;
  if (january <= 2022) return new Set(['ukrlp_provider', 'placement_unknown', ...LATE, ...neet]);
  return new Set(file === 'started' || january <= 2024 ? [...LATE, ...UNTIL_2022] : UNTIL_2022);
}

export const NOT_AVAILABLE = 'x';

export function percentage(count: number, of: number): number | string {
  return of === 0 ? NOT_AVAILABLE : Math.round((count * 1000) / of) / 10;
}

/** The measures of one row: the plans, then every placement, total and percentage. */
export function placementCells(counts: readonly number[], hidden: ReadonlySet<string>): (number | string)[] {
  const plans = counts.reduce((a, b) => a + b, 0);
  const cells: (number | string)[] = [plans];
  let at = 0;
  for (const { parts, total, percent } of GROUPS) {
    const here = counts.slice(at, at + parts.length);
    const sum = here.reduce((a, b) => a + b, 0);
    parts.forEach(({ column }, i) => {
      cells.push(hidden.has(column) ? NOT_AVAILABLE : here[i]!);
    });
    if (total) cells.push(sum);
    if (percent)
      cells.push(parts.every(({ column }) => hidden.has(column)) ? NOT_AVAILABLE : percentage(sum, plans));
    at += parts.length;
  }
  return cells;
}
