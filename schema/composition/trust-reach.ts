/** How far the schools of each academy trust lie apart on a day: within one local authority, one region, or beyond. */
import { heldOn, trustMemberships } from '../school/trust-history.js';
import type { Select } from '../select/select.js';
import { empty, type Sql, sql } from '../select/sql.js';
import { phaseOf, providerOf, wasOpenOn } from './state-funded.js';

export const REACHES = {
  STANDALONE: 'One school.',
  ONE_LOCAL_AUTHORITY: 'Several schools of one local authority.',
  ONE_REGION: 'Schools in several local authorities of one region.',
  SEVERAL_REGIONS: 'Schools in several regions.',
} as const;
export type Reach = keyof typeof REACHES;

/** Those that reach beyond any one local authority. */
export const BEYOND: readonly Reach[] = ['ONE_REGION', 'SEVERAL_REGIONS'];

/** Keeps the schools of a place. */
export type OfPlace = (school: Sql) => Sql;
export const anywhere: OfPlace = () => sql`true`;

/** Memberships, of whatever time, of all trusts that ever had a school of a place: those of schools elsewhere too. */
export const membershipsAround = (ofPlace: OfPlace, select: Select): Sql => {
  const around = sql` WHERE e.group_uid IN (SELECT h.group_uid FROM group_membership h
    JOIN school s ON s.urn = h.urn AND ${select.valid(sql`s`)} WHERE ${ofPlace(sql`s`)})`;
  const urns = sql`SELECT e.urn FROM group_membership e${ofPlace === anywhere ? empty : around}`;
  return sql`SELECT * FROM ${trustMemberships(select, urns)} m`;
};

/**
 * Trusts that have state-funded schools in the place on a day: group_uid, reach, schools (those in the place). A school
 * is in one trust at a time, the one that School.trust(asAt) tells; a school whose local authority is not known widens
 * no trust.
 */
export const trustsOn = (
  ofPlace: OfPlace,
  day: Sql,
  memberships: Sql,
  select: Select,
): Sql => sql`SELECT * FROM (
  SELECT group_uid, CASE WHEN count(*) = 1 THEN 'STANDALONE'
      WHEN min(la_code) IS NOT DISTINCT FROM max(la_code) THEN 'ONE_LOCAL_AUTHORITY'
      WHEN min(region_code) IS NOT DISTINCT FROM max(region_code) THEN 'ONE_REGION'
      ELSE 'SEVERAL_REGIONS' END AS reach,
    count(*) FILTER (WHERE ${ofPlace(sql`y`)} AND ${providerOf()} IS NOT NULL AND ${phaseOf()} IS NOT NULL) AS schools
  FROM (
    SELECT DISTINCT ON (m.urn) m.group_uid, s.la_code, s.type_code, s.phase, a.region_code
    FROM ${memberships} m
    JOIN school s ON s.urn = m.urn AND ${select.valid(sql`s`)} AND ${wasOpenOn(sql`s`, day)}
    LEFT JOIN local_authority a ON a.code = s.la_code
    WHERE ${heldOn(sql`m`, day)}
    ORDER BY m.urn, m.began_on DESC NULLS LAST
  ) y GROUP BY group_uid) z WHERE schools > 0`;
