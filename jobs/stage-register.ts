/**
 * stage, for a register: a record of the file becomes one row of a typed temporal table. A required field
 * that cannot be read rejects the row; any other is left out of it and noted.
 */
import { type Contract } from './contract.js';
import { copyText } from './copy-text.js';
import type { CsvRecord } from './csv-reader.js';
import type { RegisterDataSet } from './declaration.js';
import { hashOf, type Ledger } from './ledger.js';
import type { Stager } from './stage.js';

/** `editions`: counts the rows that are kept of each, where the register has editions. */
export function stageRegister(
  dataSet: RegisterDataSet,
  release: number,
  ledger: Ledger,
  editions = new Map<string, number>(),
): Stager {
  const names = Object.keys(dataSet.fields);
  const fields = Object.entries(dataSet.fields).map(([name, field]) => ({
    name,
    ...field,
    isKey: dataSet.key.includes(name),
  }));
  let indexes: number[][] = [];
  let indexOf: Contract['indexOf'] = () => -1;

  return {
    copy: `COPY ${dataSet.table} (${names.join(', ')}, row_hash, from_release) FROM STDIN`,

    startFile(contract) {
      indexOf = contract.indexOf;
      indexes = fields.map(({ columns }) => columns.map((column) => contract.indexOf(column)));
    },

    row({ line, fields: values }: CsvRecord) {
      const leftOut = dataSet.leavesOut?.find(({ when }) =>
        when((column) => values[indexOf(column)]!.trim()),
      );
      if (leftOut) return ledger.leaveOut(line, dataSet.key.join(', '), values.join(','), leftOut.reason);
      let row = '';
      let key = '';
      let edition: string | null = null;
      for (let at = 0; at < fields.length; at += 1) {
        const field = fields[at]!;
        const read = indexes[at]!.map((index) => (index === -1 ? '' : values[index]!));
        let value: string | null;
        try {
          value = field.read(read);
        } catch (error) {
          const reason = (error as Error).message;
          if (field.required) return ledger.reject(line, field.columns[0]!, read.join(' '), reason);
          value = ledger.dropField(line, field.columns[0]!, read.join(' '), reason);
        }
        if (value === null && field.required) return ledger.reject(line, field.columns[0]!, '', 'is missing');
        if (field.name === dataSet.edition && value !== null) edition = value;
        if (field.isKey) key += `${key && '\t'}${value}`;
        row += `${copyText(value)}\t`;
      }
      ledger.claimKey(key, line, () => `${dataSet.key.join(', ')}: ${key.replaceAll('\t', ', ')}`);
      if (edition !== null) editions.set(edition, (editions.get(edition) ?? 0) + 1);
      const hash = hashOf(row);
      return ledger.isNew(hash) ? `${row}${hash}\t${release}\n` : null;
    },
  };
}
