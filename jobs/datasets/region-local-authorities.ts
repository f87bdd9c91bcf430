/** The reference list of regions: which local authority belongs to which of the nine. */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { text } from '../register-field.js';
import { NOT_ONE_LOCAL_AUTHORITY, REFERENCE_FILES } from './local-authority-codes.js';

const regionLocalAuthorities: RegisterDataSet = {
  kind: 'register',
  id: 'region-local-authorities',
  title: 'Regions and their local authorities',
  description: 'The nine regions of England, with their GSS codes, and the local authorities of each.',
  publisher: DFE,
  pageUrl: 'https://github.com/dfe-analytical-services/dfe-published-data-qa',
  isReference: true,
  schedule: 'WEEKLY',
  source: { kind: 'file', url: `${REFERENCE_FILES}/region_la_hierarchy.csv` },
  encoding: 'utf-8',
  maximumRejectedShare: 0,
  table: 'region_local_authority',
  key: ['region_code', 'code', 'gss_code'],
  fields: {
    region_code: text('region_code', { required: true }),
    region_name: text('region_name', { required: true }),
    code: text('old_la_code', { required: true }),
    gss_code: text('new_la_code', { required: true }),
    name: text('la_name', { required: true }),
  },
  leavesOut: [
    ...NOT_ONE_LOCAL_AUTHORITY,
    { reason: 'not a region of England', when: (value) => value('region_code') === 'z' },
  ],
};

export default regionLocalAuthorities;
