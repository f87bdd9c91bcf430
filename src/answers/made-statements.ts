/**
 * Statements that have been made, by the question: asked again, perhaps about another place, the question is not turned into
 * SQL again. They hold for one version of the data, and what is kept of them is bounded.
 */
import { LRUCache } from 'lru-cache';
import { Asked } from '../../schema/select/asked.js';
import type { Statement } from '../../schema/select/statement.js';

/** Of the texts of statements and questions together. */
const MOST_CHARACTERS = 16_000_000;
/** Of one question: its statement can differ by what is found out about the places that it asks for. */
const MOST_VARIANTS = 4;

/** A statement, with what its question costs. */
interface Reckoned extends Statement {
  cost: number;
}

/** A statement, and the values that it is asked with. */
export interface Filled {
  statement: Reckoned;
  values: unknown[];
}

type Variables = Readonly<Record<string, unknown>>;

export interface Asking {
  /** The text that was asked, and the name of the operation in it. */
  query: string;
  operationName: string | null;
  /** As graphql-js coerced them. */
  variables: Variables;
  /** Names of the variables that rows are only looked up by. */
  lookedUpBy: ReadonlySet<string>;
  /** The answer is told with its sources. */
  cites: boolean;
}

interface Made {
  statement: Reckoned;
  /** By variable. */
  asked: ReadonlyMap<string, Asked>;
}

export class MadeStatements {
  private version = 0;
  private readonly made = new LRUCache<string, Made[]>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (variants, key) =>
      variants.reduce((size, { statement }) => size + statement.text.length, key.length),
  });

  /** The statement of a question on a version of the data; `make` makes it of the variables. */
  of(asking: Asking, version: number, make: (variables: Variables) => Reckoned): Filled {
    if (version !== this.version) this.made.clear();
    this.version = version;
    const key = keyOf(asking);
    const { variables, lookedUpBy } = asking;
    const variants = this.made.get(key) ?? [];
    for (const made of variants) {
      if (allows(made, variables)) return { statement: made.statement, values: valuesOf(made, variables) };
    }
    const asked = new Map(
      Object.entries(variables)
        .filter(([name, value]) => lookedUpBy.has(name) && value !== null)
        .map(([name, value]) => [name, new Asked(value, name)]),
    );
    const statement = make({ ...variables, ...Object.fromEntries(asked) });
    // Before the first load, version 0, data sets can still be declared.
    if (statement.isWhole && version > 0)
      this.made.set(key, [{ statement, asked }, ...variants].slice(0, MOST_VARIANTS));
    return { statement, values: statement.values };
  }
}

/** Of a variable that rows are looked up by it is enough to know that there is one. */
function keyOf({ query, operationName, variables, lookedUpBy, cites }: Asking): string {
  const others = Object.entries(variables).map(([name, value]) =>
    lookedUpBy.has(name) && value !== null ? [name] : [name, value],
  );
  return `${cites ? 'cited ' : ''}${operationName ?? ''}\n${JSON.stringify(others)}\n${query}`;
}

function allows({ asked }: Made, variables: Variables): boolean {
  for (const [name, argument] of asked) if (!argument.allows(variables[name])) return false;
  return true;
}

function valuesOf({ statement }: Made, variables: Variables): unknown[] {
  const values = [...statement.values];
  for (const { at, argument } of statement.asked) {
    if (argument.variable !== null) values[at] = variables[argument.variable];
  }
  return values;
}
