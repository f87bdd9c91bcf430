// Writes the register's groups, the academies' links to them, and the links between predecessors and successors.
// Rule: headers, date formats and the missing last field of every group link are the publisher's own.
import { dayMonthYear } from './academic-years.js';
import { type Cell, registerFile, type SampleFile } from './csv.js';
import { GROUP_TYPES, type Group, type Membership } from './groups.js';
import { PHASES, TYPES } from './register-codes.js';
import { kindOf } from './school-kinds.js';
import type { Link } from './schools.js';

export const GROUP_HEADER = [
  'Group UID',
  'Group ID',
  'Group Name',
  'Companies House Number',
  'Group Type (code)',
  'Group Type',
  'Closed Date',
  'Open date',
  'Incorporated on (open date)',
  'Group Status (code)',
  'Group Status',
  'Group Street',
  'Group Locality',
  'Group Address 3',
  'Group Town',
  'Group County',
  'Group Postcode',
  'Head of Group Title',
  'Head of Group First Name',
  'Head of Group Last Name',
  'UKPRN',
] as const;

export const GROUP_LINK_HEADER = [
  'URN',
  'Linked UID',
  'Group Name',
  'Companies House Number',
  'Group Type',
  'Group Type (code)',
  'Closed Date',
  'Open date',
  'Incorporated on (open date)',
  'Group Status',
  'Group Status (code)',
  'FederationType',
  'Joined date',
  'EstablishmentName',
  'TypeOfEstablishment (code)',
  'TypeOfEstablishment (name)',
  'PhaseOfEducation (code)',
  'PhaseOfEducation (name)',
  'LA (code)',
  'LA (name)',
  'HasSharedHT',
] as const;

export const ALL_LINKS_HEADER = [
  'URN',
  'Group UID',
  'Group ID',
  'Group Name',
  'Companies House Number',
  'Group Type (code)',
  'Group Type',
  'Closed Date',
  'Open date',
  'Incorporated on (open date)',
  'Group Status (code)',
  'Group Status',
  'Joined date',
  'EstablishmentName',
  'TypeOfEstablishment (code)',
  'TypeOfEstablishment (name)',
  'PhaseOfEducation (code)',
  'PhaseOfEducation (name)',
  'LA (code)',
  'LA (name)',
] as const;

export const LINK_HEADER = ['URN', 'LinkURN', 'LinkName', 'LinkType', 'LinkEstablishedDate'] as const;

export function groupFile(path: string, groups: readonly Group[]): SampleFile {
  const rows = groups.map((group): Cell[] => {
    const known: Partial<Record<(typeof GROUP_HEADER)[number], string>> = {
      'Group UID': String(group.uid),
      'Group ID': group.id,
      'Group Name': group.name,
      'Companies House Number': group.company,
      'Group Type (code)': group.type,
      'Group Type': GROUP_TYPES[group.type],
      'Closed Date': dayMonthYear(group.closed, '/'),
      'Open date': dayMonthYear(group.opened, '/'),
      'Incorporated on (open date)': dayMonthYear(group.incorporated, '/'),
      'Group Status (code)': group.closed === null ? 'OPEN' : 'CLOSED',
      'Group Status': group.closed === null ? 'Open' : 'Closed',
      'Group County': 'Not recorded',
      'Head of Group Title': 'Not recorded',
      UKPRN: group.ukprn,
    };
    return GROUP_HEADER.map((column) => known[column] ?? '');
  });
  return registerFile(path, GROUP_HEADER, rows);
}

/** Trusts and sponsors of the academies of the day. The publisher's rows have no field for the header's last column. */
export function groupLinkFile(path: string, memberships: readonly Membership[]): SampleFile {
  const rows = memberships
    .filter(({ group, to }) => to === null && group.type !== '01')
    .sort((a, b) => a.school.urn - b.school.urn || a.group.uid - b.group.uid)
    .map(({ school, group, from }): Cell[] => {
      const phase = kindOf(school.site.kind).phase;
      return [
        school.urn,
        group.uid,
        group.name,
        group.company,
        GROUP_TYPES[group.type],
        group.type,
        dayMonthYear(group.closed, '-'),
        dayMonthYear(group.opened, '-'),
        dayMonthYear(group.incorporated, '-'),
        'Open',
        'OPEN',
        '',
        dayMonthYear(from, '-'),
        school.name,
        school.type,
        TYPES[school.type][0],
        phase,
        PHASES[phase]!,
        school.la.code,
        school.la.name,
      ];
    });
  return registerFile(path, GROUP_LINK_HEADER, rows);
}

/** Every member of every group, those of closed groups too; when a school left is not told. */
export function allLinksFile(path: string, memberships: readonly Membership[]): SampleFile {
  const rows = [...memberships]
    .sort((a, b) => a.school.urn - b.school.urn || a.group.uid - b.group.uid)
    .map(({ school, group, from }): Cell[] => {
      const phase = kindOf(school.site.kind).phase;
      return [
        school.urn,
        group.uid,
        group.id,
        group.name,
        group.company,
        group.type,
        GROUP_TYPES[group.type],
        dayMonthYear(group.closed, '/'),
        dayMonthYear(group.opened, '/'),
        dayMonthYear(group.incorporated, '/'),
        group.closed === null ? 'OPEN' : 'CLOSED',
        group.closed === null ? 'Open' : 'Closed',
        dayMonthYear(from, '/'),
        school.name,
        school.type,
        TYPES[school.type][0],
        phase,
        PHASES[phase]!,
        school.la.code,
        school.la.name,
      ];
    });
  return registerFile(path, ALL_LINKS_HEADER, rows);
}

export function linkFile(path: string, links: readonly Link[]): SampleFile {
  const rows = [...links]
    .sort((a, b) => a.from.urn - b.from.urn || a.to.urn - b.to.urn)
    .map(({ from, to, type, day }): Cell[] => [from.urn, to.urn, to.name, type, dayMonthYear(day, '-')]);
  return registerFile(path, LINK_HEADER, rows);
}
