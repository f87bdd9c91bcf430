/**
 * Apollo Server over the graph: what a query may be, and what an error may say. Bad input gets a sentence and a
 * stable code; a fault of ours gets a reference and nothing of what is inside.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import {
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type ValidationContext,
} from 'graphql';
import type { Context } from '../../schema/context.js';
import type { KnownOperations } from '../answers/known-operations.js';
import { extensionsOf } from '../citing/citation.js';
import { describeError, type ErrorCode, SchoolGraphError } from '../errors.js';
import type { PersistedQueries } from '../freshness/persisted-queries.js';
import { Gone } from '../http/asking.js';
import { reckoning } from '../limits/reckoning.js';
import { postgresCodeOf, TOO_LONG, tookTooLong } from '../limits/took-too-long.js';
import type { Settings } from '../settings.js';
import type { Answer } from './graph.js';
import { withoutValues } from './without-values.js';

/** Postgres: character_not_in_repertoire. Its texts cannot hold U+0000, which GraphQL's can. */
const CHARACTER_NOT_IN_REPERTOIRE = '22021';

export function createGraphServer(
  schema: GraphQLSchema,
  settings: Settings,
  operations: KnownOperations,
  persisted: PersistedQueries,
): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: { cache: persisted },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: settings.maximumTokens },
    validationRules: [
      maxDepthRule({ n: settings.maximumDepth, ...reportedByUs }),
      maxAliasesRule({ n: settings.maximumAliases, ...reportedByUs }),
    ],
    formatError: formatter(schema),
    plugins: [
      TOLD_BESIDE,
      reckoning(schema, settings.maximumCost, (text) => operations.has(text)),
      TAKEN_AWAY,
      remembering(operations),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

/** What the asker should know of an answer goes with it, in its extensions. */
const TOLD_BESIDE: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ contextValue: { cost, notes, citations }, response: { body } }) => {
      if (body.kind !== 'single') return;
      const extensions = { ...body.singleResult.extensions, ...extensionsOf(cost, notes, citations) };
      if (Object.keys(extensions).length > 0) body.singleResult.extensions = extensions;
    },
  }),
};

/** A list that is taken away is written to a file by its statement: nothing of it is left to resolvers. */
const TAKEN_AWAY: ApolloServerPlugin<Context> = {
  requestDidStart: async () => {
    let isTaken = false;
    return {
      didResolveOperation: async ({ contextValue: { takeAway }, document, operation, request }) => {
        // What is no query, graphql-js refuses.
        if (!takeAway || operation?.operation !== 'query') return;
        isTaken = true;
        await takeAway({ document, operation, variables: request.variables ?? {} });
      },
      responseForOperation: async () =>
        isTaken
          ? {
              http: { headers: new HeaderMap(), status: 200 },
              body: { kind: 'single', singleResult: { data: null } },
            }
          : null,
    };
  },
};

/** A document that Apollo has found valid is one that need not be looked at again. */
const remembering = (operations: KnownOperations): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ source, document }) => operations.remember(source, document),
  }),
});

/** The rules report like any other rule of validation, rather than throw, and without calling it a syntax error. */
const reportedByUs = {
  exposeLimits: true,
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) =>
      context?.reportError(new GraphQLError(error.message.replace('Syntax Error: ', ''))),
  ],
};

/** Codes of Apollo's own that are the asker's doing: their messages say what is wrong and may be shown. */
const ASKERS_FAULT: ReadonlySet<string> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'OPERATION_RESOLUTION_FAILURE',
]);

const formatter =
  (schema: GraphQLSchema) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const where = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const cause = causeOf(error);
    if (cause instanceof SchoolGraphError && cause.code !== 'INTERNAL') {
      return { message: cause.message, ...where, extensions: { code: cause.code } };
    }
    if (tookTooLong(cause) || cause instanceof Gone) {
      return { message: TOO_LONG, ...where, extensions: { code: 'TIMED_OUT' } };
    }
    if (postgresCodeOf(cause) === CHARACTER_NOT_IN_REPERTOIRE) {
      return {
        message: 'A text in the question has a character that no text here can have (U+0000).',
        ...where,
        extensions: { code: 'BAD_USER_INPUT' },
      };
    }
    // graphql-js itself refuses a mutation, where there is none, in the course of execution and without a code.
    const byGraphqlJs = error instanceof GraphQLError && !error.originalError && !error.path;
    // As it does an argument that has no value that it can have: it points to it.
    const ofArgument = cause instanceof GraphQLError && cause.nodes !== undefined;
    const hasCode = formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR';
    const code = hasCode
      ? String(formatted.extensions?.code ?? 'INTERNAL')
      : byGraphqlJs
        ? 'BAD_REQUEST'
        : ofArgument
          ? 'BAD_USER_INPUT'
          : 'INTERNAL';
    if (ASKERS_FAULT.has(code)) {
      const said = ofArgument && !hasCode ? cause : error;
      return { message: withoutValues(formatted.message, schema, said), ...where, extensions: { code } };
    }
    const reference = randomUUID();
    console.error(
      `internal error ${reference}: ${describeError(cause)}\n${cause instanceof Error ? cause.stack : ''}`,
    );
    return {
      message: `Something went wrong here, and it is not your doing. Reference: ${reference}`,
      ...where,
      extensions: { code: 'INTERNAL' },
    };
  };

/** What was thrown first, under the wrappings of graphql-js. */
function causeOf(error: unknown): unknown {
  let cause = unwrapResolverError(error);
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** An answer of Apollo's as one of ours. */
export const asApolloTells = (
  { status = 200, headers, body }: HTTPGraphQLResponse,
  synthetic: boolean,
): Answer => ({
  status,
  headers,
  body: body.kind === 'complete' ? body.string : body.asyncIterator,
  synthetic,
});

/** Headers as Apollo reads them. */
export function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
