/** What a feed of changes is called: whom it is about, by name, of which indicators and since when. */

/** Names of a list that are told; of the rest, how many. */
const NAMED = 5;

/** How the names of what a parameter gives are asked for. */
const NAMES: Record<string, { type: string; field: string }> = {
  localAuthority: {
    type: 'String!',
    field: 'localAuthority: localAuthority(code: $localAuthority) { name }',
  },
  trust: { type: 'ID!', field: 'trust: trust(uid: $trust) { name }' },
  codes: {
    type: '[String!]!',
    field: `codes: localAuthorities(codes: $codes, first: ${NAMED}) { totalCount nodes { name } }`,
  },
  urns: {
    type: '[Int!]!',
    field: `urns: schools(urns: $urns, first: ${NAMED}) { totalCount nodes { name } }`,
  },
};

type Named = { name: string } | { totalCount: number; nodes: { name: string }[] } | null;

/** The question that names what the variables give, and its own variables; null where they give nothing that has a name. */
export function namesAsked(
  variables: Record<string, unknown>,
): { query: string; variables: Record<string, unknown> } | null {
  const given = Object.entries(NAMES).filter(([name]) => variables[name] !== undefined);
  if (given.length === 0) return null;
  return {
    query: `query (${given.map(([name, { type }]) => `$${name}: ${type}`).join(', ')}) { ${given.map(([, { field }]) => field).join(' ')} }`,
    variables: Object.fromEntries(given.map(([name]) => [name, variables[name]])),
  };
}

const listed = (names: readonly string[], of: number): string =>
  `${names.join(', ')}${of > names.length ? ` and ${of - names.length} more` : ''}`;

/** `told`: what was answered to the question. `indicators`: names of those that were asked for, or null. */
export function feedTitle(
  told: Record<string, Named>,
  indicators: readonly string[] | null,
  since: unknown,
): string {
  const places = Object.values(told).flatMap((named) => {
    if (!named) return [];
    if ('name' in named) return [`${named.name} and its schools`];
    const names = named.nodes.map(({ name }) => name);
    return names.length > 0 ? [listed(names, named.totalCount)] : [];
  });
  const parts = [
    places.join('; '),
    indicators && listed(indicators.slice(0, NAMED), indicators.length),
    typeof since === 'string' && `since ${since}`,
  ];
  return `What has changed: ${parts.filter(Boolean).join(' – ')}`;
}
