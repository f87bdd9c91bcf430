/** How far the schools of each academy trust lie apart on a day: within one local authority, one region, or beyond. */
import { trustMemberships } from '../school/trust-history.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';

export const REACHES = {
  STANDALONE: 'One school.',
  ONE_LOCAL_AUTHORITY: 'Several schools of one local authority.',
  ONE_REGION: 'Several local authorities of one region.',
  SEVERAL_REGIONS: 'Several regions.',
} as const;

/** Schools in trusts on a day: urn, group_uid, reach. */
export const trustReach = (day: Sql, select: Select): Sql => sql`(
  SELECT h.urn, h.group_uid,
    CASE WHEN count(*) OVER of_trust = 1 THEN 'STANDALONE'
      WHEN min(s.la_code) OVER of_trust = max(s.la_code) OVER of_trust THEN 'ONE_LOCAL_AUTHORITY'
      WHEN min(a.region_code) OVER of_trust = max(a.region_code) OVER of_trust THEN 'ONE_REGION'
      ELSE 'SEVERAL_REGIONS' END AS reach
  FROM ${trustMemberships(select, sql`SELECT urn FROM group_membership`)} h
  JOIN school s ON s.urn = h.urn AND ${select.valid(sql`s`)}
  JOIN local_authority a ON a.code = s.la_code
  WHERE (h.began_on IS NULL OR h.began_on <= ${day}) AND (h.ended_on IS NULL OR h.ended_on > ${day})
  WINDOW of_trust AS (PARTITION BY h.group_uid))`;
