/**
 * The load of a series, beside how it reads a row. A release covers the measures and periods that it has: what it
 * no longer has of them is refused or ends, what it does not cover stays as it stood, cited to the release it is from.
 */
import type { PoolClient } from 'pg';
import { checkShrinking } from './check.js';
import type { SeriesDataSet } from './declaration.js';
import { type Reach, settle } from './history.js';
import type { Ledger } from './ledger.js';
import type { LoadKind, LoadTarget } from './load-kinds.js';
import { LOCAL_AUTHORITY_CHANGES } from './local-authority-changes.js';
import { NewCoverage } from './new-coverage.js';
import { versionedSeries } from './publish.js';
import { SeriesDictionary } from './series-dictionary.js';
import { sourceFault } from './source-fault.js';
import { stageSeries } from './stage-series.js';

/** What a release covers: measures. Of them, the periods that it lacks are kept by the rows that take over. */
const REACH: Reach = {
  joins: 'JOIN (SELECT DISTINCT measure FROM covered) c ON c.measure = r.measure',
  next: null,
  values: [],
};
const NAMED = 5;
const REORGANISED = LOCAL_AUTHORITY_CHANGES.map(({ from }) => from);

export async function seriesLoad(
  dataSet: SeriesDataSet,
  { client, ledger, release: { number: release }, row: { number } }: LoadTarget,
): Promise<LoadKind> {
  const dictionary = await SeriesDictionary.read(client, number);
  if (dictionary.yearTypes.size === 0) {
    throw sourceFault(
      'nothing says yet what the years of the measures mean: load lait-dictionary first, then this again',
    );
  }
  const stager = stageSeries(dataSet, { release, dataSetNumber: number, dictionary }, ledger);
  return {
    stager,
    check: async () => {
      const declared = await NewCoverage.of(client, dataSet, release);
      await dictionary.write(client, release);
      await noteGone(client, ledger);
      if (ledger.rowsUnchanged + ledger.current.size > 0) {
        await refuseShrinking(client, declared, number, release);
        await refuseLosses(client, number, release);
        await keepUncovered(client, number, release);
      }
      const undescribed = [...stager.measures.values()].filter(({ yearType }) => yearType === undefined);
      return [
        ...declared.warnings,
        ...strangers(
          undescribed.map(({ code }) => code),
          'in the file and not in the dictionary: left out',
        ),
        ...strangers(
          dictionary.covered.map(({ code }) => code).filter((code) => !dictionary.described.has(code)),
          'in the file and no longer in the dictionary: what it last said is kept',
        ),
        ...strangers(
          [...dictionary.described].filter((code) => !stager.measures.has(code)),
          'in the dictionary and not in the file',
        ),
        ...(await uncovered(client, number, release)),
        ...(dictionary.authorities.size === 0
          ? ['local-authority-codes is not loaded: the codes of local authorities were not checked']
          : []),
      ];
    },
    // A late release never comes here: the history of a series is made anew, in order.
    settle: () => settle(client, versionedSeries(number), release, ledger.current, REACH),
    findings: async () => [],
    tables:
      'series (measure, place_id, data_set_number, from_release, to_release), series_period, series_measure, place',
  };
}

/** The rows that stood before and that the release did not bring again. */
async function noteGone(client: PoolClient, { current }: Ledger): Promise<void> {
  await client.query('DROP TABLE IF EXISTS pg_temp.gone');
  await client.query(
    'CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT * FROM unnest($1::bigint[]) AS g (row_hash)',
    [[...current].map(String)],
  );
  await client.query('ANALYZE gone');
}

/** Numbers by measure, in the periods that stood before and that the release covers; and in all. */
async function refuseShrinking(
  client: PoolClient,
  declared: NewCoverage,
  number: number,
  release: number,
): Promise<void> {
  const { rows } = await client.query(
    `WITH numbers AS (
       SELECT s.measure, u.position, c.position IS NOT NULL AS covered,
         count(*) FILTER (WHERE s.from_release <> $2)::int AS before,
         count(*) FILTER (WHERE g.row_hash IS NULL AND c.position IS NOT NULL)::int AS now
       FROM series s
       CROSS JOIN unnest(s.values) WITH ORDINALITY u (value, position)
       LEFT JOIN covered c ON c.measure = s.measure AND c.position = u.position
       LEFT JOIN gone g ON g.row_hash = s.row_hash
       WHERE s.data_set_number = $1 AND s.to_release IS NULL AND u.value IS NOT NULL
       GROUP BY s.measure, u.position, c.position
     )
     SELECT m.code, sum(n.now)::int AS now, sum(n.before)::int AS before
     FROM numbers n JOIN series_measure m ON m.number = n.measure WHERE n.covered AND n.before > 0 GROUP BY m.code
     UNION ALL SELECT NULL, coalesce(sum(now), 0)::int, coalesce(sum(before), 0)::int FROM numbers`,
    [number, release],
  );
  for (const { code, now, before } of rows) {
    checkShrinking(declared, now, before, code === null ? ' with a number' : ` with a number of ${code}`);
  }
}

/** A cell that stood and whose measure and period the release covers must be in it, unless its place was abolished. */
async function refuseLosses(client: PoolClient, number: number, release: number): Promise<void> {
  const { rows } = await client.query(
    `SELECT m.code AS measure, p.level, p.code, c.code AS period
     FROM series o
     JOIN place p ON p.id = o.place_id AND NOT (p.level = 'LOCAL_AUTHORITY' AND p.code = ANY($3))
     JOIN series_measure m ON m.number = o.measure
     JOIN covered c ON c.measure = o.measure
     LEFT JOIN series n ON n.measure = o.measure AND n.place_id = o.place_id AND n.from_release = $2
     WHERE o.data_set_number = $1 AND o.to_release IS NULL AND o.from_release <> $2 AND o.row_hash IN (SELECT row_hash FROM gone)
       AND ${isPublished('o')} AND NOT ${isPublished('n')}
     ORDER BY m.code, p.level, p.code, c.position`,
    [number, release, REORGANISED],
  );
  if (rows.length === 0) return;
  const named = rows
    .slice(0, NAMED)
    .map(({ measure, level, code, period }) => `${measure} of ${level} ${code} for ${period}`);
  throw sourceFault(
    `${rows.length} figure${rows.length > 1 ? 's' : ''} that stood before ${rows.length > 1 ? 'are' : 'is'} missing or cannot be used: ${named.join(', ')}${rows.length > NAMED ? ', …' : ''}`,
  );
}

/** SQL: whether a row has something, a number or a symbol, at the position of covered row c. */
const isPublished = (row: string) =>
  `(${row}.values[c.position] IS NOT NULL OR coalesce(${row}.raw ? c.position::text, false))`;

/** New rows take over, from what stood, the periods of their measure that the release does not cover. */
async function keepUncovered(client: PoolClient, number: number, release: number): Promise<void> {
  await client.query(
    `WITH kept AS (
       SELECT s.measure, array_agg(s.position) AS positions, array_agg(s.position::text) AS keys
       FROM series_period s
       WHERE s.to_release IS NULL AND s.last_release < $2 AND s.measure IN (SELECT measure FROM covered)
       GROUP BY s.measure
     )
     UPDATE series n SET
       values = (
         SELECT array_agg(CASE WHEN k = ANY(kept.positions) THEN o.values[k] ELSE n.values[k] END ORDER BY k)
         FROM generate_series(1, greatest(cardinality(n.values), cardinality(o.values))) k),
       raw = nullif(coalesce(n.raw, '{}') || coalesce(
         (SELECT jsonb_object_agg(key, value) FROM jsonb_each(o.raw) WHERE key = ANY(kept.keys)), '{}'), '{}')
     FROM kept, series o
     WHERE n.data_set_number = $1 AND n.from_release = $2 AND n.measure = kept.measure
       AND o.measure = n.measure AND o.place_id = n.place_id AND o.to_release IS NULL AND o.from_release <> $2`,
    [number, release],
  );
}

/** What earlier releases had and this one has not: its figures stay, and somebody should know. */
async function uncovered(client: PoolClient, number: number, release: number): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT m.code, s.measure IN (SELECT measure FROM covered) AS present, string_agg(s.code, ', ' ORDER BY s.position) AS periods
     FROM series_period s JOIN series_measure m ON m.number = s.measure AND m.data_set_number = $1
     WHERE s.to_release IS NULL AND s.last_release < $2 GROUP BY m.code, s.measure ORDER BY m.code`,
    [number, release],
  );
  const without = rows.filter(({ present }) => present);
  return [
    ...strangers(
      rows.filter(({ present }) => !present).map(({ code }) => code),
      'no longer in the file: the figures of the release before stay',
    ),
    ...(without.length > 0
      ? [
          `periods no longer in the file, whose figures stay: ${listed(without.map(({ code, periods }) => `${code} ${periods}`))}`,
        ]
      : []),
  ];
}

const listed = (names: string[]) =>
  `${names.slice(0, NAMED).join('; ')}${names.length > NAMED ? `; and ${names.length - NAMED} more` : ''}`;

const strangers = (codes: string[], what: string): string[] =>
  codes.length > 0
    ? [`${codes.length} measure${codes.length > 1 ? 's' : ''} ${what} (${listed(codes)})`]
    : [];
