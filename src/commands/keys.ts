/** keys: makes, lists and revokes API keys, for a person at a terminal. A key is shown once, when it is made. */
import { hashOf, newKey } from '../access/keys.js';
import { openDatabase, openWriterPool } from '../database/database.js';
import { SchoolGraphError } from '../errors.js';
import { readSettings } from '../settings.js';
import { EXIT } from './commands.js';

type Pool = ReturnType<typeof openWriterPool>;

const LARGEST_INT = 2_147_483_647;

const ACTIONS: Record<string, (pool: Pool, positionals: string[], options: KeyOptions) => Promise<void>> = {
  create,
  list,
  revoke,
};

export interface KeyOptions {
  name?: string;
  'rate-limit'?: string;
}

export async function keys([action, ...others]: string[], options: KeyOptions): Promise<number> {
  const settings = readSettings();
  const act = action && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!act) throw new SchoolGraphError('BAD_COMMAND', `Say what to do: ${Object.keys(ACTIONS).join(', ')}.`);
  const database = await openDatabase(settings, (line) => console.log(line), { attach: true });
  const pool = openWriterPool(database.writerUrl);
  try {
    await act(pool, others, options);
    return EXIT.ok;
  } finally {
    await pool.end();
    await database.close();
  }
}

async function create(pool: Pool, _others: string[], options: KeyOptions): Promise<void> {
  const name = options.name?.trim();
  if (!name)
    throw new SchoolGraphError('BAD_COMMAND', 'Say whose key it is: npm run keys -- create --name "A name"');
  const given = options['rate-limit'];
  if (given !== undefined && (!/^\d+$/.test(given) || Number(given) > LARGEST_INT)) {
    throw new SchoolGraphError(
      'BAD_COMMAND',
      `--rate-limit is a whole number of points a minute, up to ${LARGEST_INT}; 0: as many as it likes.`,
    );
  }
  const key = newKey();
  const { rows } = await pool.query(
    'INSERT INTO schoolgraph_access.api_key (name, hash, rate_limit) VALUES ($1, $2, $3) RETURNING id',
    [name, hashOf(key), given === undefined ? null : Number(given)],
  );
  console.log(`Key ${rows[0].id}, for ${name}. It is shown this once, and kept as a hash:\n\n${key}\n`);
  console.log('It is sent with each request: Authorization: Bearer <key>');
}

async function list(pool: Pool): Promise<void> {
  const { rows } = await pool.query(
    `SELECT id, name, rate_limit, created_at::date::text AS created, revoked_at::date::text AS revoked
     FROM schoolgraph_access.api_key ORDER BY id`,
  );
  if (rows.length === 0)
    console.log('There is no key. One is made with: npm run keys -- create --name "A name"');
  for (const { id, name, rate_limit, created, revoked } of rows) {
    const limit =
      rate_limit === null ? 'as an address' : rate_limit === 0 ? 'no limit' : `${rate_limit} points a minute`;
    console.log(`${id}  ${name}  ${limit}  made ${created}${revoked ? `, revoked ${revoked}` : ''}`);
  }
}

async function revoke(pool: Pool, [id, ...more]: string[]): Promise<void> {
  if (!id || !/^\d{1,9}$/.test(id) || more.length > 0)
    throw new SchoolGraphError('BAD_COMMAND', 'Say which key, by its number: npm run keys -- revoke 3');
  const { rows } = await pool.query(
    'UPDATE schoolgraph_access.api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING name',
    [Number(id)],
  );
  if (rows.length === 0)
    throw new SchoolGraphError('BAD_COMMAND', `There is no key ${id}: npm run keys -- list`);
  console.log(`Key ${id}, of ${rows[0].name}, is revoked. Servers that run know within seconds.`);
}
