/**
 * What an assistant can do here. Every tool that tells of data asks the graph a question as anybody does, so that limits, kept
 * answers and withheld figures are the same for all; and every answer names the releases behind it.
 */
import { readFileSync } from 'node:fs';
import { type CallToolResult, McpServer } from '@modelcontextprotocol/server';
import type { GraphQLSchema } from 'graphql';
import * as z from 'zod';
import { EXAMPLES, type Example, MENU } from '../graphiql/examples.js';
import { PROJECT_FOLDER } from '../project-folder.js';
import { type Ask, refused, told } from './asked.js';
import { definitions, overview } from './schema-part.js';

const { version: VERSION } = JSON.parse(readFileSync(new URL('package.json', PROJECT_FOLDER), 'utf8')) as {
  version: string;
};

const INSTRUCTIONS = `SchoolGraph answers questions about England's local authorities, academy trusts and schools from what the Department for Education publishes.
Begin with search_indicators and find_places for ids and codes, then compare_local_authority or ask; worked_examples has questions to adapt, get_schema the fields.
- A value that is null is withheld or not there: its status says which. It is never zero. lower and upper bound it where that is known.
- Never average rates over places: aggregate and comparison do it as sum over sum.
- Say the period with every figure, and cite "sources": each has a line to be set under a table.
- Pass on "notes" and warnings. Where the data are a synthetic sample, say so.`;

const CODE = z.string().max(20).describe('3-digit code (891) or GSS code (E10000024) of a local authority.');
const INDICATOR = z
  .string()
  .max(200)
  .describe('Id of an indicator, from search_indicators: suspension-rate.');
const FIRST = z.int().min(1).max(50).default(10).describe('How many at most.');
const READ_ONLY = { readOnlyHint: true, openWorldHint: false, idempotentHint: true };

const SEARCH_INDICATORS = `query ($words: String!, $first: Int!) {
  search(text: $words, first: $first, kinds: [INDICATOR]) {
    score
    result {
      ... on Indicator {
        id name description unit unitLabel polarity topic levels dataSet { id title }
        periods { code label } breaks { from note } sameAs { id }
      }
    }
  }
}`;

const FIND_PLACES = `query ($text: String!, $first: Int!) {
  search(text: $text, first: $first, kinds: [REGION, LOCAL_AUTHORITY, TRUST, SCHOOL]) {
    score matched text
    result {
      __typename
      ... on Region { code name }
      ... on LocalAuthority { code gssCode name region { name } closedOn }
      ... on Trust { uid name }
      ... on School { urn name phase status localAuthority { code name } trust { uid name } }
    }
  }
}`;

const EXAMPLE_IDS = EXAMPLES.map(({ id }) => id) as [string, ...string[]];
const COMPARISON = EXAMPLES.find(({ id }) => id === 'where-we-stand')!;
const listed = ({ id, title, about }: Example) => `${id}: ${title}. ${about}`;

/** What each tool takes and is for; made once, because reading a schema takes longer than asking most questions. */
const TOOLS = {
  search_indicators: {
    title: 'Search indicators',
    description:
      'Finds indicators by words of their name, id or definition, the likest first; not every word need be there, so look whether what comes is what was meant. Tells what each counts, in which unit, which way is good, for which kinds of place and which periods.',
    inputSchema: z.object({
      words: z.string().min(2).max(200).describe('Words, in any order: permanent exclusions.'),
      first: FIRST,
    }),
    annotations: READ_ONLY,
  },
  find_places: {
    title: 'Find places',
    description:
      'Finds regions, local authorities, trusts and schools by name, old name or code (URN, LAESTAB, UKPRN, UID, company number, postcode), typing errors forgiven, with the codes that other tools take.',
    inputSchema: z.object({
      text: z.string().trim().min(2).max(200).describe('A name or a part of it, or a code: Nottingham.'),
      first: FIRST,
    }),
    annotations: READ_ONLY,
  },
  compare_local_authority: {
    title: 'Compare a local authority',
    description:
      'Where a local authority stands on one indicator among its neighbours, its region and England: ranks, quartile band, averages as ratios of sums, and whether it has changed by more than chance.',
    inputSchema: z.object({
      code: CODE,
      indicator: INDICATOR,
      against: z
        .enum(['STATISTICAL', 'GEOGRAPHIC', 'REGION'])
        .default('STATISTICAL')
        .describe('Its statistical neighbours, those that border it, or those of its region.'),
      period: z
        .string()
        .max(60)
        .optional()
        .describe('Code or label: 2016/17. Left out: the newest that all have.'),
    }),
    annotations: READ_ONLY,
  },
  ask: {
    title: 'Ask in GraphQL',
    description:
      'Asks any question in GraphQL, read only: England, regions, local authorities, trusts and schools with their indicators, comparisons, outliers, changes and history. Lists are pages of 100 at most.',
    inputSchema: z.object({
      query: z.string().min(2).describe('A GraphQL query: { england { name } }.'),
      variables: z.record(z.string(), z.unknown()).default({}).describe('Values of its variables.'),
    }),
    annotations: READ_ONLY,
  },
  get_schema: {
    title: 'Read the schema',
    description:
      'What can be asked: without types an overview, with types their definitions with the meaning of every field.',
    inputSchema: z.object({
      types: z
        .array(z.string().max(100))
        .max(5)
        .default([])
        .describe('Names of types: ["LocalAuthority", "Observation"].'),
    }),
    annotations: READ_ONLY,
  },
  worked_examples: {
    title: 'Worked examples',
    description:
      'Questions that are known to work: without an id their titles, with one its query, to ask or to adapt.',
    inputSchema: z.object({ id: z.enum(EXAMPLE_IDS).optional().describe('Which.') }),
    annotations: READ_ONLY,
  },
};

const text = (content: string): CallToolResult => ({ content: [{ type: 'text', text: content }] });

/** A server for one request: it keeps nothing between them. */
export function serverFor(ask: Ask, schema: GraphQLSchema): McpServer {
  const server = new McpServer(
    { name: 'schoolgraph', title: 'SchoolGraph', version: VERSION },
    { instructions: INSTRUCTIONS, capabilities: { tools: { listChanged: false } } },
  );
  server.registerTool('search_indicators', TOOLS.search_indicators, ({ words, first }) =>
    told(ask, SEARCH_INDICATORS, { words, first }),
  );
  server.registerTool('find_places', TOOLS.find_places, (asked) => told(ask, FIND_PLACES, asked));
  server.registerTool('compare_local_authority', TOOLS.compare_local_authority, ({ code, ...asked }) =>
    told(ask, COMPARISON.query, { ...asked, localAuthority: code }),
  );
  server.registerTool('ask', TOOLS.ask, ({ query, variables }) => told(ask, query, variables));
  server.registerTool('get_schema', TOOLS.get_schema, async ({ types }) => {
    if (types.length === 0) return text(overview(schema));
    const found = definitions(schema, types);
    return 'text' in found
      ? text(found.text)
      : refused(`${found.unknown}: there is no such type. get_schema without types names them all.`);
  });
  server.registerTool('worked_examples', TOOLS.worked_examples, async ({ id }) =>
    text(EXAMPLES.find((example) => example.id === id)?.query ?? MENU.flat().map(listed).join('\n')),
  );
  return server;
}
