/**
 * The indicators of a series, made of its dictionary whenever either is published: the file says which figures
 * there are, the dictionary what they are. Ids are made of the file's own names and stay as long as those do.
 */
import type { PoolClient } from 'pg';
import type { SeriesDataSet, Unit } from './declaration.js';
import { Dictionaries } from './dictionaries.js';
import { sourceFault } from './source-fault.js';
import { readSpelledYear, type YearType } from './spelled-year.js';

/** Signs that are part of a measure's name, in words: "%_2yr_olds" and "2yr_olds" are two measures. */
const SIGNS: [RegExp, string][] = [
  [/%/g, ' percent '],
  [/&/g, ' and '],
  [/</g, ' under '],
  [/>/g, ' over '],
  [/\+/g, ' plus '],
  [/£/g, ' pounds '],
];

/** The id of a measure's indicator: lait-percent-2yr-olds. */
export function seriesIndicatorId(dataSetId: string, measure: string): string {
  const words = SIGNS.reduce((text, [sign, word]) => text.replace(sign, word), measure.toLowerCase());
  return `${dataSetId}-${words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
}

/** What a value counts, by the words of its axis and, where they do not tell, of its title. The first that fits. */
const UNITS: { of: 'axis' | 'title'; words: RegExp; unit: Unit }[] = [
  { of: 'axis', words: /^%/, unit: 'PERCENT' },
  { of: 'axis', words: /^rate per 100,?000\b/i, unit: 'PER_100_000' },
  { of: 'axis', words: /^rate per 10,?000\b/i, unit: 'PER_10_000' },
  { of: 'axis', words: /^rate per 1,?000\b/i, unit: 'PER_1_000' },
  { of: 'title', words: /\(%\)/, unit: 'PERCENT' },
  { of: 'axis', words: /score/i, unit: 'SCORE' },
  { of: 'axis', words: /^(spend|unit cost)$/i, unit: 'POUNDS' },
  { of: 'axis', words: /^(number|total cases|case load|social workers|starters|leavers)\b/i, unit: 'NUMBER' },
  { of: 'title', words: /\bnumber\b/i, unit: 'NUMBER' },
];

export const unitOf = (axis: string, title: string): Unit =>
  UNITS.find(({ of, words }) => words.test(of === 'axis' ? axis : title))?.unit ?? 'OTHER';

/** Decimals shown where the dictionary does not say: as many as the newest figures have, up to this many. */
const MOST_DECIMALS = 2;

interface Described {
  topics: string[];
  measure_short: string;
  series_measure: number | null;
  chart_title: string;
  polarity: string;
  y_axis_name: string;
  description: string | null;
  methodology: string | null;
  links: string | null;
  data_owner: string | null;
  last_update_on: string | null;
  last_update_note: string | null;
  next_update_on: string | null;
  next_update_note: string | null;
  decimals: number | null;
  year_type: YearType;
  has_quartile_bands: boolean;
}

export async function rebuildSeriesIndicators(client: PoolClient, dataSet: SeriesDataSet): Promise<void> {
  const { rows: numbers } = await client.query('SELECT number FROM data_set WHERE id = $1', [dataSet.id]);
  const number = numbers[0].number as number;
  await readYearsAnew(client, number);
  const { rows: described } = await client.query<Described>(DESCRIBED, [number]);
  const decimals = await shownDecimals(client, number);
  const byId = new Map<string, string>();
  const rows = described.map((measure) => {
    const id = seriesIndicatorId(dataSet.id, measure.measure_short);
    const twin = byId.get(id);
    if (twin !== undefined) {
      throw sourceFault(
        `the measures "${twin}" and "${measure.measure_short}" would both be the indicator ${id}`,
      );
    }
    byId.set(id, measure.measure_short);
    const { chart_title, y_axis_name, links, ...own } = measure;
    return {
      ...own,
      id,
      data_set_number: number,
      name: chart_title.replace(/\s+/g, ' '),
      description: own.description ?? chart_title,
      unit: unitOf(y_axis_name, chart_title),
      unit_label: y_axis_name,
      links: links?.match(/https?:\/\/[^\s;,]+/g) ?? [],
      decimals: own.decimals ?? decimals.get(own.series_measure ?? -1) ?? 0,
      timing: own.year_type,
    };
  });
  await client.query('DELETE FROM indicator WHERE data_set_number = $1', [number]);
  await client.query(
    `INSERT INTO indicator (${COLUMNS}) SELECT ${COLUMNS} FROM json_populate_recordset(NULL::indicator, $1)`,
    [JSON.stringify(rows)],
  );
}

const COLUMNS = `id, data_set_number, series_measure, name, unit, description, topics, decimals, polarity, unit_label,
  methodology, links, data_owner, last_update_on, last_update_note, next_update_on, next_update_note, timing, has_quartile_bands`;

/**
 * A measure as the dictionary says or, where it has dropped one that still has figures, last said. Of the entries
 * under several topics the one that was updated last speaks for it; that the values lie too close together for
 * quartile bands, any of them may say.
 */
const DESCRIBED = `
  WITH entry AS (
    SELECT l.*, rank() OVER (PARTITION BY l.measure_short ORDER BY coalesce(l.to_release, 2147483647) DESC) AS age
    FROM lait_measure l
  )
  SELECT DISTINCT ON (e.measure_short) e.measure_short, m.number AS series_measure, e.chart_title, e.polarity,
    e.y_axis_name, e.description, e.methodology, e.links, e.data_owner, e.last_update_on::text, e.last_update_note,
    e.next_update_on::text, e.next_update_note, e.decimals, e.year_type,
    bool_and(e.has_quartile_bands) OVER (PARTITION BY e.measure_short) AS has_quartile_bands,
    array_agg(e.topic) OVER (
      PARTITION BY e.measure_short ORDER BY e.last_update_on DESC NULLS LAST, e.topic
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS topics
  FROM entry e LEFT JOIN series_measure m ON m.data_set_number = $1 AND m.code = e.measure_short
  WHERE e.age = 1 AND (e.to_release IS NULL OR m.number IS NOT NULL)
  ORDER BY e.measure_short, e.last_update_on DESC NULLS LAST, e.topic`;

/** Decimals of the newest period's figures, by measure. */
async function shownDecimals(client: PoolClient, number: number): Promise<Map<number, number>> {
  const { rows } = await client.query(
    `WITH newest AS (
       SELECT DISTINCT ON (p.measure) p.measure, p.position
       FROM series_measure m
       JOIN series_period p ON p.measure = m.number AND p.to_release IS NULL
       JOIN period pe ON pe.id = p.period_id
       WHERE m.data_set_number = $1 AND EXISTS (
         SELECT FROM series s WHERE s.measure = p.measure AND s.to_release IS NULL AND s.values[p.position] IS NOT NULL)
       ORDER BY p.measure, pe.ends_on DESC
     )
     SELECT n.measure, least(max(scale(trim_scale(s.values[n.position]::numeric))), $2)::int AS decimals
     FROM newest n JOIN series s ON s.measure = n.measure AND s.to_release IS NULL GROUP BY n.measure`,
    [number, MOST_DECIMALS],
  );
  return new Map(rows.map(({ measure, decimals }) => [measure, decimals]));
}

/** Where the dictionary has changed its mind about a measure's years, their spellings now mean other periods. */
async function readYearsAnew(client: PoolClient, number: number): Promise<void> {
  const { rows } = await client.query(
    `SELECT DISTINCT p.measure, p.position, p.code, l.year_type
     FROM series_period p
     JOIN series_measure m ON m.number = p.measure AND m.data_set_number = $1
     JOIN lait_measure l ON l.measure_short = m.code AND l.to_release IS NULL
     WHERE p.to_release IS NULL AND l.year_type <> p.identifier
       AND NOT EXISTS (SELECT FROM lait_measure o WHERE o.measure_short = m.code AND o.to_release IS NULL AND o.year_type = p.identifier)`,
    [number],
  );
  if (rows.length === 0) return;
  const dictionaries = await Dictionaries.read(client, { filters: [] }, number);
  const changed = rows.flatMap(({ measure, position, code, year_type }) => {
    const period = readSpelledYear(year_type, code);
    return period
      ? [{ measure, position, year_type, label: period.label, id: dictionaries.periodId(period) }]
      : [];
  });
  await dictionaries.write(client, true);
  for (const { measure, position, year_type, label, id } of changed) {
    await client.query(
      `UPDATE series_period SET period_id = $3, label = $4, identifier = $5
       WHERE measure = $1 AND position = $2 AND to_release IS NULL`,
      [measure, position, id, label, year_type],
    );
  }
}
