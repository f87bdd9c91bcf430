/** The typed client: what is generated fits the schema, compiles, and runs. That it is generated so, a slow test proves. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

const FOLDER = 'docs/examples/typescript-client';
const run = promisify(execFile);

const SOURCE = readdirSync(`${FOLDER}/src`)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(`${FOLDER}/src/${name}`, 'utf8'))
  .join('\n');
const QUESTIONS = [...SOURCE.matchAll(/graphql\(`(.*?)`\)/gs)].map(([, text]) => text!);
const generated = (file: string) => readFileSync(`${FOLDER}/src/graph/${file}.ts`, 'utf8');

/** How the generator writes a scalar; any other is a text. */
const SCALARS: Record<string, string> = {
  Boolean: 'boolean',
  Float: 'number',
  Int: 'number',
  JSON: 'unknown',
};

/** The types of TypeScript that answers to a document have by the schema, as the generator writes them. */
class Typed {
  readonly enums = new Map<string, string[]>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {}

  /** `export type … = …` of each operation and fragment. */
  declarations(): string[] {
    return this.document.definitions.flatMap((node) => {
      if (node.kind === Kind.OPERATION_DEFINITION)
        return `export type ${node.name!.value}Query = ${this.fields(this.schema.getQueryType()!, node.selectionSet)};`;
      if (node.kind !== Kind.FRAGMENT_DEFINITION) return [];
      const { name, typeCondition, selectionSet } = node;
      const type = this.schema.getType(typeCondition.name.value) as GraphQLObjectType;
      const capital = name.value[0]!.toUpperCase() + name.value.slice(1);
      return `export type ${capital}Fragment = ${this.fields(type, selectionSet)};`;
    });
  }

  private fields(type: GraphQLObjectType, { selections }: SelectionSetNode): string {
    return `{ ${this.members(type, selections).join(', ')} }`;
  }

  private members(type: GraphQLObjectType, selections: SelectionSetNode['selections']): string[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        const field = type.getFields()[selection.name.value]!;
        return `${(selection.alias ?? selection.name).value}: ${this.typed(field.type, selection.selectionSet)}`;
      }
      const fragment = this.document.definitions.find(
        (node) =>
          node.kind === Kind.FRAGMENT_DEFINITION &&
          selection.kind === Kind.FRAGMENT_SPREAD &&
          node.name.value === selection.name.value,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION
        ? this.members(type, fragment.selectionSet.selections)
        : [];
    });
  }

  private typed(type: GraphQLOutputType, selected?: SelectionSetNode): string {
    if (!isNonNullType(type)) return `${this.known(type, selected)} | null`;
    return this.known(type.ofType, selected);
  }

  private known(type: GraphQLOutputType, selected?: SelectionSetNode): string {
    if (isListType(type)) return `Array<${this.typed(type.ofType, selected)}>`;
    const named = getNamedType(type);
    if (isObjectType(named)) return this.fields(named, selected!);
    if (!isEnumType(named)) return SCALARS[named.name] ?? 'string';
    this.enums.set(
      named.name,
      named.getValues().map(({ name }) => name),
    );
    return named.name;
  }
}

it('asks questions that the schema allows, and has generated them as they stand', async () => {
  expect(QUESTIONS.length).toBeGreaterThan(1);
  expect(validate(await buildGraph(), parse(QUESTIONS.join('\n')))).toEqual([]);
  for (const question of QUESTIONS) expect(generated('gql')).toContain(JSON.stringify(question));
});

it('has the types that the schema gives to the answers: run `npm run generate` there', async () => {
  const typed = new Typed(await buildGraph(), parse(QUESTIONS.join('\n')));
  const lines = generated('graphql').split('\n');
  for (const declaration of typed.declarations()) expect(lines).toContain(declaration);
  expect(typed.enums.size).toBeGreaterThan(0);
  for (const [name, values] of typed.enums) {
    const [, body] = new RegExp(`export type ${name} =\n(.*?);\n`, 's').exec(generated('graphql'))!;
    expect([...body!.matchAll(/\| '(\w+)'/g)].map(([, value]) => value)).toEqual(values.toSorted());
  }
});

describe('compiled by the compiler of the project', () => {
  let graph: RunningGraph;
  let folder: string;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
    folder = await mkdtemp(join(tmpdir(), 'schoolgraph-client-'));
    const tsc = ['node_modules/typescript/bin/tsc', '-p', FOLDER, '--noEmit', 'false', '--outDir', folder];
    await run(process.execPath, tsc);
  });
  afterAll(async () => {
    await graph.close();
    await rm(folder, { recursive: true, force: true });
  });
  const told = (...words: string[]) =>
    run(process.execPath, [
      '--no-warnings',
      join(folder, 'neighbours.js'),
      ...words,
      `${graph.address}/graphql`,
    ]);

  it('it tells of a local authority and its ten neighbours what the graph answers', async () => {
    const { data } = await graph.ask(
      '{ localAuthority(code: "891") { neighbours(kind: STATISTICAL) { localAuthority { name indicator(id: "suspension-rate") { latest { value } } } } } }',
    );
    const lines = (await told('891')).stdout.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'Suspension rate',
      expect.stringMatching(/^Nottinghamshire: \d+\.\d\d? \(20/),
    ]);
    expect(lines).toHaveLength(12);
    for (const [index, { localAuthority }] of data.localAuthority.neighbours.entries()) {
      const { name, indicator } = localAuthority;
      expect(lines[index + 2]).toContain(`${index + 1}. ${name}: ${indicator.latest?.value ?? 'no figure'}`);
    }
  });

  it('it says of a local authority that there is not that there is none, and hands on what is wrong with a code', async () => {
    expect((await told('999')).stdout).toBe('There is no local authority 999.\n');
    await expect(told('nine')).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/code/) });
  });
});
