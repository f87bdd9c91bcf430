// Turns sites into the register's establishments: openings, conversions to academies, mergers, closures, and their links.
// Rule: on any day at most one establishment of a site is open, and a predecessor closes the day before its successor opens.
import { addDays, SAMPLE_GIAS_DATE } from './academic-years.js';
import { ABOLISHED, authorityOn, type LocalAuthority, OVERSEAS } from './local-authorities.js';
import { Random } from './random.js';
import type { TypeCode } from './register-codes.js';
import { kindOf } from './school-kinds.js';
import type { Site } from './sites.js';
import type { TrustPlan } from './trusts.js';

export interface Establishment {
  site: Site;
  urn: number;
  name: string;
  type: TypeCode;
  number: number;
  /** The authority it is (or last was) in, and the one before it where that had another code. */
  la: LocalAuthority;
  previous: LocalAuthority | null;
  /** Null: before records began. */
  opened: string | null;
  openReason: string;
  closed: string | null;
  closeReason: string;
  status: '1' | '2' | '3' | '4';
}

export interface Link {
  from: Establishment;
  to: Establishment;
  type: string;
  day: string | null;
}

export interface Schools {
  /** In the order of their URNs. */
  establishments: Establishment[];
  links: Link[];
}

const FIRST_URN = 900_001;
/** A sentinel of the register: the day is not known. */
const UNKNOWN_DAY = '1900-01-01';
/** How far a new establishment number lies from the site's own; sites keep room for them. */
const NEW_NUMBER = { sponsored: 1, merged: 2, abolished: 3 };
/** Schools that are about to close and had no pupils left at the last census. */
const EMPTIED = 3;

export function isOpenOn(school: Establishment, day: string): boolean {
  return (
    school.status !== '4' && (school.opened ?? '') <= day && (school.closed === null || day <= school.closed)
  );
}

export function openSchools(seed: number, sites: readonly Site[], plans: readonly TrustPlan[]): Schools {
  const random = new Random(seed, 'schools');
  const establishments: Establishment[] = [];
  const links: Link[] = [];
  const inTrust = new Map(plans.flatMap((plan) => plan.sites.map((site) => [site, plan] as const)));

  const add = (site: Site, values: Partial<Establishment>): Establishment => {
    const school: Establishment = {
      site,
      urn: 0,
      name: schoolName(site),
      type: site.type,
      number: site.number,
      la: OVERSEAS,
      previous: null,
      opened: null,
      openReason: '00',
      closed: null,
      closeReason: '00',
      status: '1',
      ...values,
    };
    establishments.push(school);
    return school;
  };
  const succeed = (before: Establishment, after: Establishment, kind: '' | ' - amalgamated'): void => {
    const known = random.chance(0.88);
    links.push({ from: before, to: after, type: `Successor${kind}`, day: known ? before.closed : null });
    links.push({ from: after, to: before, type: `Predecessor${kind}`, day: known ? after.opened : null });
  };

  for (const site of sites) {
    const academy = kindOf(site.kind).academy;
    if (!inTrust.has(site) || !academy) {
      add(site, ordinaryOpening(random));
      continue;
    }
    const route = random.weighted([
      ['converter', 64],
      ['sponsored', 18],
      ['free', 18],
    ] as const);
    if (route === 'free') {
      const opened = `${random.integer(2011, 2026)}-09-01`;
      add(site, {
        type: random.weighted(academy.free),
        opened,
        openReason: '06',
        name: academyName(site, random),
      });
      continue;
    }
    const opened = conversionDay(random, route === 'converter' ? 2011 : 2008);
    const converted = route === 'converter';
    const first = add(site, {
      ...ordinaryOpening(random),
      closed: addDays(opened, -1),
      closeReason: converted ? '10' : '06',
    });
    if (first.opened !== null && first.opened > first.closed!) first.opened = null;
    const type = converted ? academy.converter : academy.sponsored;
    const number = converted || random.chance(0.5) ? site.number : site.number + NEW_NUMBER.sponsored;
    const name = academyName(site, random);
    const second = add(site, { type, opened, openReason: converted ? '10' : '04', number, name });
    succeed(first, second, '');
    if (opened < '2019-01-01' && random.chance(0.03)) {
      const again = `${random.integer(2021, 2025)}-09-01`;
      second.closed = addDays(again, -1);
      second.closeReason = '04';
      succeed(
        second,
        add(site, { type: academy.sponsored, opened: again, openReason: '04', number, name }),
        '',
      );
    }
  }

  const independent = establishments.filter(({ site, closed }) => !inTrust.has(site) && closed === null);
  closeSome(independent, random);
  for (const [a, b] of mergers(independent, random)) {
    const opened = `${random.integer(2012, 2025)}-09-01`;
    const united = add(a.site, {
      opened,
      openReason: '01',
      number: a.site.number + NEW_NUMBER.merged,
      name: `${a.name} and ${b.site.stem}`,
    });
    for (const before of [a, b]) {
      before.opened = null;
      before.closed = addDays(opened, -1);
      before.closeReason = '01';
      succeed(before, united, ' - amalgamated');
    }
  }
  for (const { la, area } of ABOLISHED) {
    const example = sites.find((site) => site.area === area && site.kind === 'primary');
    if (!example) continue;
    const stem = `${example.stem} Old`;
    const site = {
      ...example,
      stem,
      faith: '00' as const,
      type: '01' as const,
      number: example.number + NEW_NUMBER.abolished,
      index: -1,
    };
    const closed = `${Number(la.to!.slice(0, 4)) - 1}-08-31`;
    add(site, { la, name: schoolName(site), type: '01', closed, closeReason: '02' });
  }
  settle(establishments, random);
  return { establishments, links };
}

function ordinaryOpening(random: Random): Partial<Establishment> {
  if (random.chance(0.7)) return {};
  if (random.chance(0.04)) return { opened: UNKNOWN_DAY };
  return { opened: `${random.integer(1968, 2009)}-${random.pick(['01', '04', '09'])}-01`, openReason: '06' };
}

/** The first of a month, September most of all, up to the register's own day. */
function conversionDay(random: Random, firstYear: number): string {
  const month = random.chance(0.45) ? 9 : random.integer(1, 12);
  const year = random.integer(firstYear, 2026);
  const day = `${year}-${String(month).padStart(2, '0')}-01`;
  return day <= SAMPLE_GIAS_DATE ? day : `${year - 2}${day.slice(4)}`;
}

function closeSome(schools: readonly Establishment[], random: Random): void {
  for (const school of schools) {
    if (!random.chance(0.035) || school.site.area === '201' || school.site.area === '420') continue;
    school.closed = `${random.integer(2010, 2026)}-${random.pick(['08', '08', '12'])}-31`;
    if (school.closed > SAMPLE_GIAS_DATE) school.closed = '2026-08-31';
    school.closeReason = '02';
  }
}

/** Pairs of maintained primary schools of one authority that become one school. */
function mergers(schools: readonly Establishment[], random: Random): [Establishment, Establishment][] {
  const pairs: [Establishment, Establishment][] = [];
  const byArea = new Map<string, Establishment[]>();
  for (const school of schools) {
    if (school.site.kind !== 'primary' || school.type !== '01' || school.closed !== null) continue;
    byArea.set(school.site.area, [...(byArea.get(school.site.area) ?? []), school]);
  }
  for (const [a, b, spare] of byArea.values()) {
    if (a && b && spare && random.chance(0.2)) pairs.push([a, b]);
  }
  return pairs;
}

/** Last of all: statuses, authorities, and URNs in the order of opening. */
function settle(establishments: Establishment[], random: Random): void {
  const current = establishments.filter(({ closed }) => closed === null);
  const small = current.filter(({ site }) => kindOf(site.kind).counted === 'State-funded primary');
  for (const school of random.shuffled(small.filter(({ opened }) => opened === null)).slice(0, EMPTIED))
    school.status = '3';
  const planned = random
    .shuffled(current.filter(({ type, opened }) => type === '35' && opened! >= '2024'))
    .slice(0, 4);
  for (const school of planned) {
    school.status = '4';
    school.opened = '2027-09-01';
  }
  for (const school of establishments) {
    if (school.closed !== null) school.status = '2';
    const { area, number } = school.site;
    if (school.la === OVERSEAS) school.la = registerAuthority(area, school.closed, number);
    const before = authorityOn(area, school.opened ?? '', number);
    school.previous =
      before.code === school.la.code || before.code === 'x' || area !== school.la.code ? null : before;
  }
  const byOpening = (school: Establishment): string =>
    school.openReason === '00' ? '' : (school.opened ?? '');
  establishments.sort((a, b) => (byOpening(a) < byOpening(b) ? -1 : byOpening(a) > byOpening(b) ? 1 : 0));
  establishments.forEach((school, i) => {
    school.urn = FIRST_URN + i;
  });
}

/** The register moves closed schools to a new GSS code, but leaves them under an old code of three digits. */
function registerAuthority(area: string, closed: string | null, number: number): LocalAuthority {
  const last = authorityOn(area, closed ?? SAMPLE_GIAS_DATE, number);
  return last.code === area ? authorityOn(area, SAMPLE_GIAS_DATE, number) : last;
}

const FAITH_WORDS: Readonly<Record<string, string>> = { '02': 'Church of England ', '03': 'Catholic ' };

function schoolName({ stem, faith, kind, ages }: Site): string {
  const label =
    kind === 'primary' && ages[0] === 7
      ? 'Junior School'
      : kind === 'primary' && ages[1] === 7
        ? 'Infant School'
        : kindOf(kind).label;
  return `Sample ${stem} ${FAITH_WORDS[faith] ?? ''}${label}`;
}

function academyName(site: Site, random: Random): string {
  if (random.chance(0.35)) return schoolName(site);
  const word =
    site.kind === 'primary'
      ? 'Primary Academy'
      : site.kind === 'sixteenPlus'
        ? 'Sixth Form Academy'
        : 'Academy';
  return `Sample ${site.stem} ${FAITH_WORDS[site.faith] ?? ''}${word}`;
}
