/** Every data set and every indicator, in the order in which they are loaded: registers before statistics. */
import { ehcPlansCaseload } from './datasets/ehc-plans-caseload.js';
import { ehcPlansNew } from './datasets/ehc-plans-new.js';
import { ehcPlansTimeliness } from './datasets/ehc-plans-timeliness.js';
import { giasEstablishmentLinks } from './datasets/gias-establishment-links.js';
import { giasEstablishments } from './datasets/gias-establishments.js';
import { giasGroupLinks } from './datasets/gias-group-links.js';
import { giasGroups } from './datasets/gias-groups.js';
import localAuthorityBoundaries from './datasets/local-authority-boundaries.js';
import { localAuthorityCodes } from './datasets/local-authority-codes.js';
import { regionLocalAuthorities } from './datasets/region-local-authorities.js';
import statisticalNeighbours from './datasets/statistical-neighbours.js';
import { suspensionsAndPermanentExclusions } from './datasets/suspensions-and-permanent-exclusions.js';
import type { DataSet, IndicatorDeclaration, StatisticsDataSet } from './declaration.js';

export const DATA_SETS: readonly DataSet[] = [
  localAuthorityCodes,
  regionLocalAuthorities,
  localAuthorityBoundaries,
  statisticalNeighbours,
  giasEstablishments,
  giasEstablishmentLinks,
  giasGroups,
  giasGroupLinks,
  suspensionsAndPermanentExclusions,
  ehcPlansCaseload,
  ehcPlansNew,
  ehcPlansTimeliness,
];

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
