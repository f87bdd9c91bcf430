/** Pieces of SQL become one statement: values are parameters in the order of the text, and never text. */
import { expect, it } from 'vitest';
import { Asked } from '../schema/select/asked.js';
import { empty, join, raw, sql } from '../schema/select/sql.js';

it('numbers parameters across pieces, in the order in which they are written', () => {
  const inner = sql`b = ${2} OR c = ANY(${[3, 4]}::int[])`;
  expect(sql`SELECT ${raw('"a"')} FROM t WHERE a = ${1} AND (${inner}) LIMIT ${5}`.statement).toMatchObject({
    text: 'SELECT "a" FROM t WHERE a = $1 AND (b = $2 OR c = ANY($3::int[])) LIMIT $4',
    values: [1, 2, [3, 4], 5],
  });
});

it('writes a piece wherever it stands, with parameters of its own each time', () => {
  const piece = sql`x = ${'one'}`;
  expect(sql`${piece} AND ${piece}`.statement).toMatchObject({
    text: 'x = $1 AND x = $2',
    values: ['one', 'one'],
  });
});

it('takes a value for a value, whatever it says', () => {
  expect(sql`SELECT ${"'; DROP TABLE school; --"}, ${null}, ${undefined}, ${'$1'}`.statement).toMatchObject({
    text: 'SELECT $1, $2, $3, $4',
    values: ["'; DROP TABLE school; --", null, undefined, '$1'],
  });
});

it('joins any number of pieces, none too', () => {
  expect(join([]).statement).toMatchObject({ text: '', values: [] });
  expect(sql`a${empty}`.statement.text).toBe('a');
  expect(join([sql`${1}`, sql`${2}`], ' OR ').statement).toMatchObject({ text: '$1 OR $2', values: [1, 2] });
});

it('copies nothing on the way: a thousand pieces within each other are written once', () => {
  let deep = sql`${0}`;
  for (let at = 1; at <= 1_000; at += 1) deep = sql`(${deep} + ${at})`;
  const { text, values } = deep.statement;
  expect(values).toHaveLength(1_001);
  expect(text.endsWith('+ $1001)')).toBe(true);
});

it('tells where a value stands that was asked for, and what was found out about it', () => {
  const code = new Asked('891', 'code');
  const isGss = code.is((one) => one.startsWith('E'));
  expect(isGss).toBe(false);
  const { values, asked } = sql`${1} = ${code} AND ${code} <> ${new Asked('892')}`.statement;
  expect(values).toEqual([1, '891', '891', '892']);
  expect(asked.map(({ at, argument }) => [at, argument.variable])).toEqual([
    [1, 'code'],
    [2, 'code'],
    [3, null],
  ]);
  expect([code.allows('330'), code.allows('E10000024')]).toEqual([true, false]);
});
