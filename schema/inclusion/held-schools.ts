/**
 * Held schools: what the fields of a trust's inclusion profile share, as tables of one statement. The schools that the trust
 * ran on the census day; their rows, in that year and on either side of the day on which each joined, under the URNs that it
 * had before; and what its own local authority's schools of its phase would lead one to expect of each row.
 */

import { publishedColumn } from '../observation/as-published.js';
import type { Cell } from '../observation/cell.js';
import type { BreakdownRow, ObservationRow } from '../observation/observation.js';
import { pooledColumn, type Terms, termsOf } from '../observation/pooled.js';
import { rowsOf, schoolRows, TOTAL } from '../observation/rows.js';
import { type SchoolsWanted, schoolPeriods } from '../school/school-period.js';
import { heldOn, trustMemberships } from '../school/trust-history.js';
import { Columns } from '../select/columns.js';
import type { Select } from '../select/select.js';
import { empty, raw, type Sql, sql } from '../select/sql.js';

/** Which rows: of the year asked about, or of the years on a side of the joining. */
export type Side = 'YEAR' | 'BEFORE' | 'SINCE';

export interface Asked {
  uid: Sql;
  wanted: SchoolsWanted;
  /** Years on either side of the joining; null where nobody asks for them. */
  years: number | null;
}

export class HeldSchools {
  readonly wanted: SchoolsWanted;
  readonly years: number | null;
  /** A row of `rows`. */
  readonly row: Sql;
  readonly terms: Terms;
  private readonly observation: Sql;
  private readonly cells: Columns;
  private readonly names: Record<
    'memberships' | 'held' | 'chain' | 'rows' | 'used' | 'published' | 'pooled',
    Sql
  >;
  readonly figures: Sql;

  constructor(
    private readonly asked: Asked,
    private readonly select: Select,
  ) {
    this.wanted = asked.wanted;
    this.years = asked.years;
    const name = (of: string) => select.alias(of);
    this.names = {
      memberships: name('memberships'),
      held: name('held'),
      chain: name('chain'),
      rows: name('rows'),
      used: name('used'),
      published: name('published'),
      pooled: name('pooled'),
    };
    this.figures = name('figures');
    this.observation = name('o');
    this.row = name('c');
    this.cells = new Columns(this.row);
    this.terms = termsOf({ cells: this.cells, observation: this.observation }, this.wanted.stored);
  }

  /** The day that says which schools the trust held. */
  get day(): Sql {
    return sql`${this.wanted.period.censusOn}::date`;
  }

  /** urn, name, la_code, phase, began_on, began_inferred. */
  get held(): Sql {
    return this.names.held;
  }

  /** FROM … WHERE of the rows of a side. */
  from(side: Side): Sql {
    return side === 'YEAR'
      ? sql`FROM ${this.figures} ${this.row} WHERE ${this.row}.is_asked`
      : sql`FROM ${this.figures} ${this.row} WHERE ${this.row}.side = ${side}::text AND ${this.row}.is_paired`;
  }

  /** The pooled figure of rows; `aggregates`: columns of what is selected from them. */
  pooled(aggregates: Columns, schools: Sql, breakdown: BreakdownRow): ObservationRow {
    const pool = {
      cells: this.cells,
      observation: this.observation,
      part: sql`ch.school`,
      singleAsPublished: false,
    };
    const column = pooledColumn(pool, this.wanted.stored);
    return {
      ...this.ofPeriod(breakdown),
      figure: (which) => (which === 'held' ? schools : aggregates.of(`pooled_${which}`, () => column(which))),
    };
  }

  /** A row itself, as published. */
  asPublished(): ObservationRow {
    for (const column of ['values', 'raw', 'edition'])
      this.cells.of(column, () => sql`${this.observation}.${raw(column)}`);
    const ofBreakdown = (what: 'code' | 'label') =>
      sql`(SELECT b.${raw(what)} FROM breakdown b WHERE b.id = ${this.row}.breakdown_id)`;
    return {
      ...this.ofPeriod({ code: ofBreakdown('code'), label: ofBreakdown('label') }),
      figure: (which) =>
        which === 'held' ? sql`NULL::int` : publishedColumn(this.row, this.wanted.stored, which),
    };
  }

  private ofPeriod(breakdown: BreakdownRow): Omit<ObservationRow, 'figure'> {
    const { period, stored, indicator } = this.wanted;
    return {
      decimals: indicator.decimals,
      breakdown,
      spelled: (column) => sql`${period[column]}::text`,
      period: (column) =>
        column === 'kind'
          ? sql`${period.kind}::text`
          : sql`${column === 'starts_on' ? period.startsOn : period.endsOn}::date`,
      release: () => sql`(SELECT max(c.release_id) FROM coverage c
        WHERE c.data_set_number = ${stored.dataSetNumber}::smallint AND c.period_id = ${period.id}::smallint
          AND c.level = 'SCHOOL' AND ${this.select.released(sql`c.release_id`)})`,
    };
  }

  /** WITH …: to be taken when every column has been asked for. */
  get tables(): Sql {
    const { names, select, day } = this;
    const { uid } = this.asked;
    // Before rows, whose columns it asks for.
    const compared = this.compared;
    const used = this.used;
    const urns = sql`SELECT e.urn FROM group_membership e WHERE e.group_uid = ${uid}`;
    return sql`WITH RECURSIVE ${names.memberships} AS MATERIALIZED (
        SELECT DISTINCT ON (m.urn) m.* FROM ${trustMemberships(select, urns)} m WHERE ${heldOn(sql`m`, day)}
        ORDER BY m.urn, m.began_on DESC NULLS LAST),
      ${names.held} AS MATERIALIZED (
        SELECT m.urn, m.began_on, m.began_inferred, s.name, s.la_code, s.phase
        FROM ${names.memberships} m LEFT JOIN school s ON s.urn = m.urn AND ${select.valid(sql`s`)}
        WHERE m.group_uid = ${uid}),
      ${names.chain} AS (${this.chain}),
      ${names.rows} AS MATERIALIZED (${this.rows}),
      ${names.used} AS MATERIALIZED (${used}),
      ${names.published} AS MATERIALIZED (${this.published}),
      ${names.pooled} AS MATERIALIZED (${this.pooledReference}),
      ${this.figures} AS MATERIALIZED (${compared})`;
  }

  /** Each school's own URN and, before it joined, those that it went under: only where one school became one. */
  private get chain(): Sql {
    const { held, chain } = this.names;
    const own = sql`SELECT urn AS school, urn AS link, la_code, phase, began_on FROM ${held}`;
    if (this.years === null) return own;
    return sql`${own} UNION
      SELECT c.school, l.predecessor_urn, c.la_code, c.phase, c.began_on
      FROM ${chain} c JOIN school_lineage l ON l.successor_urn = c.link
      WHERE (SELECT count(*) FROM school_lineage x WHERE x.successor_urn = c.link) = 1
        AND (SELECT count(*) FROM school_lineage x WHERE x.predecessor_urn = l.predecessor_urn) = 1`;
  }

  /** Rows of these schools in the file. */
  private get rows(): Sql {
    const { wanted, select, observation, names } = this;
    const periods =
      this.years === null
        ? [wanted.period]
        : schoolPeriods(wanted.indicator.dataSet.id, select).filter(
            ({ censusOn }) => censusOn <= wanted.period.censusOn,
          );
    const place = schoolRows(sql`true`, wanted, select);
    const from = rowsOf(
      {
        ...place,
        observation,
        from: sql`${names.chain} ch JOIN school_place sp ON sp.urn = ch.link
          JOIN observation ${observation} ON ${observation}.place_id = sp.place_id`,
      },
      wanted,
      select,
    )(periods);
    const { id, censusOn } = select.known.periodValues(wanted.indicator.dataSet.id);
    return sql`SELECT ch.school, ch.la_code, ch.phase, ch.began_on, ${observation}.period_id, ${observation}.breakdown_id,
      (${censusOn}::date[])[array_position(${id}::smallint[], ${observation}.period_id)] AS census_on,
      ${this.cells.list((cell) => cell)} ${from}`;
  }

  /** Those of the year, and of the nearest years on each side of the joining. */
  private get used(): Sql {
    const { names, row, years, wanted } = this;
    const isAsked = sql`${row}.period_id = ${wanted.period.id}::smallint`;
    if (years === null) {
      return sql`SELECT ${row}.*, ${isAsked} AS is_asked, NULL::text AS side, false AS is_paired FROM ${names.rows} ${row}`;
    }
    const { takesPart } = this.terms;
    return sql`SELECT * FROM (
      SELECT x.*, bool_or(x.side = 'BEFORE' AND x.is_usable) OVER (PARTITION BY x.school)
          AND bool_or(x.side = 'SINCE' AND x.is_usable) OVER (PARTITION BY x.school) AS is_paired
      FROM (SELECT y.*, CASE WHEN y.in_turn <= ${years}::int THEN y.on_side END AS side FROM (
        SELECT ${row}.*, ${isAsked} AS is_asked, ${takesPart} AS is_usable,
          CASE WHEN ${row}.census_on < ${row}.began_on THEN 'BEFORE' WHEN ${row}.census_on >= ${row}.began_on THEN 'SINCE' END AS on_side,
          dense_rank() OVER (PARTITION BY ${row}.school, ${row}.census_on < ${row}.began_on
            ORDER BY abs(${row}.census_on - ${row}.began_on)) AS in_turn
        FROM ${names.rows} ${row}) y) x) z
      WHERE is_asked OR (side IS NOT NULL AND is_paired)`;
  }

  /** Rates of the local authority for the phase that the row is published under. */
  private get published(): Sql {
    const { names, select, wanted } = this;
    const { stored } = wanted;
    return sql`SELECT n.la_code, n.period_id, n.breakdown_id, r.values[${stored.numerator}::int] AS counted, r.values[${stored.denominator}::int] AS base
      FROM (SELECT DISTINCT la_code, period_id, breakdown_id FROM ${names.used} WHERE breakdown_id <> ${TOTAL}::int) n
      JOIN place p ON p.level = 'LOCAL_AUTHORITY' AND p.code = n.la_code
      JOIN observation r ON r.place_id = p.id AND r.data_set_number = ${stored.dataSetNumber}::smallint AND r.period_id = n.period_id
        AND r.breakdown_id = n.breakdown_id AND ${select.valid(sql`r`)}`;
  }

  /** Where there is none: pooled from the schools there that are published under the phase, or are registered with it. */
  private get pooledReference(): Sql {
    const { names, select, wanted } = this;
    const inner = select.alias('o');
    const cells = new Columns(select.alias('c'));
    const { counted, base, takesPart, isKnown } = termsOf({ cells, observation: inner }, wanted.stored);
    const { id, censusOn } = select.known.periodValues(wanted.indicator.dataSet.id);
    const sumOf = (term: Sql) =>
      sql`CASE WHEN bool_and(${isKnown}) FILTER (WHERE ${takesPart}) THEN sum(${term}) FILTER (WHERE ${takesPart}) END`;
    return sql`SELECT la_code, period_id, breakdown_id, phase, ${sumOf(counted('value'))} AS counted, ${sumOf(base!)} AS base
      FROM (SELECT n.la_code, n.period_id, n.breakdown_id, n.phase, ${cells.list((cell) => cell)}
        FROM (SELECT DISTINCT u.la_code, u.period_id, u.breakdown_id, CASE WHEN u.breakdown_id = ${TOTAL}::int THEN u.phase END AS phase
          FROM ${names.used} u WHERE NOT EXISTS (SELECT FROM ${names.published} q
            WHERE q.la_code = u.la_code AND q.period_id = u.period_id AND q.breakdown_id = u.breakdown_id)) n
        JOIN school s ON s.la_code = n.la_code AND ${select.valid(sql`s`)} AND (n.breakdown_id <> ${TOTAL}::int OR s.phase = n.phase)
        JOIN school_place sp ON sp.urn = s.urn
          AND (${censusOn}::date[])[array_position(${id}::smallint[], n.period_id)] BETWEEN sp.first_census AND sp.last_census
        JOIN observation ${inner} ON ${inner}.place_id = sp.place_id AND ${inner}.data_set_number = ${wanted.stored.dataSetNumber}::smallint
          AND ${inner}.period_id = n.period_id AND ${inner}.breakdown_id = n.breakdown_id AND ${select.valid(inner)}
        OFFSET 0) ${cells.alias}
      GROUP BY la_code, period_id, breakdown_id, phase`;
  }

  /** Each row with what is expected of it, and whether it can be compared. */
  private get compared(): Sql {
    const { names, row } = this;
    const { base, takesPart, counted } = this.terms;
    return sql`SELECT ${row}.*, f.rate AS reference, f.is_published AS reference_is_published, ${base!} * f.rate AS expected,
        CASE WHEN NOT ${takesPart} THEN 'NOT_AVAILABLE' WHEN ${base!} IS NULL OR ${counted('upper')} IS NULL THEN 'WITHHELD'
          WHEN f.rate IS NULL THEN 'NO_REFERENCE' ELSE 'COMPARED' END AS outcome
      FROM ${names.used} ${row} LEFT JOIN LATERAL (
        SELECT q.counted / nullif(q.base, 0) AS rate, true AS is_published FROM ${names.published} q
        WHERE q.la_code = ${row}.la_code AND q.period_id = ${row}.period_id AND q.breakdown_id = ${row}.breakdown_id
        UNION ALL
        SELECT q.counted / nullif(q.base, 0), false FROM ${names.pooled} q
        WHERE q.la_code = ${row}.la_code AND q.period_id = ${row}.period_id AND q.breakdown_id = ${row}.breakdown_id
          AND (q.breakdown_id <> ${TOTAL}::int OR q.phase = ${row}.phase)
      ) f ON true`;
  }
}

/** What a row's count is, is at the least and at the most. */
export const boundsOf = ({ counted }: Terms): Record<'value' | 'lower' | 'upper', Sql> => ({
  value: counted('value' satisfies keyof Cell),
  lower: sql`coalesce(${counted('lower')}, 0)`,
  upper: counted('upper'),
});

/** Columns after others. */
export const alsoColumns = (columns: Columns): Sql =>
  columns.size === 0 ? empty : sql`, ${columns.list((one) => one)}`;
