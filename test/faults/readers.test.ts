/**
 * Readers while the real pipeline publishes: two editions of a file come and go, and each question is answered from one
 * of them, with the release that it came from, and never from a mixture.
 */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../loading/load-process.js';
import { type Kind, Rehearsal } from './rehearsal.js';

const SWITCHES = 12;
const READERS = 3;
let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await Rehearsal.open(['statistics', 'register']);
  await rehearsal.loading.loadOne('region-local-authorities');
});
afterAll(() => rehearsal.close());

/** Publishes the editions in turn while readers ask; `read` says which edition an answer is of. */
async function publishWhileRead(
  kind: Kind,
  editions: Buffer[],
  question: string,
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the question's
  read: (data: any) => (number | string)[],
): Promise<void> {
  let publishing = true;
  const seen: (number | string)[] = [];
  /** Answers to questions that were asked after the last publication. */
  let answeredSince = 0;
  let publications = 0;
  const load = async (at: number) => {
    rehearsal.server.replace(rehearsal.urlOf(kind), { body: editions[at % editions.length]! });
    const { outcome, message } = await rehearsal.loading.loadOne(rehearsal.idOf(kind));
    expect({ outcome, message }).toEqual({ outcome: 'LOADED', message: expect.any(String) });
  };
  const publish = async () => {
    for (let at = 1; at <= SWITCHES; at += 1) {
      await load(at);
      publications = at;
      answeredSince = 0;
      // Until a reader has seen it: otherwise nothing is proven.
      await until(async () => answeredSince > 0);
    }
  };
  const reader = async () => {
    while (publishing) {
      const askedAfter = publications;
      const { data, errors } = await rehearsal.graph.ask(question);
      expect(errors).toBeUndefined();
      const of = [...new Set(read(data))];
      expect(of, 'what one question saw').toHaveLength(1);
      seen.push(of[0]!);
      if (askedAfter === publications) answeredSince += 1;
    }
  };
  await load(0);
  const readers = Promise.all(Array.from({ length: READERS }, reader));
  await Promise.race([publish(), readers]).finally(() => {
    publishing = false;
  });
  await readers;
  const switches = seen.filter((edition, at) => at > 0 && edition !== seen[at - 1]).length;
  expect(switches).toBeGreaterThanOrEqual(SWITCHES - 2);
  expect(new Set(seen).size).toBe(2);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

it('of a statistics file see one edition of it, in every place, period and release', async () => {
  const [header, ...rows] = parse((await rehearsal.linesOf('statistics')).join('\n')) as string[][];
  const at = header!.indexOf('plans_issued_den');
  const edition = (n: number) =>
    rehearsal.whole(
      'statistics',
      [header!, ...rows.map((row) => row.with(at, String(n)))].map((row) =>
        row.map((cell) => `"${cell}"`).join(','),
      ),
    );
  const editions = [edition(1_001), edition(1_002)];
  const of = new Map(editions.map((bytes, n) => [sha256(bytes), 1_001 + n]));
  const FIGURE =
    'indicator(id: "ehc-plans-within-20-weeks-rate") { latest { denominator release { sha256 } } series { denominator } }';
  await publishWhileRead(
    'statistics',
    editions,
    `{
      england { ${FIGURE} } region(code: "E12000004") { ${FIGURE} } localAuthority(code: "891") { ${FIGURE} }
      dataStatus { dataSets { id release { sha256 } } }
    }`,
    ({ england, region, localAuthority, dataStatus }) => [
      ...[england, region, localAuthority].flatMap(({ indicator: { latest, series } }) => [
        of.get(latest.release.sha256) ?? 'another release',
        latest.denominator,
        ...series.map(({ denominator }: { denominator: number }) => denominator),
      ]),
      of.get(
        dataStatus.dataSets.find(({ id }: { id: string }) => id === 'ehc-plans-timeliness').release.sha256,
      ) ?? 'another release',
    ],
  );
});

it('of a register see one edition of it, in every school, count and page', async () => {
  const lines = await rehearsal.linesOf('register');
  const named = (name: string, rows: string[]) =>
    rehearsal.whole('register', [lines[0]!, ...rows.map((line) => line.replace('"Sample ', `"${name} `))]);
  const all = lines.slice(1);
  // The second has not only other names but two schools fewer.
  const editions = [named('Spring', all), named('Autumn', all.slice(0, -2))];
  const counts: Record<string, number> = { Spring: all.length, Autumn: all.length - 2 };
  await publishWhileRead(
    'register',
    editions,
    `{
      one: school(urn: 900001) { name }
      many: schools(first: 100) { totalCount nodes { name } }
      again: schools(urns: [900001, 900002, 900003]) { nodes { name } }
    }`,
    ({ one, many, again }) => {
      const names = [one, ...many.nodes, ...again.nodes].map(({ name }) => name.split(' ')[0]);
      const counted = Object.keys(counts).find((name) => counts[name] === many.totalCount);
      return [...names, counted ?? `${many.totalCount} schools`];
    },
  );
});
