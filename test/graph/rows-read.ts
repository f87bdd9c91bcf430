/** Rows read: what Postgres goes through to answer a statement, counted node by node and never timed. */
import pg from 'pg';
import type { Issued } from './issued.js';
import type { Tables } from './tables.js';

/** A node of a plan that reads a table. */
export interface Scan {
  table: string;
  /** Index Scan using school_now … */
  how: string;
  /** Rows that it came upon, those included that a filter then threw away. A look that finds nothing counts as one. */
  rows: number;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

const EXPLAIN = 'EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF)';

/** The scans of a statement under the plan that the server has for it: the one for any values. */
export async function scansOf({ text, values }: Issued, tables: Tables): Promise<Scan[]> {
  // A cursor is planned for its values; anything else is prepared, and EXECUTE knows values only as literals.
  if (text.startsWith('DECLARE ')) return scans(await tables.rows(`${EXPLAIN} ${text}`, values));
  await tables.rows(`PREPARE asked AS ${text}`);
  try {
    return scans(await tables.rows(`${EXPLAIN} EXECUTE asked${await literals(values, tables)}`));
  } finally {
    await tables.rows('DEALLOCATE asked');
  }
}

/** Values as the driver writes them, which Postgres itself tells. */
async function literals(values: unknown[], tables: Tables): Promise<string> {
  if (values.length === 0) return '';
  const asText = values.map((_, at) => `$${at + 1}::text`).join(', ');
  const [{ written }] = await tables.rows(`SELECT ARRAY[${asText}] AS written`, values);
  const each = (written as (string | null)[]).map((value) =>
    value === null ? 'NULL' : pg.escapeLiteral(value),
  );
  return `(${each.join(', ')})`;
}

// biome-ignore lint/suspicious/noExplicitAny: EXPLAIN answers with one row of JSON
const scans = ([row]: any[]): Scan[] => scansBelow(row['QUERY PLAN'][0].Plan);

function scansBelow(node: PlanNode): Scan[] {
  const below = (node.Plans ?? []).flatMap(scansBelow);
  const table = node['Relation Name'];
  if (!table) return below;
  const index = node['Index Name'] ?? node.Plans?.map((under) => under['Index Name']).find(Boolean);
  const each =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  const rows = Math.round(Math.max(1, each) * node['Actual Loops']);
  return [
    { table, how: `${node['Node Type']}${index ? ` using ${index}` : ''} on ${table}`, rows },
    ...below,
  ];
}
