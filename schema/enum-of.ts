/** The enum object that type-graphql registers, for a list of names that mean themselves. */
export const enumOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));
