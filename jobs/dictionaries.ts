/**
 * Places, periods and breakdowns that a load meets, numbered once and for ever. Numbers are given in memory
 * while rows stream, and written with them in the same transaction; the lock that every load takes keeps two
 * loads from giving the same number.
 */
import type { PoolClient } from 'pg';
import { columnsText } from './array-text.js';
import type { FilterDeclaration, StatisticsDataSet } from './declaration.js';
import { censusDayOf, type Period } from './period.js';

/** Levels of place, as published; schools are known by URN (SCHOOL) or LAESTAB. */
export type Level = 'NATIONAL' | 'REGIONAL' | 'LOCAL_AUTHORITY' | 'SCHOOL' | 'LAESTAB';

/** SQL for the level by which releases cover: schools are one level, however they are known. */
export const levelOf = (column: string): string =>
  `CASE ${column} WHEN 'LAESTAB' THEN 'SCHOOL' ELSE ${column} END`;

/** Rows of a level and period that a release has. */
export interface Covered {
  level: string;
  period: number;
  rows: number;
}

interface SeenPeriod extends Period {
  id: number;
  code: string;
  identifier: string;
}

/** A level for each filter: rows are many, and to join their values into keys would take longer than to follow them. */
interface BreakdownTree extends Map<string | null, BreakdownTree> {
  id?: number;
}

export class Dictionaries {
  private readonly places = new Map<Level, Map<string, number>>();
  private readonly newPlaces: { id: number; level: string; code: string }[] = [];
  private lastPlace = 0;
  private readonly periodIds = new Map<string, number>();
  private readonly newPeriods: { id: number; period: Period }[] = [];
  private lastPeriod = 0;
  private readonly seenPeriods = new Map<string, SeenPeriod>();
  /** By period, then by level. */
  private readonly covered = new Map<number, Map<string, Covered>>();
  private readonly breakdownIds = new Map<string, number>();
  private readonly breakdownOfValues: BreakdownTree = new Map();
  private readonly newBreakdowns: {
    id: number;
    code: string;
    label: string;
    filters: string;
    schoolPart: boolean;
  }[] = [];
  private lastBreakdown = 0;

  private constructor(
    private readonly dataSet: Pick<StatisticsDataSet, 'filters'>,
    private readonly dataSetNumber: number,
  ) {}

  static async read(
    client: PoolClient,
    dataSet: Pick<StatisticsDataSet, 'filters'>,
    dataSetNumber: number,
  ): Promise<Dictionaries> {
    const dictionaries = new Dictionaries(dataSet, dataSetNumber);
    for (const { id, level, code } of (await client.query('SELECT id, level, code FROM place')).rows) {
      dictionaries.placesOf(level).set(code, id);
      dictionaries.lastPlace = Math.max(dictionaries.lastPlace, id);
    }
    const periods = await client.query('SELECT id, kind, starts_on::text, ends_on::text FROM period');
    for (const { id, kind, starts_on, ends_on } of periods.rows) {
      dictionaries.periodIds.set(`${kind} ${starts_on} ${ends_on}`, id);
      dictionaries.lastPeriod = Math.max(dictionaries.lastPeriod, id);
    }
    const breakdowns = await client.query('SELECT id, data_set_number, code FROM breakdown');
    for (const { id, data_set_number, code } of breakdowns.rows) {
      if (data_set_number === null || data_set_number === dataSetNumber)
        dictionaries.breakdownIds.set(code, id);
      dictionaries.lastBreakdown = Math.max(dictionaries.lastBreakdown, id);
    }
    return dictionaries;
  }

  place(level: Level, code: string): number {
    const places = this.placesOf(level);
    const known = places.get(code);
    if (known !== undefined) return known;
    this.lastPlace += 1;
    places.set(code, this.lastPlace);
    this.newPlaces.push({ id: this.lastPlace, level, code });
    return this.lastPlace;
  }

  private placesOf(level: Level): Map<string, number> {
    let places = this.places.get(level);
    if (!places) {
      places = new Map();
      this.places.set(level, places);
    }
    return places;
  }

  period(period: Period, code: string, identifier: string): number {
    const seen = this.seenPeriods.get(code);
    if (seen) return seen.id;
    const id = this.periodId(period);
    this.seenPeriods.set(code, { ...period, id, code, identifier });
    return id;
  }

  /** The number of a period by its canonical key, whatever a file calls it. */
  periodId(period: Period): number {
    const key = `${period.kind} ${period.startsOn} ${period.endsOn}`;
    let id = this.periodIds.get(key);
    if (id === undefined) {
      this.lastPeriod += 1;
      id = this.lastPeriod;
      this.periodIds.set(key, id);
      this.newPeriods.push({ id, period });
    }
    return id;
  }

  /** Notes that the release has a row of a level and period. */
  cover(level: Level, period: number): void {
    const covering = level === 'LAESTAB' ? 'SCHOOL' : level;
    let levels = this.covered.get(period);
    if (!levels) {
      levels = new Map();
      this.covered.set(period, levels);
    }
    const covered = levels.get(covering);
    if (covered) covered.rows += 1;
    else levels.set(covering, { level: covering, period, rows: 1 });
  }

  /** What the release covers. */
  get coverage(): Covered[] {
    return [...this.covered.values()].flatMap((levels) => [...levels.values()]);
  }

  /** `values`: one published value for each declared filter, in their order; null where the file lacks it. */
  breakdown(values: (string | null)[]): number {
    let tree = this.breakdownOfValues;
    for (const value of values) {
      let branch = tree.get(value);
      if (!branch) {
        branch = new Map();
        tree.set(value, branch);
      }
      tree = branch;
    }
    tree.id ??= this.numberBreakdown(values);
    return tree.id;
  }

  private numberBreakdown(values: (string | null)[]): number {
    const named = this.dataSet.filters
      .map((filter, at) => ({ filter, value: values[at] ?? null }))
      .filter((part): part is { filter: FilterDeclaration; value: string } => !isTotal(part))
      .map(({ filter, value }) => ({ filter, value: filter.names?.[value] ?? value }));
    const telling = named.filter(({ filter }) => filter.decidedBy === undefined);
    const code = telling.length === 0 ? 'total' : telling.map(({ value }) => slug(value)).join('/');
    const known = this.breakdownIds.get(code);
    if (known !== undefined) return known;
    this.lastBreakdown += 1;
    this.breakdownIds.set(code, this.lastBreakdown);
    this.newBreakdowns.push({
      id: this.lastBreakdown,
      code,
      label: telling.map(({ value }) => value).join(', '),
      filters: JSON.stringify(Object.fromEntries(named.map(({ filter, value }) => [filter.name, value]))),
      schoolPart: named.every(({ filter }) => filter.partsOfSchool === true),
    });
    return this.lastBreakdown;
  }

  /** Writes what is new, a table in a statement. The newest release says how a period is written. */
  async write(client: PoolClient, isNewest: boolean): Promise<void> {
    await client.query(
      'INSERT INTO place (id, level, code) SELECT * FROM unnest($1::int[], $2::text[], $3::text[])',
      columnsText(this.newPlaces, 'id', 'level', 'code'),
    );
    await client.query(
      `INSERT INTO period (id, kind, starts_on, ends_on, census_on)
       SELECT * FROM unnest($1::smallint[], $2::text[], $3::date[], $4::date[], $5::date[])`,
      [
        this.newPeriods.map(({ id }) => id),
        this.newPeriods.map(({ period }) => period.kind),
        this.newPeriods.map(({ period }) => period.startsOn),
        this.newPeriods.map(({ period }) => period.endsOn),
        this.newPeriods.map(({ period }) => censusDayOf(period)),
      ],
    );
    await client.query(
      `INSERT INTO breakdown (id, data_set_number, code, label, filters, school_part)
       SELECT id, $1, code, label, filters, school_part
       FROM unnest($2::int[], $3::text[], $4::text[], $5::jsonb[], $6::boolean[]) AS b (id, code, label, filters, school_part)`,
      [
        this.dataSetNumber,
        this.newBreakdowns.map(({ id }) => id),
        this.newBreakdowns.map(({ code }) => code),
        this.newBreakdowns.map(({ label }) => label),
        this.newBreakdowns.map(({ filters }) => filters),
        this.newBreakdowns.map(({ schoolPart }) => schoolPart),
      ],
    );
    // Two spellings of one period: the one that came last stands.
    const spelled = [
      ...new Map([...this.seenPeriods.values()].map((period) => [period.id, period])).values(),
    ];
    await client.query(
      `INSERT INTO data_set_period (data_set_number, period_id, code, identifier, label)
       SELECT $1, * FROM unnest($2::smallint[], $3::text[], $4::text[], $5::text[])
       ON CONFLICT (data_set_number, period_id) DO UPDATE
       SET code = excluded.code, identifier = excluded.identifier, label = excluded.label WHERE $6`,
      [
        this.dataSetNumber,
        spelled.map(({ id }) => id),
        spelled.map(({ code }) => code),
        spelled.map(({ identifier }) => identifier),
        spelled.map(({ label }) => label),
        isNewest,
      ],
    );
  }

  /** Writes which levels and periods the release covers. */
  async writeCoverage(client: PoolClient, release: number): Promise<void> {
    await client.query(
      `INSERT INTO coverage (data_set_number, level, period_id, release_id)
       SELECT $1, level, period, $2 FROM unnest($3::text[], $4::smallint[]) AS c (level, period)
       ON CONFLICT DO NOTHING`,
      [
        this.dataSetNumber,
        release,
        this.coverage.map(({ level }) => level),
        this.coverage.map(({ period }) => period),
      ],
    );
  }
}

const isTotal = ({ filter, value }: { filter: FilterDeclaration; value: string | null }) =>
  value === null ||
  filter.total.some((total) => (typeof total === 'string' ? total === value : total.test(value)));

const slug = (value: string) =>
  value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
