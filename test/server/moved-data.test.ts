/**
 * A question is written with what the server knows of the data. Where a publication has come in between, it is written
 * again with what its own snapshot says: never is an answer made of new data by what was known of the old.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type Answer, type RunningGraph, startGraph } from '../graph.js';

let database: OwnDatabase;
let graph: RunningGraph;
let writer: Tables;
beforeAll(async () => {
  database = await ownDatabase('sample');
  // A kept answer may be a second old: none is kept here.
  graph = await startGraph(database.url);
  writer = await openTables(database.url);
  await writer.rows('UPDATE release SET published_on = NULL');
});
afterAll(async () => {
  await writer.close();
  await graph.close();
  await database.drop();
});

/** The day of the earliest release that a note tells of: known between questions, not read by the statement. */
const dayTold = ({ extensions }: Answer) =>
  /the earliest release with a known day is of (\d{4}-\d\d-\d\d)/.exec(
    extensions?.notes?.map(({ message }) => message).join(' ') ?? '',
  )?.[1];

const publish = async (day: string) => {
  await writer.rows('BEGIN');
  await writer.rows('UPDATE release SET published_on = $1', [day]);
  await writer.rows('UPDATE data_version SET version = version + 1');
  await writer.rows('COMMIT');
};

const FIGURE = 'indicator(id: "suspensions") { latest { value } }';

it.each([
  ['of one statement', `{ england(asOf: "1990-01-01") { ${FIGURE} } }`],
  [
    'that resolvers read for before the statement',
    `{ dataStatus { version } england(asOf: "1990-01-01") { ${FIGURE} } }`,
  ],
])('a question %s is written with what stands at its moment', async (_how, query) => {
  // Each publication is followed by the question at once, well within the second that the server trusts its memory.
  for (let day = 1; day <= 9; day += 1) {
    await publish(`2015-01-0${day}`);
    const answer = await graph.ask(query);
    expect(answer.errors).toBeUndefined();
    expect(dayTold(answer)).toBe(`2015-01-0${day}`);
  }
});

it('also when many ask at once while it is being published', async () => {
  let day = 0;
  let stop = false;
  const told = new Set<string>();
  const publishing = (async () => {
    while (!stop) {
      day += 1;
      await publish(new Date(Date.UTC(2016, 0, day)).toISOString().slice(0, 10));
    }
  })();
  try {
    // As long as it takes for the readers to have come between many publications; otherwise nothing is proven.
    for (let round = 0; round < 30 || told.size <= 10; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          graph.ask(`{ england(asOf: "1990-01-01") { ${FIGURE} } } # ${round} ${at % 4}`),
        ),
      );
      for (const answer of answers) {
        expect(answer.errors).toBeUndefined();
        expect(dayTold(answer)).toBeDefined();
        told.add(dayTold(answer)!);
      }
    }
  } finally {
    stop = true;
    await publishing;
  }
});

it('a mutation of the catalogue is seen where nothing but the catalogue is asked, a second later at most', async () => {
  await writer.rows("UPDATE indicator SET name = 'Another name' WHERE series_measure IS NOT NULL");
  await writer.rows('UPDATE data_version SET version = version + 1');
  const names = async () =>
    ((await graph.ask('{ indicators(first: 500) { name } }')).data.indicators as { name: string }[]).map(
      ({ name }) => name,
    );
  await expect.poll(names, { timeout: 20_000 }).toContain('Another name');
});
