/** Columns of a subquery that come into being as they are asked for: what nobody asks for is never worked out. */
import { join, raw, type Sql, sql } from './sql.js';

export class Columns {
  private readonly asked = new Map<string, Sql>();

  constructor(readonly alias: Sql) {}

  /** The column of this name: a word of SQL that says what it holds. */
  of(name: string, expression: () => Sql): Sql {
    if (!this.asked.has(name)) this.asked.set(name, expression());
    return sql`${this.alias}.${raw(name)}`;
  }

  get size(): number {
    return this.asked.size;
  }

  /** What the subquery selects; `as` says what becomes of each expression. */
  list(as: (expression: Sql) => Sql): Sql {
    return join(
      [...this.asked].map(([name, expression]) => sql`${as(expression)} AS ${raw(name)}`),
      ', ',
    );
  }
}
