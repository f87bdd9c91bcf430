/* eslint-disable */
import * as types from './graphql.js';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment figure on Observation {\n    value\n    status\n    period {\n      label\n    }\n  }\n": typeof types.FigureFragmentDoc,
    "\n  query Neighbours($code: String!, $indicator: ID!) {\n    localAuthority(code: $code) {\n      name\n      indicator(id: $indicator) {\n        indicator {\n          name\n          decimals\n        }\n        latest {\n          ...figure\n        }\n      }\n      neighbours(kind: STATISTICAL) {\n        rank\n        localAuthority {\n          name\n          indicator(id: $indicator) {\n            latest {\n              ...figure\n            }\n          }\n        }\n      }\n    }\n  }\n": typeof types.NeighboursDocument,
};
const documents: Documents = {
    "\n  fragment figure on Observation {\n    value\n    status\n    period {\n      label\n    }\n  }\n": types.FigureFragmentDoc,
    "\n  query Neighbours($code: String!, $indicator: ID!) {\n    localAuthority(code: $code) {\n      name\n      indicator(id: $indicator) {\n        indicator {\n          name\n          decimals\n        }\n        latest {\n          ...figure\n        }\n      }\n      neighbours(kind: STATISTICAL) {\n        rank\n        localAuthority {\n          name\n          indicator(id: $indicator) {\n            latest {\n              ...figure\n            }\n          }\n        }\n      }\n    }\n  }\n": types.NeighboursDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment figure on Observation {\n    value\n    status\n    period {\n      label\n    }\n  }\n"): typeof import('./graphql.js').FigureFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Neighbours($code: String!, $indicator: ID!) {\n    localAuthority(code: $code) {\n      name\n      indicator(id: $indicator) {\n        indicator {\n          name\n          decimals\n        }\n        latest {\n          ...figure\n        }\n      }\n      neighbours(kind: STATISTICAL) {\n        rank\n        localAuthority {\n          name\n          indicator(id: $indicator) {\n            latest {\n              ...figure\n            }\n          }\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.js').NeighboursDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
