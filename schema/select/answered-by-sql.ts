/** Body of a field method whose SQL is declared above it: the statement has answered, and nothing calls this. */
export function answeredBySql(): never {
  throw new Error('a field with SQL was resolved without its statement');
}
