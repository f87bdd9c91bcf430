/**
 * Reckons what a question costs when Apollo knows its variables, and before anything is read: it is refused where that is
 * more than a question may cost, or where whoever asks has nothing left to spend.
 */
import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLSchema, getVariableValues } from 'graphql';
import type { Context } from '../../schema/context.js';
import { fragmentsOf } from '../../schema/select/plan.js';
import { SchoolGraphError } from '../errors.js';
import { LEAST_COST } from './allowance.js';
import { costOf, refuseAbove } from './cost.js';

/** A file is a list whose length nobody knows beforehand: it costs at least this. */
const FILE_COST = 10_000;
/** Characters of a text that is checked soon enough: a person writes no more. */
const SOON_READ = 1_000;

/** `isKnown`: whether a text has been found valid before, and need not be read again. */
export const reckoning = (
  schema: GraphQLSchema,
  maximum: number,
  isKnown: (text: string) => boolean,
): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    // To find out whether a text is valid is work, and most for one that is not: it is charged before, whatever comes of it.
    didResolveSource: async ({ contextValue: { asking }, source }) => {
      if (!isKnown(source)) asking.pay(source.length - SOON_READ);
    },
    didResolveOperation: async ({ contextValue, document, operation, request }) => {
      // What is no query, or has variables that do not fit, graphql-js refuses.
      if (operation?.operation !== 'query') return;
      const { coerced } = getVariableValues(
        schema,
        operation.variableDefinitions ?? [],
        request.variables ?? {},
      );
      if (!coerced) return;
      const asked = { schema, fragments: fragmentsOf(document), operation, variableValues: coerced };
      const { asking, takeAway } = contextValue;
      try {
        const cost = Math.max(costOf(asked), takeAway ? FILE_COST : 0);
        contextValue.cost = cost;
        asking.cost = cost;
        if (!takeAway) refuseAbove(maximum, cost, asked);
        if (!asking.pay(cost)) throw spent(asking.allowance!.secondsUntil(LEAST_COST));
      } catch (error) {
        if (!(error instanceof SchoolGraphError)) throw error;
        throw refused(error);
      }
    },
  }),
});

/** Nothing is left to spend for so many seconds. */
export const spent = (seconds: number): SchoolGraphError =>
  new SchoolGraphError(
    'RATE_LIMITED',
    `You have asked for more than you may in a minute. Ask again in ${seconds} s; RateLimit-Limit says how many points a minute has, extensions.cost how many a question takes`,
  );

function refused(error: SchoolGraphError): GraphQLError {
  const isSpent = error.code === 'RATE_LIMITED';
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: error.code, http: { status: isSpent ? 429 : 400, headers: new HeaderMap() } },
  });
}
