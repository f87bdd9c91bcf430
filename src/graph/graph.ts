/**
 * The graph on a database: from a question to the bytes of its answer. There are three ways, and they give the same
 * answer: an answer that is kept; one statement, whose JSON goes out as Postgres made it; and Apollo, for whatever
 * the second way does not know how to answer — a text asked for the first time, ordinary resolvers, anything wrong.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer } from '@apollo/server';
import { type GraphQLSchema, getVariableValues } from 'graphql';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { buildGraph } from '../../schema/build.js';
import { Context, Repositories, readerPool } from '../../schema/context.js';
import { missingInText } from '../../schema/select/looked-up.js';
import { prepared } from '../../schema/select/prepared.js';
import { statementOf } from '../../schema/select/statement.js';
import { Keys } from '../access/keys.js';
import { KeptAnswers } from '../answers/kept-answers.js';
import { type KnownOperation, KnownOperations } from '../answers/known-operations.js';
import { type Filled, MadeStatements } from '../answers/made-statements.js';
import { type PlainRequest, requestOf } from '../answers/plain-request.js';
import { DataFiles } from '../bulk/data-files.js';
import { extensionsOf, isCited } from '../citing/citation.js';
import { SavedQueries } from '../citing/saved-queries.js';
import { createDataSource } from '../database/data-source.js';
import { DataState } from '../database/data-state.js';
import { KnownData } from '../database/known-data.js';
import { documentOf, Exports, type File } from '../export/export.js';
import { type Format, formatFor } from '../export/format.js';
import { refuse } from '../export/told.js';
import { PersistedQueries } from '../freshness/persisted-queries.js';
import type { Asking } from '../http/asking.js';
import { costOf } from '../limits/cost.js';
import { query } from '../limits/stop.js';
import { dated } from '../links/dated.js';
import { STANDING, type Standing } from '../metrics/standing.js';
import type { Settings } from '../settings.js';
import { asApolloTells, createGraphServer, headerMap } from './graph-server.js';

export interface Question {
  method: string;
  headers: IncomingHttpHeaders;
  search: string;
  /** The body: what its JSON says, or its text where it is none. */
  body: unknown;
  /** The text of a JSON body, or of what an address asks, under which the answer may be kept; null where there is none. */
  text: string | null;
  /** The request that it came with. */
  asking: Asking;
}

export interface Answer {
  status: number;
  headers: Iterable<readonly [string, string]>;
  body: string | Buffer | AsyncIterable<string | Buffer>;
  synthetic: boolean;
  /** The version of the data as long as which the answer stands; left out of one that may be another the next time. */
  version?: number;
  /** Aborts where the body cannot go on. */
  broken?: AbortSignal;
  /** Gives back what the body holds. Must be called, whatever became of the answer. */
  end?: () => Promise<void>;
}

/** Columns as Postgres writes them: the JSON is not parsed. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

/**
 * A statement is planned once a connection, not anew for every value; and what is served lies in memory, where looking a
 * row up costs little more than reading the next one.
 */
export const PLANNING = ['-c plan_cache_mode=force_generic_plan', '-c random_page_cost=1.1'];

export class Graph {
  readonly state: DataState;
  readonly pool: Pool;
  readonly kept: KeptAnswers;
  readonly persisted: PersistedQueries;
  readonly saved: SavedQueries;
  readonly files: DataFiles;
  private readonly statements = new MadeStatements();
  private readonly exports: Exports;
  readonly keys: Keys;

  private constructor(
    readonly schema: GraphQLSchema,
    private readonly apollo: ApolloServer<Context>,
    private readonly operations: KnownOperations,
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    { persisted }: { persisted: PersistedQueries },
  ) {
    this.persisted = persisted;
    this.pool = readerPool(dataSource);
    // An idle connection that breaks (Postgres restarts) is replaced when the next one is asked for.
    this.pool.on('error', () => {});
    this.state = new DataState(this.pool);
    this.saved = new SavedQueries(this.pool);
    this.keys = new Keys(this.pool);
    this.kept = new KeptAnswers(settings.answerCacheMb, operations);
    this.exports = new Exports(schema, this.pool, this.state, settings);
    this.files = new DataFiles(schema, this.exports);
  }

  /** Opens the graph on a database. `options`: start-up options that hold the reader to its rights. */
  static async open(readerUrl: string, options: string, settings: Settings): Promise<Graph> {
    const dataSource = createDataSource({
      url: readerUrl,
      connections: settings.readerConnections,
      options: [
        `-c statement_timeout=${settings.statementTimeoutMs}`,
        `-c idle_in_transaction_session_timeout=${settings.requestDeadlineMs}`,
        ...PLANNING,
        options,
      ].join(' '),
    });
    await dataSource.initialize();
    const schema = await buildGraph();
    const operations = new KnownOperations(schema);
    const persisted = new PersistedQueries();
    const apollo = createGraphServer(schema, settings, operations, persisted);
    await apollo.start();
    const graph = new Graph(schema, apollo, operations, dataSource, settings, { persisted });
    await graph.state.refresh();
    return graph;
  }

  /** A question as of a day, by its text; null where nothing that it asks can be. */
  dated(query: string, day: string): string | null {
    return dated(this.schema, query, day, this.settings.maximumTokens);
  }

  /** How the loads and the data stand. */
  async standing(): Promise<Standing[]> {
    return (await this.pool.query<Standing>(STANDING)).rows;
  }

  async close(): Promise<void> {
    await this.apollo.stop();
    await this.dataSource.destroy();
  }

  async answer(question: Question): Promise<Answer> {
    const { accept } = question.headers;
    // What Apollo has chosen a content type for asks for no file.
    const format = this.kept.contentTypeFor(accept) ? null : formatFor(accept);
    if (format) return this.file(question, format);
    const answer = await this.straight(question);
    if (!(answer instanceof Unanswered)) return answer;
    const { moved, failure } = answer;
    // A question that is overtaken by a publication is asked once more, by what its own snapshot says of itself.
    const byApollo = moved ? null : await this.byApollo(question, this.state.known, failure);
    return byApollo ?? (await this.byApollo(question, null))!;
  }

  /** Why a question would not be answered, as an answer; null where it is valid. It is not asked. */
  async faultOf(request: PlainRequest, asking: Asking): Promise<Answer | null> {
    const { known } = this.state;
    const context = new Context(new Repositories(this.dataSource, asking.waiting), known, asking);
    let isValid = false;
    context.takeAway = async (asked) => {
      try {
        documentOf(this.schema, asked);
        isValid = true;
      } catch (error) {
        refuse(error);
      }
    };
    const headers = headerMap({ 'content-type': 'application/json' });
    const answer = await this.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, body: request, search: '' },
      context: async () => context,
    });
    if (isValid) return null;
    const told = asApolloTells(answer, known.synthetic);
    return { ...told, status: Math.max(told.status, 400) };
  }

  /** A list to be taken away, as a file; or why it cannot be, as an answer. */
  private async file(question: Question, format: Format): Promise<Answer> {
    const { method, headers, search, body, asking } = question;
    const { known } = this.state;
    const context = new Context(new Repositories(this.dataSource, asking.waiting), known, asking);
    const bom = new URLSearchParams(search).get('bom') === '1';
    const options = { bom, sources: isCited(question) };
    const taken: { file?: File } = {};
    context.takeAway = async (asked) => {
      taken.file = await this.exports.open(asked, format, options, asking.waiting).catch(refuse);
    };
    const asked = headerMap({ ...headers, accept: 'application/json' });
    // A link is asked for with GET and nothing else. It reads what anybody may read, and no page can be tricked into more.
    if (method === 'GET') asked.set('apollo-require-preflight', 'true');
    const answer = await this.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: asked, body, search },
      context: async () => context,
    });
    if (taken.file) return this.kept.onTheWay(taken.file, requestOf(body, this.persisted), question, format);
    return asApolloTells(answer, known.synthetic);
  }

  /** The answer of one statement, where that is all there is to it. */
  private async straight(question: Question): Promise<Answer | Unanswered> {
    const { body, text, headers, asking } = question;
    const contentType = this.kept.contentTypeFor(headers.accept);
    const asked = text !== null && contentType ? requestOf(body, this.persisted) : null;
    const known = asked && this.operations.find(asked.query, asked.operationName);
    if (!known || !contentType) return new Unanswered();
    const data = this.state.known;
    const cites = isCited(question);
    const made = this.statementOf(known, asked, data, cites);
    if (!made?.statement.isWhole || made.statement.cost > this.settings.maximumCost) return new Unanswered();
    const { statement, values } = made;
    const { cost } = statement;
    asking.cost = cost;
    if (!asking.pay(cost)) return new Unanswered();
    let row: { answer: string; version: string; synthetic: string; citations?: string };
    try {
      const asText = prepared(statement.text, values, AS_TEXT);
      row = (await query<typeof row>(this.pool, asText, asking.waiting)).rows[0]!;
    } catch (failure) {
      return new Unanswered({ failure });
    }
    if (Number(row.version) !== data.version) return new Unanswered({ moved: true });
    const notes = [...statement.notes, ...missingInText(row.answer, statement)];
    const beside = extensionsOf(cost, notes, row.citations ? JSON.parse(row.citations) : null);
    const extensions = JSON.stringify(beside);
    const answer: Answer = {
      status: 200,
      headers: [['content-type', contentType]],
      body: `{"data":${row.answer},"extensions":${extensions}}\n`,
      synthetic: row.synthetic === 't',
    };
    return this.kept.put(known, question, data.version, answer);
  }

  private statementOf(
    { operation, fragments, lookedUpBy }: KnownOperation,
    { query, operationName, variables: given }: PlainRequest,
    data: KnownData,
    cites: boolean,
  ): Filled | null {
    const { coerced: variables } = getVariableValues(this.schema, operation.variableDefinitions ?? [], given);
    if (!variables) return null;
    try {
      return this.statements.of(
        { query, operationName, variables, lookedUpBy, cites },
        data.version,
        (values) => {
          const document = { schema: this.schema, fragments, operation, variableValues: values };
          return {
            ...statementOf(document, this.schema.getQueryType()!, data, { cites }),
            cost: costOf({ ...document, variableValues: variables }),
          };
        },
      );
    } catch {
      // A fault, of which Apollo's way tells with everything that belongs to it.
      return null;
    }
  }

  /**
   * The answer that Apollo gives. `known` null: in a snapshot that is asked first what is known of it. Returns null where
   * the data have turned out to be others than `known`. `failure`: what the one statement has failed with already.
   */
  private async byApollo(
    question: Question,
    known: KnownData | null,
    failure?: unknown,
  ): Promise<Answer | null> {
    const { method, headers, search, body, text, asking } = question;
    const repositories = new Repositories(this.dataSource, asking.waiting);
    try {
      const data =
        known ?? (await KnownData.read((query) => repositories.query(query), this.state.known.memory));
      this.state.adopt(data);
      const context = new Context(repositories, data, asking, { failure, cites: isCited(question) });
      const answer = await this.apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method, headers: headerMap(headers), body, search },
        context: async () => context,
      });
      // Of the same snapshot as the answer: what the server knew a second ago may have been replaced since.
      const read = await context.dataRead().catch(() => null);
      if (known && read && read.version !== known.version) return null;
      const told = asApolloTells(answer, read?.synthetic ?? data.synthetic);
      this.kept.rememberContentType(headers.accept, told.status, answer.headers.get('content-type'));
      const asked = text === null ? null : requestOf(body, this.persisted);
      const operation = asked && this.operations.find(asked.query, asked.operationName);
      return this.kept.put(operation, question, data.version, told);
    } finally {
      await repositories.end();
    }
  }
}

/** Why the straight way has no answer: it does not know how, the data have been replaced, or the statement failed. */
class Unanswered {
  readonly moved: boolean;
  readonly failure: unknown;

  constructor({ moved = false, failure }: { moved?: boolean; failure?: unknown } = {}) {
    this.moved = moved;
    this.failure = failure;
  }
}
