// The register's groups: trusts, sponsors, federations, and who belonged to which from when to when.
// Rule: a school is in at most one trust on any day; a sponsor or federation comes on top of that.
import { addDays, SAMPLE_GIAS_DATE } from './academic-years.js';
import { Random } from './random.js';
import { type Establishment, isOpenOn } from './schools.js';
import type { TrustPlan } from './trusts.js';

export const GROUP_TYPES = {
  '01': 'Federation',
  '05': 'School sponsor',
  '06': 'Multi-academy trust',
  '10': 'Single-academy trust',
} as const;

export interface Group {
  uid: number;
  id: string;
  name: string;
  type: keyof typeof GROUP_TYPES;
  company: string;
  ukprn: string;
  /** Trusts are incorporated, sponsors and federations open. */
  incorporated: string | null;
  opened: string | null;
  closed: string | null;
  strictness: number;
}

export interface Membership {
  school: Establishment;
  group: Group;
  from: string;
  to: string | null;
}

const FIRST_UID = 90_001;
/** Types of school that stand in a group file only as academies do. */
const ACADEMY_GROUPS: readonly string[] = ['06', '10'];

export function isTrust(group: Group): boolean {
  return ACADEMY_GROUPS.includes(group.type);
}

export function formGroups(
  seed: number,
  plans: readonly TrustPlan[],
  schools: readonly Establishment[],
): { groups: Group[]; memberships: Membership[] } {
  const random = new Random(seed, 'groups');
  const groups: Group[] = [];
  const memberships: Membership[] = [];
  const bySite = new Map<Establishment['site'], Establishment[]>();
  for (const school of schools) bySite.set(school.site, [...(bySite.get(school.site) ?? []), school]);

  const found = (values: Partial<Group> & Pick<Group, 'name' | 'type'>): Group => {
    const uid = FIRST_UID + groups.length;
    const company = isTrust(values as Group);
    const group: Group = {
      uid,
      id: company ? `TR${uid}` : values.type === '05' ? `SP${uid}` : '',
      company: company ? `99${String(uid).padStart(6, '0')}` : '',
      ukprn: company ? `999${uid}` : '',
      incorporated: null,
      opened: null,
      closed: null,
      strictness: 1,
      ...values,
    };
    groups.push(group);
    return group;
  };
  const single = (school: Establishment, to: string): void => {
    const group = found({
      name: `${school.name} Trust`,
      type: '10',
      incorporated: addDays(school.opened!, -random.integer(40, 120)),
      closed: to,
      strictness: random.factor(0.15),
    });
    memberships.push({ school, group, from: school.opened!, to });
  };

  for (const plan of plans) {
    const trust = found({
      name: plan.name,
      type: plan.kind === 'MAT' ? '06' : '10',
      strictness: plan.strictness,
    });
    const joined: string[] = [];
    const members: Membership[] = [];
    for (const site of plan.sites) {
      const academies = bySite.get(site)!.filter((school) => isAcademy(school) && school.status !== '4');
      for (const school of academies) {
        if (school.closed !== null) {
          single(school, school.closed);
          continue;
        }
        const moved =
          plan.kind === 'MAT' && school.status === '1' && school.opened! < '2022-01-01' && random.chance(0.1);
        const from = moved
          ? `${random.integer(Number(school.opened!.slice(0, 4)) + 1, 2026)}-${random.pick(['01', '04', '09'])}-01`
          : school.opened!;
        const joinDay = from > SAMPLE_GIAS_DATE && moved ? '2026-04-01' : from;
        if (moved) single(school, addDays(joinDay, -1));
        members.push({ school, group: trust, from: joinDay, to: null });
        joined.push(joinDay);
      }
    }
    const [firstJoined] = [...joined, SAMPLE_GIAS_DATE].sort();
    trust.incorporated = addDays(firstJoined!, -random.integer(40, 400));
    memberships.push(...members);
    if (plan.sponsor) {
      const sponsor = found({
        name: plan.name,
        type: '05',
        opened: addDays(trust.incorporated, random.integer(0, 300)),
      });
      for (const { school, from } of members) {
        if (openReasonIsConversion(school) && random.chance(0.4)) continue;
        memberships.push({ school, group: sponsor, from, to: null });
      }
    }
  }
  federate(schools, found, memberships, random);
  return { groups, memberships };
}

function isAcademy({ type }: Establishment): boolean {
  return Number(type) >= 28 && type !== '31';
}

function openReasonIsConversion(school: Establishment): boolean {
  return school.openReason === '10';
}

/** A few pairs of maintained primary schools of one authority under one governing body. */
function federate(
  schools: readonly Establishment[],
  found: (values: Partial<Group> & Pick<Group, 'name' | 'type'>) => Group,
  memberships: Membership[],
  random: Random,
): void {
  const waiting = new Map<string, Establishment>();
  for (const school of schools) {
    if (
      school.site.kind !== 'primary' ||
      !['01', '02', '03'].includes(school.type) ||
      !isOpenOn(school, SAMPLE_GIAS_DATE)
    )
      continue;
    const partner = waiting.get(school.la.code);
    waiting.set(school.la.code, school);
    if (!partner || !random.chance(0.03)) continue;
    const opened = `${random.integer(2012, 2025)}-09-01`;
    const from = [opened, school.opened ?? '', partner.opened ?? ''].reduce((a, b) => (a > b ? a : b));
    const group = found({ name: `The Sample ${school.site.stem} Federation`, type: '01', opened: from });
    memberships.push({ school: partner, group, from, to: null }, { school, group, from, to: null });
    waiting.delete(school.la.code);
  }
}

/** The trust a school was in on a day. */
export function trustOn(memberships: readonly Membership[] | undefined, day: string): Group | undefined {
  return memberships?.find(
    ({ group, from, to }) => isTrust(group) && from <= day && (to === null || day <= to),
  )?.group;
}

export function membershipsBySchool(memberships: readonly Membership[]): Map<Establishment, Membership[]> {
  const bySchool = new Map<Establishment, Membership[]>();
  for (const one of memberships) bySchool.set(one.school, [...(bySchool.get(one.school) ?? []), one]);
  return bySchool;
}
