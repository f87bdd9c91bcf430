/** What HTTP says of a list that is taken away, or of why it cannot be. */
import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { SchoolGraphError } from '../errors.js';
import type { Answer } from '../graph/graph.js';
import type { File } from './export.js';

/** The day as of which the same file is had again. */
export const AS_OF_HEADER = 'X-SchoolGraph-As-Of';

export const answerOf = ({
  name,
  contentType,
  notes,
  datedOn,
  synthetic,
  parts,
  broken,
  end,
}: File): Answer => ({
  status: 200,
  headers: [
    ['Content-Type', contentType],
    ['Content-Disposition', `attachment; filename="${name}"`],
    ['Cache-Control', 'no-store'],
    ['Vary', 'Accept'],
    ...(datedOn ? ([[AS_OF_HEADER, datedOn]] as const) : []),
    ...(notes.length > 0
      ? ([['X-SchoolGraph-Notes', notes.map(encodeURIComponent).join(', ')]] as const)
      : []),
  ],
  body: parts,
  broken,
  synthetic,
  end,
});

/** Codes of what may go well another time, whatever was asked. */
export const isForLater = (code: string | undefined): boolean => code === 'BUSY' || code === 'TIMED_OUT';
export const RETRY_SECONDS = '10';

/** The error of a file that was not begun: the asker's doing is a 400. */
export function refuse(error: unknown): never {
  const { code } = (error instanceof GraphQLError ? error.extensions : (error ?? {})) as { code?: string };
  const isLater = isForLater(code);
  if (!(error instanceof GraphQLError || error instanceof SchoolGraphError) || code === 'INTERNAL')
    throw error;
  throw new GraphQLError(error.message, {
    nodes: error instanceof GraphQLError ? (error.nodes ?? null) : null,
    originalError: error,
    extensions: {
      // graphql-js gives none, where an argument has no value that it can have.
      code: code ?? 'BAD_USER_INPUT',
      http: {
        status: isLater ? 503 : 400,
        headers: new HeaderMap(isLater ? [['retry-after', RETRY_SECONDS]] : []),
      },
    },
  });
}
