/**
 * Which places and periods have a figure, counted over all rows that stand now. A data set is counted as a whole, by period
 * and by place, whichever of its indicators is asked for. Published rows are counted, whatever their breakdown; nothing is derived.
 */
import { type Level, levelOf } from '../../jobs/dictionaries.js';

/** Schools are one level, however they are known. */
export type CoveredLevel = Exclude<Level, 'LAESTAB'>;
export const COVERED_LEVELS: readonly CoveredLevel[] = ['NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY', 'SCHOOL'];

export interface PeriodWithFigures {
  code: string;
  label: string;
  endsOn: string;
}

/** How far an indicator reaches on one level. */
export interface LevelFigures {
  level: CoveredLevel;
  /** Places that have a figure in some period. */
  places: number;
  /** Periods for which some place has one. */
  periods: number;
  figures: number;
  symbols: number;
  oldest: PeriodWithFigures | null;
  newest: PeriodWithFigures | null;
}

/** By position in observation.values, or by series.measure: the levels on which there is a row. */
export type FiguresOfDataSet = ReadonlyMap<number, LevelFigures[]>;

// biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the statement's
type Query = (text: string, values?: unknown[]) => Promise<any[]>;

/** What one statement counts for a period of an indicator on a level. */
interface Counted extends PeriodWithFigures {
  figures: number;
  symbols: number;
}

/** `periods`: oldest first. Nothing where no row has a figure or a symbol. */
function levelFigures(level: CoveredLevel, places: number, counted: Counted[]): LevelFigures[] {
  const sum = (what: 'figures' | 'symbols') => counted.reduce((total, period) => total + period[what], 0);
  const withFigures = counted.filter(({ figures }) => figures > 0);
  if (withFigures.length === 0 && sum('symbols') === 0) return [];
  return [
    {
      level,
      places,
      periods: withFigures.length,
      figures: sum('figures'),
      symbols: sum('symbols'),
      oldest: withFigures[0] ?? null,
      newest: withFigures.at(-1) ?? null,
    },
  ];
}

/** Positions are numbers that the database gave. */
const arrayOf = (positions: number[], sql: (position: number) => string) =>
  `ARRAY[${positions.map(sql)}]::int[]`;

const byPeriod = (positions: number[]) => `
  SELECT t.level, dp.code, dp.label, pe.ends_on::text AS "endsOn", t.figures, t.symbols
  FROM (
    SELECT ${levelOf('p.level')} AS level, o.period_id,
      ${arrayOf(positions, (p) => `count(o.values[${p}])`)} AS figures,
      ${arrayOf(positions, (p) => `count(*) FILTER (WHERE o.values[${p}] IS NULL AND o.raw ? '${p}')`)} AS symbols
    FROM observation o JOIN place p ON p.id = o.place_id
    WHERE o.data_set_number = $1 AND o.to_release IS NULL
    GROUP BY 1, 2
  ) t
  JOIN period pe ON pe.id = t.period_id
  JOIN data_set_period dp ON dp.data_set_number = $1 AND dp.period_id = t.period_id
  ORDER BY pe.ends_on, pe.starts_on`;

/** Grouped by place before anything is joined: half the time of grouping both ways at once. */
const byPlace = (positions: number[]) => `
  SELECT ${levelOf('p.level')} AS level, ${arrayOf(positions, (p) => `count(*) FILTER (WHERE t.n${p} > 0)`)} AS places
  FROM (
    SELECT o.place_id, ${positions.map((p) => `count(o.values[${p}]) AS n${p}`)}
    FROM observation o WHERE o.data_set_number = $1 AND o.to_release IS NULL
    GROUP BY 1
  ) t
  JOIN place p ON p.id = t.place_id
  GROUP BY 1`;

export async function statisticsFigures(query: Query, dataSet: number): Promise<FiguresOfDataSet> {
  const indicators = await query(
    'SELECT DISTINCT position FROM indicator WHERE data_set_number = $1 AND position IS NOT NULL ORDER BY position',
    [dataSet],
  );
  const positions: number[] = indicators.map(({ position }) => Number(position));
  if (positions.length === 0) return new Map();
  const periods = await query(byPeriod(positions), [dataSet]);
  const places = await query(byPlace(positions), [dataSet]);
  return new Map(
    positions.map((position, at) => [
      position,
      COVERED_LEVELS.flatMap((level) => {
        const counted = periods
          .filter((row) => row.level === level)
          .map((row): Counted => ({ ...periodOf(row), figures: row.figures[at], symbols: row.symbols[at] }));
        const withFigure: number = places.find((row) => row.level === level)?.places[at] ?? 0;
        return levelFigures(level, withFigure, counted);
      }),
    ]),
  );
}

const SERIES_BY_PERIOD = `
  SELECT t.measure, t.level, sp.code, sp.label, pe.ends_on::text AS "endsOn", t.figures, t.symbols
  FROM (
    SELECT s.measure, ${levelOf('p.level')} AS level, v.position, count(v.value)::int AS figures,
      count(*) FILTER (WHERE v.value IS NULL AND s.raw ? v.position::text)::int AS symbols
    FROM series s JOIN place p ON p.id = s.place_id
    CROSS JOIN LATERAL unnest(s.values) WITH ORDINALITY AS v (value, position)
    WHERE s.data_set_number = $1 AND s.to_release IS NULL
    GROUP BY 1, 2, 3
  ) t
  JOIN series_period sp ON sp.measure = t.measure AND sp.position = t.position AND sp.to_release IS NULL
  JOIN period pe ON pe.id = sp.period_id
  ORDER BY pe.ends_on, pe.starts_on`;

const SERIES_PLACES = `
  SELECT s.measure, ${levelOf('p.level')} AS level,
    count(DISTINCT s.place_id) FILTER (WHERE array_remove(s.values, NULL) <> '{}')::int AS places
  FROM series s JOIN place p ON p.id = s.place_id
  WHERE s.data_set_number = $1 AND s.to_release IS NULL
  GROUP BY 1, 2`;

export async function seriesFigures(query: Query, dataSet: number): Promise<FiguresOfDataSet> {
  const counted = new Map<string, Counted[]>();
  for (const row of await query(SERIES_BY_PERIOD, [dataSet])) {
    const key = `${row.measure} ${row.level}`;
    const period: Counted = { ...periodOf(row), figures: row.figures, symbols: row.symbols };
    const known = counted.get(key);
    if (known) known.push(period);
    else counted.set(key, [period]);
  }
  const found = new Map<number, LevelFigures[]>();
  const places = await query(SERIES_PLACES, [dataSet]);
  for (const level of COVERED_LEVELS) {
    for (const row of places.filter((place) => place.level === level)) {
      const levels = levelFigures(level, row.places, counted.get(`${row.measure} ${level}`) ?? []);
      found.set(row.measure, [...(found.get(row.measure) ?? []), ...levels]);
    }
  }
  return found;
}

const periodOf = ({ code, label, endsOn }: PeriodWithFigures): PeriodWithFigures => ({ code, label, endsOn });
