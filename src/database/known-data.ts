/**
 * What is known of the data before a question: whether they are synthetic, which version they are, which indicators,
 * breakdowns, periods and editions there are, and places for the worked examples. All of it is of one snapshot and never changes.
 */
import { type CataloguedIndicator, INDICATORS, SAME_AS } from '../../jobs/catalogue.js';
import { TRUST_TYPES } from '../../jobs/datasets/shared/gias-code-lists.js';
import { isYearBefore } from '../../schema/observation/year-before.js';
import { Vocabulary } from '../../schema/search/vocabulary.js';
import {
  type Holders,
  type Known,
  type KnownBreakdown,
  type KnownPeriod,
  PERIOD_FACTS,
  type PeriodValues,
  type SchoolCodes,
  type Stored,
} from '../../schema/select/known.js';
import { Constant } from '../../schema/select/sql.js';
import type { ExamplePlaces } from '../graphiql/examples.js';
import { DataMemory } from './data-memory.js';

// biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the query's
export type Query = (text: string) => Promise<any[]>;

/** What is known of one version of the data. */
export class KnownData implements Known {
  version = -1;
  changedAt = new Date(0);
  synthetic = false;
  example: ExamplePlaces = { urn: 136205, trust: '5143', localAuthority: '891' };
  /** Those that are declared are known before anything is loaded. */
  indicators = INDICATORS;
  localAuthorities: Known['localAuthorities'] = new Map();
  regionOf: Known['regionOf'] = new Map();
  regions: Known['regions'] = new Map();
  trusts: Known['trusts'] = new Set();
  vocabulary = new Vocabulary(new Map(), 0);
  registered: Known['registered'] = { types: [], religiousCharacters: [] };
  private breakdownsOf = new Map<string, KnownBreakdown[]>();
  private periodsOf = new Map<string, KnownPeriod[]>();
  private periodValuesOf = new Map<string, PeriodValues>();
  private storedAt = new Map<string, Stored>();
  private schoolsKnownBy = new Map<string, SchoolCodes>();
  private ofRegions = new Map<string, Map<string, Set<number>>>();
  private inParts = new Map<string, number[]>();
  private holders = new Map<number, Holders>();
  private releasesOf = new Map<string, ReturnType<Known['releases']>>();
  private editionsOf = new Map<string, string[]>();

  constructor(readonly memory: DataMemory) {}

  breakdowns(dataSetId: string): KnownBreakdown[] {
    return this.breakdownsOf.get(dataSetId) ?? [];
  }

  stored(indicatorId: string): Stored | null {
    return this.storedAt.get(indicatorId) ?? null;
  }

  releases(dataSetId: string): ReturnType<Known['releases']> {
    return this.releasesOf.get(dataSetId) ?? { firstDay: null, lastDay: null, undated: 0 };
  }

  periods(dataSetId: string): KnownPeriod[] {
    return this.periodsOf.get(dataSetId) ?? [];
  }

  schoolCodes(dataSetId: string): SchoolCodes {
    return this.schoolsKnownBy.get(dataSetId) ?? { urn: true, laEstab: true };
  }

  schoolsInParts(dataSetId: string): number[] {
    return this.inParts.get(dataSetId) ?? [];
  }

  holdersOf(urn: number): Holders {
    return this.holders.get(urn) ?? { localAuthority: null, trusts: [] };
  }

  regionsPublished(dataSetId: string): ReadonlyMap<string, ReadonlySet<number>> {
    return this.ofRegions.get(dataSetId) ?? new Map();
  }

  periodValues(dataSetId: string): PeriodValues {
    return this.periodValuesOf.get(dataSetId) ?? NO_PERIODS;
  }

  neighbourEditions(kind: string): string[] {
    return this.editionsOf.get(kind) ?? [];
  }

  /** Reads it all. Every query must be answered from one snapshot. */
  static async read(query: Query, memory: DataMemory): Promise<KnownData> {
    const known = new KnownData(memory);
    const [{ version, synthetic, changedAt }] = await query(DATA_CHANGED);
    known.version = version;
    known.changedAt = changedAt;
    known.synthetic = synthetic;
    known.breakdownsOf = new Map((await query(BREAKDOWNS)).map(({ id, breakdowns }) => [id, breakdowns]));
    known.storedAt = storedOf(await query(STORED));
    known.periodsOf = new Map((await query(PERIODS)).map(({ id, periods }) => [id, periods]));
    known.periodValuesOf = new Map([...known.periodsOf].map(([id, periods]) => [id, valuesOf(periods)]));
    known.inParts = new Map((await query(SCHOOLS_IN_PARTS)).map(({ id, urns }) => [id, urns]));
    known.holders = new Map((await query(HOLDERS)).map(({ urn, ...holders }) => [urn, holders]));
    known.schoolsKnownBy = new Map((await query(SCHOOL_CODES)).map(({ id, ...by }) => [id, by]));
    known.releasesOf = new Map((await query(RELEASES)).map(({ id, ...days }) => [id, days]));
    const editions = await query(
      'SELECT kind, array_agg(edition ORDER BY edition DESC) AS editions FROM neighbour_edition GROUP BY kind',
    );
    known.editionsOf = new Map(editions.map(({ kind, editions: codes }) => [kind, codes]));
    const authorities = await query(LOCAL_AUTHORITIES);
    known.localAuthorities = new Map(authorities.map(({ named, code }) => [named, code]));
    known.regionOf = new Map(authorities.map(({ named, region }) => [named, region]));
    for (const { id, region, periods } of await query(REGIONS_PUBLISHED)) {
      known.ofRegions.set(id, (known.ofRegions.get(id) ?? new Map()).set(region, new Set(periods)));
    }
    known.regions = new Map((await query(REGIONS)).map(({ code, ...region }) => [code, region]));
    known.trusts = new Set((await query(TRUSTS)).map(({ uid }) => uid));
    const [{ names }] = await query('SELECT count(*)::int AS names FROM search_name');
    const words = await query('SELECT word, names FROM search_word');
    known.vocabulary = new Vocabulary(new Map(words.map((row) => [row.word, row.names])), names);
    [known.registered] = (await query(REGISTERED)) as [Known['registered']];
    const ofSeries: CataloguedIndicator[] = await query(SERIES_INDICATORS);
    known.indicators = new Map([
      ...INDICATORS,
      ...ofSeries.map(
        (indicator) => [indicator.id, { ...indicator, breaks: breaksOf(indicator.id) }] as const,
      ),
    ]);
    const [example] = await query(EXAMPLE_SCHOOL);
    known.example = example ?? known.example;
    return known;
  }
}

/** The version as float8, which pg reads as a number: versions are small. */
const DATA_CHANGED = 'SELECT version::float8, synthetic, changed_at AS "changedAt" FROM data_version';

const valuesOf = (periods: KnownPeriod[]): PeriodValues =>
  Object.fromEntries(
    PERIOD_FACTS.map((fact) => [fact, new Constant(periods.map((period) => period[fact]))]),
  ) as PeriodValues;
const NO_PERIODS = valuesOf([]);

/**
 * Where indicators are, as the database tells it: what the symbols of a column mean is JSON. Columns of a file nearly always share
 * their symbols, and what is equal is one parameter of a statement, which Postgres reads once.
 */
function storedOf(rows: Awaited<ReturnType<Query>>): Map<string, Stored> {
  const constants = new Map<string, Constant>();
  const constant = (meaning: string) => {
    const known = constants.get(meaning) ?? new Constant(meaning);
    constants.set(meaning, known);
    return known;
  };
  return new Map(
    rows.map(({ id, meanings, ...where }) => {
      const shared = Object.entries(meanings as Record<string, string>).map(
        ([position, meaning]) => [position, constant(meaning)] as const,
      );
      return [id, { ...where, meanings: Object.fromEntries(shared) }];
    }),
  );
}

/** What is measured in another publication too, under a declaration, is comparable where it is there. */
const breaksOf = (id: string) =>
  (SAME_AS.get(id) ?? []).flatMap((same) => INDICATORS.get(same)?.breaks ?? []);

const STORED = `
  WITH meaning AS MATERIALIZED (
    SELECT data_set_number, position, json_object_agg(edition, symbols ORDER BY edition)::text AS meanings FROM (
      SELECT data_set_number, position, edition,
        json_object_agg(symbol, json_build_object('status', status, 'lower', lower, 'upper', upper) ORDER BY symbol) AS symbols
      FROM symbol GROUP BY 1, 2, 3) e
    GROUP BY 1, 2)
  SELECT id, data_set_number AS "dataSetNumber", position, numerator_position AS numerator,
    denominator_position AS denominator, multiplier, series_measure AS "seriesMeasure",
    (SELECT coalesce(json_object_agg(m.position, m.meanings), '{}') FROM meaning m WHERE m.data_set_number = i.data_set_number
      AND m.position IN (i.position, i.numerator_position, i.denominator_position)) AS meanings
  FROM indicator i`;

const BREAKDOWNS = `
  SELECT d.id, json_agg(json_build_object('id', b.id, 'code', b.code, 'label', b.label, 'filters', b.filters, 'isSchoolPart', b.school_part) ORDER BY b.code) AS breakdowns
  FROM data_set d JOIN breakdown b ON b.data_set_number = d.number GROUP BY d.id`;

const PERIODS = `
  SELECT d.id, json_agg(json_build_object('id', dp.period_id, 'code', dp.code, 'label', dp.label, 'identifier', dp.identifier,
    'kind', p.kind, 'startsOn', p.starts_on, 'endsOn', p.ends_on, 'censusOn', p.census_on, 'yearBefore', b.id,
    'covered', (SELECT coalesce(json_agg(json_build_object('level', c.level, 'release', c.release_id)), '[]') FROM coverage c
      WHERE c.data_set_number = d.number AND c.period_id = dp.period_id)) ORDER BY p.starts_on) AS periods
  FROM data_set d JOIN data_set_period dp ON dp.data_set_number = d.number JOIN period p ON p.id = dp.period_id
  LEFT JOIN period b ON ${isYearBefore('b', 'p')} GROUP BY d.id`;

const SCHOOLS_IN_PARTS = `
  SELECT d.id, array_agg(p.urn ORDER BY p.urn) AS urns FROM data_set d JOIN school_in_parts p ON p.data_set_number = d.number GROUP BY d.id`;

const HOLDERS = `
  SELECT p.urn, s.la_code AS "localAuthority",
    ARRAY(SELECT m.group_uid FROM group_membership m WHERE m.urn = p.urn AND m.to_release IS NULL) AS trusts
  FROM (SELECT DISTINCT urn FROM school_in_parts) p LEFT JOIN school s ON s.urn = p.urn AND s.to_release IS NULL`;

const SCHOOL_CODES = `
  SELECT d.id, bool_or(m.route = 'PUBLISHED_URN') AS urn, bool_or(m.route NOT IN ('PUBLISHED_URN', 'UNJOINED')) AS "laEstab"
  FROM data_set d JOIN school_match m ON m.data_set_number = d.number GROUP BY d.id`;

const RELEASES = `
  SELECT d.id, min(r.published_on)::text AS "firstDay", max(r.published_on)::text AS "lastDay", count(*) FILTER (WHERE r.published_on IS NULL)::int AS undated
  FROM data_set d JOIN release r ON r.data_set_number = d.number GROUP BY d.id`;

const LOCAL_AUTHORITIES = `
  SELECT code AS named, code, region_code AS region FROM local_authority
  UNION SELECT c.gss_code, c.code, a.region_code FROM local_authority_code c JOIN local_authority a USING (code) WHERE c.to_release IS NULL`;

const REGIONS = 'SELECT code, name, parent_code IS NOT NULL AS "isPart" FROM region ORDER BY name';

const REGIONS_PUBLISHED = `
  SELECT d.id, p.code AS region, array_agg(DISTINCT o.period_id) AS periods FROM place p
  JOIN observation o ON o.place_id = p.id AND o.breakdown_id = 0 AND o.to_release IS NULL
  JOIN data_set d ON d.number = o.data_set_number
  WHERE p.level = 'REGIONAL' GROUP BY d.id, p.code`;

/** Links and groups are published apart: either may have a trust that the other lacks. */
const TRUSTS = `
  WITH trust_type AS (SELECT unnest('{${TRUST_TYPES.map(({ code }) => code).join(',')}}'::text[]) AS code)
  SELECT uid FROM establishment_group WHERE type_code IN (SELECT code FROM trust_type)
  UNION SELECT group_uid FROM group_membership WHERE group_type_code IN (SELECT code FROM trust_type)`;

const REGISTERED = `
  SELECT (SELECT coalesce(json_agg(json_build_object('code', code, 'name', name) ORDER BY code), '[]') FROM (
      SELECT type_code AS code, min(type_name) AS name FROM school WHERE type_code IS NOT NULL GROUP BY 1) t) AS types,
    (SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM (
      SELECT DISTINCT religious_character AS name FROM school WHERE religious_character IS NOT NULL) r) AS "religiousCharacters"`;

/** Indicators of dictionaries, each with its own periods: a series has other years than its neighbour. */
const SERIES_INDICATORS = `
  SELECT i.id, i.name, i.description, i.topics, i.topics[1] AS topic, i.unit, i.unit_label AS "unitLabel", i.decimals,
    i.polarity, i.methodology, i.links, i.data_owner AS "dataOwner", i.last_update_on::text AS "lastUpdate",
    i.last_update_note AS "lastUpdateNote", i.next_update_on::text AS "nextUpdate", i.next_update_note AS "nextUpdateNote",
    i.timing, i.has_quartile_bands AS "hasQuartileBands", false AS additive, false AS "inEveryEdition", json_build_object('id', d.id) AS "dataSet",
    json_build_object('periods', coalesce(p.periods, '[]')) AS series
  FROM indicator i
  JOIN data_set d ON d.number = i.data_set_number
  LEFT JOIN (
    SELECT sp.measure, json_agg(json_build_object('code', sp.code, 'label', sp.label) ORDER BY pe.starts_on) AS periods
    FROM series_period sp JOIN period pe ON pe.id = sp.period_id WHERE sp.to_release IS NULL GROUP BY sp.measure
  ) p ON p.measure = i.series_measure
  WHERE i.position IS NULL
  ORDER BY i.topics[1] COLLATE "C", i.name COLLATE "C"`;

/** A secondary school of a trust of middling size: the examples should have something to show. */
const EXAMPLE_SCHOOL = `
  SELECT m.urn, m.group_uid AS trust, a.code AS "localAuthority" FROM group_membership m
  JOIN school s ON s.urn = m.urn AND s.to_release IS NULL AND s.phase = 'SECONDARY' AND s.status = 'OPEN'
  JOIN local_authority a ON a.code = s.la_code AND a.closed_on IS NULL
  WHERE m.to_release IS NULL AND m.group_uid = (
    SELECT group_uid FROM group_membership WHERE to_release IS NULL AND group_type_code = '06'
    GROUP BY group_uid HAVING count(*) BETWEEN 8 AND 40 ORDER BY count(*) DESC, group_uid LIMIT 1)
  ORDER BY s.opened_on NULLS LAST, m.urn LIMIT 1`;
