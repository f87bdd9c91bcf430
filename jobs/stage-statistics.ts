/**
 * stage, for a statistics file: a record becomes one observation, its measures in an array in the order of
 * data_set.measures. A cell is a number or a symbol that the file's edition declares; anything else rejects
 * the row, and for England or a region the release. Nothing becomes 0 and nothing becomes a silent null: what
 * is not plainly a number keeps its text.
 */
import { type Contract, editionsOf } from './contract.js';
import { COPY_NULL, copyText } from './copy-text.js';
import type { CsvRecord } from './csv-reader.js';
import type { Edition, StatisticsDataSet } from './declaration.js';
import type { Dictionaries, Level } from './dictionaries.js';
import { hashOf, type Ledger } from './ledger.js';
import type { Period } from './period.js';
import type { PublishedPlace, PublishedTime } from './row-reading.js';
import { CHANGE_THE_DECLARATION, sourceFault } from './source-fault.js';
import type { Stager } from './stage.js';

const NUMBER = /^-?\d+(\.\d+)?$/;
const POWER_OF_TEN = /^-?\d+(\.\d+)?[eE][-+]?\d{1,2}$/;
/** A number whose shortest text is the published one, so that the text need not be kept beside the value. */
const PLAIN_NUMBER = /^(0|-?[1-9]\d{0,14}|-?(0|[1-9]\d{0,8})\.\d{0,5}[1-9])$/;
/** Levels of few rows that everything is compared with: a release without one of them is not fit. */
const INDISPENSABLE: ReadonlySet<Level> = new Set(['NATIONAL', 'REGIONAL']);

export interface StatisticsTarget {
  release: number;
  dataSetNumber: number;
  /** data_set.measures: position → measure name, which may hold measures that are no longer declared. */
  measures: string[];
  dictionaries: Dictionaries;
  /** Takes each row that figures are summed to or from, so that integrity need not ask for them again. */
  summed: SummedRow[] | null;
}

/** A row of England, a region or a local authority. */
export interface SummedRow {
  level: Level;
  code: string;
  period: number;
  breakdown: number;
  edition: string | null;
  /** By position: the number, or the text that stands in its place; null for a measure that is no longer declared. */
  cells: (number | string | null)[];
}

export const SUMMED_LEVELS: ReadonlySet<Level> = new Set(['NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY']);

export function stageStatistics(
  dataSet: StatisticsDataSet,
  target: StatisticsTarget,
  ledger: Ledger,
): Stager {
  const { dictionaries, dataSetNumber, release, summed } = target;
  let at: Columns;

  const reject = (level: Level, line: number, column: string, value: string, reason: string): null => {
    if (INDISPENSABLE.has(level)) {
      throw sourceFault(
        `line ${line}, a row of level ${level}: ${column} "${value}" ${reason}`,
        CHANGE_THE_DECLARATION,
      );
    }
    return ledger.reject(line, column, value, reason);
  };

  return {
    copy: 'COPY observation (place_id, breakdown_id, data_set_number, period_id, edition, values, raw, row_hash, from_release) FROM STDIN',

    startFile(contract, url) {
      at = columnsFor(dataSet, target.measures, contract, url);
    },

    row({ line, fields }: CsvRecord) {
      const place = at.place(fields);
      if (!('code' in place)) {
        const { level, column, value, reason } = place;
        return level === null
          ? ledger.leaveOut(line, column, value, reason)
          : reject(level, line, column, value, reason);
      }
      const time = at.time(fields);
      if (!('period' in time)) return reject(place.level, line, time.column, time.value, time.reason);

      let values = '';
      let raw = '';
      let edition: Edition | null = null;
      const cells: SummedRow['cells'] | null =
        summed && SUMMED_LEVELS.has(place.level) ? new Array(at.measures.length).fill(null) : null;
      for (let position = 0; position < at.measures.length; position += 1) {
        const index = at.measures[position]!;
        if (position > 0) values += ',';
        if (index === -1) {
          values += 'NULL';
          continue;
        }
        const cell = fields[index]!.trim();
        if (PLAIN_NUMBER.test(cell)) {
          values += cell;
          if (cells) cells[position] = Number(cell);
          continue;
        }
        const number = dataSet.percentSigns && cell.endsWith('%') ? cell.slice(0, -1) : cell;
        const isNumber = NUMBER.test(number) || (dataSet.powersOfTen === true && POWER_OF_TEN.test(number));
        edition = at.edition(time.period);
        if (!isNumber && !Object.hasOwn(edition.symbols, cell)) {
          const allowed = Object.keys(edition.symbols).join(' ');
          return reject(
            place.level,
            line,
            at.headings[position]!,
            cell,
            `is neither a number nor one of the symbols ${allowed}`,
          );
        }
        values += isNumber ? number : 'NULL';
        if (cells) cells[position] = isNumber ? Number(number) : cell;
        raw += `${raw && ','}"${position + 1}":${JSON.stringify(cell)}`;
      }
      const filters = at.filters.map((index) => (index === -1 ? null : fields[index]!.trim()));
      place.id ??= dictionaries.place(place.level, place.code);
      const placeId = place.id;
      time.id ??= dictionaries.period(time.period, time.code, time.identifier);
      const periodId = time.id;
      const breakdownId = dictionaries.breakdown(filters);
      ledger.claimCell(placeId, periodId, breakdownId, line, () =>
        [place.level, place.code, time.code, ...filters.filter((value) => value !== null)].join(', '),
      );
      dictionaries.cover(place.level, periodId);
      if (cells) {
        summed!.push({
          level: place.level,
          code: place.code,
          period: periodId,
          breakdown: breakdownId,
          edition: edition?.id ?? null,
          cells,
        });
      }
      const [way, published] = edition ? [edition.id, copyText(`{${raw}}`)] : [COPY_NULL, COPY_NULL];
      const row = `${placeId}\t${breakdownId}\t${dataSetNumber}\t${periodId}\t${way}\t{${values}}\t${published}\t`;
      const hash = hashOf(row);
      return ledger.isNew(hash) ? `${row}${hash}\t${release}\n` : null;
    },
  };
}

interface Columns {
  place: (fields: string[]) => PublishedPlace;
  time: (fields: string[]) => PublishedTime;
  filters: number[];
  edition: (period: Period) => Edition;
  /** By position; -1 for a measure that is no longer declared. */
  measures: number[];
  headings: string[];
}

function columnsFor(
  dataSet: StatisticsDataSet,
  measures: string[],
  contract: Contract,
  url: string,
): Columns {
  const { indexOf } = contract;
  const columnOf = (measure: string) => dataSet.measures[measure]?.columns[0] ?? '';
  const editions = editionsOf(dataSet, contract.header);
  return {
    place: dataSet.place.reader(contract, url),
    time: dataSet.time.reader(contract, url),
    filters: dataSet.filters.map(({ columns }) => indexOf(columns[0]!)),
    edition: ({ startsOn }) => editions.find(({ before }) => before === undefined || startsOn < before)!,
    measures: measures.map((measure) => indexOf(columnOf(measure))),
    headings: measures.map(columnOf),
  };
}
