/** What a comparison is held against: the definitions of ranks, quartiles and bands, written out anew. */
export const WHOLE = `{ against edition period { code } periodAgeYears value observation { value status } rank of nationalRank nationalOf band quartiles
  neighbours { localAuthority { code } value rank closenessRank closeness observation { value } }
  neighbourAverage averageMethod neighboursAveraged neighboursLeftOut regionValue nationalValue
  change { fromPeriod { code } from to difference direction isBeyondChance note } notes }`;

/** 1 is the best, ties share the smaller rank. */
export const rankOf = (value: number, among: number[], lowIsGood: boolean) =>
  1 + among.filter((other) => (lowIsGood ? other < value : other > value)).length;

/** Type 7 of Hyndman and Fan: linear interpolation between the order statistics. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
}

/** As the local authority interactive tool: a limit belongs to the band of the lower values. */
export function bandOf(value: number, quartiles: number[], lowIsGood: boolean): string {
  const at = quartiles.filter((limit) => value > limit).length;
  return (lowIsGood ? 'ABCD' : 'DCBA')[at]!;
}

export const known = (values: (number | null | undefined)[]): number[] =>
  values.filter((value): value is number => typeof value === 'number');

export function grouped<T>(rows: T[], by: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return groups;
}

// biome-ignore lint/suspicious/noExplicitAny: the answer of a question
export type Compared = any;
