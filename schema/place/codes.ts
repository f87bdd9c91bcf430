/**
 * Codes: what arguments name places by. Each is checked here and nowhere else. What cannot be a code is refused, and so is one
 * that a filter names and that there is not: an empty answer would look like a finding. Only a place that is looked up by its own
 * code may be missing, and is then null.
 */
import type { SchoolGraphError } from '../../src/errors.js';
import { MAXIMUM_LIST } from '../../src/limits.js';
import { entriesOf, refused, refuseLonger } from '../../src/refused.js';
import type { Known } from '../select/known.js';

const SMALLEST_URN = 100_000;
const LARGEST_URN = 999_999;

export const isAuthorityCode = (code: string): boolean => /^(\d{3}|E\d{8})$/.test(code);
export const isGssCode = (code: string): boolean => code.startsWith('E');
export const isRegionCode = (code: string): boolean => /^E1[23]\d{6}$/.test(code);
export const isUid = (uid: string): boolean => /^\d{1,8}$/.test(uid);
export const isUrn = (urn: number): boolean => urn >= SMALLEST_URN && urn <= LARGEST_URN;

export const notAnAuthority = (where: string): SchoolGraphError =>
  refused(where, 'a local authority has a 3-digit code such as 891, or a GSS code such as E10000024');
export const notARegion = (where: string): SchoolGraphError =>
  refused(
    where,
    'a region has a GSS code such as E12000007 (London), or E13000001 (Inner London). regions { code name } lists them',
  );
export const notATrust = (where: string): SchoolGraphError =>
  refused(where, 'a trust has a Group UID of digits, such as 5143');
export const notAUrn = (where: string): SchoolGraphError =>
  refused(where, 'a URN has six digits, such as 136205');

/** Why there is none of a code that could be one, and where those are that there are. */
export const NO_AUTHORITY =
  'no local authority has this code. Codes are of three digits (891) or nine characters (E10000024); localAuthorities(includeAbolished: true) { nodes { code gssCode name } } lists all';
export const NO_REGION = 'no region has this code';
export const NO_TRUST =
  'no trust has this Group UID. trusts(filter: { nameContains: "…" }) { nodes { uid name } } finds one by its name';
export const NO_SCHOOL =
  'no school of the register has this URN. search(text: "…") finds one by its name, or by another code';

/** 3-digit codes of the local authorities that an argument names, each once. Before the first load there is nothing to be wrong about. */
export function authoritiesIn(
  argument: string,
  codes: readonly string[],
  { localAuthorities }: Pick<Known, 'localAuthorities'>,
): string[] {
  refuseLonger(argument, codes, MAXIMUM_LIST);
  refuseUnless(isAuthorityCode, codes, argument, notAnAuthority);
  const isUnknown = (code: string) => localAuthorities.size > 0 && !localAuthorities.has(code);
  if (codes.some(isUnknown)) {
    throw refused(entriesOf(argument, codes, isUnknown), NO_AUTHORITY);
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
  refuseLonger(argument, codes, MAXIMUM_LIST);
  refuseUnless(isRegionCode, codes, argument, notARegion);
  const allowed = [...regions].filter(([, { isPart }]) => withParts || !isPart);
  const there = new Set(allowed.map(([code]) => code));
  const isUnknown = (code: string) => regions.size > 0 && !there.has(code);
  if (!codes.some(isUnknown)) return codes;
  const part = codes.find((code) => isUnknown(code) && regions.has(code));
  throw refused(
    entriesOf(argument, codes, part === undefined ? isUnknown : (code) => code === part),
    `${part === undefined ? NO_REGION : `no register says what lies in ${regions.get(part)!.name}`}. There are ${allowed.map(([code, { name }]) => `${code} (${name})`).join(', ')}`,
  );
}

/** Refuses trusts that no extract has had. */
export function trustsIn(
  argument: string,
  uids: readonly string[],
  { trusts }: Pick<Known, 'trusts'>,
): readonly string[] {
  refuseLonger(argument, uids, MAXIMUM_LIST);
  refuseUnless(isUid, uids, argument, notATrust);
  const isUnknown = (uid: string) => trusts.size > 0 && !trusts.has(uid);
  if (!uids.some(isUnknown)) return uids;
  throw refused(entriesOf(argument, uids, isUnknown), NO_TRUST);
}

/** Refuses what cannot be a code in a list; of those that can be, there may be none. */
export function refuseUnless<T>(
  isOne: (code: T) => boolean,
  codes: readonly T[] | null | undefined,
  argument: string,
  error: (where: string) => Error,
): void {
  const isNone = (code: T) => !isOne(code);
  if (codes?.some(isNone)) throw error(entriesOf(argument, codes, isNone));
}
