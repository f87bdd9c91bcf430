/**
 * School figures: the schools that a filter describes, each beside what the file has of it for one period. Read once for
 * all groups, with the columns that somebody asks of them. A school without a row is there, without figures.
 */
import { wasOpenOn } from '../composition/state-funded.js';
import { publishedColumn } from '../observation/as-published.js';
import type { ObservationRow, PeriodRow } from '../observation/observation.js';
import { labelOf } from '../observation/passes.js';
import { pooledColumn, type Terms, termsOf } from '../observation/pooled.js';
import { rowsOf, schoolRows } from '../observation/rows.js';
import type { SchoolFilter } from '../school/school-filter.js';
import type { SchoolsWanted } from '../school/school-period.js';
import { isFiltered } from '../school/schools.js';
import { Columns } from '../select/columns.js';
import type { Select } from '../select/select.js';
import { empty, join, raw, type Sql, sql } from '../select/sql.js';
import { KeyJoins, type KeyName, SCHOOL_KEYS } from './school-keys.js';

export class SchoolFigures {
  /** A row of a school and what is published of it; a school that is published in parts has several. */
  readonly row: Sql;
  /** The columns of key after key. */
  readonly keys: readonly { by: KeyName; column: Sql }[];
  readonly terms: Terms;
  private readonly name: Sql;
  private readonly observation: Sql;
  private readonly published: { from: Sql; cells: Columns };
  private readonly registered: Columns;

  constructor(
    readonly wanted: SchoolsWanted,
    readonly select: Select,
    groupBy: readonly KeyName[],
    private readonly filter: SchoolFilter | null | undefined,
  ) {
    const place = { ...schoolRows(sql`true`, wanted, select), isWhole: true as const };
    this.observation = place.observation;
    this.row = select.alias('c');
    this.name = select.alias('schools');
    this.published = { from: rowsOf(place, wanted, select)([wanted.period]), cells: new Columns(this.row) };
    this.registered = new Columns(this.row);
    this.keys = groupBy.map((by, at) => ({ by, column: sql`${this.row}.${raw(`key_${at + 1}`)}` }));
    this.terms = termsOf({ cells: this.published.cells, observation: this.observation }, wanted.stored);
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

  /** Of a group, how many schools hold a condition, each once however many rows it has: nearly all have one. */
  schoolsThat(condition: Sql): Sql {
    const { known, asOf } = this.select;
    // What has several rows is known of the rows that stand.
    if (asOf) return sql`(count(DISTINCT ${this.urn}) FILTER (WHERE ${condition}))::int`;
    const several = sql`${this.urn} = ANY(${known.schoolsInParts(this.wanted.indicator.dataSet.id)}::int[])`;
    // An aggregate with DISTINCT has all rows sorted, even where it takes none of them.
    const once = sql`(SELECT count(DISTINCT x.urn) FROM unnest(array_agg(${this.urn}) FILTER (WHERE ${condition} AND ${several})) x (urn))`;
    return sql`(count(*) FILTER (WHERE ${condition} AND NOT ${several}) + ${once})::int`;
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
    const { select } = this;
    const joins = new KeyJoins(sql`s`, select);
    const keys = this.keys.map(
      ({ by }, at) => sql`coalesce(${SCHOOL_KEYS[by].code(joins)}, '') AS ${raw(`key_${at + 1}`)}`,
    );
    const cells = this.published.cells.list((cell) => cell);
    const asked = join([
      sql`s.urn`,
      ...keys,
      ...(this.registered.size > 0 ? [this.registered.list((column) => column)] : []),
    ]);
    const { observation } = this;
    // OFFSET keeps Postgres from working a cell out anew wherever a sum mentions it.
    return sql`WITH ${this.name} AS (SELECT ${asked}, ${observation}.row_urn, ${cells} FROM school s
      LEFT JOIN (SELECT sp.urn AS row_urn, ${observation}.* ${this.published.from}) ${observation} ON ${observation}.row_urn = s.urn
      ${join(joins.all, ' ')} WHERE ${isFiltered(sql`s`, this.filter, select)} OFFSET 0)`;
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
