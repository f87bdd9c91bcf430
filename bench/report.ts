/** What a run found, as a table for a person and as JSON to keep. */
import type { Measured } from './load-generator.js';
import type { ServerName } from './servers.js';
import { geometricMean, median, ratioOf } from './statistics.js';

/** One question at one concurrency: every server's rounds. */
export interface Finding {
  question: string;
  title: string;
  concurrency: number;
  rounds: Partial<Record<ServerName, Measured[]>>;
}

export interface Summary {
  /** Requests per second of this API, uncached, to PostGraphile's: the geometric mean of all questions and concurrencies. */
  uncachedVsPostgraphileGeoMean: number | null;
  /** The least of those ratios, and of which question. */
  worstVsPostgraphile: number | null;
  worstQuestion: string | null;
  /** Requests per second of the floor to those of this API, uncached: how many times slower it is. */
  vsFloorGeoMean: number | null;
  cachedVsPostgraphileGeoMean: number | null;
  /** As the first, with PostGraphile asked for SQL functions written by hand where a question has them. */
  uncachedVsFunctionsGeoMean: number | null;
}

const perSecond = (rounds: Measured[]) => rounds.map((round) => round.perSecond);

function ratio({ rounds }: Finding, of: ServerName, to: ServerName): ReturnType<typeof ratioOf> | null {
  const [numerators, denominators] = [rounds[of], rounds[to]];
  return numerators && denominators ? ratioOf(perSecond(numerators), perSecond(denominators)) : null;
}

/** The ratios of requests per second that the summary is made of. */
export const ratiosOf = (finding: Finding) => ({
  uncachedVsPostgraphile: ratio(finding, 'uncached', 'postgraphile'),
  cachedVsPostgraphile: ratio(finding, 'cached', 'postgraphile'),
  uncachedVsFunctions: ratio(finding, 'uncached', finding.rounds.functions ? 'functions' : 'postgraphile'),
  floorVsUncached: ratio(finding, 'floor', 'uncached'),
});

export function summarise(findings: Finding[]): Summary {
  const ratios = (of: ServerName, to: ServerName) =>
    findings.flatMap((finding) => {
      const found = ratio(finding, of, to);
      return found ? [{ finding, value: found.median }] : [];
    });
  const meanOf = (values: number[]) => (values.length > 0 ? rounded(geometricMean(values)) : null);
  const mean = (of: ServerName, to: ServerName) => meanOf(ratios(of, to).map(({ value }) => value));
  const [worst] = ratios('uncached', 'postgraphile').sort((a, b) => a.value - b.value);
  return {
    uncachedVsPostgraphileGeoMean: mean('uncached', 'postgraphile'),
    worstVsPostgraphile: worst ? rounded(worst.value) : null,
    worstQuestion: worst ? `${worst.finding.question} x ${worst.finding.concurrency}` : null,
    vsFloorGeoMean: mean('floor', 'uncached'),
    cachedVsPostgraphileGeoMean: mean('cached', 'postgraphile'),
    uncachedVsFunctionsGeoMean: meanOf(
      findings.flatMap((finding) => ratiosOf(finding).uncachedVsFunctions?.median ?? []),
    ),
  };
}

const rounded = (value: number) => Number(value.toPrecision(3));
const SERVERS: ServerName[] = ['uncached', 'cached', 'postgraphile', 'functions', 'floor'];

export function table(findings: Finding[]): string {
  const lines = [
    [
      'question',
      'at once',
      ...SERVERS.map((name) => `${name}/s`),
      'p50 p99 ms (ours, PostGraphile)',
      'to PostGraphile',
      'to functions',
      'cached to PG',
      'floor to ours',
    ],
    ...findings.map((finding) => [
      finding.question,
      String(finding.concurrency),
      ...SERVERS.map((name) => spread(finding.rounds[name])),
      `${times(finding.rounds.uncached)}, ${times(finding.rounds.postgraphile)}`,
      ratioText(finding, 'uncached', 'postgraphile'),
      ratioText(finding, 'uncached', 'functions'),
      ratioText(finding, 'cached', 'postgraphile'),
      ratioText(finding, 'floor', 'uncached'),
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n');
}

const short = (value: number) => (value >= 100 ? Math.round(value).toString() : value.toPrecision(3));

function spread(rounds: Measured[] | undefined): string {
  if (!rounds) return '–';
  const values = perSecond(rounds);
  return `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;
}

const times = (rounds: Measured[] | undefined) =>
  rounds
    ? `${short(median(rounds.map(({ p50 }) => p50)))} ${short(median(rounds.map(({ p99 }) => p99)))}`
    : '–';

function ratioText(finding: Finding, of: ServerName, to: ServerName): string {
  const found = ratio(finding, of, to);
  return found ? `${short(found.median)} (${short(found.least)}–${short(found.greatest)})` : '–';
}
