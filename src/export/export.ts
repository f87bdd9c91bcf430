/**
 * A list that is taken away whole: from a question that Apollo has found valid to the parts of a file. Whatever can be
 * known to be wrong is told before the first byte; the file is of one snapshot, whose data the statements were written for.
 */

import type { GraphQLSchema } from 'graphql';
import { type DocumentNode, GraphQLError, getVariableValues, type OperationDefinitionNode } from 'graphql';
import type { Pool } from 'pg';
import type { Known } from '../../schema/select/known.js';
import { type Listing, listingOf, type Path } from '../../schema/select/listing.js';
import { missingIn } from '../../schema/select/looked-up.js';
import { type Document, fragmentsOf } from '../../schema/select/plan.js';
import { statementOf } from '../../schema/select/statement.js';
import { CITATION_COLUMNS, type Citation } from '../citing/citation.js';
import type { DataState } from '../database/data-state.js';
import { KnownData } from '../database/known-data.js';
import { SchoolGraphError } from '../errors.js';
import { toldTooLong } from '../limits/took-too-long.js';
import type { Waiting } from '../limits/waiting.js';
import { MAXIMUM_TAKEN } from '../limits.js';
import type { Settings } from '../settings.js';
import type { About, Format, FormatOptions, Part, Writer } from './format.js';
import { Snapshot } from './snapshot.js';
import { type Entry, type Rows, Table } from './table.js';
import { Turns } from './turns.js';

/** A question whose answer is taken away. */
export interface Asked {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
}

export interface File extends About {
  name: string;
  contentType: string;
  /** Of the data that it holds. */
  version: number;
  parts: AsyncGenerator<Part>;
  /** Aborts where no more parts can come. */
  broken: AbortSignal;
  /** Gives back what the file holds. Must be called, whatever became of it. */
  end: () => Promise<void>;
}

/** What a file is made of. */
export interface Content extends Omit<About, 'synthetic'> {
  /** Of the file. */
  name: string;
  /** The day that is asked as of; null for now. */
  asOf: string | null;
  /** The most rows that it may have. */
  most: number;
  table: Rows;
  batches: AsyncGenerator<Entry[]>;
}

export class Exports {
  /** The others are for questions. */
  private readonly turns: Turns;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly pool: Pool,
    private readonly state: DataState,
    { readerConnections, requestDeadlineMs }: Settings,
  ) {
    this.turns = new Turns(Math.max(1, Math.floor(readerConnections / 2)), requestDeadlineMs / 3);
  }

  /** The list of a question. `waiting`: whether anybody does, for it. */
  async open(asked: Asked, format: Format, options: FormatOptions, waiting?: Waiting): Promise<File> {
    const document = documentOf(this.schema, asked);
    const listing = listingOf(document, this.schema.getQueryType()!);
    if (format.isTable && listing.noTable) throw listing.noTable;
    const read = async (snapshot: Snapshot, data: KnownData) => ({
      name: listing.way.at(-1)!,
      asOf: listing.asOf,
      most: MAXIMUM_TAKEN,
      ...(await answered(snapshot, document, listing, data)),
    });
    return this.take(format, options, read, waiting);
  }

  /** A file of what is read from one snapshot. */
  async take(
    format: Format,
    options: FormatOptions,
    read: (snapshot: Snapshot, data: KnownData) => Promise<Content>,
    waiting?: Waiting,
  ): Promise<File> {
    await this.turns.take();
    let snapshot: Snapshot | null = null;
    const end = async () => {
      await snapshot?.end();
      this.turns.giveBack();
    };
    try {
      snapshot = await Snapshot.begin(this.pool, waiting);
      const data = await this.dataOf(snapshot);
      const { name, asOf, most, batches, ...told } = await read(snapshot, data);
      const about = { ...told, synthetic: data.synthetic };
      const [table, entries] = options.sources
        ? [new Table({ columns: CITATION_COLUMNS, nested: [] }, null), whole(about.citations)]
        : [told.table, batches];
      const day = asOf ?? data.changedAt.toISOString().slice(0, 10);
      return {
        ...about,
        name: `schoolgraph-${name}-${options.sources ? 'sources-' : ''}${day}.${format.extension}`,
        contentType: `${format.mediaTypes[0]}${format.isBinary ? '' : '; charset=utf-8'}`,
        version: data.version,
        broken: snapshot.broken,
        ...(await begun(written(entries, format.open(table, options, about), most), end)),
      };
    } catch (error) {
      await end();
      throw toldTooLong(error);
    }
  }

  /** What is read from one snapshot, at once. */
  async within<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const snapshot = await Snapshot.begin(this.pool);
    try {
      return await read(snapshot);
    } finally {
      await snapshot.end();
    }
  }

  /** What is known of the data that the snapshot has. */
  private async dataOf(snapshot: Snapshot): Promise<KnownData> {
    const { rows } = await snapshot.query('SELECT version::float8 FROM data_version');
    const { known } = this.state;
    if (rows[0].version === known.version) return known;
    const data = await KnownData.read(async (text) => (await snapshot.query(text)).rows, known.memory);
    this.state.adopt(data);
    return data;
  }
}

/** A question with the values of its variables. Throws where one cannot have its. */
export function documentOf(schema: GraphQLSchema, { document, operation, variables }: Asked): Document {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (errors) {
    const [{ message, nodes, originalError }] = errors as [GraphQLError];
    throw new GraphQLError(message, {
      nodes: nodes ?? null,
      originalError: originalError ?? null,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return { schema, fragments: fragmentsOf(document), operation, variableValues: coerced };
}

/** What stands above the list, and the entries of it. */
async function answered(snapshot: Snapshot, document: Document, listing: Listing, data: Known) {
  const { way } = listing;
  const statement = statementOf(document, document.schema.getQueryType()!, data, { way, cites: true });
  for (const refusal of statement.refused.values()) throw refusal;
  const { rows } = await snapshot.query(statement.text, statement.values);
  const [{ answer: head, citations }] = rows as [{ answer: unknown; citations: Citation[] }];
  const list = valueAt(head, way);
  const notes = [...statement.notes, ...missingIn(head as Record<string, unknown>, statement)];
  if (list === null) {
    const missing = way.findIndex((_, at) => valueAt(head, way.slice(0, at + 1)) === null);
    notes.push(`${listing.wayInSchema.slice(0, missing + 1).join('.')} is null: the file has no entries.`);
  }
  const isRead = list !== null && statement.rows !== null;
  const batches = isRead ? snapshot.read(statement.rows!) : whole((list ?? []) as unknown[]);
  return { table: new Table(listing, head), batches, notes, citations, datedOn: statement.datedOn };
}

const valueAt = (head: unknown, path: Path): unknown =>
  path.reduce(
    (value: unknown, key) => (value as Record<string | number, unknown> | null)?.[key] ?? null,
    head,
  );

async function* whole(entries: readonly unknown[]): AsyncGenerator<string[]> {
  if (entries.length > 0) yield entries.map((entry) => JSON.stringify(entry));
}

async function* written(
  batches: AsyncGenerator<Entry[]>,
  writer: Writer,
  most: number,
): AsyncGenerator<Part> {
  let before: Part | null = writer.begin();
  for await (const entries of batches) {
    yield before === null ? writer.write(entries) : joined(before, writer.write(entries));
    before = null;
    if (writer.rows > most) {
      throw new SchoolGraphError(
        'QUERY_TOO_LARGE',
        `the list has more than ${most.toLocaleString('en-GB')} rows, the most that can be taken away at once`,
      );
    }
  }
  const after = before === null ? writer.end() : joined(before, writer.end());
  if (after.length > 0) yield after;
}

const joined = (one: Part, other: Part): Part =>
  typeof one === 'string' && typeof other === 'string'
    ? one + other
    : Buffer.concat([one, other].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));

/** The same parts, of which the first is there already: what fails until then can still be told in an answer. */
async function begun(
  rest: AsyncGenerator<Part>,
  end: () => Promise<void>,
): Promise<Pick<File, 'parts' | 'end'>> {
  const first = await rest.next();
  const parts = (async function* () {
    if (first.done) return;
    yield first.value;
    yield* rest;
  })();
  return {
    parts,
    end: async () => {
      // Both wait for what is under way: nothing is read after the end.
      await parts.return(undefined);
      await rest.return(undefined);
      await end();
    },
  };
}
