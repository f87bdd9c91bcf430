/** GIAS establishments: every school and college the register has known, open or closed. */
import { DFE, type RegisterDataSet } from '../declaration.js';
import { date, decimal, integer, laEstab, oneOf, text, textUnless } from '../register-field.js';
import {
  ADMISSIONS_POLICIES,
  GENDERS,
  PHASES,
  SIXTH_FORMS,
  STATUSES,
  TYPE_GROUPS,
} from './shared/gias-code-lists.js';

const optional = { optional: true };

const giasEstablishments: RegisterDataSet = {
  kind: 'register',
  id: 'gias-establishments',
  title: 'Get Information about Schools: establishments',
  description:
    'The register of schools and colleges in England, open and closed, as on the day of the extract.',
  publisher: DFE,
  pageUrl: 'https://get-information-schools.service.gov.uk/Downloads',
  traps: [
    'A school that becomes an academy gets a new URN and often keeps its LAESTAB: a LAESTAB is not one school for ever.',
    'An empty open date means that the school opened before records began; 01/01/1900 and 01/01/1902 mean the same.',
    'Columns come and go: 140 in 2024, 135 in 2026, when all about Ofsted were gone. Only the columns that are used are required.',
    'Most facts can be missing: see each field’s null.',
    'The publisher has answered with a page or an error under status 200: then the extract of the day before is read.',
  ],
  schedule: 'NIGHTLY',
  source: { kind: 'gias', file: 'edubasealldata' },
  encoding: 'windows-1252',
  maximumRejectedShare: 0.001,
  table: 'school',
  key: ['urn'],
  fields: {
    urn: integer('URN', { required: true, minimum: 100_000, maximum: 999_999 }),
    la_code: text('LA (code)'),
    establishment_number: text('EstablishmentNumber'),
    la_estab: laEstab('LA (code)', 'EstablishmentNumber'),
    name: text('EstablishmentName', { required: true }),
    type_code: text('TypeOfEstablishment (code)'),
    type_name: text('TypeOfEstablishment (name)'),
    type_group: oneOf(TYPE_GROUPS, {
      code: 'EstablishmentTypeGroup (code)',
      name: 'EstablishmentTypeGroup (name)',
    }),
    status: oneOf(
      STATUSES,
      { code: 'EstablishmentStatus (code)', name: 'EstablishmentStatus (name)' },
      { required: true },
    ),
    phase: oneOf(PHASES, { code: 'PhaseOfEducation (code)', name: 'PhaseOfEducation (name)' }),
    opened_on: date('OpenDate'),
    closed_on: date('CloseDate'),
    reason_opened: textUnless(
      'ReasonEstablishmentOpened (name)',
      ['Not applicable', 'Not Recorded'],
      optional,
    ),
    reason_closed: textUnless(
      'ReasonEstablishmentClosed (name)',
      ['Not applicable', 'Not Recorded'],
      optional,
    ),
    low_age: integer('StatutoryLowAge', { optional: true, maximum: 99 }),
    high_age: integer('StatutoryHighAge', { optional: true, maximum: 99 }),
    gender: oneOf(GENDERS, { name: 'Gender (name)' }, optional),
    religious_character: text('ReligiousCharacter (name)', optional),
    admissions_policy: oneOf(ADMISSIONS_POLICIES, { name: 'AdmissionsPolicy (name)' }, optional),
    nursery_provision: text('NurseryProvision (name)', optional),
    official_sixth_form: oneOf(SIXTH_FORMS, { name: 'OfficialSixthForm (name)' }, optional),
    capacity: integer('SchoolCapacity', optional),
    number_of_pupils: integer('NumberOfPupils', optional),
    percentage_fsm: decimal('PercentageFSM', optional),
    census_on: date('CensusDate', optional),
    ukprn: text('UKPRN', optional),
    company_number: text('CHNumber', optional),
    street: text('Street', optional),
    town: text('Town', optional),
    postcode: text('Postcode', optional),
    website: text('SchoolWebsite', optional),
    region_letter: text('GOR (code)', optional),
    urban_rural: text('UrbanRural (name)', optional),
    easting: integer('Easting', optional),
    northing: integer('Northing', optional),
  },
};

export default giasEstablishments;
