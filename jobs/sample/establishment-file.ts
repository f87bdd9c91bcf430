// Writes the register's establishments: one row per URN, open, closed and planned.
// Rule: only facts that follow from the made-up school are filled in; no person, telephone, website or inspection is made up.
import { addDays, dayMonthYear, REGISTER_CENSUS } from './academic-years.js';
import { type Cell, registerFile, type SampleFile } from './csv.js';
import { ESTABLISHMENT_HEADER, type EstablishmentColumn } from './establishment-header.js';
import { type Group, isTrust, type Membership } from './groups.js';
import { OVERSEAS } from './local-authorities.js';
import { Random } from './random.js';
import { REGION_BY_GSS } from './regions.js';
import { CLOSE_REASONS, OPEN_REASONS, PHASES, STATUSES, TYPE_GROUPS, TYPES } from './register-codes.js';
import { kindOf } from './school-kinds.js';
import { type Establishment, isOpenOn } from './schools.js';
import { placesOf, rollIn } from './sites.js';

const GENDERS = { '1': 'Boys', '2': 'Girls', '3': 'Mixed' } as const;
const FAITHS = {
  '00': 'Does not apply',
  '02': 'Church of England',
  '03': 'Roman Catholic',
  '06': 'None',
} as const;
const RURALITY: readonly (readonly [readonly [code: string, name: string], number])[] = [
  [['A1', 'Urban major conurbation'], 30],
  [['C1', 'Urban city and town'], 45],
  [['D1', 'Rural town and fringe'], 12],
  [['E1', 'Rural village'], 10],
  [['F1', 'Rural hamlet and isolated dwellings'], 3],
];
const NEEDS = [
  'ASD - Autistic Spectrum Disorder',
  'SEMH - Social, Emotional and Mental Health',
  'SLD - Severe Learning Difficulty',
  'MLD - Moderate Learning Difficulty',
  'SLCN - Speech, language and Communication',
] as const;
/** The register's sign for an unknown GSS code and for an unknown former authority. */
const UNKNOWN_GSS = 'X999999';
const NO_FORMER_LA = '999';

/** What the register calls authorities that a reorganisation ended, and the overseas ones. */
function registerName({ name, to, code }: Establishment['la']): string {
  if (code === OVERSEAS.code) return 'BFPO Overseas Establishments';
  if (to === null) return name;
  const year = to.slice(0, 4);
  return year === '2009' ? `Pre LGR (2009) ${name}` : `Pre-LGR ${year} ${name}`;
}

export function establishmentFile(
  path: string,
  seed: number,
  schools: readonly Establishment[],
  memberships: ReadonlyMap<Establishment, readonly Membership[]>,
): SampleFile {
  const random = new Random(seed, 'register');
  const rows = schools.map((school) => {
    const current = (memberships.get(school) ?? []).filter(({ to }) => to === null).map(({ group }) => group);
    const values = {
      ...identity(school),
      ...provision(school, random),
      ...pupils(school),
      ...grouping(school, current),
      ...place(school, random),
    };
    return ESTABLISHMENT_HEADER.map((column): Cell => values[column] ?? '');
  });
  return registerFile(path, ESTABLISHMENT_HEADER, rows);
}

type Values = Partial<Record<EstablishmentColumn, Cell>>;

function identity(school: Establishment): Values {
  const [typeName, typeGroup] = TYPES[school.type];
  const phase = kindOf(school.site.kind).phase;
  const [low, high] = school.site.ages;
  return {
    URN: school.urn,
    'LA (code)': school.la.code,
    'LA (name)': registerName(school.la),
    EstablishmentNumber: String(school.number),
    EstablishmentName: school.name,
    'TypeOfEstablishment (code)': school.type,
    'TypeOfEstablishment (name)': typeName,
    'EstablishmentTypeGroup (code)': typeGroup,
    'EstablishmentTypeGroup (name)': TYPE_GROUPS[typeGroup]!,
    'EstablishmentStatus (code)': school.status,
    'EstablishmentStatus (name)': STATUSES[school.status]!,
    'ReasonEstablishmentOpened (code)': school.openReason,
    'ReasonEstablishmentOpened (name)': OPEN_REASONS[school.openReason]!,
    OpenDate: dayMonthYear(school.opened, '-'),
    'ReasonEstablishmentClosed (code)': school.closeReason,
    'ReasonEstablishmentClosed (name)': CLOSE_REASONS[school.closeReason]!,
    CloseDate: dayMonthYear(school.closed, '-'),
    'PhaseOfEducation (code)': phase,
    'PhaseOfEducation (name)': PHASES[phase]!,
    StatutoryLowAge: low,
    StatutoryHighAge: high,
    UKPRN: school.closed === null ? school.site.ukprn : '',
    'PreviousLA (code)': school.previous?.code ?? NO_FORMER_LA,
    'PreviousLA (name)': school.previous ? registerName(school.previous) : '',
    PreviousEstablishmentNumber: school.previous ? String(school.number) : '',
    LastChangedDate: dayMonthYear(addDays('2026-08-28', -((school.urn * 37) % 700)), '-'),
  };
}

function provision({ site, type }: Establishment, random: Random): Values {
  const special = kindOf(site.kind).counted === 'Special' || site.kind === 'independentSpecial';
  const boarders = site.kind === 'independent' && random.chance(0.2);
  const secondary = site.kind === 'secondary' || site.kind === 'allThrough';
  const sixthForm = secondary ? (site.ages[1] >= 18 ? '1' : '2') : site.kind === 'primary' ? '2' : '0';
  const admissions = secondary ? (random.chance(0.05) ? '2' : '4') : '0';
  const unit = !special && random.chance(0.06);
  const needs = special ? random.shuffled(NEEDS).slice(0, random.integer(1, 3)) : [];
  return {
    'Boarders (code)': boarders ? '3' : '1',
    'Boarders (name)': boarders ? 'Boarding school' : 'No boarders',
    'NurseryProvision (name)':
      site.ages[0] < 4
        ? 'Has Nursery Classes'
        : site.kind === 'primary'
          ? 'No Nursery Classes'
          : 'Not applicable',
    'OfficialSixthForm (code)': sixthForm,
    'OfficialSixthForm (name)': {
      '0': 'Not applicable',
      '1': 'Has a sixth form',
      '2': 'Does not have a sixth form',
    }[sixthForm],
    'Gender (code)': site.gender,
    'Gender (name)': GENDERS[site.gender],
    'ReligiousCharacter (code)': site.faith,
    'ReligiousCharacter (name)': FAITHS[site.faith],
    'ReligiousEthos (name)': site.faith === '06' ? 'None' : 'Does not apply',
    'Diocese (code)': '0000',
    'Diocese (name)': 'Not applicable',
    'AdmissionsPolicy (code)': admissions,
    'AdmissionsPolicy (name)': { '0': 'Not applicable', '2': 'Selective', '4': 'Non-selective' }[admissions],
    'SpecialClasses (code)': unit ? '1' : '2',
    'SpecialClasses (name)': unit ? 'Has Special Classes' : 'No Special Classes',
    'FurtherEducationType (name)': type === '18' ? 'Sixth form college' : 'Not applicable',
    'TypeOfResourcedProvision (name)': unit ? 'SEN unit' : '',
    SenUnitOnRoll: unit ? '9' : '',
    SenUnitCapacity: unit ? '12' : '',
    'SEN1 (name)': needs[0] ?? '',
    'SEN2 (name)': needs[1] ?? '',
    'SEN3 (name)': needs[2] ?? '',
    'Section41Approved (name)': type === '10' ? 'Not approved' : 'Not applicable',
    'TeenMoth (name)': 'Not applicable',
    'CCF (name)': 'Not applicable',
    'SENPRU (name)': 'Not applicable',
    'EBD (name)': 'Not applicable',
    'EdByOther (name)': 'Not applicable',
  };
}

/** Pupils at the last census before the register's day: closed and brand-new schools have none on record. */
function pupils(school: Establishment): Values {
  const { site } = school;
  const capacity = placesOf(site);
  if (!isOpenOn(school, REGISTER_CENSUS)) return school.closed === null ? { SchoolCapacity: capacity } : {};
  if (school.closed !== null) return {};
  const roll = school.status === '3' ? 0 : rollIn(site, 6, yearsOpen(school, REGISTER_CENSUS));
  const share = { '1': 1, '2': 0, '3': site.boyShare }[site.gender];
  const boys = Math.round(roll * share);
  const free = kindOf(site.kind).counted === null ? 0 : Math.round(roll * site.fsmShare);
  return {
    SchoolCapacity: capacity,
    CensusDate: dayMonthYear(REGISTER_CENSUS, '-'),
    NumberOfPupils: String(roll),
    NumberOfBoys: String(boys),
    NumberOfGirls: String(roll - boys),
    PercentageFSM: roll === 0 ? '' : ((100 * free) / roll).toFixed(1),
    FSM: String(free),
  };
}

export function yearsOpen({ opened, openReason }: Establishment, day: string): number {
  return openReason === '06' && opened !== null
    ? Number(day.slice(0, 4)) - Number(opened.slice(0, 4)) - 1
    : 99;
}

function grouping(school: Establishment, groups: readonly Group[]): Values {
  const trust = groups.find(isTrust);
  const sponsor = groups.find(({ type }) => type === '05');
  const federation = groups.find(({ type }) => type === '01');
  const academy = TYPES[school.type][1] === '10' || TYPES[school.type][1] === '11';
  const flag = trust === undefined ? '0' : trust.type === '06' ? '3' : '5';
  return {
    'TrustSchoolFlag (code)': flag,
    'TrustSchoolFlag (name)': {
      '0': 'Not applicable',
      '3': 'Supported by a multi-academy trust',
      '5': 'Supported by a single-academy trust',
    }[flag],
    'Trusts (code)': trust ? String(trust.uid) : '',
    'Trusts (name)': trust?.name ?? '',
    'SchoolSponsorFlag (name)': sponsor ? 'Linked to a sponsor' : academy ? '-' : 'Not applicable',
    'SchoolSponsors (name)': sponsor?.name ?? '',
    'FederationFlag (name)': federation
      ? 'Supported by a federation'
      : academy
        ? 'Not applicable'
        : 'Not under a federation',
    'Federations (code)': federation ? String(federation.uid) : '',
    'Federations (name)': federation?.name ?? '',
  };
}

function place({ site, la }: Establishment, random: Random): Values {
  const region = REGION_BY_GSS.get(la.region);
  const [ruralCode, ruralName] = random.weighted(RURALITY);
  const district = region !== undefined && !la.gss.startsWith('E10');
  return {
    Street: site.street,
    Town: region ? 'Sampleton' : '',
    'County (name)': '',
    Postcode: region ? site.postcode : '',
    'GOR (code)': region?.letter ?? '',
    'GOR (name)': region?.registerName ?? '',
    'DistrictAdministrative (code)': district ? la.gss : '',
    'DistrictAdministrative (name)': district ? la.name : '',
    'UrbanRural (code)': region ? ruralCode : '',
    'UrbanRural (name)': region ? ruralName : '',
    'GSSLACode (name)': region ? la.gss : UNKNOWN_GSS,
    Easting: region ? site.easting : '',
    Northing: region ? site.northing : '',
    'Country (name)': 'United Kingdom',
  };
}
