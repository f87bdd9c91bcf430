/**
 * What graphql-js would check of every value, the tables hold already: a field that is never null stands on a column that is
 * never null, and a field's type is its column's. A new field has to find its place here.
 */
import {
  GraphQLEnumType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { getMetadataArgsStorage } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { ENTITIES } from '../../schema/entities.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { isAnsweredBySql } from './questions.js';
import { openTables, type Tables } from './tables.js';

/** By GraphQL type, the Postgres types whose JSON is a value of it. */
const FITTING: Record<string, string[]> = {
  Int: ['smallint', 'integer'],
  Float: ['real', 'double precision', 'numeric', 'smallint', 'integer'],
  String: ['text'],
  ID: ['text'],
  Boolean: ['boolean'],
  LocalDate: ['date'],
};

/** Fields that are a column of a table under other names than their entity's. */
const COLUMNS: Record<string, string> = {
  'Period.code': 'data_set_period.code',
  'Period.label': 'data_set_period.label',
  'Period.identifier': 'data_set_period.identifier',
  'Period.kind': 'period.kind',
  'Period.startsOn': 'period.starts_on',
  'Period.endsOn': 'period.ends_on',
  'Breakdown.code': 'breakdown.code',
  'Breakdown.label': 'breakdown.label',
  'TrustMembership.uid': 'group_membership.group_uid',
  'LocalAuthorityReorganisation.on': 'local_authority_reorganisation.happened_on',
  'LocalAuthorityReorganisation.kind': 'local_authority_reorganisation.kind',
  'LocalAuthorityReorganisation.from': 'local_authority_reorganisation.from_codes',
  'LocalAuthorityReorganisation.to': 'local_authority_reorganisation.to_codes',
  'LocalAuthorityReorganisation.fromGssCodes': 'local_authority_reorganisation.from_gss_codes',
  'LocalAuthorityReorganisation.toGssCodes': 'local_authority_reorganisation.to_gss_codes',
  'LocalAuthorityReorganisation.canBeRebuilt': 'local_authority_reorganisation.can_be_rebuilt',
  'LocalAuthorityReorganisation.note': 'local_authority_reorganisation.note',
  'Neighbour.edition': 'statistical_neighbour.edition',
  'Neighbour.closeness': 'statistical_neighbour.closeness',
  'SchoolLink.urn': 'establishment_link.link_urn',
  'SchoolLink.name': 'establishment_link.link_name',
  'SchoolLink.type': 'establishment_link.link_type',
  'SchoolLink.establishedOn': 'establishment_link.established_on',
  'LineageStep.urn': 'school_lineage.predecessor_urn',
  'LineageStep.via': 'school_lineage.successor_urn',
  'LineageStep.event': 'school_lineage.event',
  'LineageStep.eventIsInferred': 'school_lineage.event_is_inferred',
  'LineageStep.on': 'school_lineage.happened_on',
  'LineageStep.onIsInferred': 'school_lineage.on_is_inferred',
};

/** Counts of a composition: of schools and of pupils, each a sum that is 0 where there is none. */
const COMPOSED = ['SchoolCounts', 'PhaseComposition'].flatMap((type) =>
  [
    'schools',
    'maintained',
    'academies',
    'freeSchools',
    'pupils',
    'pupilsInAcademies',
    'schoolsWithoutPupils',
  ].map((name) => [`${type}.${name}`, 'coalesce(…, 0)']),
);

/** Fields that are never null and stand on no column, with what keeps them from being null. */
const NEVER_NULL: Record<string, string> = {
  'Observation.status': 'every CASE of it ends with ELSE, and min() is over the one row of a group',
  'Observation.shown': 'without a value the status, which is never null',
  'Observation.isDerived': 'a constant, or a count compared with a number',
  'Observation.period': 'an object made of the row itself',
  'Observation.breakdown': 'an object made of the row itself',
  'Revision.period': 'an object made of the row itself',
  'Revision.breakdown': 'an object made of the row itself',
  'RankedPlace.place': 'an object made of the row itself',
  'LocalAuthority.comparison': 'a period is chosen, if only none',
  'LocalAuthority.neighbourRobustness': 'a period is chosen, if only none',
  'Comparison.against': 'given',
  'Comparison.neighboursAveraged': 'a count',
  'Comparison.neighboursLeftOut': 'a difference of counts',
  'ComparedNeighbour.localAuthority': 'an object made of the row itself',
  'ComparisonChange.fromPeriod': 'an object made of the row itself',
  'ComparisonChange.from': 'there is no change without it',
  'ComparisonChange.to': 'there is no change without it',
  'ComparisonChange.difference': 'of two values that are known',
  'ComparisonChange.fromShown': 'of a value that is known',
  'ComparisonChange.toShown': 'of a value that is known',
  'ComparisonChange.differenceShown': 'of two values that are known',
  'NeighbourVariant.edition': 'statistical_neighbour.edition',
  'NeighbourVariant.includesNotClose': 'given',
  'NeighbourVariant.neighbours': 'a count',
  'NeighbourVariant.neighboursAveraged': 'a count',
  'RankedPlace.of': 'a count',
  'Distribution.period': 'a period that the level has',
  'Distribution.places': 'a count',
  'Distribution.withValue': 'a count',
  'Distribution.withheld': 'a count',
  'Distribution.withoutValue': 'a count',
  'Distribution.withoutRow': 'a count',
  'Percentile.at': 'given',
  'Bin.from': 'there are bins only where there is a least and a greatest value',
  'Bin.to': 'there are bins only where there is a least and a greatest value',
  'Bin.count': 'coalesce(…, 0)',
  'ComparedCharacteristic.characteristic': 'a constant',
  'ComparedCharacteristic.indicator': 'a constant',
  'ComparedCharacteristic.period': 'a period that schools have',
  'ComparedCharacteristic.age': 'every period has a last day',
  'ComparedCharacteristic.schools': 'a count',
  'CharacteristicDifference.characteristic': 'a constant',
  'CharacteristicDifference.period': 'a period that schools have',
  'SimilarSchool.school': 'an object made of the row itself',
  'SimilarSchool.distance': 'only schools that have half of the characteristics are compared',
  'SimilarSchool.characteristicsCompared': 'a sum of truth values that are never null',
  'SimilarSchools.school': 'an object made of the row itself',
  'SimilarSchools.others': 'a count',
  'SimilarSchools.compared': 'a count',
  'OutlierPairs.localAuthority': 'an object made of the row itself',
  'OutlierPairs.period': 'a period that schools have',
  ...Object.fromEntries(
    ['schools', 'schoolsCompared', 'pairsAlike', 'pairsTooSmall', 'pairsBeyondChance'].map((name) => [
      `OutlierPairs.${name}`,
      'a count',
    ]),
  ),
  ...Object.fromEntries(
    [
      'higher',
      'lower',
      'higherShare',
      'lowerShare',
      'higherPlans',
      'lowerPlans',
      'difference',
      'distance',
      'z',
      'isBeyond998',
    ].map((name) => [
      `OutlierPair.${name}`,
      'pairs are made of schools of the register that have all of their figures',
    ]),
  ),
  'LocalAuthoritySearch.considered': 'a count',
  'LocalAuthoritySearch.matching': 'a count',
  'AppliedCriterion.number': 'given',
  'AppliedCriterion.known': 'a count',
  'ProfileValue.criterion': 'given',
  'FoundLocalAuthority.localAuthority': 'an object made of the row itself',
  'Revision.oldStatus': 'every CASE of it ends with a status',
  'TrustMembership.fromIsInferred': 'IS NOT NULL is true or false',
  'TrustMembership.toIsInferred': 'IS NOT NULL is true or false',
  'Trust.type': 'only groups of these types are read as trusts',
  'LineageStep.kind': 'a constant',
  'LeftOut.places': 'a count',
  'LineageStep.generation': 'counted from 1',
  'Neighbour.localAuthority': 'the tables of neighbours name local authorities that there are: below',
  'Composition.asAt': 'a composition is read for a day',
  'Composition.unclassified': 'coalesce(…, 0)',
  'Composition.total': 'an aggregate without groups has one row',
  'PhaseComposition.phase': 'only schools with a phase are counted',
  'ReachCount.reach': 'its CASE ends with ELSE',
  'ReachCount.trusts': 'a count',
  'ReachCount.schools': 'a sum over one trust at least',
  'TypeCount.type': 'the code where there is no name, and only schools with a code are counted',
  'TypeCount.schools': 'coalesce(…, 0)',
  'TypeCount.pupils': 'coalesce(…, 0)',
  ...Object.fromEntries(COMPOSED),
  'England.disparity': 'one row for the one group, with whatever is known of it',
  'Region.disparity': 'one row for the one group, with whatever is known of it',
  'Trust.disparity': 'one row for the one group, with whatever is known of it',
  'LocalAuthority.disparity': 'one row for the one group, with whatever is known of it',
  'Outliers.period': 'an object made of the row itself',
  'Outliers.ageInYears': 'the period is one that the data set is known to have',
  'Outliers.minimumExpected': 'a constant',
  ...Object.fromEntries(
    ['places', 'judged', 'pooled', 'belowMinimum', 'withheld', 'withoutFigure', 'high', 'low'].map((name) => [
      `Outliers.${name}`,
      'a count',
    ]),
  ),
  'Outlier.place': 'an object made of the row itself',
  ...Object.fromEntries(
    ['value', 'numerator', 'denominator', 'expected', 'z', 'lower95', 'upper95', 'lower998', 'upper998'].map(
      (name) => [`Outlier.${name}`, 'only places are judged whose count is known and base above zero'],
    ),
  ),
  'Outlier.flag': 'its CASE ends with ELSE',
  'Disparity.period': 'an object made of the row itself',
  'Disparity.ageInYears': 'the period is one that the data set is known to have',
  'AggregateKey.by': 'a constant',
  'AggregateKey.name': 'the code where there is no name, and words where there is no code',
  'Aggregate.period': 'an object made of constants',
  'Aggregate.total': 'an aggregate without groups has one row',
  'Aggregate.unmatched': 'an aggregate without groups has one row',
  'AggregateGroup.observation': 'an object made of the row itself',
  'AggregatedRow.observation': 'an object made of the row itself',
  'AggregateGroup.schools': 'a count',
  'AggregateGroup.schoolsWithFigures': 'a count',
  'AggregateGroup.schoolsWithheld': 'a count',
  'AggregateGroup.schoolsNotAvailable': 'the difference of counts',
  'AggregateGroup.schoolsWithoutRow': 'a count',
  'AggregateGroup.openWithoutRow': 'a count',
  'AggregatedRow.urn': 'school.urn, and only schools that have a row are told',
  'AggregatedRow.name': 'school.name',
  'AggregatedRow.isUsed': 'IS NOT NULL, or a status of a CASE that ends with ELSE in a list',
  'Aggregate.groupCount': 'a count',
  'UnmatchedRows.rows': 'a count',
  'UnmatchedRows.observation': 'an object made of the row itself',
  'TrustInclusion.indicatorId': 'a constant',
  'TrustInclusion.period': 'an object made of constants',
  'TrustInclusion.heldOn': 'a constant',
  'TrustInclusion.schools': 'a count',
  'TrustInclusion.schoolsWithoutRow': 'a count',
  'TrustInclusion.joinedUnknown': 'a count',
  'TrustInclusion.joinedInferred': 'a count',
  'TrustInclusion.rate': 'an aggregate without groups has one row',
  'TrustInclusion.joined': 'an object of counts and aggregates',
  'InclusionJoined.schools': 'a count',
  'InclusionJoined.leftOut': 'a count',
  'InclusionJoined.before': 'an aggregate without groups has one row',
  'InclusionJoined.since': 'an aggregate without groups has one row',
  'InclusionRate.observation': 'an object made of the row itself',
  'InclusionRate.compared': 'a count',
  'InclusionRate.notAvailable': 'a count',
  'InclusionRate.withheld': 'a count',
  'InclusionRate.withoutReference': 'a count',
  'InclusionSchool.urn': 'group_membership.urn',
  'InclusionSchool.joinedIsInferred': 'IS NOT NULL is true or false',
  'InclusionSchool.outcome': 'its CASE ends with ELSE, and NO_ROW where there is none',
  ...Object.fromEntries(
    ['value', 'numerator', 'denominator', 'places', 'period'].map((name) => [
      `ChangeFigure.${name}`,
      'only comparisons of known counts over bases above 0 are judged',
    ]),
  ),
  'Change.id': 'a hash of what is never null',
  'Change.indicatorId': 'a constant of each rate',
  'Change.kind': 'a constant of each comparison',
  'Change.place': 'only places that there are are compared',
  'Change.to': 'an object made of the row itself',
  'Change.from': 'an object made of the row itself',
  'Change.difference': 'of two values that are known',
  'Change.standardErrors': 'a comparison without is not judged',
  'Change.adjustedP': 'worked out of the standard errors',
  'Change.why': 'made of figures and periods that are known',
  'Changes.places': 'a sum of counts',
  'Changes.tests': 'a count',
  'Changes.tooFew': 'a count',
  'Changes.withoutFigures': 'a count',
  'Changes.beyondChance': 'a count',
  'Changes.falseDiscoveryRate': 'a constant',
  'EhcPipeline.year': 'a constant',
  'EhcStageRate.rate': 'a constant',
  'EhcStageRate.of': 'a constant',
  'EhcNeighbourRate.edition': 'a constant',
  'EhcNeighbourRate.neighbours': 'a count',
  'EhcNeighbourRate.withFigures': 'a count',
  'SchoolPlaces.year': 'a constant',
  'PhasePlaces.phase': 'a constant',
  ...Object.fromEntries(
    ['SchoolSeriesPoint', 'LocalAuthoritySeriesPoint'].flatMap((type) => [
      [`${type}.period`, 'an object made of the row itself'],
      [`${type}.startsAnew`, 'coalesce(…, false), or whether something is null'],
    ]),
  ),
  'School.series': 'an object, whose lists are empty where there is nothing',
  'LocalAuthority.series': 'an object, whose lists are empty where there is nothing',
  'England.name': 'a constant',
  'England.code': 'a constant',
  'NeighbourEdition.kind': 'a constant',
  'NeighbourEdition.edition': 'a column that is never null, through a view',
  'NeighbourEdition.title': 'made of the edition',
  'NeighbourEdition.isDefault': 'compares two editions of one kind, which has one at least',
  'NeighbourEdition.localAuthorities': 'a count',
  ...Object.fromEntries(
    ['score', 'matched', 'text'].map((name) => [
      `SearchHit.${name}`,
      'a constant, a likeness of two texts, or a code that was looked up',
    ]),
  ),
  'SearchHit.result': 'names are those of places that stand, rebuilt as these are: below',
  'NearbySchool.distanceKm': 'only schools with coordinates are near',
  'NearbySchool.school': 'an object made of the row itself',
  'SchoolsNear.withoutCoordinates': 'a count',
  ...Object.fromEntries(
    ['latitude', 'longitude', 'easting', 'northing'].map((name) => [
      `Location.${name}`,
      'there is a location only where grid_point has a row, and the columns of that are never null',
    ]),
  ),
  'PageInfo.hasNextPage': 'a count compared with a number',
  'PageInfo.hasPreviousPage': 'given',
};

/** Objects and lists that are made whatever there is to put into them. */
const isAlwaysMade = (field: GraphQLField<unknown, unknown>) => {
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  const { name } = getNamedType(field.type);
  return (
    isListType(type) || name === 'PlaceIndicator' || /(Connection|Edge)$/.test(name) || name === 'PageInfo'
  );
};

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildGraph();
});

interface SqlField {
  name: string;
  type: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  /** table.column; undefined where it stands on none. */
  column: string | undefined;
}

function sqlFields(): SqlField[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__') || type === schema.getQueryType()) return [];
    const entity = ENTITIES.find(({ name }) => name === type.name);
    const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name;
    return Object.values(type.getFields())
      .filter((field) => isAnsweredBySql(type, field))
      .map((field) => {
        const name = `${type.name}.${field.name}`;
        const declared = getMetadataArgsStorage().columns.find(
          ({ target, propertyName }) => entity && target === entity && propertyName === field.name,
        );
        const own =
          declared && !(name in NEVER_NULL)
            ? `${table}.${declared.options.name ?? declared.propertyName}`
            : undefined;
        return { name, type, field, column: COLUMNS[name] ?? own };
      });
  });
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let tables: Tables;
  let columns: Map<string, { is_nullable: string; data_type: string; element: string | null }>;
  beforeAll(async () => {
    tables = await openTables(loadedDatabase(which));
    const rows = await tables.rows(`
      SELECT c.table_name || '.' || c.column_name AS name, c.is_nullable, c.data_type, e.data_type AS element
      FROM information_schema.columns c
      LEFT JOIN information_schema.element_types e ON e.object_schema = c.table_schema AND e.object_name = c.table_name
        AND e.object_type = 'TABLE' AND e.collection_type_identifier = c.dtd_identifier
      WHERE c.table_schema = 'schoolgraph'`);
    columns = new Map(rows.map(({ name, ...column }) => [name, column]));
  });
  afterAll(() => tables.close());

  it('a field that is never null stands on a column that is never null, or is known not to be', () => {
    const open = sqlFields()
      .filter(({ field }) => isNonNullType(field.type) && !isAlwaysMade(field))
      .filter(({ column }) => column === undefined || columns.get(column)?.is_nullable !== 'NO')
      .filter(({ name }) => !/(Connection\.totalCount|Edge\.(cursor|node))$/.test(name))
      .map(({ name }) => name);
    expect(open.sort()).toEqual(Object.keys(NEVER_NULL).sort());
  });

  it('the type of a field is the type of its column', () => {
    let looked = 0;
    for (const { name, field, column } of sqlFields()) {
      if (!column) continue;
      const { data_type, element } = columns.get(column) ?? { data_type: 'no such column', element: null };
      const named = getNamedType(field.type);
      const fitting = named instanceof GraphQLEnumType ? FITTING.String : FITTING[named.name];
      expect(fitting, `${name}: ${column}`).toContain(element ?? data_type);
      looked += 1;
    }
    expect(looked).toBeGreaterThan(60);
  });

  it('a column behind an enum has its values and no other', async () => {
    let looked = 0;
    for (const { name, field, column } of sqlFields()) {
      const named = getNamedType(field.type);
      if (!column || !(named instanceof GraphQLEnumType)) continue;
      const [table, of] = column.split('.');
      const rows = await tables.rows(`SELECT DISTINCT ${of} AS value FROM ${table} WHERE ${of} IS NOT NULL`);
      const values = named.getValues().map(({ name: value }) => value);
      for (const { value } of rows) expect(values, `${name}: ${column}`).toContain(value);
      looked += 1;
    }
    expect(looked).toBeGreaterThan(8);
  });

  it('a status is one that there is, and a trust of a type that there is', async () => {
    const statuses = (schema.getType('ObservationStatus') as GraphQLEnumType)
      .getValues()
      .map(({ name }) => name);
    const rows = await tables.rows('SELECT DISTINCT status FROM symbol');
    expect(statuses).toEqual(expect.arrayContaining(rows.map(({ status }) => status)));
  });

  it('no number is infinite or none, which JSON has no word for', async () => {
    const [{ cells, facts }] = await tables.rows(`
      SELECT (SELECT count(*) FROM observation WHERE values && ARRAY['NaN', 'Infinity', '-Infinity']::float8[])
          + (SELECT count(*) FROM series WHERE values && ARRAY['NaN', 'Infinity', '-Infinity']::float8[]) AS cells,
        (SELECT count(*) FROM school WHERE percentage_fsm IN ('NaN', 'Infinity', '-Infinity')) AS facts`);
    expect([Number(cells), Number(facts)]).toEqual([0, 0]);
  });

  it('every name that is searched is of something that stands', async () => {
    const rows = await tables.rows(`
      SELECT kind, key FROM search_name n WHERE NOT CASE kind
        WHEN 'SCHOOL' THEN EXISTS (SELECT FROM school s WHERE s.urn = n.key::int AND s.to_release IS NULL)
        WHEN 'TRUST' THEN EXISTS (SELECT FROM establishment_group g WHERE g.uid = n.key AND g.to_release IS NULL)
        WHEN 'LOCAL_AUTHORITY' THEN EXISTS (SELECT FROM local_authority a WHERE a.code = n.key)
        ELSE EXISTS (SELECT FROM region r WHERE r.code = n.key) END`);
    expect(rows).toEqual([]);
  });

  it('every neighbour is a local authority that there is', async () => {
    const rows = await tables.rows(`
      SELECT n.neighbour_code FROM (SELECT neighbour_code FROM statistical_neighbour WHERE to_release IS NULL
        UNION SELECT neighbour_code FROM geographic_neighbour) n
      WHERE NOT EXISTS (SELECT FROM local_authority a WHERE a.code = n.neighbour_code)`);
    expect(rows).toEqual([]);
  });
});
