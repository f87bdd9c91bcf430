/**
 * Asked: the value of an argument that rows are only looked up by, such as the URN of a school. A statement in which it
 * stands is the same for every value of which the same is found out while it is made; so it is made once, and asked again
 * with other values.
 */
// biome-ignore lint/suspicious/noExplicitAny: whoever only hands it on need not know what it is
export class Asked<T = any> implements Findable<T> {
  private readonly findings: { test: (value: T) => boolean; outcome: boolean }[] = [];

  /** `variable`: the variable that has the value; null where the query says it itself. */
  constructor(
    readonly value: T,
    readonly variable: string | null = null,
  ) {}

  /** Whether the value is so. Whatever of a statement depends on the value must be found out here. */
  is(test: (value: T) => boolean): boolean {
    const outcome = test(this.value);
    this.findings.push({ test, outcome });
    return outcome;
  }

  /** Whether the statement would be the same with another value. */
  allows(other: T): boolean {
    return this.findings.every(({ test, outcome }) => test(other) === outcome);
  }
}

/** A value that was asked, or what follows from one. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export interface Findable<T = any> {
  is(test: (value: T) => boolean): boolean;
}
