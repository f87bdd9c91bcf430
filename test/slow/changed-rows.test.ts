/** Memory is cheap: a release that changes one row in a hundred adds about one row in a hundred to what is stored. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles } from '../database.js';
import { Loading } from '../loading/loading.js';
import { EES, EXCLUSIONS } from '../loading/small-mirror.js';
import { MirrorServer } from '../mirror-server.js';

const ID = 'suspensions-and-permanent-exclusions';
const RELEASE = `${EES}/publications/${EXCLUSIONS}/releases/2016-17`;
const ONE_IN = 100;

describe.skipIf(!hasRealFiles())(
  'a release that changes every hundredth row of suspensions and permanent exclusions',
  () => {
    let server: MirrorServer;
    let loading: Loading;
    let changed = 0;
    const published = (url: string) => readFile(join(inject('mirror')!, url.replace('https://', '')), 'utf8');
    const stored = async () =>
      (
        await loading.rows(
          `SELECT count(*)::int AS rows, sum(pg_column_size(o.*))::float8 AS bytes,
           pg_total_relation_size('observation')::float8 AS "table", (SELECT count(*)::int FROM observation) AS "allRows"
         FROM observation o JOIN data_set d ON d.number = o.data_set_number WHERE d.id = $1`,
          [ID],
        )
      )[0];

    beforeAll(async () => {
      server = await MirrorServer.start(inject('mirror')!);
      loading = await Loading.open('real', { SOURCE_MIRROR: server.address, GIAS_DATE: '2022-09-01' });
      const summary = JSON.parse(await published(`${RELEASE}/version-summary`));
      const content = JSON.parse(await published(`${RELEASE}/data-content`));
      const { fileId } = content.dataSets.find(({ title }: { title: string }) =>
        /geographic level/.test(title),
      );
      const fileUrl = `${EES}/releases/${content.releaseVersionId}/files/${fileId}`;
      const [header, ...lines] = (await published(fileUrl)).trimEnd().split('\n');
      const column = header!.split(',').indexOf('headcount');
      const body = lines.map((line, at) => {
        const fields = line.split(',');
        // A comma within quotes would move the columns.
        if (at % ONE_IN !== 0 || line.includes('"') || !/^\d+$/.test(fields[column]!)) return line;
        changed += 1;
        fields[column] = String(Number(fields[column]) + 1);
        return fields.join(',');
      });
      server.replace(`${RELEASE}/version-summary`, {
        body: JSON.stringify({ ...summary, published: '2018-08-19T09:30:00+00:00' }),
      });
      server.replace(fileUrl, { body: `${[header, ...body].join('\n')}\n` });
      expect(changed / lines.length).toBeCloseTo(1 / ONE_IN, 3);
    });
    afterAll(async () => {
      await loading.close();
      await server.close();
    });

    it('adds those rows, and about a hundredth of the bytes', async () => {
      const before = await stored();
      const { outcome, message } = await loading.loadOne(ID);
      expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
      const after = await stored();
      const grown = (what: 'rows' | 'bytes') => after[what] / before[what] - 1;
      // Of the table with its indexes: an ended row is written anew as well, and the room it leaves is used again.
      const table = (after.table - before.table) / (before.table * (before.rows / before.allRows));
      console.log(
        `${changed} rows changed: rows +${(100 * grown('rows')).toFixed(2)} %, their bytes +${(100 * grown('bytes')).toFixed(2)} %, table and indexes +${(100 * table).toFixed(2)} %`,
      );
      expect(after.rows - before.rows).toBe(changed);
      expect(grown('bytes')).toBeLessThan(0.02);
      expect(table).toBeLessThan(0.04);
    });
  },
);
