/** GIAS links: predecessors, successors, mergers and splits between URNs. About one in four has no date. */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { date, integer, text } from '../register-field.js';

const giasEstablishmentLinks: RegisterDataSet = {
  kind: 'register',
  id: 'gias-establishment-links',
  title: 'Get Information about Schools: links between establishments',
  description: 'Which establishment came before or after which, and how: a conversion, a merger, a split.',
  publisher: DFE,
  pageUrl: 'https://get-information-schools.service.gov.uk/Downloads',
  traps: [
    'About one link in four has no date, and some are stated by one of the two schools only; some form cycles. `predecessors`, `successors` and `lineage` are worked out of them (decision 11).',
  ],
  schedule: 'NIGHTLY',
  source: { kind: 'gias', file: 'links_edubasealldata' },
  encoding: 'windows-1252',
  maximumRejectedShare: 0.001,
  table: 'establishment_link',
  key: ['urn', 'link_urn', 'link_type'],
  fields: {
    urn: integer('URN', { required: true, minimum: 100_000, maximum: 999_999 }),
    link_urn: integer('LinkURN', { required: true, minimum: 100_000, maximum: 999_999 }),
    link_type: text('LinkType', { required: true }),
    link_name: text('LinkName', { required: true }),
    established_on: date('LinkEstablishedDate'),
  },
};

export default giasEstablishmentLinks;
