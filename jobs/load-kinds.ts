/** What a load does differently for a register and for a statistics file, beside how it reads a row. */
import type { PoolClient } from 'pg';
import { checkShrinking, compareRates, refuseLosses } from './check.js';
import type { DataSet, RegisterDataSet, StatisticsDataSet } from './declaration.js';
import { Dictionaries } from './dictionaries.js';
import type { Ledger } from './ledger.js';
import { seriesLoad } from './load-series.js';
import { endObservations, endRegisterRows, forgetEnded, rowsBefore } from './publish.js';
import type { Stager } from './stage.js';
import { stageRegister } from './stage-register.js';
import { stageStatistics } from './stage-statistics.js';

export interface LoadKind {
  stager: Stager;
  /** Throws when what was staged may not replace what stands; returns what merely looks odd. */
  check: () => Promise<string[]>;
  /** Ends what the release no longer has; returns how many rows. */
  end: () => Promise<number>;
  /** Takes away what this release ended. */
  forgetEnded: () => Promise<void>;
  /** Tables whose statistics the planner needs anew after a large load. */
  tables: string;
}

export async function loadOfKind(
  client: PoolClient,
  dataSet: DataSet,
  row: { number: number; measures: string[] },
  release: number,
  ledger: Ledger,
): Promise<LoadKind> {
  switch (dataSet.kind) {
    case 'register':
      return registerLoad(client, dataSet, release, ledger);
    case 'series':
      return seriesLoad(client, dataSet, row.number, release, ledger);
    case 'statistics':
      return statisticsLoad(client, dataSet, row, release, ledger);
  }
}

function registerLoad(
  client: PoolClient,
  dataSet: RegisterDataSet,
  release: number,
  ledger: Ledger,
): LoadKind {
  const before = ledger.current.size;
  return {
    stager: stageRegister(dataSet, release, ledger),
    check: async () => {
      checkShrinking(ledger.rowsKept, before, '');
      return [];
    },
    end: () => endRegisterRows(client, dataSet, release, ledger.current),
    forgetEnded: () => forgetEnded(client, dataSet.table, release),
    tables: dataSet.table,
  };
}

async function statisticsLoad(
  client: PoolClient,
  dataSet: StatisticsDataSet,
  { number, measures }: { number: number; measures: string[] },
  release: number,
  ledger: Ledger,
): Promise<LoadKind> {
  const dictionaries = await Dictionaries.read(client, dataSet, number);
  return {
    stager: stageStatistics(dataSet, { release, dataSetNumber: number, measures, dictionaries }, ledger),
    check: async () => {
      await dictionaries.write(client);
      for (const { level, code, rows, before } of await rowsBefore(
        client,
        number,
        release,
        dictionaries.coverage,
      )) {
        checkShrinking(rows, before, ` of level ${level} for ${code}`);
      }
      await refuseLosses(client, number, release, ledger.current, dictionaries.coverage);
      return [
        ...(await missingLevels(client, number, dictionaries)),
        ...(await compareRates(client, dataSet, number, measures, release)),
      ];
    },
    end: async () => {
      await dictionaries.writeCoverage(client, release);
      return endObservations(client, number, release, ledger.current, dictionaries.coverage);
    },
    forgetEnded: () => forgetEnded(client, 'observation', release),
    tables: 'observation, place, school_place',
  };
}

/** A level that earlier releases had and this one has not: its figures stay, and somebody should know. */
async function missingLevels(
  client: PoolClient,
  number: number,
  { coverage }: Dictionaries,
): Promise<string[]> {
  const { rows } = await client.query(
    'SELECT level, max(release_id) AS release FROM coverage WHERE data_set_number = $1 AND level <> ALL($2) GROUP BY level',
    [number, coverage.map(({ level }) => level)],
  );
  return rows.map(
    ({ level, release }) =>
      `no row of level ${level} in this release: the figures of release ${release} stay`,
  );
}
