/**
 * What is known of a series before its file is read — numbers of measures, positions of their periods, what the
 * dictionary says of their years, codes of local authorities — and what the file adds to it. A number and a
 * position, once given, keep their meaning; the lock that every load takes keeps two loads from giving the same.
 */
import type { PoolClient } from 'pg';
import { Dictionaries } from './dictionaries.js';
import type { Period } from './period.js';
import type { YearType } from './spelled-year.js';

/** A period of a measure as its file spells it. */
export interface SpelledPeriod extends Period {
  id: number;
  /** As published: 2016/17, 2025 (prov). */
  code: string;
  /** The measure's kind of year, as published. */
  identifier: string;
}

export interface PositionedPeriod extends SpelledPeriod {
  position: number;
}

/** A measure that the release has, and where its periods stand. */
export interface CoveredMeasure {
  number: number;
  code: string;
  periods: PositionedPeriod[];
}

export class SeriesDictionary {
  private readonly numbers = new Map<string, number>();
  private readonly newMeasures: { number: number; code: string }[] = [];
  private readonly positions = new Map<number, Map<number, number>>();
  private lastNumber = 0;
  /** Measures of the release, once every file has been read. */
  readonly covered: CoveredMeasure[] = [];

  private constructor(
    private readonly dataSetNumber: number,
    readonly places: Dictionaries,
    /** Kind of year by measure, as the dictionary says or last said. */
    readonly yearTypes: ReadonlyMap<string, YearType>,
    /** Measures of the dictionary as it stands. */
    readonly described: ReadonlySet<string>,
    /** Every code that a local authority has or had; empty where the register of codes is not loaded. */
    readonly authorities: ReadonlySet<string>,
  ) {}

  static async read(client: PoolClient, dataSetNumber: number): Promise<SeriesDictionary> {
    const places = await Dictionaries.read(client, { filters: [] }, dataSetNumber);
    const measures = await client.query(
      `SELECT measure_short, year_type, bool_or(to_release IS NULL) OVER (PARTITION BY measure_short) AS stands
       FROM lait_measure ORDER BY from_release`,
    );
    const authorities = await client.query('SELECT DISTINCT code FROM local_authority_code');
    const dictionary = new SeriesDictionary(
      dataSetNumber,
      places,
      new Map(measures.rows.map(({ measure_short, year_type }) => [measure_short, year_type])),
      new Set(measures.rows.filter(({ stands }) => stands).map(({ measure_short }) => measure_short)),
      new Set(authorities.rows.map(({ code }) => code)),
    );
    const numbers = await client.query('SELECT number, data_set_number, code FROM series_measure');
    for (const { number, data_set_number, code } of numbers.rows) {
      dictionary.lastNumber = Math.max(dictionary.lastNumber, number);
      if (data_set_number !== dataSetNumber) continue;
      dictionary.numbers.set(code, number);
      dictionary.positions.set(number, new Map());
    }
    const positions = await client.query(
      'SELECT DISTINCT ON (measure, position) measure, position, period_id FROM series_period ORDER BY measure, position, from_release DESC',
    );
    for (const { measure, position, period_id } of positions.rows) {
      dictionary.positions.get(measure)?.set(period_id, position);
    }
    return dictionary;
  }

  /** Notes that the release has a measure with these periods, and says where each of them stands. */
  cover(code: string, periods: SpelledPeriod[]): CoveredMeasure {
    let number = this.numbers.get(code);
    if (number === undefined) {
      this.lastNumber += 1;
      number = this.lastNumber;
      this.numbers.set(code, number);
      this.positions.set(number, new Map());
      this.newMeasures.push({ number, code });
    }
    const positions = this.positions.get(number)!;
    // New periods are appended oldest first, whatever the order of the file.
    const ordered = periods.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
    for (const { id } of ordered) {
      if (!positions.has(id)) positions.set(id, positions.size + 1);
    }
    const measure = {
      number,
      code,
      periods: ordered.map((period) => ({ ...period, position: positions.get(period.id)! })),
    };
    this.covered.push(measure);
    return measure;
  }

  /** Writes the measures, periods and places that are new, and how the release spells what it covers. */
  async write(client: PoolClient, release: number): Promise<void> {
    await this.places.write(client, true);
    await client.query(
      'INSERT INTO series_measure (number, data_set_number, code) SELECT number, $1, code FROM unnest($2::smallint[], $3::text[]) AS m (number, code)',
      [
        this.dataSetNumber,
        this.newMeasures.map(({ number }) => number),
        this.newMeasures.map(({ code }) => code),
      ],
    );
    const periods = this.covered.flatMap(({ number, periods: own }) =>
      own.map((period) => ({ measure: number, ...period })),
    );
    // A pass that reads several releases again has that of the one before.
    await client.query('DROP TABLE IF EXISTS pg_temp.covered');
    await client.query(
      `CREATE TEMP TABLE covered ON COMMIT DROP AS
       SELECT * FROM unnest($1::smallint[], $2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::text[])
         AS c (measure, position, period_id, code, label, identifier)`,
      [
        periods.map(({ measure }) => measure),
        periods.map(({ position }) => position),
        periods.map(({ id }) => id),
        periods.map(({ code }) => code),
        periods.map(({ label }) => label),
        periods.map(({ identifier }) => identifier),
      ],
    );
    await client.query('ANALYZE covered');
    await client.query(
      `UPDATE series_period s SET to_release = $1 FROM covered c
       WHERE s.measure = c.measure AND s.position = c.position AND s.to_release IS NULL
         AND (s.period_id, s.code, s.label, s.identifier) IS DISTINCT FROM (c.period_id, c.code, c.label, c.identifier)`,
      [release],
    );
    await client.query(
      `UPDATE series_period s SET last_release = $1 FROM covered c
       WHERE s.measure = c.measure AND s.position = c.position AND s.to_release IS NULL`,
      [release],
    );
    await client.query(
      `INSERT INTO series_period (measure, position, period_id, code, label, identifier, from_release, last_release)
       SELECT c.*, $1, $1 FROM covered c
       WHERE NOT EXISTS (SELECT FROM series_period s WHERE s.measure = c.measure AND s.position = c.position AND s.to_release IS NULL)`,
      [release],
    );
  }
}

const sortKey = ({ startsOn, endsOn, id }: SpelledPeriod) => `${startsOn} ${endsOn} ${id}`;
