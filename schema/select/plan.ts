/** Plan: what all fields of one operation share while its statement is made. */
import { type DocumentNode, type GraphQLResolveInfo, Kind } from 'graphql';
import { SchoolGraphError } from '../../src/errors.js';
import { MAXIMUM_ROWS } from '../../src/limits.js';
import type { Known } from './known.js';
import { registersIn, type Source } from './sources.js';
import { raw, type Sql } from './sql.js';

export type Document = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'variableValues'>;

/** The fragments of a document, by name. */
export const fragmentsOf = ({ definitions }: DocumentNode): Document['fragments'] =>
  Object.fromEntries(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );

export class Plan {
  hasResolvers = false;
  /** Something is left to graphql-js itself. */
  isIntrospecting = false;
  /** Selects the entries of the list that is taken away, one by one. */
  taken: Sql | null = null;
  readonly notes = new Set<string>();
  /** By response key of a root field that looks a place up, what to say where it is not there. */
  readonly lookedUp = new Map<string, string>();
  readonly sources = new Map<string, Source>();
  private aliases = 0;
  private rows = 0;

  constructor(
    readonly document: Document,
    readonly known: Known,
    readonly forGraphqlJs: boolean,
    readonly isTaken: boolean,
  ) {}

  alias(name: string): Sql {
    this.aliases += 1;
    return raw(`${name}${this.aliases}`);
  }

  read(source: Source): void {
    const { dataSetId, asOf, ofToday, ofHistory = false } = source;
    this.sources.set([dataSetId, asOf, ofToday, ofHistory].join(' '), source);
  }

  /** The registers that a root field reads, and the list that is taken away below it. */
  readRegisters(answer: Sql, asOf: string | null): void {
    for (const piece of [answer, this.taken])
      for (const source of piece ? registersIn(piece.statement.text, asOf) : []) this.read(source);
  }

  /** Counts rows that may have to be built. Page sizes multiply: a hundred trusts of a hundred schools are ten thousand. */
  expect(rows: number): void {
    this.rows += rows;
    if (this.rows > MAXIMUM_ROWS) {
      throw new SchoolGraphError(
        'QUERY_TOO_LARGE',
        `the lists asked for, within each other, can come to ${this.rows.toLocaleString('en-GB')} entries; a question may have ${MAXIMUM_ROWS.toLocaleString('en-GB')}. Take smaller pages (first)`,
      );
    }
  }
}
