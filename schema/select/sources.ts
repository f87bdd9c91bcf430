/**
 * Which data sets a statement reads, and the releases of them that stand behind its answer: what to cite. Figures say so where
 * they are read; a register is known by its table.
 */
import { DATA_SETS, dataSetById } from '../../jobs/catalogue.js';
import { asOfBound, releasedAsOf } from './as-of.js';
import type { Known } from './known.js';
import { join, type Sql, sql } from './sql.js';

/** A data set that is read. */
export interface Source {
  dataSetId: string;
  /** The day that is asked as of; null for now. */
  asOf: string | null;
  /** What is read of it is as it is known today, whatever day is asked as of. */
  ofToday: boolean;
  /** Every release of it is read, and not the newest alone. */
  ofHistory?: true;
}

/** Tables that are worked out of registers, as they are known now: what they tell is of today, whatever day is asked as of. */
const DERIVED: Record<string, string | readonly string[]> = {
  local_authority: 'local-authority-codes',
  region: 'region-local-authorities',
  neighbour_edition: 'statistical-neighbours',
  geographic_neighbour: 'local-authority-boundaries',
  drawn_local_authority: 'local-authority-boundaries',
  school_lineage: 'gias-establishment-links',
  school_place: 'gias-establishments',
  search_name: [
    'gias-establishments',
    'gias-establishment-links',
    'gias-groups',
    'local-authority-codes',
    'region-local-authorities',
  ],
};

/** Read in place of a register only where no day is asked as of: then it is the register that is read. */
const OF_NOW: Record<string, string> = { school_kind: 'gias-establishments' };

const TABLES = new Map<string, readonly Pick<Source, 'dataSetId' | 'ofToday'>[]>([
  ...DATA_SETS.flatMap((dataSet) =>
    dataSet.kind === 'register'
      ? [[dataSet.table, [{ dataSetId: dataSet.id, ofToday: false }]] as const]
      : [],
  ),
  ...Object.entries(OF_NOW).map(([table, dataSetId]) => [table, [{ dataSetId, ofToday: false }]] as const),
  ...Object.entries(DERIVED).map(
    ([table, ids]) => [table, [ids].flat().map((dataSetId) => ({ dataSetId, ofToday: true }))] as const,
  ),
]);

/** The registers whose tables a piece of SQL reads, as of a day. */
export const registersIn = (text: string, asOf: string | null): Source[] =>
  [...new Set([...text.matchAll(/\b(?:FROM|JOIN)\s+([a-z_]+)/g)].map(([, table]) => table!))].flatMap(
    (name) => {
      const sources = TABLES.get(name) ?? [];
      return sources.map((source) => ({ ...source, asOf: source.ofToday ? null : asOf }));
    },
  );

/**
 * The day as of which the same is answered again, whatever is published after it: the newest among the releases that are read.
 * Null where one of them has no known day, and would be left out. What is of today tells nothing of days.
 */
export function datedOn(sources: readonly Source[], known: Known): string | null {
  const days: string[] = [];
  for (const { dataSetId, asOf } of sources.filter(({ ofToday }) => !ofToday)) {
    const { lastDay, undated } = known.releases(dataSetId);
    if (undated > 0) return null;
    days.push(asOf ?? lastDay ?? '');
  }
  return days.sort().at(-1) || null;
}

/**
 * JSON of the releases that stand behind what is read, file by file. Of figures it is those that have a level and period
 * newest; of a register the newest, or all where each has an edition of its own; of what is read with its history, all.
 */
export function citationsOf(sources: readonly Source[]): Sql {
  if (sources.length === 0) return sql`'[]'::json`;
  const used = sources.map(({ dataSetId, asOf, ofHistory }) => {
    const released = (release: Sql) => releasedAsOf(release, asOfBound(asOf));
    const dataSet = dataSetById(dataSetId);
    const some =
      ofHistory || (dataSet?.kind === 'register' && dataSet.edition)
        ? released(sql`r.id`)
        : dataSet?.kind === 'statistics'
          ? sql`r.id IN (SELECT max(c.release_id) FROM coverage c WHERE c.data_set_number = d.number AND ${released(sql`c.release_id`)} GROUP BY c.level, c.period_id)`
          : sql`r.id = (SELECT max(n.id) FROM release n WHERE n.data_set_number = d.number AND ${released(sql`n.id`)})`;
    return sql`(d.id = ${dataSetId} AND ${some})`;
  });
  return sql`(SELECT coalesce(json_agg(json_build_object('publisher', d.publisher, 'dataSet', d.id, 'title', d.title,
    'release', r.title, 'publishedOn', r.published_on, 'url', f.url, 'sha256', f.sha256,
    'licence', d.licence, 'licenceUrl', d.licence_url, 'synthetic', r.synthetic,
    'line', concat(CASE WHEN r.synthetic THEN 'SYNTHETIC: ' END, d.publisher, ', ', d.title, ', ', r.title, ', published on ' || r.published_on,
      CASE WHEN f.files > 1 THEN ', file ' || f.ordinal || ' of ' || f.files END,
      '. Contains public sector information licensed under the ', d.licence, '.')) ORDER BY d.number, r.id, f.ordinal), '[]')
    FROM release r JOIN data_set d ON d.number = r.data_set_number
    CROSS JOIN LATERAL (SELECT o.ordinal, o.url, o.sha256, count(*) OVER () AS files FROM release_file o WHERE o.release_id = r.id) f
    WHERE ${join(used, ' OR ')})`;
}
