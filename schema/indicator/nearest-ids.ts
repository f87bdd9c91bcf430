/** The indicators whose ids are most like one that does not exist: what a person who mistyped meant. */
const NAMED = 5;

export function nearestIds(asked: string, indicators: ReadonlyMap<string, unknown>): string[] {
  const wanted = pairsOf(asked.slice(0, 80));
  return [...indicators.keys()]
    .map((id) => ({ id, likeness: likeness(wanted, pairsOf(id)) }))
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, NAMED)
    .map(({ id }) => id);
}

/** Every two letters that follow each other, the word's edges included. */
function pairsOf(text: string): Set<string> {
  const padded = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2)));
}

/** Dice's coefficient: the share of pairs that two texts have in common. */
function likeness(one: Set<string>, other: Set<string>): number {
  let common = 0;
  for (const pair of one) if (other.has(pair)) common += 1;
  return (2 * common) / (one.size + other.size);
}
