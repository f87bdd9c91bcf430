/**
 * A copy of the database with so many times the observations, in one of two ways: as many more data sets beside those that
 * are asked about, or as many more years of each. What is asked of the original has the same answers in it.
 */
import type pg from 'pg';

export type Growth = 'data sets' | 'years';

/** Above every number that is given, and small enough that ten times it is a smallint still. */
const APART = 1_000;
const BREAKDOWNS_APART = 10_000_000;

/** The columns that a repeated row has other values in; `$copy` stands for the number of the repetition. */
type Repeated = Record<string, { with: Record<string, string>; where: string }>;

const dataSet = { data_set_number: `data_set_number + ${APART} * $copy` };
const period = { period_id: `period_id + ${APART} * $copy` };
const original = `data_set_number < ${APART}`;
const originalPeriod = `period_id < ${APART}`;

const REPEATED: Record<Growth, Repeated> = {
  'data sets': {
    data_set: {
      with: { number: `number + ${APART} * $copy`, id: `id || '-' || $copy` },
      where: `number < ${APART}`,
    },
    breakdown: { with: { ...dataSet, id: `id + ${BREAKDOWNS_APART} * $copy` }, where: original },
    // Indicators of a series have no observations.
    indicator: {
      with: { ...dataSet, id: `id || '-' || $copy` },
      where: `${original} AND position IS NOT NULL`,
    },
    symbol: { with: dataSet, where: original },
    data_set_period: { with: dataSet, where: original },
    coverage: { with: dataSet, where: original },
    school_match: { with: dataSet, where: original },
    school_in_parts: { with: dataSet, where: original },
    school_observation: { with: dataSet, where: original },
    observation: {
      with: {
        ...dataSet,
        breakdown_id: `CASE breakdown_id WHEN 0 THEN 0 ELSE breakdown_id + ${BREAKDOWNS_APART} * $copy END`,
      },
      where: original,
    },
  },
  // A hundred years earlier each: what is the newest stays so.
  years: {
    period: {
      with: {
        id: `id + ${APART} * $copy`,
        ...Object.fromEntries(
          ['starts_on', 'ends_on', 'census_on'].map((day) => [
            day,
            `${day} - make_interval(years => 100 * $copy)`,
          ]),
        ),
      },
      where: `id < ${APART}`,
    },
    data_set_period: { with: { ...period, code: `code || '-' || $copy` }, where: originalPeriod },
    coverage: { with: period, where: originalPeriod },
    school_match: { with: period, where: originalPeriod },
    observation: { with: period, where: originalPeriod },
    school_observation: { with: { ...period, is_newest: 'false' }, where: originalPeriod },
  },
};

/** Repeats what is there until it is `to` times as much; `from` times are there already. */
export async function grow(client: pg.Client, growth: Growth, from: number, to: number): Promise<void> {
  for (let copy = from; copy < to; copy += 1) {
    for (const [table, { with: other, where }] of Object.entries(REPEATED[growth])) {
      const { rows } = await client.query(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'schoolgraph' AND table_name = $1 ORDER BY ordinal_position`,
        [table],
      );
      const names: string[] = rows.map(({ name }) => name);
      const values = names.map((name) => other[name]?.replaceAll('$copy', String(copy)) ?? `"${name}"`);
      await client.query(
        `INSERT INTO ${table} (${names.map((name) => `"${name}"`)}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM ${table} WHERE ${where}`,
      );
    }
  }
  await settle(client);
}

/** Moves the observations into so many partitions, by the hash of the number of their data set. */
export async function partition(client: pg.Client, parts: number): Promise<void> {
  const created = Array.from(
    { length: parts },
    (_, at) =>
      `CREATE TABLE observation_${at} PARTITION OF observation FOR VALUES WITH (MODULUS ${parts}, REMAINDER ${at});`,
  );
  await client.query(`ALTER TABLE observation RENAME TO observation_before;
    CREATE TABLE observation (LIKE observation_before INCLUDING STORAGE) PARTITION BY HASH (data_set_number);
    ${created.join('\n')}
    INSERT INTO observation SELECT * FROM observation_before;
    DROP TABLE observation_before CASCADE;
    ALTER TABLE observation ADD PRIMARY KEY (place_id, data_set_number, period_id, breakdown_id, from_release);`);
  await settle(client);
}

/** What growing cost must not be paid by the questions that are asked next. */
async function settle(client: pg.Client): Promise<void> {
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

export interface Size {
  rows: number;
  databaseMb: number;
  tableMb: number;
  keyMb: number;
  /** Levels of the key above its leaves, and the megabytes of all those pages: what every look goes through. */
  keyLevels: number;
  keyInnerMb: number;
  sharedBuffersMb: number;
}

export async function sizeOf(client: pg.Client): Promise<Size> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pgstattuple');
  const { rows } = await client.query(`WITH part AS (
      SELECT relid FROM pg_partition_tree('observation') WHERE isleaf
      UNION SELECT oid FROM pg_class WHERE oid = 'observation'::regclass AND relkind = 'r'),
    key AS MATERIALIZED (SELECT i.indexrelid FROM part JOIN pg_index i ON i.indrelid = part.relid AND i.indisprimary)
    SELECT (SELECT count(*) FROM observation)::int AS rows, pg_database_size(current_database()) / 1e6 AS "databaseMb",
      (SELECT sum(pg_table_size(relid)) FROM part) / 1e6 AS "tableMb", sum(k.index_size) / 1e6 AS "keyMb",
      max(k.tree_level) AS "keyLevels", sum(k.internal_pages) * 8192 / 1e6 AS "keyInnerMb",
      pg_size_bytes(current_setting('shared_buffers')) / 1e6 AS "sharedBuffersMb"
    FROM key, pgstatindex(key.indexrelid) k`);
  return Object.fromEntries(
    Object.entries(rows[0]).map(([name, value]) => [name, Math.round(Number(value) * 100) / 100]),
  ) as unknown as Size;
}
