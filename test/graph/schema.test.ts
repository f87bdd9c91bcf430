/** The schema is the one committed, explains itself, and agrees with the tables. */
import { readFile } from 'node:fs/promises';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { printedSchema, SCHEMA_FILE } from '../../src/commands/write-schema.js';
import { createDataSource } from '../../src/database/data-source.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { openTables, type Tables } from './tables.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildGraph();
});

it('the committed schema is the one that the classes make: run `npm run schema` and commit', async () => {
  expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(await printedSchema());
});

it('everything in it has a description', () => {
  const lacking: string[] = [];
  const note = (name: string, { description }: { description?: string | null }) => {
    if (!description?.trim()) lacking.push(name);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    // The operation root is known to everybody.
    if (type !== schema.getQueryType()) note(type.name, type);
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        note(`${type.name}.${field.name}`, field);
        for (const arg of field.args) note(`${type.name}.${field.name}(${arg.name}:)`, arg);
      }
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) note(`${type.name}.${field.name}`, field);
    } else if (isEnumType(type)) {
      for (const value of type.getValues()) note(`${type.name}.${value.name}`, value);
    }
  }
  expect(lacking).toEqual([]);
});

it('every place implements Place, with all its fields', () => {
  const place = schema.getType('Place');
  if (!isInterfaceType(place)) throw new Error('Place is no interface');
  const names = schema.getPossibleTypes(place).map(({ name }) => name);
  expect(names.sort()).toEqual(['England', 'LocalAuthority', 'Region', 'School', 'Trust']);
});

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('the tables of the %s data', (which) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await openTables(loadedDatabase(which));
  });
  afterAll(() => tables.close());

  it('have every column of every entity, of the same type, and null where it may be', async () => {
    const dataSource = createDataSource({ url: loadedDatabase(which), connections: 1 });
    await dataSource.initialize();
    try {
      const columns = await tables.rows(
        "SELECT table_name, column_name, udt_name, is_nullable FROM information_schema.columns WHERE table_schema = 'schoolgraph'",
      );
      const faults: string[] = [];
      let compared = 0;
      for (const { tableName, columns: declared } of dataSource.entityMetadatas) {
        for (const { databaseName, type, isNullable } of declared) {
          const name = `${tableName}.${databaseName}`;
          const column = columns.find(
            (row) => row.table_name === tableName && row.column_name === databaseName,
          );
          if (!column) {
            faults.push(`${name} is not in the table`);
            continue;
          }
          const normalized = dataSource.driver.normalizeType({ type });
          const [{ udt }] = await tables.rows('SELECT $1::regtype::oid::regtype::text AS udt', [normalized]);
          const [{ actual }] = await tables.rows('SELECT $1::regtype::oid::regtype::text AS actual', [
            column.udt_name,
          ]);
          if (udt !== actual) faults.push(`${name} is ${actual}, not ${udt}`);
          if (isNullable !== (column.is_nullable === 'YES'))
            faults.push(`${name} may be null: ${column.is_nullable}`);
          compared += 1;
        }
      }
      expect(faults).toEqual([]);
      expect(compared).toBeGreaterThan(80);
    } finally {
      await dataSource.destroy();
    }
  });

  it.each([
    ['school', 'phase', 'Phase'],
    ['school', 'status', 'SchoolStatus'],
    ['school', 'type_group', 'TypeGroup'],
    ['school', 'gender', 'Gender'],
    ['school', 'admissions_policy', 'AdmissionsPolicy'],
    ['school', 'official_sixth_form', 'SixthForm'],
    ['establishment_group', 'status', 'TrustStatus'],
    ['symbol', 'status', 'ObservationStatus'],
    ['period', 'kind', 'PeriodKind'],
    ['run', 'outcome', 'RunOutcome'],
    ['issue', 'kind', 'IssueKind'],
    ['school_match', 'route', 'MatchRoute'],
    ['indicator', 'unit', 'Unit'],
  ])('%s.%s has no value that the enum %s lacks', async (table, column, name) => {
    const type = schema.getType(name);
    if (!isEnumType(type)) throw new Error(`${name} is no enum`);
    const known = type.getValues().map(({ value }) => value);
    const rows = await tables.rows(
      `SELECT DISTINCT ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`,
    );
    expect(rows.map(({ value }) => value).filter((value) => !known.includes(value))).toEqual([]);
  });

  it('have no fact that a non-null field would break on', async () => {
    const required = {
      school: ['urn', 'name', 'status'],
      establishment_group: ['uid', 'name', 'type_code', 'status'],
      local_authority: ['code', 'name'],
      region: ['code', 'name'],
    };
    for (const [table, names] of Object.entries(required)) {
      for (const name of names) {
        expect(
          await tables.rows(`SELECT 1 FROM ${table} WHERE ${name} IS NULL OR ${name}::text = '' LIMIT 1`),
          `${table}.${name}`,
        ).toEqual([]);
      }
    }
  });
});
