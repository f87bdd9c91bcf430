/**
 * School figures: the schools that a filter describes, beside what the file has of each for one period. Read once for
 * all groups, with the columns that somebody asks of them. A school without a row is there, without figures. Where nothing is
 * asked that differs among schools of a kind (jobs/school-kinds.ts), kinds are read in their place: the rows of their
 * schools, and for each kind how many schools it has.
 */
import { wasOpenOn } from '../composition/state-funded.js';
import { publishedColumn } from '../observation/as-published.js';
import type { ObservationRow, PeriodRow } from '../observation/observation.js';
import { labelOf } from '../observation/passes.js';
import { pooledColumn, type Terms, termsOf } from '../observation/pooled.js';
import { rowsOf, rowsOfEverySchool } from '../observation/rows.js';
import { isOfKinds, type SchoolFilter, schoolConditions } from '../school/school-filter.js';
import type { SchoolsWanted } from '../school/school-period.js';
import { isFiltered } from '../school/schools.js';
import { Columns } from '../select/columns.js';
import type { Select } from '../select/select.js';
import { empty, join, raw, type Sql, sql } from '../select/sql.js';
import { KeyJoins, type KeyName, SCHOOL_KEYS } from './school-keys.js';

/** What is asked of the schools of a group one by one. */
const OF_EACH = ['explain', 'openWithoutRow'];

export class SchoolFigures {
  /** A row of a school and what is published of it; a school that is published in parts has several. */
  readonly row: Sql;
  /** The columns of key after key. */
  readonly keys: readonly { by: KeyName; column: Sql }[];
  readonly terms: Terms;
  private readonly name: Sql;
  private readonly observation: Sql;
  private readonly urnOfRow: Sql;
  private readonly isInParts: Sql;
  private readonly published: { from: Sql; cells: Columns };
  private readonly registered: Columns;
  private readonly areKinds: boolean;

  constructor(
    readonly wanted: SchoolsWanted,
    readonly select: Select,
    groupBy: readonly KeyName[],
    private readonly filter: SchoolFilter | null | undefined,
  ) {
    const place = { ...rowsOfEverySchool(wanted, select), isWhole: true as const };
    this.observation = place.observation;
    this.urnOfRow = place.urn;
    this.isInParts = place.isInParts;
    this.row = select.alias('c');
    this.name = select.alias('schools');
    this.published = { from: rowsOf(place, wanted, select)([wanted.period]), cells: new Columns(this.row) };
    this.registered = new Columns(this.row);
    this.keys = groupBy.map((by, at) => ({ by, column: sql`${this.row}.${raw(`key_${at + 1}`)}` }));
    this.terms = termsOf({ cells: this.published.cells, observation: this.observation }, wanted.stored);
    this.areKinds =
      place.isStanding === true &&
      isOfKinds(filter) &&
      groupBy.every((by) => SCHOOL_KEYS[by].isOfKinds === true) &&
      !asks(select, OF_EACH);
  }

  /** FROM what the columns of `row` stand in. */
  get from(): Sql {
    return sql`${this.name} ${this.row}`;
  }

  get urn(): Sql {
    return sql`${this.row}.urn`;
  }

  get hasRow(): Sql {
    return sql`${this.row}.row_urn IS NOT NULL`;
  }

  /** Of the register. */
  registeredName(): Sql {
    return this.registered.of('school_name', () => sql`s.name`);
  }

  /** Of a group, how many schools hold a condition on their rows, each once however many it has: nearly all have one. */
  schoolsThat(condition: Sql): Sql {
    const { known, asOf } = this.select;
    // What has several rows is known of the rows that stand.
    if (asOf) return sql`(count(DISTINCT ${this.urn}) FILTER (WHERE ${condition}))::int`;
    const rows = sql`count(*) FILTER (WHERE ${condition})`;
    const inParts = known.schoolsInParts(this.wanted.indicator.dataSet.id);
    if (inParts.length === 0) return sql`(${rows})::int`;
    const urn = sql`${this.row}.row_urn`;
    const isInParts = this.published.cells.of('is_in_parts', () => sql`${this.observation}.row_in_parts`);
    // An aggregate with DISTINCT has all rows sorted, even where it takes few of them.
    return sql`(${rows} - (SELECT count(*) - count(DISTINCT x.urn)
      FROM unnest(array_agg(${urn}) FILTER (WHERE ${isInParts} AND ${condition})) x (urn)))::int`;
  }

  /** Of a group, how many schools there are. */
  get schools(): Sql {
    return this.areKinds ? sql`sum(${this.row}.schools)::int` : this.schoolsThat(sql`true`);
  }

  /** Of a group, how many schools have no row. */
  get withoutRow(): Sql {
    return this.areKinds
      ? sql`(${this.schools} - ${this.schoolsThat(this.hasRow)})`
      : sql`(count(*) FILTER (WHERE NOT (${this.hasRow})))::int`;
  }

  /** Whether it was open on the day on which the schools of the period are counted. */
  wasOpen(): Sql {
    const { censusOn } = this.wanted.period;
    return this.registered.of('was_open', () => wasOpenOn(sql`s`, sql`${censusOn}::date`));
  }

  /** What an observation reads of a group; `aggregates`: the columns of groups. */
  pooled(aggregates: Columns, schools: Sql): ObservationRow {
    const { stored } = this.wanted;
    const pool = {
      cells: this.published.cells,
      observation: this.observation,
      part: sql`${this.observation}.row_urn`,
      singleAsPublished: false,
      without: { isOne: sql`NOT (${this.hasRow})`, some: sql`${this.withoutRow} > 0` },
    };
    const column = pooledColumn(pool, stored);
    return {
      ...this.ofPeriod(this.breakdown),
      figure: (which) => (which === 'held' ? schools : aggregates.of(`pooled_${which}`, () => column(which))),
    };
  }

  /** What an observation reads of a row itself, as published. */
  asPublished(): ObservationRow {
    for (const column of ['values', 'raw', 'edition', 'breakdown_id'])
      this.published.cells.of(column, () => sql`${this.observation}.${raw(column)}`);
    const ofBreakdown = (what: 'code' | 'label') =>
      sql`(SELECT b.${raw(what)} FROM breakdown b WHERE b.id = ${this.row}.breakdown_id)`;
    return {
      ...this.ofPeriod({ code: ofBreakdown('code'), label: ofBreakdown('label') }),
      figure: (which) =>
        which === 'held' ? sql`NULL::int` : publishedColumn(this.row, this.wanted.stored, which),
    };
  }

  /** Figures of rows that no school of the register has, whatever the filter; as one of a group. */
  unmatched(): { from: () => Sql; row: ObservationRow } {
    const { select, wanted } = this;
    const observation = select.alias('o');
    const rows = rowsOf(
      {
        observation,
        level: 'SCHOOL',
        isWhole: true,
        from: sql`observation ${observation} JOIN place p ON p.id = ${observation}.place_id`,
        where: sql`p.level IN ('SCHOOL', 'LAESTAB')`,
        onCensus: (day) => sql`${observation}.place_id NOT IN (
          SELECT sp.place_id FROM school_place sp JOIN school s ON s.urn = sp.urn AND ${select.valid(sql`s`)}
          WHERE ${day} BETWEEN sp.first_census AND sp.last_census)`,
      },
      wanted,
      select,
    )([wanted.period]);
    const cells = new Columns(select.alias('u'));
    const column = pooledColumn(
      { cells, observation, part: sql`${observation}.place_id`, singleAsPublished: false },
      wanted.stored,
    );
    return {
      from: () =>
        sql`FROM (SELECT ${observation}.place_id${cells.size === 0 ? empty : sql`, ${cells.list((cell) => cell)}`} ${rows} OFFSET 0) ${cells.alias}`,
      row: {
        ...this.ofPeriod(this.breakdown),
        figure: (which) => (which === 'held' ? sql`NULL::int` : column(which)),
      },
    };
  }

  /** WITH …: to be taken when every column has been asked for. */
  get tables(): Sql {
    const { select, observation, name } = this;
    const { cells } = this.published;
    const joins = new KeyJoins(sql`s`, select);
    const codes = this.keys.map(
      ({ by }, at) => sql`coalesce(${SCHOOL_KEYS[by].code(joins)}, '') AS ${raw(`key_${at + 1}`)}`,
    );
    const joined = join(joins.all, ' ');
    const rows = sql`(SELECT ${this.urnOfRow} AS row_urn, ${this.isInParts} AS row_in_parts, ${observation}.* ${this.published.from}) ${observation}`;
    const ofRow = sql`${observation}.row_urn, ${cells.list((cell) => cell)}`;
    if (this.areKinds) {
      const where = this.filter ? schoolConditions(this.filter, sql`s`, select) : sql`true`;
      const kinds = select.alias('kinds');
      const keys = join(this.keys.map((_, at) => raw(`key_${at + 1}`)));
      return sql`WITH ${kinds} AS MATERIALIZED (SELECT ${join([...codes, sql`s.kind, s.schools`])} FROM school_kind s ${joined} WHERE ${where}),
        ${name} AS (SELECT ${keys}, 0 AS schools, ${ofRow} FROM ${kinds} JOIN ${rows} ON ${observation}.kind = ${kinds}.kind
          UNION ALL SELECT ${keys}, sum(schools)::int, NULL, ${cells.list(() => sql`NULL`)} FROM ${kinds} GROUP BY ${keys})`;
    }
    const registered = this.registered.size > 0 ? [this.registered.list((column) => column)] : [];
    // OFFSET keeps Postgres from working a cell out anew wherever a sum mentions it.
    return sql`WITH ${name} AS (SELECT ${join([sql`s.urn`, ...codes, ...registered, ofRow])} FROM school s
      LEFT JOIN ${rows} ON ${observation}.row_urn = s.urn
      ${joined} WHERE ${isFiltered(sql`s`, this.filter, select)} OFFSET 0)`;
  }

  private get breakdown(): ObservationRow['breakdown'] {
    const { breakdown, indicator } = this.wanted;
    return {
      code: sql`${breakdown ?? 'total'}::text`,
      label: sql`${labelOf(indicator.dataSet.id, breakdown, this.select)}::text`,
    };
  }

  get ofThePeriod(): PeriodRow {
    return this.ofPeriod(this.breakdown);
  }

  private ofPeriod(breakdown: ObservationRow['breakdown']): Omit<ObservationRow, 'figure'> {
    const { period, stored, indicator } = this.wanted;
    const days = { kind: sql`${period.kind}::text`, starts_on: period.startsOn, ends_on: period.endsOn };
    return {
      decimals: indicator.decimals,
      breakdown,
      spelled: (column) => sql`${period[column]}::text`,
      period: (column) => (column === 'kind' ? days.kind : sql`${days[column]}::date`),
      release:
        () => sql`(SELECT max(c.release_id) FROM coverage c WHERE c.data_set_number = ${stored.dataSetNumber}::smallint
        AND c.period_id = ${period.id}::smallint AND c.level = 'SCHOOL' AND ${this.select.released(sql`c.release_id`)})`,
    };
  }
}

/** Whether a field of one of these names is asked for, however far below. */
function asks(select: Select, names: readonly string[]): boolean {
  return select.children.some((child) => names.includes(child.name) || asks(child.select, names));
}
