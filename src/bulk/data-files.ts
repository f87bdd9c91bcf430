/** Each data set as a file, with its dictionary, and the list of them: what a reader needs who wants all of it. */
import type { GraphQLEnumType, GraphQLSchema } from 'graphql';
import { DATA_SETS } from '../../jobs/catalogue.js';
import type { DataSet } from '../../jobs/declaration.js';
import type { Column } from '../../schema/select/listing.js';
import { citationsOf, datedOn } from '../../schema/select/sources.js';
import { sql } from '../../schema/select/sql.js';
import type { Citation } from '../citing/citation.js';
import type { KnownData } from '../database/known-data.js';
import { SchoolGraphError } from '../errors.js';
import type { Content, Exports, File } from '../export/export.js';
import type { Format, FormatOptions } from '../export/format.js';
import type { Snapshot } from '../export/snapshot.js';
import { PlainTable, Table } from '../export/table.js';
import type { Waiting } from '../limits/waiting.js';
import { contentOf, type StoredDataSet } from './content.js';

/** The most rows: what Parquet and CSV hold, and a disk. */
const MOST_ROWS = Number.MAX_SAFE_INTEGER;

interface Loaded extends StoredDataSet {
  citations: Citation[];
}

/** A release, and what became of the rows of its files: those that are left out or could not be used are not in ours. */
interface ReleaseRead {
  id: number;
  title: string;
  publishedOn: string | null;
  sha256: string;
  files: { url: string; sha256: string }[];
  rowsRead: number;
  rowsLeftOut: number;
  rowsRejected: number;
  /** What was told when it was read: why rows are left out, among others. */
  warnings: string[];
}

/** Columns of a release `r`: of the run that read it last. */
const RELEASE_READ = `r.id, r.title, r.published_on::text AS "publishedOn", r.sha256,
  (SELECT json_agg(json_build_object('url', f.url, 'sha256', f.sha256) ORDER BY f.ordinal) FROM release_file f WHERE f.release_id = r.id) AS files,
  r.rows_read AS "rowsRead", coalesce(l.rows_left_out, 0) AS "rowsLeftOut", r.rows_rejected AS "rowsRejected", coalesce(l.warnings, '[]') AS warnings`;
const LAST_READ = `LEFT JOIN LATERAL (SELECT u.rows_left_out, u.warnings FROM run u
  WHERE u.data_set_number = r.data_set_number AND u.release_id = r.id AND u.outcome = 'LOADED' ORDER BY u.id DESC LIMIT 1) l ON true`;

interface Dictionary {
  dataSet: {
    id: string;
    title: string;
    description: string;
    publisher: string;
    licence: string;
    licenceUrl: string;
    page: string;
  };
  asOf: string | null;
  sources: Citation[];
  columns: Omit<Column, 'level' | 'path'>[];
  releases: ReleaseRead[];
  symbols: { column: string; edition: string; symbol: string; status: string; meaning: string }[];
  breakdowns: { code: string; label: string }[];
  periods: { code: string; label: string }[];
}

export class DataFiles {
  private readonly statuses: Record<string, string>;

  constructor(
    schema: GraphQLSchema,
    private readonly exports: Exports,
  ) {
    const status = schema.getType('ObservationStatus') as GraphQLEnumType;
    this.statuses = Object.fromEntries(
      status.getValues().map(({ name, description }) => [name, description ?? '']),
    );
  }

  /** The content of a data set as a file; null where there is no such data set, or it is not loaded. */
  file(
    dataSet: DataSet,
    asOf: string | null,
    format: Format,
    options: FormatOptions,
    waiting: Waiting,
  ): Promise<File> {
    const read = async (snapshot: Snapshot, data: KnownData): Promise<Content> => {
      const stored = await storedOf(snapshot, dataSet, asOf);
      const { columns, rows } = contentOf(dataSet, stored, asOf, this.statuses);
      const source = { dataSetId: dataSet.id, asOf, ofToday: false };
      return {
        name: dataSet.id,
        asOf,
        most: MOST_ROWS,
        table: new PlainTable(columns),
        batches: snapshot.rows(rows.statement),
        citations: stored.citations,
        notes: [],
        datedOn: datedOn([source], data),
      };
    };
    return this.exports.take(format, options, read, waiting);
  }

  /** The dictionary as a table: a line for each column, and for each value where there are only so many. */
  dictionaryFile(
    dataSet: DataSet,
    asOf: string | null,
    format: Format,
    options: FormatOptions,
    waiting: Waiting,
  ): Promise<File> {
    const read = async (snapshot: Snapshot, data: KnownData): Promise<Content> => {
      const dictionary = await this.dictionary(snapshot, dataSet, asOf);
      return {
        name: `${dataSet.id}-dictionary`,
        asOf,
        most: MOST_ROWS,
        table: new Table({ columns: DICTIONARY_COLUMNS, nested: [] }, null),
        batches: lines(dictionary),
        citations: dictionary.sources,
        notes: [],
        datedOn: datedOn([{ dataSetId: dataSet.id, asOf, ofToday: false }], data),
      };
    };
    return this.exports.take(format, options, read, waiting);
  }

  /** What the columns, symbols and breakdowns of a data set mean, and the releases that it is made of. */
  async dictionary(snapshot: Snapshot, dataSet: DataSet, asOf: string | null): Promise<Dictionary> {
    const stored = await storedOf(snapshot, dataSet, asOf);
    const { columns } = contentOf(dataSet, stored, asOf, this.statuses);
    const read = async <T>(text: string): Promise<T[]> =>
      (await snapshot.query(text, [stored.number])).rows as T[];
    const symbols = await read<Dictionary['symbols'][number] & { position: number }>(
      'SELECT position, edition, symbol, status, meaning FROM symbol WHERE data_set_number = $1 ORDER BY position, edition, symbol',
    );
    const { publisher, pageUrl } = dataSet;
    return {
      dataSet: {
        id: dataSet.id,
        title: dataSet.title,
        description: dataSet.description,
        publisher: publisher.name,
        licence: publisher.licence,
        licenceUrl: publisher.licenceUrl,
        page: pageUrl,
      },
      asOf,
      sources: stored.citations,
      columns: columns.map(({ name, type, meaning, values }) => ({ name, type, meaning, values })),
      releases: await read(
        `SELECT ${RELEASE_READ} FROM release r ${LAST_READ} WHERE r.data_set_number = $1 ORDER BY r.id`,
      ),
      symbols: symbols.map(({ position, edition, symbol, status, meaning }) => ({
        column: stored.measures[position - 1] ?? 'value',
        edition,
        symbol,
        status,
        meaning,
      })),
      breakdowns: await read('SELECT code, label FROM breakdown WHERE data_set_number = $1 ORDER BY code'),
      periods: await read(
        'SELECT dp.code, dp.label FROM data_set_period dp JOIN period p ON p.id = dp.period_id WHERE dp.data_set_number = $1 ORDER BY p.starts_on, dp.code',
      ),
    };
  }

  /** The dictionary, from a snapshot of its own, with the version of the data. */
  async dictionaryOf(dataSet: DataSet, asOf: string | null): Promise<Dictionary> {
    return this.exports.within((snapshot) => this.dictionary(snapshot, dataSet, asOf));
  }

  /** Every data set, with what is loaded of it. */
  list(): Promise<Listed[]> {
    return this.exports.within(async (snapshot) => {
      const { rows } = await snapshot.query(
        `SELECT d.id, (SELECT row_to_json(n) FROM (SELECT ${RELEASE_READ} FROM release r ${LAST_READ}
           WHERE r.data_set_number = d.number ORDER BY r.id DESC LIMIT 1) n) AS newest FROM data_set d`,
      );
      const loaded = new Map<string, ReleaseRead>(
        rows.flatMap(({ id, newest }) => (newest ? [[id, newest]] : [])),
      );
      return DATA_SETS.filter(({ id }) => loaded.has(id)).map((dataSet) => ({
        id: dataSet.id,
        title: dataSet.title,
        description: dataSet.description,
        publisher: dataSet.publisher.name,
        licence: dataSet.publisher.licence,
        release: releaseListed(loaded.get(dataSet.id)!),
        csv: `/data/${dataSet.id}.csv`,
        parquet: `/data/${dataSet.id}.parquet`,
        jsonl: `/data/${dataSet.id}.jsonl`,
        dictionary: `/data/${dataSet.id}.dictionary.json`,
        dictionaryCsv: `/data/${dataSet.id}.dictionary.csv`,
      }));
    });
  }
}

export interface Listed {
  id: string;
  title: string;
  description: string;
  publisher: string;
  licence: string;
  /** `rows`: of its files, of which so many are not in ours. */
  release: { title: string; publishedOn: string | null; rows: number; rowsNotIncluded: number };
  csv: string;
  parquet: string;
  jsonl: string;
  dictionary: string;
  dictionaryCsv: string;
}

const releaseListed = ({ title, publishedOn, rowsRead, rowsLeftOut, rowsRejected }: ReleaseRead) => ({
  title,
  publishedOn,
  rows: rowsRead,
  rowsNotIncluded: rowsLeftOut + rowsRejected,
});

const DICTIONARY_COLUMNS: Column[] = ['column', 'type', 'meaning', 'value', 'value_meaning'].map((name) => ({
  name,
  level: 1,
  path: [name],
  type: 'String',
  meaning: '',
  values: {},
}));

async function* lines({ columns, symbols, breakdowns }: Dictionary): AsyncGenerator<string[]> {
  yield columns.flatMap(({ name, type, meaning, values }) => [
    JSON.stringify({ column: name, type, meaning }),
    ...Object.entries(values).map(([value, what]) =>
      JSON.stringify({ column: name, type, value, value_meaning: what }),
    ),
    ...(name === 'breakdown'
      ? breakdowns.map(({ code, label }) =>
          JSON.stringify({ column: name, type, value: code, value_meaning: label }),
        )
      : []),
    ...symbols
      .filter(({ column }) => `${column}_symbol` === name)
      .map(({ edition, symbol, status, meaning: what }) =>
        JSON.stringify({
          column: name,
          type,
          value: symbol,
          value_meaning: `${status}: ${what} (${edition})`,
        }),
      ),
  ]);
}

/** What the database knows of a data set. Refuses one of which nothing is loaded, or had been published by the day. */
async function storedOf(snapshot: Snapshot, dataSet: DataSet, asOf: string | null): Promise<Loaded> {
  const table = dataSet.kind === 'register' ? dataSet.table : null;
  const { text, values } = sql`SELECT number, measures,
    (SELECT coalesce(json_object_agg(column_name, data_type), '{}') FROM information_schema.columns
      WHERE table_schema = 'schoolgraph' AND table_name = ${table}::text) AS types,
    ${citationsOf([{ dataSetId: dataSet.id, asOf, ofToday: false }])} AS citations
    FROM data_set WHERE id = ${dataSet.id}`.statement;
  const { rows } = await snapshot.query(text, values);
  const stored = rows[0] as Loaded | undefined;
  if (!stored || stored.citations.length === 0) {
    throw new SchoolGraphError(
      'BAD_USER_INPUT',
      asOf
        ? `Nothing of ${dataSet.id} is loaded that is known to have been published by the day of asOf. Its releases and their days are in /data/${dataSet.id}.dictionary.json`
        : `Nothing of ${dataSet.id} is loaded. What is: /data`,
    );
  }
  return stored;
}
