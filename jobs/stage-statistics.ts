/**
 * stage, for a statistics file: a record becomes one observation, its measures in an array in the order of
 * data_set.measures. A cell is a number or a symbol that the data set declares; anything else rejects the
 * row. Nothing becomes 0 and nothing becomes a silent null: what is not plainly a number keeps its text.
 */
import type { Contract } from './contract.js';
import { COPY_NULL, copyText } from './copy-text.js';
import type { CsvRecord } from './csv-reader.js';
import type { StatisticsDataSet } from './declaration.js';
import type { Dictionaries } from './dictionaries.js';
import { hashOf, type Ledger } from './ledger.js';
import { readPeriod } from './period.js';
import type { Stager } from './stage.js';

const NUMBER = /^-?\d+(\.\d+)?$/;
/** A number whose shortest text is the published one, so that the text need not be kept beside the value. */
const PLAIN_NUMBER = /^(0|-?[1-9]\d{0,14}|-?(0|[1-9]\d{0,8})\.\d{0,5}[1-9])$/;

export interface StatisticsTarget {
  release: number;
  dataSetNumber: number;
  /** data_set.measures: position → measure name, which may hold measures that are no longer declared. */
  measures: string[];
  dictionaries: Dictionaries;
}

export function stageStatistics(
  dataSet: StatisticsDataSet,
  target: StatisticsTarget,
  ledger: Ledger,
): Stager {
  const { dictionaries, dataSetNumber, release } = target;
  const symbols = new Set(Object.keys(dataSet.symbols));
  let at: Columns;

  const readPlace = (values: string[], line: number): number | null => {
    const level = values[at.level]!.trim().toLowerCase();
    switch (level) {
      case 'national':
        return place('NATIONAL', values, at.country, /^E92000001$/, 'country_code', line);
      case 'regional':
        return place('REGIONAL', values, at.region, /^E1[23]\d{6}$/, 'region_code', line);
      case 'local authority':
        return place('LOCAL_AUTHORITY', values, at.localAuthority, /^\d{3}$/, 'old_la_code', line);
      case 'school': {
        if (at.urn !== -1 && /^\d{6}$/.test(values[at.urn]!.trim())) {
          return dictionaries.place('SCHOOL', values[at.urn]!.trim());
        }
        if (at.laEstab === -1)
          return ledger.reject(line, 'geographic_level', level, 'a school row without URN or LAESTAB');
        return place('LAESTAB', values, at.laEstab, /^\d{7}$/, 'laestab', line);
      }
      default:
        return ledger.leaveOut(
          line,
          'geographic_level',
          values[at.level]!,
          'a geographic level that is not read',
        );
    }
  };
  const place = (
    level: string,
    values: string[],
    column: number,
    form: RegExp,
    name: string,
    line: number,
  ) => {
    const code = values[column]!.trim();
    return form.test(code)
      ? dictionaries.place(level, code)
      : ledger.reject(line, name, code, `is not a code of level ${level}`);
  };

  return {
    copy: 'COPY observation (place_id, breakdown_id, data_set_number, period_id, values, raw, row_hash, from_release) FROM STDIN',

    startFile(contract) {
      at = columnsFor(dataSet, target.measures, contract);
    },

    row({ line, fields }: CsvRecord) {
      const placeId = readPlace(fields, line);
      if (placeId === null) return null;
      const code = fields[at.period]!.trim();
      const period = readPeriod(dataSet.period, code, fields[at.identifier]!);
      if (!period) {
        return ledger.reject(
          line,
          'time_period',
          `${code} ${fields[at.identifier]}`,
          `is not a period of kind ${dataSet.period}`,
        );
      }
      const periodId = dictionaries.period(period, code, fields[at.identifier]!.trim());
      const breakdownId = dictionaries.breakdown(at.filters.map((index) => fields[index]!.trim()));

      let values = '';
      let raw = '';
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
          continue;
        }
        const isNumber = NUMBER.test(cell);
        if (!isNumber && !symbols.has(cell)) {
          return ledger.reject(
            line,
            at.headings[position]!,
            cell,
            `is neither a number nor one of the symbols ${[...symbols].join(' ')}`,
          );
        }
        values += isNumber ? cell : 'NULL';
        raw += `${raw && ','}"${position + 1}":${JSON.stringify(cell)}`;
      }
      ledger.claimKey(`place ${placeId}\tperiod ${code}\tbreakdown ${breakdownId}`, line);
      const row = `${placeId}\t${breakdownId}\t${dataSetNumber}\t${periodId}\t{${values}}\t${raw ? copyText(`{${raw}}`) : COPY_NULL}\t`;
      const hash = hashOf(row);
      return ledger.isNew(hash) ? `${row}${hash}\t${release}\n` : null;
    },
  };
}

interface Columns {
  level: number;
  country: number;
  region: number;
  localAuthority: number;
  period: number;
  identifier: number;
  urn: number;
  laEstab: number;
  filters: number[];
  /** By position; -1 for a measure that is no longer declared. */
  measures: number[];
  headings: string[];
}

function columnsFor(dataSet: StatisticsDataSet, measures: string[], { indexOf }: Contract): Columns {
  const columnOf = (measure: string) => dataSet.measures[measure]?.columns[0] ?? '';
  return {
    level: indexOf('geographic_level'),
    country: indexOf('country_code'),
    region: indexOf('region_code'),
    localAuthority: indexOf('old_la_code'),
    period: indexOf('time_period'),
    identifier: indexOf('time_identifier'),
    urn: dataSet.schoolColumns ? indexOf(dataSet.schoolColumns.urn[0]!) : -1,
    laEstab: dataSet.schoolColumns ? indexOf(dataSet.schoolColumns.laEstab[0]!) : -1,
    filters: dataSet.filters.map(({ columns }) => indexOf(columns[0]!)),
    measures: measures.map((measure) => indexOf(columnOf(measure))),
    headings: measures.map(columnOf),
  };
}
