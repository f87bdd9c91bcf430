/**
 * school_lineage: the lineage of every school, worked out anew from the links and the register when either is published.
 * Only what differs is written. What was found on the way is told in one sentence a finding.
 */
import type { PoolClient } from 'pg';
import { columnsText } from './array-text.js';
import { type EstablishmentLink, type LineageFindings, type LinkedSchool, lineageOf } from './lineage.js';

const SENTENCES: Record<keyof LineageFindings, string> = {
  selfLinks: 'lead from a school to itself and were left out',
  oneSided: 'are stated by one of the two schools only, and were taken from it',
  directedByDates: 'say no direction or two: the school that ended later was taken as the successor',
  undecided: 'say no direction or two, and the dates do not tell: left out',
  cycleEdges: 'closed a cycle, leading from a later school to an earlier one, and were left out',
  notInRegister: 'lead to or from a URN that is not in the register',
  datesInferred: 'have no date, which was inferred from an opening or a closing',
  undated: 'have no date, and none could be inferred',
};

export async function rebuildSchoolLineage(client: PoolClient): Promise<string[]> {
  const links = await client.query<EstablishmentLink>(
    `SELECT urn, link_urn AS "linkUrn", link_type AS type, established_on::text AS "on"
     FROM establishment_link WHERE to_release IS NULL ORDER BY urn, link_urn, link_type`,
  );
  const schools = await client.query<LinkedSchool & { urn: number }>(
    `SELECT urn, opened_on::text AS "openedOn", closed_on::text AS "closedOn",
       coalesce(type_group IN ('ACADEMIES', 'FREE_SCHOOLS'), false) AS "isAcademy"
     FROM school WHERE to_release IS NULL`,
  );
  const { edges, findings } = lineageOf(
    links.rows,
    new Map(schools.rows.map((school) => [school.urn, school])),
  );
  await client.query(`
    CREATE TEMP TABLE lineage_now ON COMMIT DROP AS SELECT * FROM school_lineage WITH NO DATA`);
  await client.query(
    `INSERT INTO lineage_now SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::boolean[], $5::date[], $6::boolean[])`,
    columnsText(edges, 'predecessor', 'successor', 'event', 'eventIsInferred', 'on', 'onIsInferred'),
  );
  await client.query(`
    DELETE FROM school_lineage l WHERE NOT EXISTS (
      SELECT FROM lineage_now n WHERE n.predecessor_urn = l.predecessor_urn AND n.successor_urn = l.successor_urn);
    INSERT INTO school_lineage AS l SELECT * FROM lineage_now
    ON CONFLICT (predecessor_urn, successor_urn) DO UPDATE SET event = excluded.event,
      event_is_inferred = excluded.event_is_inferred, happened_on = excluded.happened_on, on_is_inferred = excluded.on_is_inferred
    WHERE (l.event, l.event_is_inferred, l.happened_on, l.on_is_inferred)
      IS DISTINCT FROM (excluded.event, excluded.event_is_inferred, excluded.happened_on, excluded.on_is_inferred)`);
  return Object.entries(SENTENCES).flatMap(([finding, sentence]) => {
    const found = findings[finding as keyof LineageFindings];
    return found > 0 ? [`lineage: ${found.toLocaleString('en-GB')} of the links ${sentence}`] : [];
  });
}
