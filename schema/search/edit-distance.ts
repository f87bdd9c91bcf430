/**
 * How many letters of two words differ: one left out, put in, exchanged, or two that changed places each count as one (optimal string
 * alignment: Damerau, F. J., 1964, A technique for computer detection and correction of spelling errors, CACM 7(3)).
 */

/** By how many letters two words differ; null for more than `most`. */
export function distanceUpTo(one: string, other: string, most: number): number | null {
  if (Math.abs(one.length - other.length) > most) return null;
  let leastBefore = 0;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      const hasChangedPlaces = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (hasChangedPlaces) distance = Math.min(distance, beforeLast[j - 2]! + 1);
      row.push(distance);
      least = Math.min(least, distance);
    }
    // Two rows back may still be reached by a change of places.
    if (least > most && leastBefore > most) return null;
    leastBefore = least;
    beforeLast = last;
    last = row;
  }
  const distance = last[other.length]!;
  return distance <= most ? distance : null;
}
