/** GIAS groups: academy trusts, federations, sponsors and foundation trusts, open and closed. Key: Group UID. */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { date, oneOf, text } from '../register-field.js';
import { GROUP_STATUSES } from './shared/gias-code-lists.js';

const optional = { optional: true };

const giasGroups: RegisterDataSet = {
  kind: 'register',
  id: 'gias-groups',
  title: 'Get Information about Schools: groups',
  description: 'Academy trusts, federations, sponsors and other groups of establishments, open and closed.',
  publisher: DFE,
  pageUrl: 'https://get-information-schools.service.gov.uk/Downloads',
  traps: [
    '`Group ID` (TR…) and the company number are often blank: a group is known by its UID.',
    'The register has no end of a school’s membership, and a trust that is registered anew gets a new UID: see `trustHistory`.',
  ],
  schedule: 'NIGHTLY',
  source: { kind: 'gias', file: 'allgroupsdata' },
  encoding: 'windows-1252',
  maximumRejectedShare: 0.001,
  table: 'establishment_group',
  key: ['uid'],
  fields: {
    uid: text('Group UID', { required: true }),
    group_id: text('Group ID'),
    name: text('Group Name', { required: true }),
    company_number: text('Companies House Number'),
    type_code: text('Group Type (code)', { required: true }),
    type_name: text('Group Type', { required: true }),
    status: oneOf(GROUP_STATUSES, { code: 'Group Status (code)', name: 'Group Status' }, { required: true }),
    opened_on: date('Open date'),
    incorporated_on: date('Incorporated on (open date)', optional),
    closed_on: date('Closed Date'),
    ukprn: text('UKPRN', optional),
    street: text('Group Street', optional),
    town: text('Group Town', optional),
    postcode: text('Group Postcode', optional),
  },
};

export default giasGroups;
