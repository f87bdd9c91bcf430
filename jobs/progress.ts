/**
 * What a person sees while data load: file, rows, rows a second, time left. On a terminal one line is
 * rewritten; elsewhere (a log, CI) a line appears now and then.
 */
const EVERY_MS = 200;
const EVERY_MS_IN_A_LOG = 5_000;
const LONGEST_TITLE = 46;

export class Progress {
  private started = 0;
  private shown = 0;
  private title = '';
  private lineIsOpen = false;

  constructor(private readonly out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>) {}

  bytes(title: string, bytes: number, total: number | null): void {
    const share = total ? ` of ${megabytes(total)}` : '';
    this.show(`fetch ${title}`, () => `${megabytes(bytes)}${share}`);
  }

  rows(title: string, rows: number, bytes: number, total: number): void {
    this.show(`load ${title}`, (seconds) => {
      const left = bytes > 0 ? Math.ceil((seconds * (total - bytes)) / bytes) : null;
      return `${rows.toLocaleString('en-GB')} rows, ${Math.round(rows / Math.max(seconds, 0.001)).toLocaleString('en-GB')} rows/s${left === null ? '' : `, ${left} s left`}`;
    });
  }

  private show(title: string, text: (seconds: number) => string): void {
    const now = performance.now();
    if (title !== this.title) {
      this.title = title;
      this.started = now;
      this.shown = this.out.isTTY ? 0 : now;
    }
    if (now - this.shown < (this.out.isTTY ? EVERY_MS : EVERY_MS_IN_A_LOG)) return;
    this.shown = now;
    const line = `  ${title.slice(0, LONGEST_TITLE)}: ${text((now - this.started) / 1000)}`;
    this.out.write(this.out.isTTY ? `\r\u001B[2K${line}` : `${line}\n`);
    this.lineIsOpen = this.out.isTTY;
  }

  /** Ends the line that is being rewritten, before a sentence is printed. */
  done(): void {
    if (this.lineIsOpen) this.out.write('\r\u001B[2K');
    this.lineIsOpen = false;
    this.title = '';
  }
}

const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
