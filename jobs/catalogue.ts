/**
 * Every data set and every indicator. A file in jobs/datasets is a data set: it is found by being there, and exports
 * its declaration as the default. Registers come first, so that statistics find the places they are about.
 */
import { readdirSync } from 'node:fs';
import type { DataSet, IndicatorDeclaration, StatisticsDataSet } from './declaration.js';

const FOLDER = new URL('./datasets/', import.meta.url);
const ORDER: DataSet['kind'][] = ['register', 'statistics'];

async function declared(file: string): Promise<DataSet> {
  const { default: dataSet } = (await import(new URL(file, FOLDER).href)) as { default?: DataSet };
  const id = file.replace(/\.[jt]s$/, '');
  if (dataSet?.id !== id) {
    throw new Error(
      `jobs/datasets/${id}.ts must have the declaration of the data set "${id}" as its default export`,
    );
  }
  return dataSet;
}

const files = readdirSync(FOLDER)
  .filter((file) => /^[\w-]+\.[jt]s$/.test(file))
  .sort();

export const DATA_SETS: readonly DataSet[] = (await Promise.all(files.map(declared))).sort(
  (one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind),
);

export interface CataloguedIndicator extends IndicatorDeclaration {
  dataSet: StatisticsDataSet;
}

export const INDICATORS: ReadonlyMap<string, CataloguedIndicator> = new Map(
  DATA_SETS.flatMap((dataSet) =>
    dataSet.kind === 'statistics'
      ? dataSet.indicators.map((indicator) => [indicator.id, { ...indicator, dataSet }] as const)
      : [],
  ),
);

export const dataSetById = (id: string): DataSet | undefined =>
  DATA_SETS.find((dataSet) => dataSet.id === id);
