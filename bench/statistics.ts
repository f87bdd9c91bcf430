/** Arithmetic of the summary. Ratios are taken within a round and then their median: what else the machine did in it befell both. */

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing has no median');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing has no mean');
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The ratio of two series measured in turn, and the least and the greatest of the rounds. */
export function ratioOf(
  numerators: readonly number[],
  denominators: readonly number[],
): { median: number; least: number; greatest: number } {
  const ratios = numerators.map((numerator, round) => numerator / denominators[round]!);
  return { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) };
}
