/**
 * stage, for a series: the rows of a measure and place become one row with an array over the measure's periods.
 * They are gathered until every file has been read, so that their order does not matter. A cell is a number or a
 * declared symbol; anything else rejects its row, and for England or a region the release.
 */
import { CellGrid } from './cell-grid.js';
import type { Contract } from './contract.js';
import { COPY_NULL, copyText } from './copy-text.js';
import type { CsvRecord } from './csv-reader.js';
import type { SeriesDataSet } from './declaration.js';
import type { Level } from './dictionaries.js';
import { hashOf, type Ledger } from './ledger.js';
import type { SeriesDictionary, SpelledPeriod } from './series-dictionary.js';
import { sourceFault } from './source-fault.js';
import { readSpelledYear, YEAR_TYPES, type YearType } from './spelled-year.js';
import type { Stager } from './stage.js';

const NUMBER = /^-?\d+(\.\d+)?(E[+-]?\d+)?$/;
/** A number whose shortest text is the published one, so that the text need not be kept beside the value. */
const PLAIN_NUMBER = /^(0|-?[1-9]\d{0,14}|-?(0|[1-9]\d{0,8})\.\d{0,5}[1-9])$/;
/** The code of a local authority; the file writes its numbers 301.0. */
const PLACE_NUMBER = /^(\d{3})(?:\.0)?$/;
const SEND_CHARACTERS = 256 * 1024;

interface Place {
  id: number;
  /** Its row in every measure's grid. */
  row: number;
  level: Level;
  name: string;
}

interface Measure {
  code: string;
  yearType: YearType | undefined;
  periods: SpelledPeriod[];
  /** Published spelling → index in periods; -1 for one that is no year of this measure. */
  spellings: Map<string, number>;
  /** A row for each place, a column for each of periods. */
  cells: CellGrid;
}

export function stageSeries(
  dataSet: SeriesDataSet,
  target: { release: number; dataSetNumber: number; dictionary: SeriesDictionary },
  ledger: Ledger,
): Stager & { measures: ReadonlyMap<string, Measure> } {
  const { dictionary, dataSetNumber, release } = target;
  const { columns } = dataSet;
  const symbols = new Set(Object.keys(dataSet.symbols));
  const measures = new Map<string, Measure>();
  const places = new Map<string, Place | null>();
  /** Place ids by their row in the grids: two spellings of a place, 301 and 301.0, are one. */
  const placeIds: number[] = [];
  let at = { measure: -1, time: -1, place: -1, value: -1 };
  let indexOf: Contract['indexOf'] = () => -1;
  let measure: Measure | undefined;
  let fields: string[] = [];
  const textOf = (column: string) => fields[indexOf(column)]!.trim();

  const measureOf = (code: string): Measure => {
    let found = measures.get(code);
    if (!found) {
      found = {
        code,
        yearType: dictionary.yearTypes.get(code),
        periods: [],
        spellings: new Map(),
        cells: new CellGrid(),
      };
      measures.set(code, found);
    }
    return found;
  };

  const placeOf = (text: string): Place | null => {
    let place = places.get(text);
    if (place === undefined) {
      place = readPlace(text);
      places.set(text, place);
    }
    return place;
  };

  const readPlace = (text: string): Place | null => {
    const number = PLACE_NUMBER.exec(text)?.[1];
    if (number === undefined) return null;
    const { level, code } = dataSet.places[number] ?? { level: 'LOCAL_AUTHORITY' as const, code: number };
    if (level === 'LOCAL_AUTHORITY' && dictionary.authorities.size > 0 && !dictionary.authorities.has(code)) {
      return null;
    }
    const id = dictionary.places.place(level, code);
    if (!placeIds.includes(id)) placeIds.push(id);
    return { id, row: placeIds.indexOf(id), level, name: `${level} ${code}` };
  };

  /** Index of the period that the measure spells so. */
  const periodOf = (own: Measure, spelling: string, line: number): number => {
    const known = own.spellings.get(spelling);
    if (known !== undefined) return known;
    const period = readSpelledYear(own.yearType!, spelling);
    let index = -1;
    if (period) {
      const id = dictionary.places.periodId(period);
      const twin = own.periods.find((other) => other.id === id);
      if (twin) {
        throw sourceFault(
          `line ${line}: ${own.code} spells one period in two ways, "${twin.code}" and "${spelling}": which figure stands cannot be known`,
        );
      }
      index = own.periods.length;
      own.periods.push({ ...period, id, code: spelling, identifier: own.yearType! });
    }
    own.spellings.set(spelling, index);
    return index;
  };

  const reject = (place: Place, line: number, column: string, value: string, reason: string): null => {
    if (place.level !== 'LOCAL_AUTHORITY') {
      throw sourceFault(`line ${line}, a row of ${place.name}: ${column} "${value}" ${reason}`);
    }
    return ledger.reject(line, column, value, reason);
  };

  return {
    measures,
    copy: 'COPY series (measure, place_id, data_set_number, values, raw, row_hash, from_release) FROM STDIN',

    startFile(contract) {
      indexOf = contract.indexOf;
      at = {
        measure: indexOf(columns.measure),
        time: indexOf(columns.time),
        place: indexOf(columns.place),
        value: indexOf(columns.value),
      };
    },

    row({ line, fields: own }: CsvRecord) {
      fields = own;
      const leftOut = dataSet.leavesOut.find(({ when }) => when(textOf));
      if (leftOut) return ledger.leaveOut(line, columns.time, fields[at.time]!, leftOut.reason);
      const code = fields[at.measure]!.trim();
      if (measure?.code !== code) measure = measureOf(code);
      if (measure.yearType === undefined) {
        return ledger.leaveOut(
          line,
          columns.measure,
          code,
          'is not in the dictionary, which says what its years mean',
        );
      }
      const number = fields[at.place]!.trim();
      const place = placeOf(number);
      if (!place) {
        return ledger.reject(
          line,
          columns.place,
          number,
          `is neither the code of a local authority nor one of ${Object.keys(dataSet.places).join(', ')}`,
        );
      }
      const spelling = fields[at.time]!.trim();
      const period = periodOf(measure, spelling, line);
      if (period === -1) {
        return reject(
          place,
          line,
          columns.time,
          spelling,
          `is not a year of a measure of kind "${measure.yearType}" (${YEAR_TYPES[measure.yearType]})`,
        );
      }
      const cell = fields[at.value]!.trim();
      const isPlain = PLAIN_NUMBER.test(cell);
      const isNumber = isPlain || NUMBER.test(cell);
      if (!isNumber && !symbols.has(cell)) {
        return reject(
          place,
          line,
          columns.value,
          cell,
          `is neither a number nor one of the symbols ${[...symbols].join(' ')}`,
        );
      }
      const { cells } = measure;
      const earlier = cells.lineAt(place.row, period);
      if (earlier !== 0) {
        throw sourceFault(
          `duplicate key: line ${line} repeats line ${earlier} (${code}, ${place.name}, ${spelling})`,
        );
      }
      cells.set(place.row, period, isNumber ? Number(cell) : Number.NaN, isPlain ? null : cell, line);
      return null;
    },

    *rest() {
      let lines = '';
      for (const { code, periods, cells } of measures.values()) {
        if (cells.rows.size === 0) continue;
        const covered = dictionary.cover(code, periods);
        // Positions in their order, each with the column in which its cells were gathered.
        const columns = covered.periods
          .map(({ id, position }) => ({ position, column: periods.findIndex((period) => period.id === id) }))
          .sort((one, other) => one.position - other.position);
        for (const at of cells.rows) {
          const row = `${covered.number}\t${placeIds[at]}\t${dataSetNumber}\t${copyCells(cells, at, columns)}\t`;
          const hash = hashOf(row);
          if (ledger.isNew(hash)) lines += `${row}${hash}\t${release}\n`;
          if (lines.length >= SEND_CHARACTERS) {
            yield lines;
            lines = '';
          }
        }
      }
      if (lines) yield lines;
    },
  };
}

/** The array of values and the texts beside it, of one place: what the file says, and nothing else. */
function copyCells(cells: CellGrid, row: number, columns: { position: number; column: number }[]): string {
  let array = '';
  let raw = '';
  let next = 1;
  for (const { position, column } of columns) {
    // Periods that this release does not have are filled in from what stands, once all is read.
    for (; next < position; next += 1) array += 'NULL,';
    array += `${cells.numberAt(row, column)},`;
    next += 1;
    const text = cells.textAt(row, column);
    if (text !== undefined) raw += `${raw && ','}"${position}":${JSON.stringify(text)}`;
  }
  return `{${array.slice(0, -1)}}\t${raw ? copyText(`{${raw}}`) : COPY_NULL}`;
}
