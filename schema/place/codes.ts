/**
 * Codes: what arguments name places by. Each is checked here and nowhere else. What cannot be a code is refused, and so is one
 * that a filter names and that there is not: an empty answer would look like a finding. Only a place that is looked up by its own
 * code may be missing, and is then null.
 */
import { SchoolGraphError } from '../../src/errors.js';
import { refuseTooLong } from '../select/conditions.js';
import type { Known } from '../select/known.js';

/** Unknown codes of a list that are named in an error. */
const NAMED = 5;
const SMALLEST_URN = 100_000;
const LARGEST_URN = 999_999;

export const isAuthorityCode = (code: string): boolean => /^(\d{3}|E\d{8})$/.test(code);
export const isGssCode = (code: string): boolean => code.startsWith('E');
export const isRegionCode = (code: string): boolean => /^E1[23]\d{6}$/.test(code);
export const isUid = (uid: string): boolean => /^\d{1,8}$/.test(uid);
export const isUrn = (urn: number): boolean => urn >= SMALLEST_URN && urn <= LARGEST_URN;

const refused = (argument: string, what: string): SchoolGraphError =>
  new SchoolGraphError('BAD_USER_INPUT', `${argument}: ${what}`);

export const notAnAuthority = (argument: string): SchoolGraphError =>
  refused(argument, 'a local authority has a 3-digit code such as 891, or a GSS code such as E10000024');
export const notARegion = (argument: string): SchoolGraphError =>
  refused(
    argument,
    'a region has a GSS code such as E12000007 (London), or E13000001 (Inner London). regions { code name } lists them',
  );
export const notATrust = (argument: string): SchoolGraphError =>
  refused(argument, 'a trust has a Group UID of digits, such as 5143');
export const notAUrn = (argument: string): SchoolGraphError =>
  refused(argument, 'a URN has six digits, such as 136205');

/** 3-digit codes of the local authorities that an argument names, each once. Before the first load there is nothing to be wrong about. */
export function authoritiesIn(
  argument: string,
  codes: readonly string[],
  { localAuthorities }: Pick<Known, 'localAuthorities'>,
): string[] {
  refuseTooLong(argument, codes);
  if (!codes.every(isAuthorityCode)) throw notAnAuthority(argument);
  const unknown = localAuthorities.size === 0 ? [] : codes.filter((code) => !localAuthorities.has(code));
  if (unknown.length > 0) {
    throw refused(
      argument,
      `no local authority has the code ${someOf(unknown)}. Codes are of three digits (891) or nine characters (E10000024); localAuthorities(includeAbolished: true) { nodes { code gssCode name } } lists all`,
    );
  }
  return [...new Set(codes.map((code) => localAuthorities.get(code) ?? code))];
}

/** Refuses a region that there is not, or none that `withParts` allows: of Inner and Outer London nobody says what lies in them. */
export function regionsIn(
  argument: string,
  codes: readonly string[],
  { regions }: Pick<Known, 'regions'>,
  withParts = false,
): readonly string[] {
  refuseTooLong(argument, codes);
  if (!codes.every(isRegionCode)) throw notARegion(argument);
  const allowed = [...regions].filter(([, { isPart }]) => withParts || !isPart);
  const there = new Set(allowed.map(([code]) => code));
  const unknown = regions.size === 0 ? [] : codes.filter((code) => !there.has(code));
  if (unknown.length === 0) return codes;
  const part = unknown.map((code) => regions.get(code)).find((region) => region !== undefined);
  throw refused(
    argument,
    `${part ? `no register says what lies in ${part.name}` : `no region has the code ${someOf(unknown)}`}. There are ${allowed.map(([code, { name }]) => `${code} (${name})`).join(', ')}`,
  );
}

/** Refuses trusts that no extract has had. */
export function trustsIn(
  argument: string,
  uids: readonly string[],
  { trusts }: Pick<Known, 'trusts'>,
): readonly string[] {
  refuseTooLong(argument, uids);
  if (!uids.every(isUid)) throw notATrust(argument);
  const unknown = trusts.size === 0 ? [] : uids.filter((uid) => !trusts.has(uid));
  if (unknown.length === 0) return uids;
  throw refused(
    argument,
    `no trust has the Group UID ${someOf(unknown)}. trusts(filter: { nameContains: "…" }) { nodes { uid name } } finds one by its name`,
  );
}

/** Refuses what cannot be a URN or UID in a pasted list, of which those that there are are kept. */
export function refuseUnless<T>(
  isOne: (code: T) => boolean,
  codes: readonly T[] | null | undefined,
  error: () => Error,
): void {
  if (codes && !codes.every(isOne)) throw error();
}

/** Codes of a known form, quoted as they were given: each once. */
function someOf(codes: readonly string[]): string {
  const each = [...new Set(codes)];
  const more = each.length - NAMED;
  return `${each.slice(0, NAMED).join(', ')}${more > 0 ? ` (and ${more} more)` : ''}`;
}
