/**
 * What the server does, in numbers, as Prometheus reads them: requests, what they took and cost, what is kept, the connections to the
 * database, and how the loads and the data stand. Nothing in it tells who asked, or what.
 */
import type { ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, register } from 'prom-client';
import type { Graph } from '../graph/graph.js';
import { inTime } from '../http/in-time.js';
import type { Kind } from './kind.js';
import type { Standing } from './standing.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const POINTS = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000];

/** Who reads the metrics waits no longer: they matter most when the database has no time for them. */
const STANDING_MS = 1_000;

/** The process is one, however many servers it has. */
let isProcessMeasured = false;

export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new Counter({
    name: 'schoolgraph_requests_total',
    help: 'Requests answered, by what was asked for and status.',
    labelNames: ['kind', 'status'],
    registers: [this.registry],
  });
  private readonly seconds = new Histogram({
    name: 'schoolgraph_request_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly points = new Histogram({
    name: 'schoolgraph_question_cost_points',
    help: 'What questions cost.',
    buckets: POINTS,
    registers: [this.registry],
  });
  private readonly kept = new Counter({
    name: 'schoolgraph_kept_answers_total',
    help: 'Questions looked for among the kept answers.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  private readonly keptBytes = this.gauge('schoolgraph_kept_answers_bytes', 'Memory of the kept answers.');
  private readonly connections = this.gauge(
    'schoolgraph_pool_connections',
    'Connections to the database; waiting: questions that wait for one.',
    'state',
  );
  private readonly version = this.gauge('schoolgraph_data_version', 'Version of the data that is served.');
  private readonly outcome = this.gauge(
    'schoolgraph_job_last_outcome',
    'How the last finished look at a data set ended: 1 for that outcome.',
    'data_set',
    'outcome',
  );
  private readonly lookAge = this.gauge(
    'schoolgraph_job_last_finished_seconds',
    'Seconds since a data set was last looked at.',
    'data_set',
  );
  private readonly dataAge = this.gauge(
    'schoolgraph_data_age_seconds',
    'Seconds since the release that stands was published; where no day is given, fetched.',
    'data_set',
  );

  /** Asked once, however often the metrics are read meanwhile. */
  private standing: Promise<Standing[]> | null = null;

  private gauge(name: string, help: string, ...labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** A request has been answered, or given up. */
  answered(kind: Kind, { statusCode }: ServerResponse, milliseconds: number, cost: number | null): void {
    this.requests.inc({ kind, status: statusCode });
    this.seconds.observe({ kind }, milliseconds / 1_000);
    if (cost !== null) this.points.observe(cost);
  }

  /** All of it, as text. */
  async text(graph: Graph | null): Promise<string> {
    if (!isProcessMeasured) collectDefaultMetrics();
    isProcessMeasured = true;
    if (graph) await this.measure(graph);
    return `${await this.registry.metrics()}\n${await register.metrics()}`;
  }

  private async measure(graph: Graph): Promise<void> {
    const { hits, misses, bytes } = graph.kept;
    // They are counted where the answers are kept.
    this.kept.reset();
    this.kept.inc({ result: 'hit' }, hits);
    this.kept.inc({ result: 'miss' }, misses);
    this.keptBytes.set(bytes);
    const { totalCount, idleCount, waitingCount } = graph.pool;
    this.connections.set({ state: 'in_use' }, totalCount - idleCount);
    this.connections.set({ state: 'idle' }, idleCount);
    this.connections.set({ state: 'waiting' }, waitingCount);
    this.version.set(graph.state.known.version);
    this.standing ??= graph.standing().finally(() => {
      this.standing = null;
    });
    // A database that does not answer is told by /readyz: here its numbers are missing.
    const rows = await inTime(this.standing, STANDING_MS).catch(() => []);
    for (const gauge of [this.outcome, this.lookAge, this.dataAge]) gauge.reset();
    for (const { id, outcome, finished, age } of rows) {
      if (outcome !== null) this.outcome.set({ data_set: id, outcome }, 1);
      if (finished !== null) this.lookAge.set({ data_set: id }, finished);
      if (age !== null) this.dataAge.set({ data_set: id }, age);
    }
  }
}
