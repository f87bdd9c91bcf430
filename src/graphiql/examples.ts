/**
 * The worked examples, each a file of docs/examples/queries: its first comment is the title, then for whom it is and what
 * to know of it. Variables that name a place are given one that is in the data that stand.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { SchoolGraphError } from '../errors.js';
import { PROJECT_FOLDER } from '../project-folder.js';

/** Whom the examples are for, in the order of the menu. */
export const AUDIENCES = ['dashboard developers', 'journalists', 'LA intelligence teams'] as const;

/** A place of each kind that is in the data, under the name of the variable that stands for it. */
export interface ExamplePlaces {
  urn: number;
  trust: string;
  localAuthority: string;
}

export interface Example {
  /** The name of its file. */
  id: string;
  title: string;
  audience: (typeof AUDIENCES)[number];
  about: string;
  query: string;
}

const FOLDER = new URL('docs/examples/queries/', PROJECT_FOLDER);
const FILE = /^# (?<title>.+)\n# For: (?<audience>.+)\n(?<about>(?:# .+\n)+)(?=\w)/;

export function readExample(name: string, text: string): Example {
  const { title, audience, about } = FILE.exec(text)?.groups ?? {};
  const known = AUDIENCES.find((one) => one === audience);
  if (!title || !known || !about) {
    throw new SchoolGraphError(
      'INTERNAL',
      `${name} must begin with comments: a title, "For: " and one of ${AUDIENCES.join(', ')}, and what to know of it.`,
    );
  }
  return {
    id: name.replace(/\.graphql$/, ''),
    title,
    audience: known,
    about: about.replaceAll(/^# /gm, '').replaceAll('\n', ' ').trim(),
    query: text,
  };
}

export const EXAMPLES: readonly Example[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.graphql'))
  .sort()
  .map((name) => readExample(name, readFileSync(new URL(name, FOLDER), 'utf8')));

/** What the example that the page opens with is called. */
const OPENING = 'school-trust-authority';
const byAudience = AUDIENCES.map((audience) => EXAMPLES.filter((example) => example.audience === audience));

/** The examples by audience, the opening one first. */
export const MENU: readonly Example[][] = byAudience.map((group) =>
  group.toSorted((one, other) => Number(other.id === OPENING) - Number(one.id === OPENING)),
);

/** The variables that an example is asked with: a place for each that stands for one. All others have a default. */
export function variablesOf({ query }: Example, places: ExamplePlaces): Partial<ExamplePlaces> {
  const declared = new Set(
    parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
        : [],
    ),
  );
  return Object.fromEntries(Object.entries(places).filter(([name]) => declared.has(name)));
}
