/**
 * What the fields of a composition share. The schools of the place on a day are read once, in groups that every count is
 * a sum of, and its trusts once; memberships of trusts once for all the days that are asked of. What nobody asks for is
 * not read.
 */
import type { Select } from '../select/select.js';
import { empty, join, type Sql, sql } from '../select/sql.js';
import { soundFrom } from './sound-from.js';
import { phaseOf, providerOf, wasOpenOn } from './state-funded.js';
import { membershipsAround, type OfPlace, trustsOn } from './trust-reach.js';

type Tables = Map<string, { name: Sql; as: Sql }>;

export class Parts {
  private readonly ofAllDays: Tables = new Map();
  private readonly ofTheDay: Tables = new Map();
  private readonly asked: Sql;
  /** The day that is asked of. */
  readonly day: Sql;

  constructor(
    private readonly ofPlace: OfPlace,
    /** Code of the local authority that it is; null for a region and England. */
    readonly authority: Sql | null,
    private readonly select: Select,
  ) {
    this.asked = select.alias('asked');
    this.day = sql`${this.asked}.day`;
  }

  /**
   * Schools that were open on the day, by type, phase and census: type_code, type_name, provider, counted_phase (null
   * where they are not counted), census_on, schools, pupils, without_pupils.
   */
  get groups(): Sql {
    return this.table(this.ofTheDay, 'groups', () => {
      const school = this.select.alias('s');
      return sql`SELECT x.*, ${providerOf()} AS provider, ${phaseOf()} AS counted_phase FROM (
        SELECT type_code, coalesce(max(type_name), type_code) AS type_name, phase, census_on, count(*) AS schools,
          sum(number_of_pupils) AS pupils, count(*) FILTER (WHERE number_of_pupils IS NULL) AS without_pupils
        FROM school ${school} WHERE ${this.select.valid(school)} AND ${this.ofPlace(school)} AND ${wasOpenOn(school, this.day)}
        GROUP BY type_code, phase, census_on) x`;
    });
  }

  /** Those of them that are counted. */
  get counted(): Sql {
    const { groups } = this;
    return this.table(
      this.ofTheDay,
      'counted',
      () => sql`SELECT * FROM ${groups} WHERE provider IS NOT NULL AND counted_phase IS NOT NULL`,
    );
  }

  /** The one day since which a composition is sound: day, null where there is none. */
  get sound(): Sql {
    return this.table(this.ofAllDays, 'sound', () => sql`SELECT ${soundFrom(this.select)} AS day`);
  }

  /** Trusts with schools that are counted: group_uid, reach, schools. */
  get trusts(): Sql {
    const memberships = this.table(this.ofAllDays, 'memberships', () =>
      membershipsAround(this.ofPlace, this.select),
    );
    return this.table(this.ofTheDay, 'trusts', () =>
      trustsOn(this.ofPlace, this.day, memberships, this.select),
    );
  }

  /** `json` for a row of `days` (a column `day`) put together by `all`. */
  read(days: Sql, json: Sql, all: (one: Sql, day: Sql) => Sql): Sql {
    const one = sql`(${withTables(this.ofTheDay)} SELECT ${json})`;
    return sql`(${withTables(this.ofAllDays)} SELECT ${all(one, this.day)} FROM ${days} ${this.asked})`;
  }

  /** Tables stand in the order in which they are asked for, after those that they are made of. */
  private table(tables: Tables, name: string, make: () => Sql): Sql {
    const known = tables.get(name);
    if (known) return known.name;
    const table = { name: this.select.alias(name), as: make() };
    tables.set(name, table);
    return table.name;
  }
}

const withTables = (tables: Tables): Sql =>
  tables.size === 0
    ? empty
    : sql`WITH ${join([...tables.values()].map(({ name, as }) => sql`${name} AS MATERIALIZED (${as})`))}`;
