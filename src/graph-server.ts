/**
 * Apollo Server over the graph: what a query may be, and what an error may say. Bad input gets a sentence and a
 * stable code; a fault of ours gets a reference and nothing of what is inside.
 */
import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Context } from '../schema/context.js';
import { describeError, SchoolGraphError } from './errors.js';
import type { Settings } from './settings.js';

/** Postgres: query_canceled, which for the reader means statement_timeout. */
const QUERY_CANCELED = '57014';

export function createGraphServer(schema: GraphQLSchema, settings: Settings): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: settings.maximumTokens },
    validationRules: [
      maxDepthRule({ n: settings.maximumDepth, exposeLimits: true }),
      maxAliasesRule({ n: settings.maximumAliases, exposeLimits: true }),
    ],
    formatError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

/** Codes of Apollo's own that are the asker's doing: their messages say what is wrong and may be shown. */
const ASKERS_FAULT = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const where = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const cause = unwrapResolverError(error);
  if (cause instanceof SchoolGraphError && cause.code !== 'INTERNAL') {
    return { message: cause.message, ...where, extensions: { code: cause.code } };
  }
  const fromPostgres = (cause as { code?: unknown; driverError?: { code?: unknown } } | null) ?? {};
  if (fromPostgres.code === QUERY_CANCELED || fromPostgres.driverError?.code === QUERY_CANCELED) {
    return {
      message:
        'The question took too long and was stopped. Ask for fewer places, periods or nested lists at once.',
      ...where,
      extensions: { code: 'TIMED_OUT' },
    };
  }
  const code = String(formatted.extensions?.code ?? 'INTERNAL');
  if (ASKERS_FAULT.has(code)) return { message: formatted.message, ...where, extensions: { code } };
  const reference = randomUUID();
  console.error(
    `internal error ${reference}: ${describeError(cause)}\n${cause instanceof Error ? cause.stack : ''}`,
  );
  return {
    message: `Something went wrong here, and it is not your doing. Reference: ${reference}`,
    ...where,
    extensions: { code: 'INTERNAL' },
  };
}
