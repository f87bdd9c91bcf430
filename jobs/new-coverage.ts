/**
 * A release that covers less than the one before — far fewer rows, a total that is gone, a newest period that is older —
 * is refused, until a person has looked at it and the data set declares, under its sha256, that it is meant.
 */
import type { PoolClient } from 'pg';
import type { DataSet } from './declaration.js';
import { sourceFault } from './source-fault.js';

export class NewCoverage {
  /** What was let pass because it is declared. */
  readonly warnings: string[] = [];

  private constructor(
    private readonly dataSetId: string,
    private readonly sha256: string,
    private readonly why: string | undefined,
  ) {}

  static async of(client: PoolClient, dataSet: DataSet, release: number): Promise<NewCoverage> {
    const { rows } = await client.query('SELECT sha256 FROM release WHERE id = $1', [release]);
    const { sha256 } = rows[0];
    const declared = dataSet.newCoverage?.find((entry) => entry.sha256 === sha256);
    return new NewCoverage(dataSet.id, sha256, declared?.why);
  }

  /** Refuses the release because of `what`, unless it is declared. `before`: what else the operator may do, first. */
  doubt(what: string, before = ''): void {
    if (this.why === undefined) {
      throw sourceFault(
        what,
        `${before}if the publisher means it, declare newCoverage with sha256 ${this.sha256} in the declaration of ${this.dataSetId}; if not, wait for a mended file, which the next look loads`,
      );
    }
    this.warnings.push(`new coverage, as declared (${this.why}): ${what}`);
  }
}
