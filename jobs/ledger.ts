/**
 * What staging a release finds: rows read, rows that could not be used and why, keys seen. A key that comes
 * twice stops the load — the publisher must say which row is right — naming both lines.
 */
import xxhash from 'xxhash-wasm';
import { LineOfCell } from './line-of-cell.js';
import { sourceFault } from './source-fault.js';

export type IssueKind = 'REJECTED' | 'LEFT_OUT' | 'FIELD';

export interface Issue {
  file: number;
  line: number;
  column: string;
  value: string;
  reason: string;
  kind: IssueKind;
}

/** Issues kept one by one; beyond this many the release is refused anyway, and a count is enough. */
const ISSUES_KEPT = 20_000;
/** Rows left out for one reason are all alike: these many show what they are, and a warning counts them. */
const EXAMPLES_KEPT = 20;
const LONGEST_VALUE_KEPT = 200;
/** Numbers of periods are smaller: smallint. */
const PERIODS = 0x8000;

const { h64 } = await xxhash();

/** 64-bit XXH64 of a text, signed as Postgres bigint is. */
export const hashOf = (text: string): bigint => BigInt.asIntN(64, h64(text));

const duplicate = (line: number, earlier: number, describe: () => string) =>
  sourceFault(`duplicate key: line ${line} repeats line ${earlier} (${describe()})`);

export class Ledger {
  rowsRead = 0;
  rowsLeftOut = 0;
  rowsRejected = 0;
  rowsUnchanged = 0;
  rowsAdded = 0;
  readonly issues: Issue[] = [];
  readonly warnings: string[] = [];
  private readonly lineOfKey = new Map<string, number>();
  private readonly lineOfCell = new LineOfCell();
  private readonly leftOut = new Map<string, number>();
  file = 0;

  /** `current`: hashes of the rows that are valid now. What is left of it after staging has gone from the file. */
  constructor(readonly current: Set<bigint>) {}

  reject(line: number, column: string, value: string, reason: string): null {
    this.rowsRejected += 1;
    return this.note(line, column, value, reason, 'REJECTED');
  }

  leaveOut(line: number, column: string, value: string, reason: string): null {
    this.rowsLeftOut += 1;
    const alike = (this.leftOut.get(reason) ?? 0) + 1;
    this.leftOut.set(reason, alike);
    return alike > EXAMPLES_KEPT ? null : this.note(line, column, value, reason, 'LEFT_OUT');
  }

  /** To be called when all is read: counts what is not kept one by one. */
  warnOfLeftOut(): void {
    for (const [reason, rows] of this.leftOut) {
      if (rows <= EXAMPLES_KEPT) continue;
      this.warnings.push(
        `${rows.toLocaleString('en-GB')} rows left out, of which ${EXAMPLES_KEPT} are kept as examples: ${reason}`,
      );
    }
  }

  /** A value that cannot be used in a row that otherwise can. */
  dropField(line: number, column: string, value: string, reason: string): null {
    return this.note(line, column, value, reason, 'FIELD');
  }

  private note(line: number, column: string, value: string, reason: string, kind: IssueKind): null {
    if (this.issues.length < ISSUES_KEPT) {
      this.issues.push({
        file: this.file,
        line,
        column,
        value: value.slice(0, LONGEST_VALUE_KEPT),
        reason,
        kind,
      });
    }
    return null;
  }

  /** Notes the key of a row. Throws when another row of the release has it, saying which. */
  claimKey(key: string, line: number, describe: () => string): void {
    const earlier = this.lineOfKey.get(key);
    if (earlier !== undefined) throw duplicate(line, earlier, describe);
    this.lineOfKey.set(key, line);
  }

  /** The same of a cell of a statistics file, which is known by numbers. */
  claimCell(place: number, period: number, breakdown: number, line: number, describe: () => string): void {
    const earlier = this.lineOfCell.claim(place, breakdown * PERIODS + period, line);
    if (earlier !== 0) throw duplicate(line, earlier, describe);
  }

  /** Whether the row is new or changed; one that stands already is ticked off. */
  isNew(hash: bigint): boolean {
    if (this.current.delete(hash)) {
      this.rowsUnchanged += 1;
      return false;
    }
    this.rowsAdded += 1;
    return true;
  }

  get rowsKept(): number {
    return this.rowsUnchanged + this.rowsAdded;
  }
}
