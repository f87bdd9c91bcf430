/** Intervals at 95 per cent, worked out without the graph's own formulas where there is another way to them. */

const Z = 1.959963984540054;

/** The chance of at most `count` events where `mean` are expected. */
function poisson(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let at = 1; at <= count; at += 1) {
    term *= mean / at;
    sum += term;
  }
  return sum;
}

function solve(of: (mean: number) => number, target: number): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (of(middle) > target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Of a count of events: exact limits below 10, by looking for the means that make it a chance of 1 in 40; else Byar's. */
export function ofEvents(count: number): [number, number] {
  if (count < 10 && Number.isInteger(count)) {
    return [
      count === 0 ? 0 : solve((mean) => poisson(count - 1, mean), 0.975),
      solve((mean) => poisson(count, mean), 0.025),
    ];
  }
  const byar = (about: number, sign: 1 | -1) =>
    about * (1 - 1 / (9 * about) + (sign * Z) / (3 * Math.sqrt(about))) ** 3;
  return [byar(count, -1), byar(count + 1, 1)];
}

/** Of a share of people: the two shares from which it lies just 1.96 standard errors away. */
export function ofPeople(count: number, base: number): [number, number] {
  const share = count / base;
  const a = 1 + Z ** 2 / base;
  const b = -(2 * share + Z ** 2 / base);
  const root = Math.sqrt(Math.max(0, b ** 2 - 4 * a * share ** 2));
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}
