/**
 * The closed lists of the register (GIAS), each under the name that the graph gives it.
 * Source: the register's own extracts; the codes are those of its "(code)" columns.
 */
export interface CodeListEntry {
  value: string;
  code: string;
  name: string;
  description?: string;
}

export const PHASES = [
  { value: 'NURSERY', code: '1', name: 'Nursery' },
  { value: 'PRIMARY', code: '2', name: 'Primary' },
  { value: 'MIDDLE_DEEMED_PRIMARY', code: '3', name: 'Middle deemed primary' },
  { value: 'SECONDARY', code: '4', name: 'Secondary' },
  { value: 'MIDDLE_DEEMED_SECONDARY', code: '5', name: 'Middle deemed secondary' },
  { value: 'SIXTEEN_PLUS', code: '6', name: '16 plus' },
  { value: 'ALL_THROUGH', code: '7', name: 'All-through' },
  {
    value: 'NOT_APPLICABLE',
    code: '0',
    name: 'Not applicable',
    description: 'The register gives no phase: special schools, alternative provision and others.',
  },
] as const satisfies CodeListEntry[];

export const STATUSES = [
  { value: 'OPEN', code: '1', name: 'Open' },
  { value: 'CLOSED', code: '2', name: 'Closed' },
  {
    value: 'PROPOSED_TO_CLOSE',
    code: '3',
    name: 'Open, but proposed to close',
    description: 'Open, with a date or a plan to close.',
  },
  { value: 'PROPOSED_TO_OPEN', code: '4', name: 'Proposed to open' },
] as const satisfies CodeListEntry[];

export const TYPE_GROUPS = [
  { value: 'COLLEGES', code: '1', name: 'Colleges' },
  { value: 'UNIVERSITIES', code: '2', name: 'Universities' },
  { value: 'INDEPENDENT_SCHOOLS', code: '3', name: 'Independent schools' },
  { value: 'LA_MAINTAINED_SCHOOLS', code: '4', name: 'Local authority maintained schools' },
  {
    value: 'SPECIAL_SCHOOLS',
    code: '5',
    name: 'Special schools',
    description:
      'Maintained, non-maintained and independent special schools; special academies are under ACADEMIES.',
  },
  { value: 'WELSH_SCHOOLS', code: '6', name: 'Welsh schools' },
  { value: 'OTHER_TYPES', code: '9', name: 'Other types' },
  { value: 'ACADEMIES', code: '10', name: 'Academies' },
  { value: 'FREE_SCHOOLS', code: '11', name: 'Free Schools' },
  { value: 'ONLINE_PROVIDER', code: '12', name: 'Online provider' },
  { value: 'CHILDRENS_CENTRES', code: '13', name: "Children's Centres" },
] as const satisfies CodeListEntry[];

export const GENDERS = [
  { value: 'BOYS', code: '1', name: 'Boys' },
  { value: 'GIRLS', code: '2', name: 'Girls' },
  { value: 'MIXED', code: '3', name: 'Mixed' },
  { value: 'NOT_APPLICABLE', code: '0', name: 'Not applicable' },
] as const satisfies CodeListEntry[];

export const ADMISSIONS_POLICIES = [
  { value: 'SELECTIVE', code: '2', name: 'Selective' },
  { value: 'NON_SELECTIVE', code: '4', name: 'Non-selective' },
  { value: 'COMPREHENSIVE', code: '1', name: 'Comprehensive' },
  { value: 'NOT_APPLICABLE', code: '0', name: 'Not applicable' },
] as const satisfies CodeListEntry[];

export const SIXTH_FORMS = [
  { value: 'HAS_SIXTH_FORM', code: '1', name: 'Has a sixth form' },
  { value: 'NO_SIXTH_FORM', code: '2', name: 'Does not have a sixth form' },
  { value: 'NOT_APPLICABLE', code: '0', name: 'Not applicable' },
] as const satisfies CodeListEntry[];

export const GROUP_STATUSES = [
  { value: 'OPEN', code: 'OPEN', name: 'Open' },
  { value: 'CLOSED', code: 'CLOSED', name: 'Closed' },
  { value: 'PROPOSED_TO_OPEN', code: 'PROPOSED_TO_OPEN', name: 'Proposed to open' },
  { value: 'CREATED_IN_ERROR', code: 'CREATED_IN_ERROR', name: 'Created in error' },
] as const satisfies CodeListEntry[];

/** The group types that are academy trusts: multi-academy, single-academy, secure single-academy. */
/** Types of group. */
export const GROUP_TYPES = [
  { code: '01', name: 'Federation' },
  { code: '02', name: 'Trust' },
  { code: '05', name: 'School sponsor' },
  { code: '06', name: 'Multi-academy trust' },
  { code: '07', name: 'Umbrella trust' },
  { code: '08', name: "Children's Centres Group" },
  { code: '09', name: "Children's Centres Collaboration" },
  { code: '10', name: 'Single-academy trust' },
  { code: '11', name: 'Secure single-academy trust' },
] as const;

export const TRUST_TYPES = [
  { value: 'MULTI_ACADEMY_TRUST', code: '06', name: 'Multi-academy trust' },
  { value: 'SINGLE_ACADEMY_TRUST', code: '10', name: 'Single-academy trust' },
  { value: 'SECURE_SINGLE_ACADEMY_TRUST', code: '11', name: 'Secure single-academy trust' },
] as const satisfies CodeListEntry[];
