/**
 * Reads coverage for a question: of many indicators at once, a data set at a time, and from memory where the data are the
 * same as when it was last worked out. All of it is of the question's own snapshot.
 */
import DataLoader from 'dataloader';
import { DATA_SETS } from '../../jobs/catalogue.js';
import type { RegisterDataSet } from '../../jobs/declaration.js';
import type { DataMemory } from '../../src/database/data-memory.js';
import {
  COVERED_LEVELS,
  type CoveredLevel,
  type FiguresOfDataSet,
  type LevelFigures,
  seriesFigures,
  statisticsFigures,
} from './figures-covered.js';

/** How many rows of a register stand now, and in how many each field is filled. */
export interface RegisterRows {
  dataSet: RegisterDataSet;
  rows: number;
  filled: { column: string; filled: number }[];
}

interface Reader {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the statement's
  query(text: string, values?: unknown[]): Promise<any[]>;
}

interface Located {
  id: string;
  number: number;
  position: number | null;
  series: number | null;
}

const REGISTERS = DATA_SETS.filter((dataSet): dataSet is RegisterDataSet => dataSet.kind === 'register');

export class Covered {
  private readonly query: Reader['query'];

  constructor(
    reader: Reader,
    private readonly memory: DataMemory,
  ) {
    this.query = (text, values) => reader.query(text, values);
  }

  /** By the id of an indicator, the levels on which it has rows. */
  readonly ofIndicator = new DataLoader<string, LevelFigures[]>(async (ids) => {
    const located = await this.locate(ids);
    const ofDataSet = new Map<number, FiguresOfDataSet>();
    for (const { number, series } of located.values()) {
      if (!ofDataSet.has(number)) ofDataSet.set(number, await this.figures(number, series !== null));
    }
    return ids.map((id) => {
      const { number, position, series } = located.get(id) ?? {};
      return (number !== undefined && ofDataSet.get(number)!.get((series ?? position)!)) || [];
    });
  });

  /** By the id of an indicator, the levels that its data set's releases have, or its own where it is of a series. */
  readonly levelsOfIndicator = new DataLoader<string, CoveredLevel[]>(async (ids) => {
    const rows = await this.query(LEVELS, [ids, COVERED_LEVELS]);
    return ids.map((id) => rows.filter((row) => row.id === id).map(({ level }) => level));
  });

  async registers(): Promise<RegisterRows[]> {
    return this.remembered('registers', async () => {
      const counted: RegisterRows[] = [];
      for (const dataSet of REGISTERS) {
        const columns = Object.keys(dataSet.fields);
        const [row] = await this.query(
          `SELECT count(*)::int AS rows, ARRAY[${columns.map((column) => `count("${column}")`)}]::int[] AS filled
           FROM ${dataSet.table} WHERE to_release IS NULL`,
        );
        const filled = columns.map((column, at) => ({ column, filled: row.filled[at] as number }));
        counted.push({ dataSet, rows: row.rows, filled });
      }
      return counted;
    });
  }

  private async locate(ids: readonly string[]): Promise<Map<string, Located>> {
    const rows: Located[] = await this.query(
      'SELECT id, data_set_number AS number, position, series_measure AS series FROM indicator WHERE id = ANY($1)',
      [ids],
    );
    // A measure that its dictionary names and its file has no row of is nowhere.
    return new Map(
      rows.filter(({ position, series }) => position !== null || series !== null).map((row) => [row.id, row]),
    );
  }

  private figures(dataSet: number, isSeries: boolean): Promise<FiguresOfDataSet> {
    return this.remembered(`figures of ${dataSet}`, () =>
      isSeries ? seriesFigures(this.query, dataSet) : statisticsFigures(this.query, dataSet),
    );
  }

  private version: Promise<number> | null = null;

  private async remembered<T>(name: string, workOut: () => Promise<T>): Promise<T> {
    this.version ??= this.query('SELECT version FROM data_version').then(([{ version }]) => Number(version));
    return this.memory.of(await this.version, name, workOut);
  }
}

const LEVELS = `
  SELECT i.id, l.level FROM indicator i
  CROSS JOIN LATERAL (
    SELECT DISTINCT level FROM coverage WHERE data_set_number = i.data_set_number AND i.series_measure IS NULL
    UNION
    SELECT DISTINCT p.level FROM series s JOIN place p ON p.id = s.place_id
    WHERE s.measure = i.series_measure AND s.to_release IS NULL
  ) l
  WHERE i.id = ANY($1)
  ORDER BY array_position($2::text[], l.level)`;
