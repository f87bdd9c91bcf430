/**
 * GIAS: every member of every group, open and closed: trusts that have been wound up too, where the file of academies
 * and free schools has only those of today. It says when a school joined, and never when it left.
 */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { date, integer, oneOf, text } from '../register-field.js';
import { GROUP_STATUSES } from './shared/gias-code-lists.js';

const giasAllGroupLinks: RegisterDataSet = {
  kind: 'register',
  id: 'gias-all-group-links',
  title: 'Get Information about Schools: members of all groups',
  description: 'The members of every trust, sponsor, federation and other group, open and closed.',
  publisher: DFE,
  pageUrl: 'https://get-information-schools.service.gov.uk/Downloads',
  traps: ['It says when a school joined, and never when it left.', 'Proven on the synthetic sample only.'],
  schedule: 'NIGHTLY',
  source: { kind: 'gias', file: 'alllinksdata' },
  encoding: 'windows-1252',
  maximumRejectedShare: 0.001,
  table: 'group_link',
  key: ['urn', 'group_uid', 'joined_on'],
  fields: {
    urn: integer('URN', { required: true, minimum: 100_000, maximum: 999_999 }),
    group_uid: text('Group UID', { required: true }),
    joined_on: date('Joined date'),
    group_type_code: text('Group Type (code)', { required: true }),
    group_name: text('Group Name', { required: true }),
    group_status: oneOf(
      GROUP_STATUSES,
      { code: 'Group Status (code)', name: 'Group Status' },
      { required: true },
    ),
    group_opened_on: date('Open date'),
    group_incorporated_on: date('Incorporated on (open date)', { optional: true }),
    group_closed_on: date('Closed Date'),
  },
};

export default giasAllGroupLinks;
