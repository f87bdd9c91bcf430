/** Every data set and every indicator, in the order in which they are loaded: registers before statistics. */
import { ehcPlansCaseload } from './datasets/ehc-plans-caseload.js';
import { ehcPlansNew } from './datasets/ehc-plans-new.js';
import { ehcPlansTimeliness } from './datasets/ehc-plans-timeliness.js';
import { giasEstablishmentLinks } from './datasets/gias-establishment-links.js';
import { giasEstablishments } from './datasets/gias-establishments.js';
import { giasGroupLinks } from './datasets/gias-group-links.js';
import { giasGroups } from './datasets/gias-groups.js';
import lait from './datasets/lait.js';
import laitDictionary from './datasets/lait-dictionary.js';
import { localAuthorityCodes } from './datasets/local-authority-codes.js';
import { regionLocalAuthorities } from './datasets/region-local-authorities.js';
import { suspensionsAndPermanentExclusions } from './datasets/suspensions-and-permanent-exclusions.js';
import type { DataSet, IndicatorDeclaration, StatisticsDataSet } from './declaration.js';
import { seriesIndicatorId } from './series-indicators.js';

export const DATA_SETS: readonly DataSet[] = [
  localAuthorityCodes,
  regionLocalAuthorities,
  giasEstablishments,
  giasEstablishmentLinks,
  giasGroups,
  giasGroupLinks,
  laitDictionary,
  lait,
  suspensionsAndPermanentExclusions,
  ehcPlansCaseload,
  ehcPlansNew,
  ehcPlansTimeliness,
];

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

const catalogued = (dataSet: StatisticsDataSet, indicator: IndicatorDeclaration): CataloguedIndicator => ({
  ...NOT_SAID,
  ...indicator,
  dataSet,
  topics: [indicator.topic],
  ...(indicator.rate && {
    rateWords: {
      numerator: dataSet.measures[indicator.rate.numerator]!.description,
      denominator: dataSet.measures[indicator.rate.denominator]!.description,
    },
  }),
});

/** The indicators that are declared. Those of a dictionary are known to the database: src/data-state.ts. */
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
