/** What is remembered of the data is forgotten with them, and a question never gets the answer of other data. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DataMemory } from '../src/database/data-memory.js';

let memory: DataMemory;
let worked: number;
beforeEach(() => {
  memory = new DataMemory();
  worked = 0;
});
const answer = async () => {
  worked += 1;
  return `answer ${worked}`;
};

describe('an answer', () => {
  it('is worked out once for as long as the data are the same, also for those who ask at the same time', async () => {
    const both = await Promise.all([memory.of(1, 'a', answer), memory.of(1, 'a', answer)]);
    expect([...both, await memory.of(1, 'a', answer)]).toEqual(Array(3).fill('answer 1'));
  });

  it('has a name, and is of nothing else', async () => {
    expect([await memory.of(1, 'a', answer), await memory.of(1, 'b', answer)]).toEqual([
      'answer 1',
      'answer 2',
    ]);
  });

  it('is worked out again when the data have changed', async () => {
    await memory.of(1, 'a', answer);
    expect(await memory.of(2, 'a', answer)).toBe('answer 2');
    expect(await memory.of(2, 'a', answer)).toBe('answer 2');
  });

  it('of older data, for a question that began before they changed, does not replace what is remembered', async () => {
    await memory.of(2, 'a', answer);
    expect(await memory.of(1, 'a', answer)).toBe('answer 2');
    expect(await memory.of(2, 'a', answer)).toBe('answer 1');
  });

  it('that could not be worked out is not remembered, and whoever waited for it works it out', async () => {
    let breakOff = () => {};
    const broken = memory.of(
      1,
      'a',
      () => new Promise((_, reject) => (breakOff = () => reject(new Error('over')))),
    );
    const waiting = memory.of(1, 'a', answer);
    breakOff();
    await expect(broken).rejects.toThrow('over');
    expect(await waiting).toBe('answer 1');
    expect(await memory.of(1, 'a', answer)).toBe('answer 2');
  });
});
