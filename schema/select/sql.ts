/**
 * SQL in pieces: text and values that nest in each other, and become one statement with numbered parameters when it is
 * whole. A piece keeps what it is made of as it is; nothing is copied until then, however deep pieces lie in each other.
 */
import { Asked } from './asked.js';

export class Sql {
  /** `parts` stand between the `texts`: other pieces, and values of parameters. */
  constructor(
    readonly texts: readonly string[],
    readonly parts: readonly unknown[] = [],
  ) {}

  /** The statement: `text` with $1, $2 …, and the values of these. */
  get statement(): Written {
    const values: unknown[] = [];
    const asked: Written['asked'] = [];
    return { text: written(this, values, asked, new Map()), values, asked };
  }
}

export interface Written {
  text: string;
  values: unknown[];
  /** Which of the values were asked for, and can be others: `at` is an index of `values`. */
  asked: { at: number; argument: Asked }[];
}

/** A value that stands in many places: one parameter of a statement, sent and read once. */
export class Constant {
  constructor(readonly value: unknown) {}
}

function written(
  { texts, parts }: Sql,
  values: unknown[],
  asked: Written['asked'],
  constants: Map<Constant, number>,
): string {
  let text = texts[0]!;
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at];
    if (part instanceof Sql) text += written(part, values, asked, constants);
    else if (part instanceof Constant) {
      const number = constants.get(part) ?? values.push(part.value);
      constants.set(part, number);
      text += `$${number}`;
    } else if (part instanceof Asked) {
      asked.push({ at: values.length, argument: part });
      text += `$${values.push(part.value)}`;
    } else text += `$${values.push(part)}`;
    text += texts[at + 1]!;
  }
  return text;
}

/** Text is the template's own; whatever is put into it is a piece or the value of a parameter, never text. */
export const sql = (texts: TemplateStringsArray, ...parts: unknown[]): Sql => new Sql(texts, parts);

/** Text of our own making: a name, a keyword. Never anything that was asked. */
export const raw = (text: string): Sql => new Sql([text]);

export const empty = raw('');

export const join = (pieces: readonly Sql[], separator = ', '): Sql =>
  pieces.length === 0
    ? empty
    : new Sql(['', ...new Array<string>(pieces.length - 1).fill(separator), ''], pieces);
