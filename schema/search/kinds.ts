/** What can be searched for, and what of it a text can match. */
import { describedEnum } from '../enum-of.js';

/** In the order in which they stand where they match alike. */
export const KINDS = {
  REGION: 'Regions.',
  LOCAL_AUTHORITY: 'Local authorities, abolished ones too.',
  TRUST: 'Academy trusts, open or closed.',
  SCHOOL: 'Schools of the register, open or closed.',
  INDICATOR: 'Indicators of the catalogue.',
  DATA_SET: 'Data sets.',
} as const;
export type SearchKindName = keyof typeof KINDS;
export const SearchKind = describedEnum('SearchKind', 'What can be searched for.', KINDS);

const FIELDS = {
  NAME: 'The name of today.',
  PREVIOUS_NAME: 'A name that it had in an earlier extract of the register, or under an earlier code.',
  PREDECESSOR_NAME: 'The name of a school that it came out of (see lineage).',
  URN: 'The URN of a school.',
  LAESTAB: 'The LAESTAB of a school, with a slash or without.',
  UKPRN: 'The UK provider reference number.',
  COMPANY_NUMBER: 'The Companies House number of a trust.',
  UID: 'The Group UID of a trust.',
  GROUP_ID: 'The Group ID of a trust: TR00044.',
  CODE: 'The 3-digit code of a local authority.',
  GSS_CODE: 'A GSS code: of a local authority any that it has had.',
  POSTCODE: 'The postcode, or a part of it from its beginning.',
  ID: 'The id of an indicator or a data set.',
  DEFINITION: 'The definition of an indicator or the description of a data set.',
} as const;
export type SearchFieldName = keyof typeof FIELDS;
export const SearchField = describedEnum(
  'SearchField',
  'What of a place or an indicator a text matched.',
  FIELDS,
);
