/** Whatever text is put into whatever argument: nothing leaks, nothing breaks, and the tables are still there. */
import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

/** Every argument and input field that takes text, and a question that puts $text there. */
const PLACES: Record<string, string> = {
  'Query.indicator(id:)': 'indicator(id: $text) { name }',
  'Query.indicators(search:)': 'indicators(search: $text) { name }',
  'Query.indicators(topic:)': 'indicators(topic: $text) { name }',
  'Query.indicators(dataSet:)': 'indicators(dataSet: $text) { name }',
  'Query.revisions(indicator:)': 'revisions(indicator: $text, place: "891") { newValue }',
  'Query.revisions(place:)': 'revisions(indicator: "ehc-plans", place: $text) { newValue }',
  'Query.revisions(breakdown:)':
    'revisions(indicator: "ehc-plans", place: "891", breakdown: $text) { newValue }',
  'Query.ranking(indicator:)': 'ranking(indicator: $text, level: REGION) { value }',
  'Query.ranking(period:)': 'ranking(indicator: "headcount", level: REGION, period: $text) { value }',
  'Query.ranking(breakdown:)': 'ranking(indicator: "headcount", level: REGION, breakdown: $text) { value }',
  'Query.distribution(indicator:)': 'distribution(indicator: $text, level: REGION) { mean }',
  'Query.distribution(period:)':
    'distribution(indicator: "headcount", level: REGION, period: $text) { mean }',
  'Query.distribution(breakdown:)':
    'distribution(indicator: "headcount", level: REGION, breakdown: $text) { mean }',
  'Query.outlierPairs(localAuthority:)': 'outlierPairs(localAuthority: $text) { schools }',
  'Query.findLocalAuthorities(region:)': 'findLocalAuthorities(by: [], region: [$text]) { matching }',
  'ProfileCriterion.indicator': 'findLocalAuthorities(by: [{ indicator: $text }]) { matching }',
  'ProfileCriterion.period':
    'findLocalAuthorities(by: [{ indicator: "headcount", period: $text }]) { matching }',
  'ProfileCriterion.breakdown':
    'findLocalAuthorities(by: [{ indicator: "headcount", breakdown: $text }]) { matching }',
  'LevelFilter.region':
    'distribution(indicator: "headcount", level: LOCAL_AUTHORITY, filter: { region: [$text] }) { mean }',
  'Coverage.indicators(ids:)': 'coverage { indicators(ids: [$text]) { levels { places } } }',
  'LocalAuthority.neighbours(edition:)':
    'localAuthority(code: "891") { neighbours(kind: STATISTICAL, edition: $text) { rank } }',
  'LocalAuthority.neighboursNote(edition:)':
    'localAuthority(code: "891") { neighboursNote(kind: GEOGRAPHIC, edition: $text) }',
  'LocalAuthority.neighbours(codes:)':
    'localAuthority(code: "891") { neighbours(kind: CUSTOM, codes: [$text]) { rank } }',
  'LocalAuthority.neighboursNote(codes:)':
    'localAuthority(code: "891") { neighboursNote(kind: CUSTOM, codes: [$text]) }',
  'LocalAuthority.comparison(indicator:)':
    'localAuthority(code: "891") { comparison(indicator: $text) { value } }',
  'LocalAuthority.comparison(period:)':
    'localAuthority(code: "891") { comparison(indicator: "headcount", period: $text) { value } }',
  'LocalAuthority.comparison(edition:)':
    'localAuthority(code: "891") { comparison(indicator: "headcount", edition: $text) { value } }',
  'LocalAuthority.comparison(codes:)':
    'localAuthority(code: "891") { comparison(indicator: "headcount", against: CUSTOM, codes: [$text]) { value } }',
  'LocalAuthority.comparison(breakdown:)':
    'localAuthority(code: "891") { comparison(indicator: "headcount", breakdown: $text) { value } }',
  'LocalAuthority.neighbourRobustness(indicator:)':
    'localAuthority(code: "891") { neighbourRobustness(indicator: $text) { value } }',
  'LocalAuthority.neighbourRobustness(period:)':
    'localAuthority(code: "891") { neighbourRobustness(indicator: "headcount", period: $text) { value } }',
  'LocalAuthority.neighbourRobustness(breakdown:)':
    'localAuthority(code: "891") { neighbourRobustness(indicator: "headcount", breakdown: $text) { value } }',
  'Query.schools(after:)': 'schools(after: $text) { totalCount }',
  'Query.region(code:)': 'region(code: $text) { name }',
  'Query.localAuthority(code:)': 'localAuthority(code: $text) { name }',
  'Query.localAuthorities(after:)': 'localAuthorities(after: $text) { totalCount }',
  'Query.localAuthorities(codes:)': 'localAuthorities(codes: [$text]) { totalCount }',
  'Query.localAuthorities(region:)': 'localAuthorities(region: $text) { totalCount nodes { name } }',
  'Query.trust(uid:)': 'trust(uid: $text) { name }',
  'Query.trusts(after:)': 'trusts(after: $text) { totalCount }',
  'Query.trusts(uids:)': 'trusts(uids: [$text]) { totalCount nodes { name } }',
  'SchoolFilter.localAuthority': 'schools(filter: { localAuthority: [$text] }) { totalCount nodes { urn } }',
  'SchoolFilter.region': 'schools(filter: { region: [$text] }) { totalCount nodes { urn } }',
  'SchoolFilter.trust': 'schools(filter: { trust: [$text] }) { totalCount nodes { urn } }',
  'SchoolFilter.type': 'schools(filter: { type: [$text] }) { totalCount }',
  'SchoolFilter.religiousCharacter': 'schools(filter: { religiousCharacter: [$text] }) { totalCount }',
  'SchoolFilter.nameContains': 'schools(filter: { nameContains: $text }) { totalCount nodes { urn } }',
  'TrustFilter.nameContains': 'trusts(filter: { nameContains: $text }) { totalCount nodes { uid } }',
  'TrustFilter.localAuthority': 'trusts(filter: { localAuthority: [$text] }) { totalCount nodes { uid } }',
  'TrustFilter.region': 'trusts(filter: { region: [$text] }) { totalCount nodes { uid } }',
  'LocalAuthorityFilter.region': 'localAuthorities(filter: { region: [$text] }) { totalCount }',
  'LocalAuthorityFilter.nameContains': 'localAuthorities(filter: { nameContains: $text }) { totalCount }',
  'IndicatorRange.id': 'schools(filter: { indicator: { id: $text, over: 1 } }) { totalCount }',
  'IndicatorRange.period':
    'schools(filter: { indicator: { id: "headcount", period: $text } }) { totalCount }',
  'IndicatorRange.breakdown':
    'schools(filter: { indicator: { id: "headcount", breakdown: $text } }) { totalCount }',
  'IndicatorValue.id': 'schools(first: 1, orderBy: [{ indicator: { id: $text } }]) { nodes { urn } }',
  'IndicatorValue.period':
    'schools(first: 1, orderBy: [{ indicator: { id: "headcount", period: $text } }]) { nodes { urn } }',
  'IndicatorValue.breakdown':
    'schools(first: 1, orderBy: [{ indicator: { id: "headcount", breakdown: $text } }]) { nodes { urn } }',
  ...Object.fromEntries(
    Object.entries({
      'Query.schools': 'schools(ARGUMENTS)',
      'Query.trusts': 'trusts(ARGUMENTS)',
      'Query.localAuthorities': 'localAuthorities(ARGUMENTS)',
      'Region.schools': 'region(code: "E12000004") { schools(ARGUMENTS)',
      'Region.localAuthorities': 'region(code: "E12000004") { localAuthorities(ARGUMENTS)',
      'LocalAuthority.schools': 'localAuthority(code: "891") { schools(ARGUMENTS)',
      'England.localAuthorities': 'england { localAuthorities(ARGUMENTS)',
      'Trust.schools': 'trusts(first: 1) { nodes { schools(ARGUMENTS)',
    }).map(([list, field]) => [
      `${list}(before:)`,
      `${field.replace('ARGUMENTS', 'last: 3, before: $text')} { totalCount }${' }'.repeat(field.split('{').length - 1)}`,
    ]),
  ),
  'Query.search(text:)': 'search(text: $text) { score text result { __typename } }',
  'Query.schoolsNear(postcode:)': 'schoolsNear(postcode: $text) { locatedBy schools { totalCount } }',
  'SchoolsNear.schools(after:)':
    'schoolsNear(point: { latitude: 51.5, longitude: 0 }) { schools(after: $text) { totalCount } }',
  'SchoolsNear.schools(before:)':
    'schoolsNear(point: { latitude: 51.5, longitude: 0 }) { schools(last: 3, before: $text) { totalCount } }',
  'Place.indicator(id:)': 'england { indicator(id: $text) { latest { value } } }',
  'Place.indicator(breakdown:)':
    'england { indicator(id: "headcount", breakdown: $text) { latest { value } } }',
  'Place.indicators(ids:)': 'england { indicators(ids: [$text]) { latest { value } } }',
  'Place.indicators(periods:)':
    'england { indicators(ids: ["headcount"], periods: [$text]) { series { value } } }',
  'Place.indicators(breakdown:)':
    'england { indicators(ids: ["headcount"], breakdown: $text) { latest { value } } }',
  'PlaceIndicator.observation(period:)':
    'england { indicator(id: "headcount") { observation(period: $text) { value } } }',
  'DataStatus.schoolMatches(period:)': 'dataStatus { schoolMatches(period: $text) { schools } }',
  'DataStatus.unjoinedSchools(period:)': 'dataStatus { unjoinedSchools(period: $text) { laEstab } }',
  'Region.schools(after:)': 'region(code: "E12000004") { schools(after: $text) { totalCount } }',
  'Region.localAuthorities(after:)':
    'region(code: "E12000004") { localAuthorities(after: $text) { totalCount } }',
  'LocalAuthority.schools(after:)': 'localAuthority(code: "891") { schools(after: $text) { totalCount } }',
  'England.localAuthorities(after:)': 'england { localAuthorities(after: $text) { totalCount } }',
  'Query.changes(localAuthority:)': 'changes(localAuthority: $text) { tests }',
  'Query.changes(trust:)': 'changes(trust: $text) { tests unknown }',
  'Query.changes(codes:)': 'changes(codes: [$text]) { tests unknown }',
  'Query.changes(indicators:)': 'changes(codes: ["301"], indicators: [$text]) { tests }',
  'England.ehcPipeline(period:)': 'england { ehcPipeline(period: $text) { year } }',
  'Region.ehcPipeline(period:)': 'region(code: "E12000004") { ehcPipeline(period: $text) { year } }',
  'LocalAuthority.ehcPipeline(period:)':
    'localAuthority(code: "891") { ehcPipeline(period: $text) { year } }',
  'LocalAuthority.schoolPlaces(period:)':
    'localAuthority(code: "891") { schoolPlaces(period: $text) { year } }',
  'LocalAuthority.series(indicator:)':
    'localAuthority(code: "891") { series(indicator: $text, basis: CURRENT_BOUNDARY) { notes } }',
  'LocalAuthority.series(breakdown:)':
    'localAuthority(code: "891") { series(indicator: "headcount", basis: AS_PUBLISHED, breakdown: $text) { notes } }',
  'School.series(indicator:)':
    'schools(first: 1) { nodes { series(indicator: $text, lineage: ALONG_LINEAGE) { notes } } }',
  'School.series(breakdown:)':
    'schools(first: 1) { nodes { series(indicator: "headcount", lineage: ALONG_LINEAGE, breakdown: $text) { points { note } } } }',
  'Trust.schools(after:)': 'trusts(first: 1) { nodes { schools(after: $text) { totalCount } } }',
  'Trust.inclusion(period:)': 'trusts(first: 1) { nodes { inclusion(period: $text) { schools } } }',
  'Trust.inclusion(indicators:)': 'trusts(first: 1) { nodes { inclusion(indicators: [$text]) { schools } } }',
  'Query.aggregate(indicator:)': 'aggregate(indicator: $text, groupBy: [REGION]) { groupCount }',
  'Query.aggregate(period:)':
    'aggregate(indicator: "headcount", groupBy: [REGION], period: $text) { groupCount }',
  'Query.aggregate(breakdown:)':
    'aggregate(indicator: "headcount", groupBy: [REGION], breakdown: $text) { groupCount }',
  'Query.outliers(indicator:)': 'outliers(indicator: $text, level: SCHOOL) { judged }',
  ...Object.fromEntries(
    ['within', 'neighboursOf', 'period', 'breakdown'].map((argument) => [
      `Query.outliers(${argument}:)`,
      `outliers(indicator: "suspension-rate", level: SCHOOL, ${argument}: $text) { judged }`,
    ]),
  ),
  ...Object.fromEntries(
    Object.entries({
      England: 'england',
      Region: 'region(code: "E12000004")',
      LocalAuthority: 'localAuthority(code: "891")',
      Trust: 'trust(uid: "5143")',
    }).flatMap(([type, place]) =>
      Object.entries({
        'disparity(indicator:)': 'disparity(indicator: $text, group: "special", reference: "rest") { ratio }',
        'disparity(group:)':
          'disparity(indicator: "suspension-rate", group: $text, reference: "rest") { ratio }',
        'disparity(reference:)':
          'disparity(indicator: "suspension-rate", group: "special", reference: $text) { ratio }',
        'disparity(period:)':
          'disparity(indicator: "suspension-rate", group: "special", reference: "rest", period: $text) { ratio }',
        'disparities(indicator:)': 'disparities(indicator: $text, reference: "rest") { ratio }',
        'disparities(reference:)': 'disparities(indicator: "suspension-rate", reference: $text) { ratio }',
        'disparities(dimension:)':
          'disparities(indicator: "suspension-rate", reference: "rest", dimension: $text) { ratio }',
        'disparities(period:)':
          'disparities(indicator: "suspension-rate", reference: "rest", period: $text) { ratio }',
      }).map(([argument, field]) => [`${type}.${argument}`, `${place} { ${field} }`]),
    ),
  ),
};

const TEXTS = {
  'a quote and a command': "'; DROP TABLE school; --",
  'a command within the cast': "x'::text) OR true; DELETE FROM observation; --",
  'a double quote': 'x" OR "1"="1',
  'a backslash before a quote': "\\'; SELECT pg_sleep(3600); --",
  'a dollar quote': '$$; DROP SCHEMA schoolgraph CASCADE; $$',
  'a parameter': '$1 %s {0} #{1+1}',
  'a pattern': '%_[a-z]*',
  'a null byte': 'a\u0000b',
  'half of a letter': 'a\ud800b',
  'letters beyond the first plane': '🏫 École ﷽',
  'a number too long': '9'.repeat(400),
  'a very long text': 'x'.repeat(60_000),
  'control characters': '\u0001\u0007\u001b[31m\r\n',
  markup: '<script>alert(1)</script>',
};

let database: OwnDatabase;
let graph: RunningGraph;
let tables: Tables;
let before: unknown;

const contents = () =>
  tables.rows(`SELECT (SELECT count(*) FROM school) AS schools, (SELECT count(*) FROM observation) AS observations,
    (SELECT sum(values[1]) FROM observation) AS total, (SELECT count(*) FROM establishment_group) AS groups,
    (SELECT count(*) FROM pg_tables WHERE schemaname IN ('schoolgraph', 'public', 'tidy')) AS tables`);

beforeAll(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url);
  tables = await openTables(database.url);
  before = await contents();
});
afterAll(async () => {
  await graph.close();
  await tables.close();
  await database.drop();
});

it('every argument that takes text is tried here', async () => {
  const takesText = (type: GraphQLInputType) => ['String', 'ID'].includes(getNamedType(type).name);
  const found = new Set<string>();
  for (const type of Object.values((await buildGraph()).getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields()))
        if (takesText(field.type)) found.add(`${type.name}.${field.name}`);
    } else if (isObjectType(type) || isInterfaceType(type)) {
      // What the interface declares is tried there.
      const inherited =
        isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Place')
          ? ['indicator', 'indicators']
          : [];
      for (const field of Object.values(type.getFields())) {
        if (inherited.includes(field.name)) continue;
        for (const { name, type: of } of field.args)
          if (takesText(of)) found.add(`${type.name}.${field.name}(${name}:)`);
      }
    }
  }
  expect([...found].filter((name) => !(name in PLACES))).toEqual([]);
});

it.each(Object.entries(TEXTS))('%s', async (_what, text) => {
  for (const [place, field] of Object.entries(PLACES)) {
    const type =
      /\((id|ids|uid|uids|dataSet|indicator|indicators|trust):\)|\.indicator$|^Indicator\w+\.id$/.test(place)
        ? 'ID!'
        : 'String!';
    // Work, not time: others may have the processor meanwhile.
    const before = process.cpuUsage();
    const { data, errors } = await graph.ask(`query ($text: ${type}) { ${field} england { name } }`, {
      text,
    });
    expect(process.cpuUsage(before).user, place).toBeLessThan(5_000_000);
    for (const { message, extensions } of errors ?? []) {
      expect(['BAD_USER_INPUT', 'UNKNOWN_INDICATOR'], `${place}: ${message}`).toContain(extensions.code);
      expect(message, place).not.toMatch(
        /syntax error|relation|json_|pg_|SELECT|node_modules|\.ts:|encoding/,
      );
      expect(message.length, place).toBeLessThan(4_000);
    }
    if (!errors) expect(data, place).not.toBeNull();
  }
});

it('and the tables are as they were', async () => {
  expect(await contents()).toEqual(before);
  expect((await graph.ask('{ schools { totalCount } }')).data.schools.totalCount).toBeGreaterThan(1_000);
});
