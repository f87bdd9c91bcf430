/** The reference list of local authorities: each 3-digit code with every GSS code it has had, and when. */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { date, text } from '../register-field.js';

const REPOSITORY = 'https://github.com/dfe-analytical-services/dfe-published-data-qa';
export const REFERENCE_FILES =
  'https://raw.githubusercontent.com/dfe-analytical-services/dfe-published-data-qa/main/data';

/** Rows of the reference files that are not one local authority with a 3-digit code. */
export const NOT_ONE_LOCAL_AUTHORITY = [
  {
    reason: 'two local authorities reported together ("940 / 941"): both have rows of their own',
    when: (value: (column: string) => string) => value('old_la_code').includes('/'),
  },
  {
    reason: 'an abolished county without a 3-digit code ("x"), which no statistics file uses',
    when: (value: (column: string) => string) => value('old_la_code') === 'x',
  },
];

const localAuthorityCodes: RegisterDataSet = {
  kind: 'register',
  id: 'local-authority-codes',
  title: 'Local authority codes',
  description: 'Local authorities with their 3-digit and GSS codes, dates of operation and region.',
  publisher: DFE,
  pageUrl: REPOSITORY,
  isReference: true,
  schedule: 'WEEKLY',
  source: { kind: 'file', url: `${REFERENCE_FILES}/las.csv` },
  encoding: 'utf-8',
  maximumRejectedShare: 0,
  table: 'local_authority_code',
  key: ['code', 'gss_code'],
  fields: {
    code: text('old_la_code', { required: true }),
    gss_code: text('new_la_code', { required: true }),
    name: text('la_name', { required: true }),
    opened_on: date('date_of_operation'),
    closed_on: date('date_of_termination'),
    parent_code: text('parent_geography_code'),
    status: text('status', { required: true }),
  },
  leavesOut: NOT_ONE_LOCAL_AUTHORITY,
};

export default localAuthorityCodes;
