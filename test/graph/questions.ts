/**
 * Questions to put to the graph: those of the docs and of the tests, and for every root field one with every
 * field below it that SQL answers, to a depth.
 */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import type { FieldExtensions } from '../../schema/select/field-sql.js';

const DOCS = ['README.md', 'docs/asking.md', 'docs/adding-a-data-set.md'];

/** Every question without variables that is written out in the docs and in the tests of the graph. */
export function writtenQuestions(schema: GraphQLSchema): string[] {
  const inDocs = DOCS.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/```graphql\n(.*?)```/gs)].map(([, question]) => question!),
  );
  const inTests = readdirSync('test/graph')
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) =>
      [...readFileSync(`test/graph/${name}`, 'utf8').matchAll(/(['`])(\{ [^'`$]*\})\1/g)].map(
        ([, , question]) => question!,
      ),
    );
  return [...new Set([...inDocs, ...inTests])].filter((question) => {
    try {
      return validate(schema, parse(question)).length === 0;
    } catch {
      return false;
    }
  });
}

/** Arguments for fields that need some, or that say more with them; of one type, or wherever the field stands. */
const ARGUMENTS: Record<string, string> = {
  indicator: '(id: "suspensions")',
  indicators: '(ids: ["headcount", "suspension-rate"])',
  observation: '(period: "PERIOD")',
  neighbours: '(kind: STATISTICAL, first: 3)',
  neighboursNote: '(kind: GEOGRAPHIC)',
  comparison: '(indicator: "suspension-rate")',
  neighbourRobustness: '(indicator: "suspension-rate")',
  schools: '(first: 3)',
  trusts: '(first: 3)',
  'School.series': '(indicator: "suspensions", lineage: ALONG_LINEAGE)',
  'LocalAuthority.series': '(indicator: "suspensions", basis: CURRENT_BOUNDARY)',
  compositionTrend: '(from: 2020, to: 2022)',
  localAuthorities: '(first: 3)',
  disparity: '(indicator: "suspension-rate", group: "special", reference: "rest")',
  disparities: '(indicator: "permanent-exclusion-rate", reference: "state-funded-secondary")',
  groups: '(first: 20)',
  key: '(by: REGION)',
  explain: '(first: 3)',
  inclusion: '(indicators: ["suspension-rate"])',
  bySchool: '(first: 3)',
};

export const isAnsweredBySql = (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean =>
  Boolean((field.extensions as FieldExtensions).sql) || /(Connection|Edge|^PageInfo)$/.test(type.name);

/** Whether nothing but a publication changes what a field answers. */
export const standsStill = (
  _type: GraphQLObjectType,
  { extensions }: GraphQLField<unknown, unknown>,
): boolean => !(extensions as FieldExtensions).moves;

/** All fields of a type that are accepted, those of objects down to `depth`. */
export function everyField(
  type: GraphQLObjectType,
  depth: number,
  isAccepted: (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>) => boolean = isAnsweredBySql,
): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (!isAccepted(type, field)) return [];
    const named = getNamedType(field.type);
    const given = ARGUMENTS[`${type.name}.${field.name}`] ?? ARGUMENTS[field.name] ?? '';
    const asked = `${field.name}${field.args.length > 0 ? given : ''}`;
    if (isLeafType(named)) return [asked];
    if (isUnionType(named))
      return [
        `${asked} { __typename ... on School { urn place: name } ... on Trust { uid } ... on LocalAuthority { code } }`,
      ];
    if (isInterfaceType(named)) return [`${asked} { __typename name ... on LocalAuthority { code } }`];
    if (!isObjectType(named) || depth === 0) return [];
    return [`${asked} { ${everyField(named, depth - 1, isAccepted)} }`];
  });
  return ['__typename', ...fields].join(' ');
}
