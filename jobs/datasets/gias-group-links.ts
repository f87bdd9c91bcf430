/** GIAS group links: which open academy or free school belongs to which trust and sponsor, since when. */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { codeOf, date, integer, text } from '../register-field.js';
import { GROUP_TYPES } from './shared/gias-code-lists.js';

const giasGroupLinks: RegisterDataSet = {
  kind: 'register',
  id: 'gias-group-links',
  title: 'Get Information about Schools: academies and free schools by group',
  description: 'The trust, and where it has one the sponsor, of each open academy and free school.',
  publisher: DFE,
  pageUrl: 'https://get-information-schools.service.gov.uk/Downloads',
  traps: [
    'Only academies and free schools of today: a school that left a trust is simply no longer there, so ends of memberships are inferred (`toIsInferred`).',
    'A trust that is registered anew keeps the old days of joining, which can be earlier than the trust itself (`fromIsInferred`).',
    'A school can be in a trust and under a sponsor at once.',
    'The published header has one column more than every row.',
  ],
  schedule: 'NIGHTLY',
  source: { kind: 'gias', file: 'grouplinks_edubaseallacademiesandfree' },
  encoding: 'windows-1252',
  // The published header ends with HasSharedHT, which no row has.
  tolerates: { missingTrailingFields: 1 },
  maximumRejectedShare: 0.001,
  table: 'group_membership',
  key: ['urn', 'group_uid'],
  fields: {
    urn: integer('URN', { required: true, minimum: 100_000, maximum: 999_999 }),
    group_uid: text('Linked UID', { required: true }),
    group_type_code: codeOf(
      GROUP_TYPES,
      { code: 'Group Type (code)', name: 'Group Type' },
      { required: true },
    ),
    joined_on: date('Joined date'),
  },
};

export default giasGroupLinks;
