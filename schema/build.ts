/**
 * Builds the schema from the classes, and joins it to SQL: a field that declares its SQL, or is a column of its
 * entity, is read from the operation's one statement under its response key; every other field keeps its
 * resolver.
 */
import 'reflect-metadata';
import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { buildSchema } from 'type-graphql';
import { getMetadataArgsStorage } from 'typeorm';
import { Aggregates } from './aggregate/aggregates.js';
import { ChangeFields } from './change/change.js';
import { ChangeQueries } from './change/changes.js';
import { Comparisons } from './comparison/comparisons.js';
import { Robustness } from './comparison/robustness.js';
import {
  EnglandCompositions,
  LocalAuthorityCompositions,
  RegionCompositions,
} from './composition/compositions.js';
import type { Context } from './context.js';
import { CoverageFields, IndicatorReach } from './coverage/coverage.js';
import { IndicatorCoverageFields, LevelCoverageFields } from './coverage/indicator-coverage.js';
import { RegisterCoverageFields } from './coverage/register-coverage.js';
import { DataSetQueries } from './data-set/data-set.js';
import { ReleaseFields } from './data-set/release.js';
import { DataStatusFields } from './data-status/data-status.js';
import { RunFields } from './data-status/run.js';
import {
  EnglandDisparities,
  LocalAuthorityDisparities,
  RegionDisparities,
  TrustDisparities,
} from './disparity/disparities.js';
import { Distributions } from './distribution/distribution.js';
import {
  EnglandEhcPipelines,
  LocalAuthorityEhcPipelines,
  RegionEhcPipelines,
} from './ehc-pipeline/pipelines.js';
import { EnglandFields } from './england/england.js';
import { ENTITIES } from './entities.js';
import { InclusionIndicator, Inclusions } from './inclusion/inclusions.js';
import { IndicatorQueries } from './indicator/indicator.js';
import { SchoolLineage } from './lineage/lineage.js';
import { LocalAuthorities } from './local-authority/local-authorities.js';
import { Reorganisations } from './local-authority/reorganisations.js';
import { LocalAuthoritySearches } from './local-authority-profile/find-local-authorities.js';
import { NeighbourEditionRelease } from './neighbour/neighbour.js';
import { Neighbours } from './neighbour/neighbours.js';
import { ObservationReleases } from './observation/observation.js';
import { OutlierQueries } from './outliers/outlier-query.js';
import { PlaceIndicatorFields } from './place/place.js';
import { Rankings } from './ranking/ranking.js';
import { RegionFields } from './region/region.js';
import { Revisions } from './revision/revision.js';
import { SchoolsNearQueries } from './school/near.js';
import { Schools } from './school/schools.js';
import { TrustHistory } from './school/trust-history.js';
import { LocalAuthorityPlaces } from './school-places/places.js';
import { Searches } from './search/search.js';
import type { FieldExtensions, TableRow } from './select/field-sql.js';
import { raw, sql } from './select/sql.js';
import { LocalAuthoritySeriesFields } from './series/local-authority-series.js';
import { SchoolSeriesFields } from './series/school-series.js';
import { OutlierPairsQueries } from './similar-schools/outlier-pairs.js';
import { SimilarSchoolsQueries } from './similar-schools/similar-schools.js';
import { Trusts } from './trust/trusts.js';

/** Entities that are always read by repositories: their columns are properties, not SQL. */
const READ_BY_REPOSITORY = new Set(['DataSet', 'Release', 'Run', 'Issue']);

export async function buildGraph(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      EnglandFields,
      EnglandCompositions,
      RegionCompositions,
      LocalAuthorityCompositions,
      EnglandDisparities,
      RegionDisparities,
      LocalAuthorityDisparities,
      TrustDisparities,
      EnglandEhcPipelines,
      RegionEhcPipelines,
      LocalAuthorityEhcPipelines,
      LocalAuthorityPlaces,
      RegionFields,
      LocalAuthorities,
      Reorganisations,
      LocalAuthoritySearches,
      Neighbours,
      Comparisons,
      Robustness,
      NeighbourEditionRelease,
      Trusts,
      Inclusions,
      InclusionIndicator,
      Schools,
      SchoolsNearQueries,
      TrustHistory,
      SchoolLineage,
      SchoolSeriesFields,
      LocalAuthoritySeriesFields,
      PlaceIndicatorFields,
      ObservationReleases,
      Revisions,
      ChangeQueries,
      ChangeFields,
      Rankings,
      Distributions,
      SimilarSchoolsQueries,
      OutlierPairsQueries,
      OutlierQueries,
      Aggregates,
      IndicatorQueries,
      Searches,
      DataSetQueries,
      ReleaseFields,
      RunFields,
      DataStatusFields,
      CoverageFields,
      RegisterCoverageFields,
      IndicatorCoverageFields,
      LevelCoverageFields,
      IndicatorReach,
    ],
    validate: false,
  });
  const root = schema.getQueryType()!;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const columns = READ_BY_REPOSITORY.has(type.name) ? new Map<string, string>() : columnsOf(type.name);
    for (const field of Object.values(type.getFields())) {
      const column = columns.get(field.name);
      const extensions: FieldExtensions = field.extensions;
      if (!extensions.sql && column) {
        field.extensions = {
          ...extensions,
          sql: ({ alias }: TableRow) => sql`${alias}.${raw(`"${column}"`)}`,
        };
      }
      if ((field.extensions as FieldExtensions).sql) field.resolve = type === root ? readRoot : readAnswer;
      else if (isConnectionPart(type.name)) field.resolve = readAnswer;
    }
  }
  return schema;
}

/** Connections, edges and page infos are built by connection() as wholes. */
const isConnectionPart = (name: string) => /(Connection|Edge)$/.test(name) || name === 'PageInfo';

const readRoot: GraphQLFieldResolver<unknown, Context> = (_root, _args, context, info) =>
  context.answer(info);

const readAnswer: GraphQLFieldResolver<Record<string | number, unknown>, Context> = (
  source,
  _args,
  context,
  info,
) => {
  const value = source[info.path.key];
  const { completedBy } = info.parentType.getFields()[info.fieldName]!.extensions as FieldExtensions;
  return completedBy ? completedBy(value, context) : value;
};

/** Field name → column name, as the entity of this name declares. */
function columnsOf(typeName: string): Map<string, string> {
  const entity = ENTITIES.find(({ name }) => name === typeName);
  if (!entity) return new Map();
  return new Map(
    getMetadataArgsStorage()
      .columns.filter(({ target }) => target === entity)
      .map(({ propertyName, options }) => [propertyName, options.name ?? propertyName]),
  );
}
