/**
 * The whole content of a data set as a table: a row for each place, period and breakdown of statistics, or each row of a
 * register, as it stands or as of a day, in an order of its own. What a column means is said beside its SQL.
 */
import type { DataSet, RegisterDataSet, SeriesDataSet, StatisticsDataSet } from '../../jobs/declaration.js';
import { levelOf } from '../../jobs/dictionaries.js';
import { asOfBound, releasedAsOf, validAsOf } from '../../schema/select/as-of.js';
import type { Column } from '../../schema/select/listing.js';
import { join, raw, type Sql, sql } from '../../schema/select/sql.js';

interface BulkColumn {
  name: string;
  type: 'Int' | 'Float' | 'Boolean' | 'String' | 'LocalDate' | 'ObservationStatus';
  meaning: string;
  value: Sql;
}

export interface Content {
  columns: Column[];
  /** Rows of those columns. */
  rows: Sql;
}

/** What is known of a data set in the database. */
export interface StoredDataSet {
  number: number;
  /** In the order of their positions. */
  measures: string[];
  /** By column of a register's table, its type in Postgres. */
  types: Record<string, string>;
}

/** The content as of a day; null for now. `statuses`: what each status means. */
export function contentOf(
  dataSet: DataSet,
  stored: StoredDataSet,
  asOf: string | null,
  statuses: Record<string, string>,
): Content {
  const bound = asOfBound(asOf);
  const { columns, from, order } =
    dataSet.kind === 'statistics'
      ? statistics(dataSet, stored, bound)
      : dataSet.kind === 'series'
        ? series(dataSet, stored, bound)
        : register(dataSet, stored, bound);
  return {
    columns: columns.map(({ name, type, meaning }) => ({
      name,
      level: 1,
      path: [name],
      type,
      meaning,
      values: type === 'ObservationStatus' ? statuses : {},
    })),
    rows: sql`SELECT ${join(columns.map(({ value }) => value))} ${from} ORDER BY ${order}`,
  };
}

const column = (
  name: string,
  type: BulkColumn['type'],
  meaning: string,
  value: Sql = raw(name),
): BulkColumn => ({ name, type, meaning, value });

const PLACE: BulkColumn[] = [
  column(
    'level',
    'String',
    'The level of the place: NATIONAL, REGIONAL, LOCAL_AUTHORITY or SCHOOL.',
    raw(levelOf('p.level')),
  ),
  column(
    'place_code',
    'String',
    'Code of the place as published: GSS code of England or a region, 3-digit code of a local authority, URN or LAESTAB of a school.',
    raw('p.code'),
  ),
  column(
    'place_name',
    'String',
    'Name of the place, of a school that of the register; empty where none is known.',
    raw("CASE p.level WHEN 'NATIONAL' THEN 'England' ELSE coalesce(g.name, a.name, s.name) END"),
  ),
];
const named = (bound: number | null, urn: Sql): Sql =>
  sql`LEFT JOIN region g ON p.level = 'REGIONAL' AND g.code = p.code
    LEFT JOIN local_authority a ON p.level = 'LOCAL_AUTHORITY' AND a.code = p.code
    LEFT JOIN school s ON s.urn = ${urn} AND ${validAsOf(raw('s'), bound)}`;

const PERIOD: BulkColumn[] = [
  column('period', 'String', 'Code of the time period as published: 201617.', raw('dp.code')),
  column('period_label', 'String', 'The time period as it is read: 2016/17.', raw('dp.label')),
];
const RELEASE = column(
  'release_id',
  'Int',
  'The release that the row is cited to: see the releases of the dictionary.',
  raw('c.release_id'),
);

/** By edition and symbol, what the symbols of a measure mean: worked out once for all rows. */
const meanings = (number: number, position: Sql): Sql => sql`(SELECT jsonb_object_agg(edition, symbols) FROM (
  SELECT edition, jsonb_object_agg(symbol, status) AS symbols FROM symbol
  WHERE data_set_number = ${number}::int AND position = ${position} GROUP BY edition) e)`;

function statistics(dataSet: StatisticsDataSet, { number, measures }: StoredDataSet, bound: number | null) {
  const filters = dataSet.filters.map(({ name }) =>
    column(
      `filter_${name}`,
      'String',
      `Which part, by ${name.replaceAll('_', ' ')}, as published; empty for all.`,
      sql`b.filters ->> ${name}::text`,
    ),
  );
  const figures = measures.flatMap((measure, at) => {
    const declared = dataSet.measures[measure];
    const meaning = declared?.description ?? 'No longer published.';
    const position = raw(String(at + 1));
    const text = sql`o.raw ->> '${position}'`;
    return [
      column(measure, 'Float', meaning, sql`o.values[${position}]`),
      column(
        `${measure}_status`,
        'ObservationStatus',
        `What is known of ${measure}; empty where the file lacks the column.`,
        sql`CASE WHEN o.values[${position}] IS NOT NULL THEN 'ACTUAL' WHEN o.raw ? '${position}'
          THEN coalesce(${meanings(number, position)} #>> ARRAY[o.edition, ${text}], 'NOT_AVAILABLE') END`,
      ),
      column(
        `${measure}_symbol`,
        'String',
        `The text in the file where ${measure} is not plainly a number.`,
        text,
      ),
    ];
  });
  const columns = [
    ...PLACE,
    column('urn', 'Int', 'The school that a published row means; empty for other places.', raw('sp.urn')),
    ...PERIOD,
    column('breakdown', 'String', 'Code of the part that the row is of: total for all.', raw('b.code')),
    column('breakdown_label', 'String', 'The part as it is read.', raw('b.label')),
    ...filters,
    ...figures,
    RELEASE,
  ];
  const from = sql`FROM observation o
    JOIN place p ON p.id = o.place_id
    JOIN period pe ON pe.id = o.period_id
    JOIN data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id
    JOIN breakdown b ON b.id = o.breakdown_id
    LEFT JOIN (SELECT level, period_id, max(release_id) AS release_id FROM coverage
      WHERE data_set_number = ${number}::int AND ${releasedAsOf(raw('release_id'), bound)} GROUP BY 1, 2) c
      ON c.period_id = o.period_id AND c.level = ${raw(levelOf('p.level'))}
    LEFT JOIN school_place sp ON sp.place_id = o.place_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
    ${named(bound, raw('sp.urn'))}
    WHERE o.data_set_number = ${number}::int AND ${validAsOf(raw('o'), bound)}`;
  // Numbers that are given once and for ever: a file as of a day has its rows in the order that it had.
  const order = raw('o.place_id, pe.starts_on, o.period_id, o.breakdown_id, sp.urn');
  return { columns, from, order };
}

function series(dataSet: SeriesDataSet, { number }: StoredDataSet, bound: number | null) {
  const columns = [
    column(
      'measure',
      'String',
      `The measure, by its code in the file: ${dataSet.columns.measure}.`,
      raw('m.code'),
    ),
    column('indicator', 'String', 'Id of the indicator in the graph that the measure is.', raw('i.id')),
    column('indicator_name', 'String', 'What the indicator is called.', raw('i.name')),
    ...PLACE,
    ...PERIOD,
    column('value', 'Float', 'The figure; empty where there is none.', raw('r.values[dp.position]')),
    column(
      'value_status',
      'ObservationStatus',
      'What is known of the value.',
      sql`CASE WHEN r.values[dp.position] IS NOT NULL THEN 'ACTUAL' ELSE
        coalesce((SELECT min(y.status) FROM symbol y WHERE y.data_set_number = ${number}::int AND y.symbol = r.raw ->> dp.position::text), 'NOT_AVAILABLE') END`,
    ),
    column(
      'value_symbol',
      'String',
      'The text in the file where the value is not plainly a number.',
      raw('r.raw ->> dp.position::text'),
    ),
    column('release_id', 'Int', RELEASE.meaning, raw('dp.last_release')),
  ];
  const from = sql`FROM series r
    JOIN series_measure m ON m.number = r.measure
    LEFT JOIN indicator i ON i.series_measure = r.measure
    JOIN series_period dp ON dp.measure = r.measure AND ${validAsOf(raw('dp'), bound)}
    JOIN period pe ON pe.id = dp.period_id
    JOIN place p ON p.id = r.place_id
    ${named(bound, raw('NULL'))}
    WHERE r.data_set_number = ${number}::int AND ${validAsOf(raw('r'), bound)}
      AND (r.values[dp.position] IS NOT NULL OR r.raw ? dp.position::text)`;
  const order = raw('r.measure, r.place_id, pe.starts_on, dp.position');
  return { columns, from, order };
}

/** What a type of Postgres is here; any other is a text. */
const TYPES: Record<string, BulkColumn['type']> = {
  integer: 'Int',
  smallint: 'Int',
  real: 'Float',
  'double precision': 'Float',
  numeric: 'Float',
  boolean: 'Boolean',
  date: 'LocalDate',
};

function register({ table, fields, key }: RegisterDataSet, { types }: StoredDataSet, bound: number | null) {
  const columns = [
    ...Object.entries(fields).map(([name, field]) =>
      column(
        name,
        TYPES[types[name]!] ?? 'String',
        `From ${field.columns.map((each) => `“${each}”`).join(', ')} of the file.`,
        raw(types[name] === 'ARRAY' ? `array_to_string(t.${name}, '; ')` : `t.${name}`),
      ),
    ),
    column('from_release', 'Int', 'The release since which the row is as it is.', raw('t.from_release')),
  ];
  const from = sql`FROM ${raw(table)} t WHERE ${validAsOf(raw('t'), bound)}`;
  const order = join(key.map((name) => raw(`t.${name}${TYPES[types[name]!] ? '' : '::text COLLATE "C"'}`)));
  return { columns, from, order };
}
