/**
 * A workbook as it is written: a ZIP of a few small parts around its sheets. A sheet is compressed as its rows come; what has
 * been compressed is handed on and forgotten. The same rows make the same bytes.
 */
import { constants, deflateRawSync } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';
import { SchoolGraphError } from '../errors.js';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const PART = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Plain, a day, a moment, a header. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>`;

/** Little is gained by more, and it takes the time of others. */
const COMPRESSION = 1;
/** The most that a ZIP without extensions can hold of a part, before it is compressed. */
const LARGEST_PART = 2 ** 32 - 1;
/** Every part is of this moment, so that it tells nothing. */
const MOMENT = new Date(1980, 0, 1);

/** A part that is compressed by zlib, which takes a tenth of the time that fflate's own does. */
class Deflated extends ZipPassThrough {
  override compression = 8;
  override mtime = MOMENT;

  override process(chunk: Uint8Array, final: boolean): void {
    const finishFlush = final ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    this.ondata(null, deflateRawSync(chunk, { level: COMPRESSION, finishFlush }), final);
  }
}

export class Workbook {
  private readonly zip: Zip;
  private done: Uint8Array[] = [];
  private part: Deflated | null = null;

  constructor(private readonly sheets: readonly string[]) {
    this.zip = new Zip((error, chunk) => {
      if (error) throw error;
      this.done.push(chunk);
    });
    this.whole(
      '[Content_Types].xml',
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${PART}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${PART}.styles+xml"/>${this.each((at) => `<Override PartName="/xl/worksheets/sheet${at}.xml" ContentType="${PART}.worksheet+xml"/>`)}</Types>`,
    );
    this.whole(
      '_rels/.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    );
    this.whole(
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${this.each((at) => `<sheet name="${this.sheets[at - 1]}" sheetId="${at}" r:id="rId${at}"/>`)}</sheets></workbook>`,
    );
    this.whole(
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">${this.each((at) => `<Relationship Id="rId${at}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${at}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    );
    this.whole('xl/styles.xml', STYLES);
  }

  /** Begins the next sheet. `at`: 1 for the first. */
  begin(at: number): void {
    this.open(`xl/worksheets/sheet${at}.xml`);
  }

  add(text: string): void {
    this.part!.push(Buffer.from(text));
    if (this.part!.size > LARGEST_PART)
      throw new SchoolGraphError(
        'QUERY_TOO_LARGE',
        'the list is larger than a sheet can be: ask for text/csv',
      );
  }

  /** Ends the sheet. */
  close(): void {
    this.part!.push(new Uint8Array(0), true);
  }

  end(): void {
    this.zip.end();
  }

  /** What has been compressed since it was last asked. */
  get written(): Buffer {
    const written = Buffer.concat(this.done);
    this.done = [];
    return written;
  }

  private each(write: (at: number) => string): string {
    return this.sheets.map((_, at) => write(at + 1)).join('');
  }

  private whole(name: string, text: string): void {
    this.open(name);
    this.add(text);
    this.close();
  }

  private open(name: string): void {
    this.part = new Deflated(name);
    this.zip.add(this.part);
  }
}
