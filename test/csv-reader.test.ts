/** The reader of CSV, held against csv-parse: an independent implementation that the pipeline does not use. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, readCsv } from '../jobs/csv-reader.js';

type Encoding = 'utf-8' | 'windows-1252';

async function read(bytes: Uint8Array | string, chunkSize = 1 << 20, encoding: Encoding = 'utf-8') {
  const buffer = Buffer.from(bytes as Uint8Array);
  async function* chunks() {
    for (let at = 0; at < buffer.length; at += chunkSize) yield buffer.subarray(at, at + chunkSize);
  }
  const records: CsvRecord[] = [];
  for await (const some of readCsv(chunks(), encoding)) records.push(...some);
  return records;
}

const fieldsOf = async (text: string, chunkSize?: number) =>
  (await read(text, chunkSize)).map(({ fields }) => fields);

const oracle = (text: string): string[][] =>
  parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true });

const HOSTILE: Record<string, string> = {
  'plain fields': 'a,b,c\n1,2,3\n',
  'empty fields': 'a,b,c\n,,\n1,,3\n',
  'a quoted comma': 'a,b\n"1,5",2\n3,"4,,"\n',
  'doubled quotes': 'a,b\n"say ""yes""",2\n"""",""""""\n',
  'a quote that is doubled at the edges': 'a,b\n"""x""",y\n',
  'a newline in quotes': 'a,b\n"one\ntwo",2\n3,"\n"\n',
  'CRLF in quotes': 'a,b\r\n"one\r\ntwo",2\r\n3,4\r\n',
  'a quoted field before CRLF': '"a","b"\r\n"1","2"\r\n',
  'empty quoted fields': 'a,b\n"",""\n"",x\n',
  'empty lines between and after': 'a,b\n\n1,2\n\n\n3,4\n\n',
  'empty lines of CRLF': 'a,b\r\n\r\n1,2\r\n\r\n',
  'an empty line in quotes': 'a,b\n"1\n\n2",3\n',
  'no newline at the end': 'a,b\n1,2',
  'a quoted field at the very end': 'a,b\n1,"2"',
  'an empty last field at the very end': 'a,b\n1,',
  'a byte order mark': '\ufeffa,b\n1,2\n',
  'a byte order mark before a quote': '\ufeff"a","b"\n"1","2"\n',
  'letters of two, three and four bytes': 'name,é\n"Château d’Œuvre",🏫\nŵ,"日本,語"\n',
  'rows of different lengths': 'a,b\n1\n1,2,3\n',
  'spaces that are part of the field': ' a , b\n 1 , "\n'.replace('"', ''),
  'one column': 'a\n1\n"2"\n',
};

describe('the CSV reader agrees with csv-parse', () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    it(`on ${name}, wherever the chunks are cut`, async () => {
      const expected = oracle(text);
      expect(await fieldsOf(text)).toEqual(expected);
      for (const size of [1, 2, 3, 5, 7]) expect(await fieldsOf(text, size)).toEqual(expected);
    });
  }

  it('on a thousand files of random hostile fields, fed a few bytes at a time', async () => {
    // A fixed seed: the same files on every run.
    let state = 20_260_901;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const pieces = ['"', '""', ',', '\n', '\r\n', 'a', '’', 'é', ' ', '1', '🏫', ''];
    const field = () => {
      const value = Array.from({ length: random(5) }, () => pieces[random(pieces.length)]).join('');
      return /[",\r\n]/.test(value) || random(4) === 0 ? `"${value.replaceAll('"', '""')}"` : value;
    };
    for (let file = 0; file < 1000; file += 1) {
      const end = random(2) === 0 ? '\n' : '\r\n';
      const rows = Array.from({ length: 1 + random(6) }, () => `x,${field()},${field()},y`);
      const text = rows.join(end) + (random(2) === 0 ? end : '');
      expect(await fieldsOf(text, 1 + random(6)), JSON.stringify(text)).toEqual(oracle(text));
    }
  });
});

describe('the CSV reader knows where a record stands', () => {
  it('names the line on which each record starts, counting empty lines and lines in quotes', async () => {
    const text = 'a,b\n"1\n2\r\n3",x\n\n4,"5"\r\n\r\n6,7';
    for (const size of [1, 2, 100]) {
      expect((await read(text, size)).map(({ line }) => line)).toEqual([1, 2, 6, 8]);
    }
  });
});

describe('the CSV reader never guesses', () => {
  const refusal = async (bytes: Uint8Array | string, encoding: Encoding = 'utf-8') => {
    const messages = new Set<string>();
    for (const size of [1, 3, 1000]) {
      messages.add(
        await read(bytes, size, encoding).then(
          () => 'was read',
          ({ code, message }) => `${code}: ${message}`,
        ),
      );
    }
    return [...messages].join(' | ');
  };

  it('refuses bytes that are not UTF-8', async () => {
    const bytes = Buffer.from('a,b\n1,St John\x92s\n', 'latin1');
    expect(await refusal(bytes)).toMatch(/SOURCE_REFUSED: the file is not utf-8 text/);
    expect(await refusal(bytes)).not.toContain('was read');
  });

  it('refuses a letter that is cut off by the end of the file', async () => {
    const whole = Buffer.from('a,b\n1,é');
    expect(await refusal(whole.subarray(0, whole.length - 1))).toMatch(/^SOURCE_REFUSED: .*not utf-8[^|]*$/);
  });

  it('refuses a quote that is never closed', async () => {
    expect(await refusal('a,b\n1,"2\n3,4\n')).toMatch(
      /^SOURCE_REFUSED: the file ends inside a quoted field[^|]*$/,
    );
  });

  it('refuses text after a closing quote, naming line and field', async () => {
    expect(await refusal('a,b\n1,2\n3,"4" x\n')).toMatch(
      /^SOURCE_REFUSED: line 3: text after the closing quote of field 2\. To do: /,
    );
  });

  // Each of these has no one meaning: the first would go on for ever if it were read literally.
  it.each([
    ',x"y,"abc\n1,2\n',
    'x"y,"abc\n1,2\n"3",4\n',
    'a"b,c\nd"e,f\n',
    'a,b\n5" nails,2\n',
  ])('refuses a quote inside an unquoted field: %j', async (text) => {
    expect(await refusal(text)).toMatch(/^SOURCE_REFUSED: [^|]*$/);
  });

  it('refuses bytes that windows-1252 does not have', async () => {
    expect(await refusal(Buffer.from([0x61, 0x81, 0x0a]), 'windows-1252')).toMatch(
      /^SOURCE_REFUSED: the file is not windows-1252 text[^|]*$/,
    );
  });
});

describe('windows-1252', () => {
  it('keeps what Latin-1 would lose: the curly apostrophe (0x92), the euro (0x80) and the dash (0x96)', async () => {
    const bytes = Buffer.from('name,fee\r\n"St John\x92s",\x80 5 \x96 6\r\nCaf\xe9,\xa3\r\n', 'latin1');
    for (const size of [1, 4, 1000]) {
      expect((await read(bytes, size, 'windows-1252')).map(({ fields }) => fields)).toEqual([
        ['name', 'fee'],
        ['St John’s', '€ 5 – 6'],
        ['Café', '£'],
      ]);
    }
  });
});
