/** status: what is loaded, what could not be, and why, for a person at a terminal. */
import { DATA_SETS, dataSetById } from '../../jobs/catalogue.js';
import { defineDataSets } from '../../jobs/define.js';
import { openDatabase, openWriterPool } from '../database/database.js';
import { SchoolGraphError } from '../errors.js';
import { readSettings } from '../settings.js';
import { EXIT } from './commands.js';

const ISSUES_SHOWN = 200;

export async function status(names: string[]): Promise<number> {
  const unknown = names.filter((name) => !dataSetById(name));
  if (unknown.length > 0) {
    throw new SchoolGraphError(
      'BAD_COMMAND',
      `There is no data set ${unknown.join(', ')}. There are: ${DATA_SETS.map(({ id }) => id).join(', ')}`,
    );
  }
  const database = await openDatabase(readSettings(), (line) => console.log(line), { attach: true });
  const pool = openWriterPool(database.writerUrl);
  try {
    await defineDataSets(pool);
    const version = (await pool.query('SELECT version, synthetic, changed_at FROM data_version')).rows[0];
    if (version.synthetic) console.log('SYNTHETIC SAMPLE: made-up schools, trusts and figures.');
    console.log(
      version.version === 0
        ? 'Nothing is loaded yet.'
        : `Data version ${version.version}, changed ${version.changed_at.toISOString()}.`,
    );
    const { rows } = await pool.query(
      `SELECT d.id, r.title, r.published_on::text, last.id AS run, last.outcome, last.message, last.finished_at, last.warnings,
         loaded.id AS loaded_run, loaded.rows_read, loaded.rows_rejected, loaded.rows_left_out AS left_out,
         (SELECT count(*)::int FROM issue WHERE run_id = loaded.id AND kind = 'FIELD') AS fields
       FROM data_set d
       LEFT JOIN LATERAL (SELECT * FROM release WHERE data_set_number = d.number ORDER BY id DESC LIMIT 1) r ON true
       LEFT JOIN LATERAL (SELECT * FROM run WHERE data_set_number = d.number ORDER BY id DESC LIMIT 1) last ON true
       LEFT JOIN LATERAL (SELECT * FROM run WHERE data_set_number = d.number AND outcome = 'LOADED' ORDER BY id DESC LIMIT 1) loaded ON true
       WHERE $1::text[] = '{}' OR d.id = ANY($1) ORDER BY d.number`,
      [names],
    );
    for (const row of rows) {
      console.log(`\n${row.id}`);
      console.log(
        `  stands: ${row.title ? `${row.title}${row.published_on ? ` (published ${row.published_on})` : ''}` : 'nothing'}`,
      );
      if (row.loaded_run) {
        console.log(
          `  rows: ${row.rows_read} read, ${row.rows_rejected} could not be used, ${row.left_out} left out, ${row.fields} single values left out`,
        );
      }
      console.log(
        `  last look: ${row.outcome ?? (row.run ? 'under way' : 'never')}${row.message ? ` — ${row.message}` : ''}`,
      );
      if (names.length > 0) await details(pool, row);
    }
    if (names.length === 0)
      console.log('\nWarnings and unusable rows of one data set: npm run status <data set>');
    return rows.every(({ outcome }) => outcome === 'LOADED' || outcome === 'UNCHANGED')
      ? EXIT.ok
      : EXIT.incomplete;
  } finally {
    await pool.end();
    await database.close();
  }
}

async function details(
  pool: ReturnType<typeof openWriterPool>,
  row: { warnings: string[] | null; run: number; loaded_run: number },
) {
  for (const warning of row.warnings ?? []) console.log(`  warning: ${warning}`);
  const issues = await pool.query(
    `SELECT run_id, kind, file, line, column_name, value, reason FROM issue WHERE run_id IN ($1, $2)
     ORDER BY run_id DESC, file, line LIMIT ${ISSUES_SHOWN + 1}`,
    [row.run, row.loaded_run],
  );
  for (const { kind, line, column_name, value, reason } of issues.rows.slice(0, ISSUES_SHOWN)) {
    console.log(`  ${kind} line ${line}, ${column_name} "${value}": ${reason}`);
  }
  if (issues.rows.length > ISSUES_SHOWN)
    console.log(`  … the rest: dataStatus { dataSets { lastRun { issues } } } in the graph`);
}
