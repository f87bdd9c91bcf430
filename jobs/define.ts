/**
 * Writes the declarations into the database: data sets, measure positions, indicators, what symbols mean, and
 * a tidy view per statistics data set. Runs whenever a process that writes starts, and changes nothing that
 * already stands. A measure's position, once given, is never given again.
 */
import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { describeError } from '../src/errors.js';
import { DATA_SETS } from './catalogue.js';
import type { DataSet, RegisterDataSet, SeriesDataSet, StatisticsDataSet } from './declaration.js';
import { levelOf } from './dictionaries.js';
import { defineReorganisations } from './local-authority-changes.js';
import { LOAD_LOCK } from './locks.js';
import { SCHEDULES } from './schedule.js';

/** Raised when the same declaration would be read into other rows. */
const PIPELINE_VERSION = 1;

/** Parts of a declaration that say something about the data set, and nothing of how its files are read. */
const SAID_ABOUT_IT = new Set([
  'title',
  'description',
  'publisher',
  'pageUrl',
  'traps',
  'schedule',
  'isReference',
  'indicators',
]);
/** Parts of how a row's place and time are read that sum up, for people, what its rule says. */
const SAID_ABOUT_ITS_ROWS = new Set(['levels', 'periodKinds']);

const hashOfJson = (declared: object): string =>
  createHash('sha256')
    .update(
      JSON.stringify(declared, (key, value) =>
        SAID_ABOUT_ITS_ROWS.has(key) ? undefined : value instanceof RegExp ? String(value) : value,
      ),
    )
    .digest('hex');

/** Hash of how a data set's files are found and read into rows. Code is not in it: PIPELINE_VERSION stands for that. */
export function definitionHash(dataSet: DataSet): string {
  const read = Object.entries(dataSet).filter(([part]) => !SAID_ABOUT_IT.has(part));
  return hashOfJson({ PIPELINE_VERSION, ...Object.fromEntries(read) });
}

export async function defineDataSets(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
    let changed = await defineReorganisations(client);
    for (const dataSet of DATA_SETS) changed = (await define(client, dataSet)) || changed;
    // What is known of the data, and answers made from it, hold for one version. Version 0: nothing is loaded yet.
    if (changed) await client.query('UPDATE data_version SET version = version + 1 WHERE version > 0');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Returns whether anything is declared otherwise than before. */
async function define(client: PoolClient, dataSet: DataSet): Promise<boolean> {
  const before = await client.query('SELECT number, definition_hash, measures FROM data_set WHERE id = $1', [
    dataSet.id,
  ]);
  const known: string[] = before.rows[0]?.measures ?? [];
  const declared = dataSet.kind === 'statistics' ? Object.keys(dataSet.measures) : [];
  const measures = [...known, ...declared.filter((measure) => !known.includes(measure))];
  const hash = hashOfJson(dataSet);
  const { rows } = await client.query(
    `INSERT INTO data_set (id, title, description, publisher, licence, licence_url, page_url, schedule, measures, definition_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description,
       publisher = excluded.publisher, licence = excluded.licence, licence_url = excluded.licence_url,
       page_url = excluded.page_url, schedule = excluded.schedule, measures = excluded.measures,
       definition_hash = excluded.definition_hash
     RETURNING number`,
    [
      dataSet.id,
      dataSet.title,
      dataSet.description,
      dataSet.publisher.name,
      dataSet.publisher.licence,
      dataSet.publisher.licenceUrl,
      dataSet.pageUrl,
      SCHEDULES[dataSet.schedule].cron,
      measures,
      hash,
    ],
  );
  if (before.rows[0]?.definition_hash === hash) return false;
  if (dataSet.kind === 'statistics') await defineStatistics(client, dataSet, rows[0].number, measures);
  if (dataSet.kind === 'series') await defineSeries(client, dataSet, rows[0].number);
  const view = `tidy.${quoted(dataSet.id.replaceAll('-', '_'))}`;
  const select =
    dataSet.kind === 'statistics'
      ? tidyStatistics(dataSet, rows[0].number, (measure) => measures.indexOf(measure) + 1)
      : dataSet.kind === 'series'
        ? tidySeries(rows[0].number)
        : tidyRegister(dataSet);
  await replaceView(client, view, select);
  return true;
}

async function defineStatistics(
  client: PoolClient,
  dataSet: StatisticsDataSet,
  number: number,
  measures: string[],
) {
  const position = (measure: string) => measures.indexOf(measure) + 1;
  await client.query('DELETE FROM indicator WHERE data_set_number = $1', [number]);
  for (const {
    id,
    measure,
    rate,
    name,
    unit,
    description,
    topic,
    decimals,
    polarity,
  } of dataSet.indicators) {
    await client.query(
      `INSERT INTO indicator (id, data_set_number, position, numerator_position, denominator_position, multiplier,
         name, unit, description, topics, decimals, polarity)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ARRAY[$10], $11, $12)`,
      [
        id,
        number,
        position(measure),
        rate ? position(rate.numerator) : null,
        rate ? position(rate.denominator) : null,
        rate?.per ?? null,
        name,
        unit,
        description,
        topic,
        decimals,
        polarity,
      ],
    );
  }
  await client.query('DELETE FROM symbol WHERE data_set_number = $1', [number]);
  for (const { id: edition, symbols } of dataSet.editions) {
    for (const measure of Object.keys(dataSet.measures)) {
      for (const [symbol, { status, meaning, bounds }] of Object.entries(symbols)) {
        const known = bounds?.find(({ measures }) => measures.includes(measure));
        await client.query('INSERT INTO symbol VALUES ($1, $2, $3, $4, $5, $6, $7, $8)', [
          number,
          edition,
          position(measure),
          symbol,
          status,
          meaning,
          known?.lower ?? null,
          known?.upper ?? null,
        ]);
      }
    }
  }
}

/** The symbols of a series mean the same in all of its measures: they stand under position 0. */
async function defineSeries(client: PoolClient, { symbols, id }: SeriesDataSet, number: number) {
  await client.query('DELETE FROM symbol WHERE data_set_number = $1', [number]);
  for (const [symbol, { status, meaning }] of Object.entries(symbols)) {
    await client.query('INSERT INTO symbol VALUES ($1, $2, 0, $3, $4, $5)', [
      number,
      id,
      symbol,
      status,
      meaning,
    ]);
  }
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Postgres: dependent_objects_still_exist, and what it says of a view whose columns would change. */
const DEPENDENT_OBJECTS = '2BP01';
const INVALID_TABLE_DEFINITION = '42P16';

/** Replaces a view, keeping grants and views upon it where its columns allow; those upon it are never dropped. */
async function replaceView(client: PoolClient, view: string, select: string): Promise<void> {
  await client.query('SAVEPOINT view');
  try {
    await client.query(`CREATE OR REPLACE VIEW ${view} AS ${select}`);
    return;
  } catch (error) {
    if ((error as { code?: string }).code !== INVALID_TABLE_DEFINITION) throw error;
    await client.query('ROLLBACK TO SAVEPOINT view');
  }
  try {
    await client.query(`DROP VIEW ${view}; CREATE VIEW ${view} AS ${select}`);
  } catch (error) {
    if ((error as { code?: string }).code !== DEPENDENT_OBJECTS) throw error;
    await client.query('ROLLBACK TO SAVEPOINT view');
    console.warn(
      `${view} stays as it was: something that is not ours is built upon it (${describeError(error)})`,
    );
  }
}

/** For those who use SQL: the register as it stands now. */
const tidyRegister = (dataSet: RegisterDataSet): string =>
  `SELECT ${Object.keys(dataSet.fields).map(quoted).join(', ')}, from_release
   FROM schoolgraph.${quoted(dataSet.table)} WHERE to_release IS NULL`;

/** For those who use SQL: a row per measure, place and period as it stands now. */
const tidySeries = (number: number): string =>
  `SELECT m.code AS measure, p.level, p.code AS place_code, sp.code AS period, sp.label AS period_label,
      s.values[sp.position] AS value, coalesce(s.raw ->> sp.position::text, s.values[sp.position]::text) AS raw,
      sp.last_release AS release_id
    FROM schoolgraph.series s
    JOIN schoolgraph.series_measure m ON m.number = s.measure
    JOIN schoolgraph.series_period sp ON sp.measure = s.measure AND sp.to_release IS NULL
    JOIN schoolgraph.place p ON p.id = s.place_id
    WHERE s.data_set_number = ${number} AND s.to_release IS NULL
      AND (s.values[sp.position] IS NOT NULL OR s.raw ? sp.position::text)`;

/** For those who use SQL: a row per place, period and breakdown as it stands now, a column per measure. */
function tidyStatistics(
  dataSet: StatisticsDataSet,
  number: number,
  position: (measure: string) => number,
): string {
  const columns = Object.keys(dataSet.measures).flatMap((measure) => [
    `o.values[${position(measure)}] AS ${quoted(measure)}`,
    `o.raw ->> '${position(measure)}' AS ${quoted(`${measure}_raw`)}`,
  ]);
  return `SELECT p.level, p.code AS place_code, sp.urn, dp.code AS period, dp.label AS period_label,
      b.code AS breakdown, ${columns.join(', ')}, c.release_id
    FROM schoolgraph.observation o
    JOIN schoolgraph.place p ON p.id = o.place_id
    JOIN schoolgraph.period pe ON pe.id = o.period_id
    JOIN schoolgraph.data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id
    JOIN schoolgraph.breakdown b ON b.id = o.breakdown_id
    CROSS JOIN LATERAL (SELECT max(c.release_id) AS release_id FROM schoolgraph.coverage c
      WHERE c.data_set_number = o.data_set_number AND c.period_id = o.period_id AND c.level = ${levelOf('p.level')}) c
    LEFT JOIN schoolgraph.school_place sp ON sp.place_id = o.place_id
      AND pe.census_on BETWEEN sp.first_census AND sp.last_census
    WHERE o.data_set_number = ${number} AND o.to_release IS NULL`;
}
