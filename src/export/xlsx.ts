/**
 * XLSX: the list as a sheet of typed cells, and beside it what a reader must know of it: where it is from, what the answer
 * tells beside its data, and what each column means.
 */
import { CITATION_COLUMNS } from '../citing/citation.js';
import { SchoolGraphError } from '../errors.js';
import type { About, Format } from './format.js';
import { MOST_COLUMNS, Sheet } from './sheet.js';
import { type Cell, type Rows, Table } from './table.js';
import { Workbook } from './workbook.js';

const NOTES = [
  'An empty cell has no value: it is never a zero. Where a number is not plain, its status says why, and raw is what the publisher wrote.',
  'The sources are the releases that stand behind the data sets that the list is made from.',
];

function sourcesSheet({ citations, notes, synthetic, datedOn }: About): string {
  const sheet = new Sheet(CITATION_COLUMNS.map(({ type }) => type));
  const table = new Table({ columns: CITATION_COLUMNS, nested: [] }, null);
  const told = [
    ...(synthetic ? ['SYNTHETIC: these data are made up. No figure is real.'] : []),
    ...notes,
    ...NOTES,
    ...(datedOn ? [`The same list is had again, as of ${datedOn}, with asOf=${datedOn} in its link.`] : []),
  ];
  return (
    Sheet.BEGIN +
    sheet.header(table.columns.map(({ name }) => name)) +
    sheet.rows(table.rowsOf(citations.map((citation) => JSON.stringify(citation)))) +
    sheet.rows([[]]) +
    sheet.header(['Notes']) +
    sheet.rows(told.map((note) => [note])) +
    Sheet.END
  );
}

function columnsSheet({ columns }: Rows): string {
  const names = ['Column', 'Type', 'Meaning', 'Value', 'Meaning of the value'];
  const sheet = new Sheet(names.map(() => 'String'));
  const rows = columns.flatMap(({ name, type, meaning, values }): Cell[][] => [
    [name, type, meaning],
    ...Object.entries(values).map(([value, what]) => [name, type, null, value, what]),
  ]);
  return Sheet.BEGIN + sheet.header(names) + sheet.rows(rows) + Sheet.END;
}

export const XLSX: Format = {
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  extension: 'xlsx',
  isTable: true,
  isBinary: true,
  open: (table, _options, about) => {
    if (table.columns.length > MOST_COLUMNS)
      throw new SchoolGraphError(
        'QUERY_TOO_LARGE',
        `The list has ${table.columns.length} columns, and a sheet can have ${MOST_COLUMNS}. Ask for fewer fields, or for text/csv.`,
      );
    const data = about.synthetic ? 'SYNTHETIC data' : 'Data';
    const workbook = new Workbook([data, 'Sources and notes', 'Columns']);
    const sheet = new Sheet(table.columns.map(({ type }) => type));
    return {
      rows: 0,
      begin: () => {
        workbook.begin(1);
        workbook.add(Sheet.BEGIN + sheet.header(table.columns.map(({ name }) => name)));
        return workbook.written;
      },
      write(entries) {
        const rows = table.rowsOf(entries);
        this.rows += rows.length;
        workbook.add(sheet.rows(rows));
        return workbook.written;
      },
      end: () => {
        workbook.add(Sheet.END);
        workbook.close();
        [sourcesSheet(about), columnsSheet(table)].forEach((text, at) => {
          workbook.begin(at + 2);
          workbook.add(text);
          workbook.close();
        });
        workbook.end();
        return workbook.written;
      },
    };
  },
};
