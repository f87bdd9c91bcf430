/** Prints the schema that the classes make into schema/schema.graphql; a test fails when the two differ. */
import { writeFile } from 'node:fs/promises';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGraph } from '../../schema/build.js';
import { EXIT } from './commands.js';

export const SCHEMA_FILE = 'schema/schema.graphql';

export const printedSchema = async (): Promise<string> =>
  `${printSchema(lexicographicSortSchema(await buildGraph()))}\n`;

export async function writeSchema(): Promise<number> {
  await writeFile(SCHEMA_FILE, await printedSchema());
  console.log(`${SCHEMA_FILE} is written.`);
  return EXIT.ok;
}
