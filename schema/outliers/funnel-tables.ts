/**
 * The tables that outliers are read from, each made of the one before: counts of all places and years, what would be
 * expected of each at the rate of all, small ones put together with two years before, deviations, and how they scatter.
 * Every year is judged by itself, against the rate and the scatter of that year.
 */
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { deviation, dispersion, isEnough, type Judged, variance } from '../statistics/funnel.js';
import { Z95, Z998 } from '../statistics/interval.js';
import { LONGEST_RUN, POOLED, type Year } from './years.js';

export interface FunnelTables {
  with: () => Sql;
  /** Places of the scope: key, exists. */
  places: Sql;
  /** n, theta (rate of all, of one). */
  targets: Sql;
  /** One row: lower and upper of theta in the one year, where counts are withheld. */
  readonly bounds: Sql;
  /** key, n, count, base, is_withheld. */
  counts: Sql;
  /** Known places: key, n, is_pooled, is_enough. */
  used: Sql;
  /** n (as g), k, phi, tau2. */
  scatter: Sql;
  /** Places that are judged, in the one year: key, n, is_pooled, count, base, expected, sd (chance and scatter), z, side (−2 … 2: by 99.8, by 95 per cent). */
  judged: Sql;
  /** Of a row of `judged`: years in a row, up to the one that is judged, outside on the side of that one; null where pooled. */
  years: (judged: Sql) => Sql;
}

export function funnelTables(
  {
    counts: kind,
    years,
    places,
    counted,
  }: {
    counts: Judged;
    years: Year[];
    /** A query of key and whether it is there today. */
    places: Sql;
    /** A query of the counts of places, of some years. */
    counted: (places: Sql, years: Year[]) => Sql;
  },
  select: Select,
): FunnelTables {
  const names = [
    'places',
    'counts',
    'targets',
    'bounds',
    'known',
    'used',
    'scored',
    'scatter',
    'judged',
    'runs',
  ] as const;
  const table = Object.fromEntries(names.map((name) => [name, select.alias(name)])) as Record<
    (typeof names)[number],
    Sql
  >;
  const as = (name: (typeof names)[number], query: Sql) => sql`${table[name]} AS MATERIALIZED (${query})`;
  const one = { count: raw('x.count'), base: raw('x.base'), expected: raw('x.expected') };
  const three = { count: raw('x.counts'), base: raw('x.bases'), expected: raw('x.expecteds') };
  const enough = isEnough(kind, one);
  const takes = (column: string) =>
    raw(`CASE WHEN x.is_pooled THEN x.${column}s ELSE x.${column} END AS ${column}`);
  let wantsRuns = false;
  let wantsBounds = false;
  return {
    ...table,
    years: (judged) => {
      wantsRuns = true;
      return sql`CASE WHEN NOT ${judged}.is_pooled THEN coalesce((SELECT r.years FROM ${table.runs} r WHERE r.key = ${judged}.key), 0) END`;
    },
    get bounds() {
      wantsBounds = true;
      return table.bounds;
    },
    with: () => {
      const all = wantsRuns ? years : years.slice(0, years[0]!.canPool ? POOLED : 1);
      const canPool = all.some((year) => year.canPool);
      // The years before are there to be put together, and judged where runs are asked for.
      const judgedFrom = wantsRuns ? 1 - LONGEST_RUN : 0;
      const sided = (scored: Sql) =>
        sql`SELECT *, sign(z) * CASE WHEN abs(z) > ${raw(String(Z998))} THEN 2 WHEN abs(z) > ${raw(String(Z95))} THEN 1 ELSE 0 END AS side
        FROM (SELECT s.*, sqrt(s.v + t.tau2) AS sd, s.d / sqrt(s.v + t.tau2) AS z FROM ${scored} s JOIN ${table.scatter} t ON t.g = s.n) s`;
      const tables = [
        as('places', places),
        as(
          'counts',
          sql`SELECT c.*, y.n, y.can_pool FROM (${counted(table.places, all)}) c
          JOIN unnest(${all.map(({ id }) => id)}::smallint[], ${all.map(({ n }) => n)}::int[], ${all.map((year) => year.canPool)}::boolean[]) AS y(id, n, can_pool)
            ON y.id = c.period_id`,
        ),
        as(
          'targets',
          sql`SELECT n, sum(count) / sum(base) AS theta FROM ${table.counts} WHERE count IS NOT NULL AND base > 0 GROUP BY n`,
        ),
        ...(wantsBounds ? [as('bounds', bounds(table.counts))] : []),
        // Read once, and so not kept.
        sql`${table.known} AS (SELECT c.key, c.n, c.can_pool, c.count, c.base, t.theta * c.base AS expected FROM ${table.counts} c JOIN ${table.targets} t USING (n)
          WHERE c.count IS NOT NULL AND c.base > 0)`,
        as(
          'used',
          canPool
            ? sql`SELECT x.key, x.n, x.is_pooled, ${takes('count')}, ${takes('base')}, ${takes('expected')},
                CASE WHEN x.is_pooled THEN ${isEnough(kind, three)} ELSE ${enough} END AS is_enough
              FROM (SELECT x.*, NOT ${enough} AND can_pool AND years = ${POOLED}::int AS is_pooled
                FROM (${wantsRuns ? everyThree(table.known) : lastThree(table.known)}) x) x`
            : sql`SELECT x.key, x.n, false AS is_pooled, x.count, x.base, x.expected, ${enough} AS is_enough FROM ${table.known} x`,
        ),
        as(
          'scored',
          sql`SELECT x.*, ${deviation(kind, one)} AS d, ${variance(kind, one)} AS v FROM (SELECT * FROM ${table.used} WHERE is_enough AND n >= ${judgedFrom}::int OFFSET 0) x`,
        ),
        as('scatter', dispersion(table.scored, raw('n'))),
        as('judged', sided(sql`(SELECT * FROM ${table.scored} WHERE n = 0)`)),
        ...(wantsRuns
          ? [as('runs', runs(sided(sql`(SELECT * FROM ${table.scored} WHERE NOT is_pooled)`)))]
          : []),
      ];
      return sql`WITH ${join(tables)}`;
    },
  };
}

/** Of the year that is judged the rate of all with what is withheld, each at its least and at its most. */
const bounds = (counts: Sql): Sql => {
  const bound = (which: Sql) =>
    sql`CASE WHEN bool_or(is_withheld) AND NOT bool_or(is_withheld AND (${which} IS NULL OR base IS NULL))
      THEN sum(coalesce(count, ${which})) FILTER (WHERE base > 0) / sum(base) FILTER (WHERE is_withheld OR (count IS NOT NULL AND base > 0)) END AS ${which}`;
  return sql`SELECT ${bound(raw('lower'))}, ${bound(raw('upper'))} FROM ${counts} WHERE n = 0`;
};

/** Each year of a place beside what it and the two before it come to; `years`: how many of them there are. */
const everyThree = (known: Sql): Sql =>
  sql`SELECT k.*, count(*) OVER w AS years, sum(count) OVER w AS counts, sum(base) OVER w AS bases, sum(expected) OVER w AS expecteds
    FROM ${known} k WINDOW w AS (PARTITION BY key ORDER BY n RANGE BETWEEN ${raw(String(POOLED - 1))} PRECEDING AND CURRENT ROW)`;

/** The same of the year that is judged alone, where no years but those three are there: without sorting. */
const lastThree = (known: Sql): Sql => {
  const last = (column: string) => raw(`sum(${column}) FILTER (WHERE n = 0) AS ${column}`);
  return sql`SELECT key, 0 AS n, bool_or(can_pool AND n = 0) AS can_pool, ${join(['count', 'base', 'expected'].map(last))},
      count(*) AS years, sum(count) AS counts, sum(base) AS bases, sum(expected) AS expecteds
    FROM ${known} GROUP BY key HAVING bool_or(n = 0)`;
};

/**
 * Of places outside in the year that is judged, how many years in a row were outside on the same side: a bit for each, from
 * the last on, until one is not set. Pooled years overlap, and make none.
 */
const runs = (sided: Sql): Sql => sql`
  SELECT key, length(substring((CASE WHEN high & 1 = 1 THEN high ELSE low END)::bit(${raw(String(LONGEST_RUN))})::text FROM '1*$')) AS years
  FROM (SELECT key, coalesce(bit_or(1 << (- n)) FILTER (WHERE side > 0), 0) AS high, coalesce(bit_or(1 << (- n)) FILTER (WHERE side < 0), 0) AS low
    FROM (${sided}) s GROUP BY key) b
  WHERE (high | low) & 1 = 1`;
