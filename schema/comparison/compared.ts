/**
 * What a comparison is read from: a local authority, its neighbours, the one period that they are compared in, and the
 * figure of each in it, read once. What nobody asks for is not read: without a national rank or band, only those that are
 * compared. docs/methods/comparison.md
 */
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { type FigureSource, figures } from '../observation/figures.js';
import { canReadAreas } from '../observation/figures-of-each.js';
import type { PeriodRow } from '../observation/observation.js';
import { newestRow, type PlaceIndicatorRow, rowOfEach } from '../observation/passes.js';
import { newestDay, periodOf, periodRow } from '../observation/period-row.js';
import { placeId } from '../observation/rows.js';
import { yearBefore } from '../observation/year-before.js';
import { type Figure as Known, leftOut } from '../place/left-out.js';
import { LEVELS, newestPeriod } from '../place/level-figures.js';
import { placeIndicator } from '../place/place.js';
import { Columns } from '../select/columns.js';
import { joinsOf, rowOf, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { empty, raw, type Sql, sql } from '../select/sql.js';
import { type Average, averageOf } from '../statistics/average.js';

export interface ComparedQuestion {
  indicator: string;
  period?: string | null;
  breakdown?: string | null;
}

/** A figure of the compared period, or of another, and whether there is one. */
export type Figure = ReturnType<typeof newestRow>;

/** Of whom: the neighbours alone, or every local authority. */
type Among = 'neighbours' | 'all';

const { LOCAL_AUTHORITY } = LEVELS;

export class Compared {
  readonly indicator: CataloguedIndicator;
  readonly period: PeriodRow;
  /** Whether there is a period to compare in. */
  readonly hasPeriod: Sql;
  /** The neighbours: a table of what they were given as, with neighbour_code and in_order. */
  readonly neighbours: Sql;
  /** A neighbour, of those over which aggregates are. */
  readonly neighbour: TableRow;
  /** The figures: a row for each place, with code and what is asked of it. */
  readonly figures: Columns;
  /** Of those compared, how many there are, and how many have a figure in the period; the latter null where the period was asked for. */
  readonly compared: Sql;
  readonly having: Sql;
  private readonly asked: PlaceIndicatorRow;
  /** Code of the newest period that any of them has; null as of a day. */
  private readonly newest: string | null;
  /** Where the period is found; null where the question names it. */
  private readonly chosen: Sql | null;
  /** Aggregates over the figures. */
  private readonly over: Record<Among, Columns>;
  /** What is read beside the one row of an answer. */
  private readonly joins: TableRow['joins'] = [];
  private readonly ownRow: TableRow;
  private readonly englandRow: TableRow;
  private regionRow: TableRow | null = null;
  private readonly figure: Pick<Figure, 'isThere' | 'row'>;
  private readonly place: TableRow;
  private isNational = false;

  /** `given`: a query of neighbours, each with its neighbour_code and in_order. */
  constructor(
    private readonly authority: TableRow,
    private readonly given: Sql,
    private readonly question: ComparedQuestion,
    private readonly select: Select,
  ) {
    this.neighbours = select.alias('neighbours');
    this.figures = new Columns(select.alias('figures'));
    this.neighbour = rowOf(select.alias('n'));
    this.over = { all: new Columns(select.alias('a')), neighbours: new Columns(select.alias('a')) };
    this.place = rowOf(select.alias('t'));
    this.ownRow = rowOf(authority.alias, this.joins);
    this.englandRow = rowOf(authority.alias, this.joins);
    this.asked = this.of(this.place, LOCAL_AUTHORITY.type, question.period);
    // Refuses an indicator without figures of local authorities. As of a day it may have had none yet, which is no mistake.
    this.newest = select.asOf ? null : newestPeriod(this.asked, LOCAL_AUTHORITY, select);
    this.indicator = this.asked.indicator;
    const chosen = this.asked.periods ? null : select.alias('chosen');
    this.chosen = chosen;
    const ofChosen = (column: string, type: string) =>
      chosen ? sql`${chosen}.${raw(column)}` : sql`NULL::${raw(type)}`;
    this.having = ofChosen('having_it', 'int');
    this.compared = ofChosen('compared', 'int');
    const periodId = ofChosen('period_id', 'smallint');
    this.period = chosen ? periodRow(this.asked, periodId, select) : periodOf(this.asked, select);
    this.hasPeriod = sql`${chosen ? periodId : this.period.spelled('code')} IS NOT NULL`;
    this.figure = this.figureOfEach();
  }

  /** Column of the figures: a part of what is published for the place. */
  published(column: 'value' | 'numerator' | 'denominator'): Sql {
    return this.figures.of(column, () => this.figure.row.figure(column));
  }

  /** Columns of the figures: what is known of each. */
  get known(): Known {
    const column = (name: 'value' | 'status') => this.figures.of(name, () => this.figure.row.figure(name));
    return {
      isThere: this.figures.of('is_there', () => this.figure.isThere),
      value: column('value'),
      status: column('status'),
    };
  }

  /** Places whose value is not known, by why: of the neighbours, or of all local authorities. */
  leftOut(among: Among, select: Select): Sql {
    const counted = (name: string, condition: Sql) =>
      this.overall(among, name, () => sql`(count(*) FILTER (WHERE ${condition}))::int`);
    return leftOut(counted, this.known, select);
  }

  /** Column of the figures: the place by the indicator's polarity among those compared; null where none is. */
  get rank(): Sql {
    if (this.indicator.polarity === 'NONE') return sql`NULL::int`;
    const value = this.figure.row.figure('value');
    const direction = raw(this.indicator.polarity === 'LOW' ? 'ASC' : 'DESC');
    return this.figures.of(
      'rank',
      () => sql`CASE WHEN ${value} IS NOT NULL
        THEN rank() OVER (PARTITION BY ${this.isCompared(this.place.alias)} ORDER BY ${value} ${direction} NULLS LAST)::int END`,
    );
  }

  /** The place of the local authority itself, one after those that are better: for it alone nothing is sorted. */
  ownRank(among: Among): Sql {
    const { polarity } = this.indicator;
    if (polarity === 'NONE') return sql`NULL::int`;
    const own = this.own().row.figure('value');
    const isBetter = sql`${this.published('value')} ${raw(polarity === 'LOW' ? '<' : '>')} ${own}`;
    return this.overall(
      among,
      'own_rank',
      () => sql`CASE WHEN ${own} IS NOT NULL THEN (1 + count(*) FILTER (WHERE ${isBetter}))::int END`,
    );
  }

  /** An aggregate over the figures, worked out once under its name. */
  overall(among: Among, name: string, aggregate: () => Sql): Sql {
    if (among === 'all') this.isNational = true;
    return this.over[among].of(name, aggregate);
  }

  /** The average of the neighbours that are aggregated. */
  get average(): Average {
    const { multiplier, numerator, denominator } = this.asked.stored;
    const isRate = numerator !== null && denominator !== null;
    return averageOf({
      value: this.published('value'),
      numerator: isRate ? this.published('numerator') : sql`NULL::float8`,
      denominator: isRate ? this.published('denominator') : sql`NULL::float8`,
      multiplier: isRate ? (multiplier ?? 1) : null,
      inOrder: sql`${this.neighbour.alias}.in_order`,
    });
  }

  /** The figure of the local authority itself: in the period that is compared, if no other is named. */
  own(): Figure {
    return this.ofPlace(this.ownRow, LOCAL_AUTHORITY.type);
  }

  /** The same of the year before its figure. */
  ownYearBefore({ periodId }: Figure): Figure {
    const before = yearBefore(this.asked, periodId, this.select);
    return this.ofPlace(this.ownRow, LOCAL_AUTHORITY.type, before);
  }

  get ofRegion(): Figure {
    this.regionRow ??= this.joinedRegion();
    return this.ofPlace(this.regionRow, 'Region');
  }

  get ofEngland(): Figure {
    return this.ofPlace(this.englandRow, 'England');
  }

  /** The figure of a place, which joins the place's row: in the period that is compared, if no other is named. */
  ofPlace(place: TableRow, type: string, periodId?: Sql): Figure {
    const { chosen, question, select } = this;
    if (!chosen && !periodId) return newestRow(this.of(place, type, question.period), select);
    return newestRow(
      { ...this.of(place, type, null), periodId: periodId ?? sql`${chosen!}.period_id` },
      select,
    );
  }

  /** Whether a local authority is it or one of its neighbours. */
  isCompared(place: Sql): Sql {
    return sql`(${place}.code = ${this.authority.alias}.code OR ${place}.code IN (SELECT neighbour_code FROM ${this.neighbours}))`;
  }

  /** Joins a table to the one row of the answer. */
  join(table: Sql): void {
    this.joins.push(table);
  }

  /** Parts of the whole that could be asked for instead of it; none where a part is asked for. */
  get parts(): string[] {
    if (this.asked.breakdown !== null || this.select.asOf) return [];
    return this.select.known.breakdowns(this.indicator.dataSet.id).map(({ code }) => code);
  }

  /** How many years the newest period of the indicator ends after the one that is compared. */
  get ageInYears(): Sql {
    const newest = newestDay(this.asked, this.select);
    return sql`(extract(year FROM ${newest}) - extract(year FROM ${this.period.period('ends_on')}))::int`;
  }

  /** SQL of an answer: to be taken when all of it has been asked for. */
  read(answer: Sql): Sql {
    const { chosen, figures, neighbour, neighbours, over, authority } = this;
    const read = over.all.size > 0 || over.neighbours.size > 0 || figures.size > 0;
    const table = read ? sql`, ${figures.alias} AS MATERIALIZED (${this.figuresRead()})` : empty;
    const overall = (columns: Columns, from: Sql) =>
      columns.size > 0
        ? sql`CROSS JOIN LATERAL (SELECT ${columns.list((one) => one)} FROM ${from}) ${columns.alias}`
        : empty;
    const ofNeighbours = sql`${neighbours} ${neighbour.alias}
      JOIN ${figures.alias} ON ${figures.alias}.code = ${neighbour.alias}.neighbour_code ${joinsOf(neighbour)}`;
    const period = chosen ? sql`, ${chosen} AS MATERIALIZED (${this.periodChosen()})` : empty;
    return sql`(WITH ${neighbours} AS MATERIALIZED (${this.given})${period}${table}
      SELECT ${answer} FROM ${chosen ?? raw('(SELECT) one')} ${joinsOf(rowOf(authority.alias, this.joins))}
      ${overall(over.all, figures.alias)} ${overall(over.neighbours, ofNeighbours)})`;
  }

  /** Of those compared, each is looked up; of every local authority, all are read in one go. */
  private figureOfEach(): Pick<Figure, 'isThere' | 'row'> {
    const { place, select } = this;
    // Known once for the whole statement, so that rows can be looked for by it.
    const asked = this.chosen
      ? { ...this.asked, periodId: sql`(SELECT period_id FROM ${this.chosen})` }
      : this.asked;
    return canReadAreas(asked, select)
      ? rowOfEach(asked, sql`${place.alias}.place_id`, select, () => !this.isNational)
      : newestRow(asked, select);
  }

  private joinedRegion(): TableRow {
    const region = this.select.alias('r');
    const { authority, select } = this;
    this.join(sql`CROSS JOIN LATERAL (SELECT ${authority.alias}.region_code AS code) ${region}`);
    const { key } = authority;
    const { regionOf } = select.known;
    return {
      ...rowOf(region, this.joins),
      ...(key && { key: { is: (test) => key.is((code: string) => test(regionOf.get(code))) } }),
    };
  }

  private figuresRead(): Sql {
    const { figures: columns, place } = this;
    const { alias } = place;
    const isCompared = this.isCompared(alias);
    const listed = columns.size > 0 ? sql`, ${columns.list((one) => one)}` : empty;
    const which = this.isNational
      ? sql`${LOCAL_AUTHORITY.exists(alias)} OR ${this.figure.isThere} OR ${isCompared}`
      : isCompared;
    return sql`SELECT ${alias}.code${listed} FROM ${LOCAL_AUTHORITY.table} ${alias} ${joinsOf(place)}
      WHERE CASE WHEN ${alias}.code IS NOT NULL THEN ${which} ELSE false END`;
  }

  /**
   * The period: the newest of those for which most have a figure: all, if there is one. Nearly always all have one in the newest, which
   * is tried first.
   */
  private periodChosen(): Sql {
    const { asked, authority, neighbours, select } = this;
    const code = select.alias('k');
    const codes = sql`(SELECT ${authority.alias}.code UNION SELECT neighbour_code FROM ${neighbours}) ${code}`;
    const source: FigureSource = {
      kind: 'published',
      level: 'LOCAL_AUTHORITY',
      place: placeId('LOCAL_AUTHORITY', sql`${code}.code`),
    };
    const every = figures(source, asked, select);
    const most = (condition: Sql) => sql`SELECT f.period_id, count(*)::int AS having_it FROM ${codes}
      CROSS JOIN LATERAL (SELECT ${every.periodId} AS period_id, ${every.order} AS in_time ${every.from('all')}) f
      WHERE ${condition} GROUP BY f.period_id ORDER BY count(*) DESC, max(f.in_time) DESC LIMIT 1`;
    if (this.newest === null) {
      return sql`SELECT n.period_id, n.having_it, (SELECT count(*)::int FROM ${codes}) AS compared
        FROM (SELECT) one LEFT JOIN (${most(sql`true`)}) n ON true`;
    }
    const one = figures(source, { ...asked, periods: [this.newest] }, select);
    return sql`WITH c AS MATERIALIZED (
        SELECT max(f.period_id) AS newest, count(f.period_id)::int AS having_it, count(*)::int AS compared FROM ${codes}
        LEFT JOIN LATERAL (SELECT ${one.periodId} AS period_id ${one.from('newest')}) f ON true)
      SELECT coalesce(n.period_id, c.newest) AS period_id, coalesce(n.having_it, c.having_it) AS having_it, c.compared
      FROM c LEFT JOIN (${most(sql`(SELECT c.having_it < c.compared FROM c)`)}) n ON true`;
  }

  private of(row: TableRow, type: string, period: string | null | undefined): PlaceIndicatorRow {
    const { indicator: id, breakdown } = this.question;
    return placeIndicator({ row, type: this.select.typeNamed(type) }, this.select, {
      id,
      breakdown,
      period,
    });
  }
}
