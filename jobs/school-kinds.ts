/**
 * Kinds of schools: what schools are mostly counted by, and can be filtered by in number. There are a tenth as many as
 * schools, and each figure of a school says of which kind the school is now (school_observation.kind), so that what schools
 * of a kind have can be put together without looking at each. Only differences are written.
 */
import type { PoolClient } from 'pg';

/** The columns of school in which schools of a kind are the same. */
const KIND = ['status', 'phase', 'type_code', 'type_group', 'la_code'] as const;

/** The number of the kind of a row of school: the same for the same columns, whenever it is worked out. */
const kindOf = (row: string): string =>
  KIND.reduce((seed, column) => `hashtextextended(coalesce(${row}.${column}, ''), ${seed})`, '0');

/** A query of the schools of the register with their kinds. */
export const KIND_OF_EACH = `SELECT s.urn, ${kindOf('s')} AS kind FROM school s WHERE s.to_release IS NULL OFFSET 0`;

export async function rebuildSchoolKinds(client: PoolClient): Promise<void> {
  const columns = KIND.join(', ');
  await client.query(`
    SET LOCAL enable_nestloop = off;
    CREATE TEMP TABLE kind_of_each AS ${KIND_OF_EACH};
    CREATE TEMP TABLE kinds AS
    SELECT k.kind, ${columns}, count(*)::int AS schools
    FROM school s JOIN kind_of_each k ON k.urn = s.urn WHERE s.to_release IS NULL GROUP BY k.kind, ${columns};
    DELETE FROM school_kind k WHERE NOT EXISTS (SELECT FROM kinds n WHERE n.kind = k.kind);
    UPDATE school_kind k SET schools = n.schools FROM kinds n WHERE n.kind = k.kind AND n.schools <> k.schools;
    INSERT INTO school_kind (kind, ${columns}, schools)
    SELECT n.kind, ${columns}, n.schools FROM kinds n WHERE NOT EXISTS (SELECT FROM school_kind k WHERE k.kind = n.kind);
    UPDATE school_observation o SET kind = k.kind FROM kind_of_each k WHERE k.urn = o.urn AND o.kind IS DISTINCT FROM k.kind;
    UPDATE school_observation o SET kind = NULL
    WHERE o.kind IS NOT NULL AND NOT EXISTS (SELECT FROM kind_of_each k WHERE k.urn = o.urn);
    DROP TABLE kind_of_each, kinds;
    SET LOCAL enable_nestloop = on`);
}
