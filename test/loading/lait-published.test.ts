/** The published LAIT in the tables, held against the file as csv-parse reads it: every cell of 434 measures. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse as parseStream } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';

const FOLDER =
  'raw.githubusercontent.com/dfe-analytical-services/local-authority-interactive-tool/main/01_data/02_prod';

/** Regions and England as the file numbers them. */
const NUMBERS: Record<string, string> = {
  E92000001: '970',
  E12000001: '980',
  E12000002: '981',
  E12000003: '982',
  E12000004: '983',
  E12000005: '984',
  E12000006: '985',
  E12000007: '986',
  E13000001: '987',
  E13000002: '988',
  E12000008: '989',
  E12000009: '990',
};

describe.skipIf(!hasRealFiles())('LAIT as published', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({
      connectionString: loadedDatabase('real'),
      options: '-c search_path=schoolgraph',
    });
    await client.connect();
  });
  afterAll(() => client.end());
  const rows = async (sql: string, parameters: unknown[] = []) => (await client.query(sql, parameters)).rows;

  it('is in the tables cell for cell: 640,900 with their texts, and 170 left out for want of a year', async () => {
    const stored = new Map<string, Map<string, { value: number | null; raw: string }>>();
    for (const { measure, place_code, period, value, raw } of await rows(
      'SELECT measure, place_code, period, value, raw FROM tidy.lait',
    )) {
      const key = `${measure} ${NUMBERS[place_code] ?? place_code}`;
      if (!stored.has(key)) stored.set(key, new Map());
      stored.get(key)!.set(period, { value, raw });
    }
    const counted = { cells: 0, symbols: 0, withoutYear: 0 };
    const wrong: unknown[] = [];
    const file = createReadStream(`${inject('mirror')}/${FOLDER}/bds_long.csv`);
    for await (const record of file.pipe(parseStream({ columns: true }))) {
      if (record.Years === '0') {
        counted.withoutYear += 1;
        continue;
      }
      counted.cells += 1;
      const published = record.Values as string;
      if (published === '-') counted.symbols += 1;
      const cell = stored
        .get(`${record['Short Desc']} ${record['LA Number'].slice(0, 3)}`)
        ?.get(record.Years);
      const same =
        cell?.raw === published &&
        (published === '-' ? cell.value === null : cell.value === Number(published));
      if (!same && wrong.length < 5) wrong.push({ record, cell });
    }
    expect(wrong).toEqual([]);
    expect(counted).toEqual({ cells: 640_900, symbols: 93_713, withoutYear: 170 });
    expect([...stored.values()].reduce((sum, cells) => sum + cells.size, 0)).toBe(640_900);
  });

  it('has its 434 measures in 73,780 rows, each as its dictionary says', async () => {
    const text = await readFile(`${inject('mirror')}/${FOLDER}/lait_data_dictionary.csv`, 'utf8');
    const entries = parse(text, { columns: true }) as Record<string, string>[];
    expect(entries).toHaveLength(448);
    expect(Number((await rows('SELECT count(*) FROM lait_measure WHERE to_release IS NULL'))[0].count)).toBe(
      448,
    );
    expect(Number((await rows('SELECT count(*) FROM series WHERE to_release IS NULL'))[0].count)).toBe(
      73_780,
    );
    const measures = await rows(
      `SELECT m.code, i.* FROM indicator i JOIN series_measure m ON m.number = i.series_measure`,
    );
    expect(measures).toHaveLength(434);
    const polarities: Record<string, string> = { High: 'HIGH', Low: 'LOW', '-': 'NONE', NA: 'NONE' };
    for (const measure of measures) {
      const own = entries.filter((entry) => entry.Measure_short === measure.code);
      expect(new Set(measure.topics)).toEqual(new Set(own.map((entry) => entry.Topic)));
      expect(own.map((entry) => entry.Chart_title!.replace(/\s+/g, ' '))).toContain(measure.name);
      expect(measure.polarity).toBe(polarities[own[0]!.Polarity!]);
      expect(measure.timing).toBe(own[0]!.Year_Type);
      const said = own.map(({ dps }) => dps).filter((dps) => dps !== 'NA');
      if (said.length === own.length) expect(said).toContain(String(measure.decimals));
    }
    expect(measures.filter(({ topics }) => topics.length === 2)).toHaveLength(14);
    expect(measures.filter(({ has_quartile_bands }) => !has_quartile_bands)).toHaveLength(
      new Set(entries.filter(({ No_Quartile }) => No_Quartile === 'N').map((entry) => entry.Measure_short))
        .size,
    );
  });

  it('says of its years what the publications of the same figures say', async () => {
    const agreement = async (measure: string, dataSet: string, position: string) =>
      (
        await rows(
          `SELECT count(*) FILTER (WHERE abs(s.values[sp.position] - o.values[array_position(d.measures, $3)]) < 0.0051)::int AS same,
             count(*) FILTER (WHERE abs(s.values[sp.position] - o.values[array_position(d.measures, $3)]) >= 0.0051)::int AS other
           FROM data_set d
           JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL AND o.breakdown_id = 0
           JOIN series_measure m ON m.code = $1
           JOIN series s ON s.measure = m.number AND s.place_id = o.place_id AND s.to_release IS NULL
           JOIN series_period sp ON sp.measure = m.number AND sp.period_id = o.period_id AND sp.to_release IS NULL
           WHERE d.id = $2`,
          [measure, dataSet, position],
        )
      )[0];
    const exclusions = 'suspensions-and-permanent-exclusions';
    expect(await agreement('TotFixedEx', exclusions, 'suspension_rate')).toEqual({ same: 326, other: 0 });
    expect(await agreement('TotPermEx', exclusions, 'permanent_exclusion_rate')).toEqual({
      same: 319,
      other: 0,
    });
    expect(await agreement('Total_ Pup_FixedEx', exclusions, 'pupils_suspended_rate')).toEqual({
      same: 324,
      other: 0,
    });
    // "2025" of an annual count in January is January 2025, published there as 202425.
    expect(await agreement('SEN_CASES_JAN', 'ehc-plans-caseload', 'plans')).toEqual({ same: 1134, other: 0 });
    expect(await agreement('SEN_CASES_DUR_YEAR', 'ehc-plans-new', 'plans')).toEqual({ same: 969, other: 0 });
    expect(await agreement('SEN_EHC_All_20wks', 'ehc-plans-timeliness', 'within_20_weeks_rate')).toEqual({
      same: 963,
      other: 0,
    });
    expect(
      await agreement(
        'SEN_EHC_Excpt_20wks',
        'ehc-plans-timeliness',
        'within_20_weeks_excluding_exceptions_rate',
      ),
    ).toEqual({ same: 961, other: 0 });
  });
});
