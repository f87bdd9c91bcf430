/** A question reads one state of the data: all of it before a publication, or all of it after. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

const REGION = 'E12000004';
let database: OwnDatabase;
let graph: RunningGraph;
let writer: Tables;
let writing: Promise<void>;
let stop = false;
let published = 0;

beforeAll(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url);
  writer = await openTables(database.url);
  const [figures] = await writer.rows(`
    SELECT d.number, array_position(d.measures, 'suspensions') AS position, max(dp.period_id) AS period
    FROM data_set d JOIN data_set_period dp ON dp.data_set_number = d.number
    WHERE d.id = 'suspensions-and-permanent-exclusions' GROUP BY 1, 2`);
  // In one transaction, as a publication does: England, a region, the release's title and the version all say n.
  const publish = async (n: number) => {
    await writer.rows('BEGIN');
    await writer.rows(
      `UPDATE observation o SET values[$1] = $2 FROM place p WHERE p.id = o.place_id AND o.data_set_number = $3
         AND o.breakdown_id = 0 AND o.to_release IS NULL AND p.code IN ('E92000001', '${REGION}')`,
      [figures.position, n, figures.number],
    );
    await writer.rows('UPDATE release SET title = $1 WHERE data_set_number = $2', [
      String(n),
      figures.number,
    ]);
    await writer.rows('UPDATE data_version SET version = $1', [n]);
    await writer.rows('COMMIT');
    published = n;
  };
  await publish(1_000);
  const loop = async () => {
    for (let n = 1_001; !stop; n += 1) await publish(n);
  };
  writing = loop();
});
afterAll(async () => {
  stop = true;
  await writing;
  await graph.close();
  await writer.close();
  await database.drop();
});

const FIGURE = (more = '') =>
  `indicator(id: "suspensions") { latest { value ${more} } series { value ${more} } }`;

it.each([
  [
    'in one statement',
    `{ england { ${FIGURE()} } region(code: "${REGION}") { ${FIGURE()} } again: england { ${FIGURE()} } }`,
  ],
  [
    'also when resolvers read the release and the version after the statement',
    `{ region(code: "${REGION}") { ${FIGURE()} } england { ${FIGURE('release { title }')} } dataStatus { version dataSets { id release { title } } } }`,
  ],
])('a reader never sees a mixture %s', async (_how, query) => {
  const seen = new Set<number>();
  const before = published;
  const read = async () => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    const numbers: number[] = [];
    for (const place of [data.england, data.region, data.again].filter(Boolean)) {
      const { latest, series } = place.indicator;
      for (const { value, release } of [latest, ...series])
        numbers.push(value, ...(release ? [Number(release.title)] : []));
    }
    if (data.dataStatus) {
      numbers.push(data.dataStatus.version);
      const set = data.dataStatus.dataSets.find(
        ({ id }: { id: string }) => id === 'suspensions-and-permanent-exclusions',
      );
      numbers.push(Number(set.release.title));
    }
    expect(new Set(numbers).size, `one question saw ${[...new Set(numbers)]}`).toBe(1);
    seen.add(numbers[0]!);
  };
  // As long as it takes for the readers to have come between many publications; otherwise nothing is proven.
  for (let round = 0; round < 40 || seen.size < 30 || published - before < 30; round += 1) {
    await Promise.all([read(), read(), read()]);
  }
});
