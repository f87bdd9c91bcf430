/** The databases of the benchmark: one that is filled data set by data set, and copies of it from before each. */
import pg from 'pg';
import { Loads } from '../jobs/loads.js';
import { Progress } from '../jobs/progress.js';
import { openDatabase, openWriterPool } from '../src/database/database.js';
import { readSettings } from '../src/settings.js';

export class Server {
  constructor(private readonly url: string) {}

  urlOf(name: string): string {
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** An empty database with the tables and every declaration in it. */
  async create(name: string): Promise<void> {
    await this.run(`CREATE DATABASE ${name}`);
    const settings = readSettings({ DATABASE_URL: this.urlOf(name) });
    await (await openDatabase(settings, () => {})).close();
    const pool = openWriterPool(this.urlOf(name));
    await new Loads({ pool, settings, progress: new Progress(process.stderr), say: () => {} }).define();
    await pool.end();
  }

  /** The copy is written out before it is used: what it cost must not be paid by who comes next. */
  async copy(from: string, to: string): Promise<void> {
    await this.run(`DROP DATABASE IF EXISTS ${to}`);
    await this.run(`CREATE DATABASE ${to} TEMPLATE ${from}`);
    await this.run('CHECKPOINT');
  }

  async drop(name: string): Promise<void> {
    await this.run(`DROP DATABASE ${name} WITH (FORCE)`);
  }

  private async run(statement: string): Promise<void> {
    await this.in('postgres', (client) => client.query(statement));
  }

  async in<T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: this.urlOf(database),
      options: '-c search_path=schoolgraph',
    });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }
}
