/** What a load does differently for a register and for a statistics file, beside how it reads a row. */
import type { PoolClient } from 'pg';
import {
  checkShrinking,
  refuseLosses,
  refuseOlderPeriods,
  refuseUnknownLocalAuthorities,
  vanishedAuthorities,
} from './check.js';
import type { DataSet, RegisterDataSet, StatisticsDataSet } from './declaration.js';
import { Dictionaries } from './dictionaries.js';
import { settle, type VersionedTable } from './history.js';
import { type Finding, findings } from './integrity.js';
import type { Ledger } from './ledger.js';
import { seriesLoad } from './load-series.js';
import { NewCoverage } from './new-coverage.js';
import {
  editionsBefore,
  reachOfObservations,
  reachOfRegister,
  rowsBefore,
  versionedObservations,
  versionedRegister,
  versionedSeries,
} from './publish.js';
import type { ReleasePosition } from './releases.js';
import type { Stager } from './stage.js';
import { stageRegister } from './stage-register.js';
import { type SummedRow, stageStatistics } from './stage-statistics.js';

export interface LoadKind {
  stager: Stager;
  /** Throws when what was staged may not replace what stands; returns what merely looks odd. */
  check: () => Promise<string[]>;
  /** Gives the rows of the release their place in history; returns how many others it ended. */
  settle: () => Promise<number>;
  /** What of its figures disagrees, now that they stand. */
  findings: () => Promise<Finding[]>;
  /** Tables whose statistics the planner needs anew after a large load. */
  tables: string;
}

export interface LoadTarget {
  client: PoolClient;
  release: ReleasePosition;
  ledger: Ledger;
  /** The data set's row: its number, and its measures by position. */
  row: { number: number; measures: string[] };
}

export function versionedTable(dataSet: DataSet, dataSetNumber: number): VersionedTable {
  switch (dataSet.kind) {
    case 'register':
      return versionedRegister(dataSet);
    case 'series':
      return versionedSeries(dataSetNumber);
    case 'statistics':
      return versionedObservations(dataSetNumber);
  }
}

export async function loadKind(dataSet: DataSet, target: LoadTarget): Promise<LoadKind> {
  switch (dataSet.kind) {
    case 'register':
      return registerLoad(dataSet, target);
    case 'series':
      return seriesLoad(dataSet, target);
    case 'statistics':
      return statisticsLoad(dataSet, target);
  }
}

function registerLoad(dataSet: RegisterDataSet, { client, release, ledger }: LoadTarget): LoadKind {
  const before = ledger.current.size;
  /** Rows of each edition that the release has; of a register without editions, of the whole. */
  const editions = new Map<string, number>();
  return {
    stager: stageRegister(dataSet, release.number, ledger, editions),
    check: async () => {
      const declared = await NewCoverage.of(client, dataSet, release.number);
      if (dataSet.edition) {
        for (const { edition, standing } of await editionsBefore(client, dataSet, release.number)) {
          const rows = editions.get(edition);
          if (rows !== undefined) checkShrinking(declared, rows, standing, ` of the edition ${edition}`);
        }
      } else checkShrinking(declared, ledger.rowsKept, before, '');
      return [
        ...declared.warnings,
        ...(await refuseUnknownLocalAuthorities(client, dataSet, release.number)),
      ];
    },
    settle: () =>
      settle(
        client,
        versionedRegister(dataSet),
        release.number,
        ledger.current,
        reachOfRegister(dataSet, release.next, [...editions.keys()]),
      ),
    findings: async () => [],
    tables: dataSet.table,
  };
}

async function statisticsLoad(
  dataSet: StatisticsDataSet,
  { client, release, ledger, row: { number, measures } }: LoadTarget,
): Promise<LoadKind> {
  const dictionaries = await Dictionaries.read(client, dataSet, number);
  const summed: SummedRow[] | null = dataSet.indicators.some(({ additive }) => additive) ? [] : null;
  const target = { release: release.number, dataSetNumber: number, measures, dictionaries, summed };
  return {
    stager: stageStatistics(dataSet, target, ledger),
    check: async () => {
      await dictionaries.write(client, release.next === null);
      const { coverage } = dictionaries;
      const declared = await NewCoverage.of(client, dataSet, release.number);
      // Before a first release nothing stood.
      if (ledger.rowsUnchanged + ledger.current.size > 0) {
        await refuseOlderPeriods(client, declared, number, release.number, coverage);
        for (const { level, code, rows, before } of await rowsBefore(
          client,
          number,
          release.number,
          coverage,
        )) {
          checkShrinking(declared, rows, before, ` of level ${level} for ${code}`);
        }
        await refuseLosses(client, declared, dataSet, number, release.number, ledger.current, coverage);
      }
      return [
        ...declared.warnings,
        ...(await vanishedAuthorities(client, number, release.number, coverage)),
        ...(await missingLevels(client, number, release.number, dictionaries)),
      ];
    },
    settle: async () => {
      const { coverage } = dictionaries;
      const reach = await reachOfObservations(client, number, release.number, coverage);
      await dictionaries.writeCoverage(client, release.number);
      return settle(client, versionedObservations(number), release.number, ledger.current, reach);
    },
    findings: () =>
      findings({
        client,
        dataSet,
        number,
        measures,
        release: release.number,
        summed,
        coverage: dictionaries.coverage,
      }),
    // The arrays of values are never searched, and would take longer to sample than all the rest.
    tables:
      'observation (place_id, data_set_number, breakdown_id, period_id, from_release, to_release), place, school_place, school_observation (urn, data_set_number, period_id, breakdown_id, is_newest)',
  };
}

/** A level that earlier releases had and this one has not: its figures stay, and somebody should know. */
async function missingLevels(
  client: PoolClient,
  number: number,
  release: number,
  { coverage }: Dictionaries,
): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT c.level, r.title FROM coverage c JOIN release r ON r.id = c.release_id
     WHERE c.data_set_number = $1 AND c.level <> ALL($2) AND c.release_id = (
       SELECT max(o.release_id) FROM coverage o
       WHERE o.data_set_number = $1 AND o.level = c.level AND o.release_id < $3)
     GROUP BY 1, 2`,
    [number, coverage.map(({ level }) => level), release],
  );
  return rows.map(
    ({ level, title }) => `no row of level ${level} in this release: the figures of "${title}" stay`,
  );
}
