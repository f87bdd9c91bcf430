/**
 * Every data set and every indicator. A file in jobs/datasets is a data set: it is found by being there, and exports
 * its declaration as the default. The lists that others are held against come first, then registers, so that figures
 * find the places they are about and a series its dictionary.
 */
import { readdirSync } from 'node:fs';
import type { DataSet, IndicatorDeclaration, Measure, StatisticsDataSet } from './declaration.js';
import { seriesIndicatorId } from './series-indicators.js';

const FOLDER = new URL('./datasets/', import.meta.url);
const ORDER: DataSet['kind'][] = ['register', 'series', 'statistics'];

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

const turn = ({ isReference, kind }: DataSet) => (isReference ? -1 : ORDER.indexOf(kind));

const files = readdirSync(FOLDER)
  .filter((file) => /^[\w-]+\.[jt]s$/.test(file))
  .sort();

export const DATA_SETS: readonly DataSet[] = (await Promise.all(files.map(declared))).sort(
  (one, other) => turn(one) - turn(other),
);

/** What the graph says of an indicator, whether a declaration or a dictionary says it. */
export interface CataloguedIndicator
  extends Pick<
    IndicatorDeclaration,
    | 'id'
    | 'name'
    | 'description'
    | 'topic'
    | 'unit'
    | 'decimals'
    | 'polarity'
    | 'rate'
    | 'additive'
    | 'breaks'
  > {
  dataSet: { id: string };
  /** Every topic under which it stands; the first is `topic`. */
  topics: string[];
  /** For a rate: what is counted and out of what, in words. */
  rateWords?: { numerator: string; denominator: string };
  /** Every edition of its file has its column: where a place has a row, it has a figure. */
  inEveryEdition: boolean;
  /** For one whose figures are in series: its periods, oldest first. */
  series?: { periods: { code: string; label: string }[] };
  unitLabel: string | null;
  methodology: string | null;
  links: string[];
  dataOwner: string | null;
  lastUpdate: string | null;
  lastUpdateNote: string | null;
  nextUpdate: string | null;
  nextUpdateNote: string | null;
  timing: string | null;
  hasQuartileBands: boolean;
}

/** What a declaration leaves open, because only dictionaries say it. */
const NOT_SAID = {
  unitLabel: null,
  methodology: null,
  links: [],
  dataOwner: null,
  lastUpdate: null,
  lastUpdateNote: null,
  nextUpdate: null,
  nextUpdateNote: null,
  timing: null,
  hasQuartileBands: true,
};

const isInEveryEdition = ({ optional, lackedBy }: Measure) => !optional && !lackedBy;

const catalogued = (dataSet: StatisticsDataSet, indicator: IndicatorDeclaration): CataloguedIndicator => ({
  ...NOT_SAID,
  ...indicator,
  dataSet,
  topics: [indicator.topic],
  inEveryEdition: isInEveryEdition(dataSet.measures[indicator.measure]!),
  ...(indicator.rate && {
    rateWords: {
      numerator: dataSet.measures[indicator.rate.numerator]!.description,
      denominator: dataSet.measures[indicator.rate.denominator]!.description,
    },
  }),
});

/** The indicators that are declared. Those of a dictionary are known to the database: src/database/data-state.ts. */
export const INDICATORS: ReadonlyMap<string, CataloguedIndicator> = new Map(
  DATA_SETS.flatMap((dataSet) =>
    dataSet.kind === 'statistics'
      ? dataSet.indicators.map((indicator) => [indicator.id, catalogued(dataSet, indicator)] as const)
      : [],
  ),
);

/** Indicators that measure the same in another publication, by id, in both directions. */
export const SAME_AS: ReadonlyMap<string, string[]> = DATA_SETS.flatMap((dataSet) =>
  dataSet.kind === 'series'
    ? Object.entries(dataSet.sameAs).map(([measure, id]) => [seriesIndicatorId(dataSet.id, measure), id])
    : [],
)
  .flatMap(([one, other]) => [
    [one!, other!],
    [other!, one!],
  ])
  .reduce(
    (same, [id, other]) => same.set(id!, [...(same.get(id!) ?? []), other!]),
    new Map<string, string[]>(),
  );

export const dataSetById = (id: string): DataSet | undefined =>
  DATA_SETS.find((dataSet) => dataSet.id === id);
