/**
 * Search: places, indicators and data sets by a name, an old name or a code, typing errors forgiven. Names are matched in SQL
 * by their words, codes exactly; the catalogue, which the server knows, is matched beside the statement and goes into it.
 */
import {
  Args,
  ArgsType,
  createUnionType,
  Field,
  Float,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { wordsOf } from '../../jobs/search-words.js';
import { DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refused, refuseOutside } from '../../src/refused.js';
import type { Context } from '../context.js';
import { DataSet } from '../data-set/data-set.js';
import { Indicator } from '../indicator/indicator.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Region } from '../region/region.js';
import { School } from '../school/school.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { refuseLongText } from '../select/conditions.js';
import { CompletedBy, joinsOf, rowOf, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { TYPE_KEY } from '../select/type-name.js';
import { Trust } from '../trust/trust.js';
import { authorityIn } from './authority-name.js';
import { Catalogue, OF_OTHER_WORDS } from './catalogue.js';
import { hitsByCode, unlabelled } from './codes.js';
import { KINDS, SearchField, SearchKind, type SearchKindName } from './kinds.js';
import { likenessOf, wantedOf } from './likeness.js';

const SHORTEST_TEXT = 3;

const SearchResult = createUnionType({
  name: 'SearchResult',
  description: 'What a search finds.',
  types: () => [Region, LocalAuthority, Trust, School, Indicator, DataSet] as const,
  resolveType: (found) =>
    (found as unknown as Record<string, string>)[TYPE_KEY] ??
    (found instanceof DataSet ? 'DataSet' : 'Indicator'),
});

/** What a hit of a kind is read from. */
interface Found {
  type: string;
  /** Its table and key; none where the server knows it. */
  read: { table: string; key: string; keyType: string; isValid: (row: Sql, select: Select) => Sql } | null;
}

const always = () => sql`true`;
const FOUND: Record<SearchKindName, Found> = {
  REGION: { type: 'Region', read: { table: 'region', key: 'code', keyType: 'text', isValid: always } },
  LOCAL_AUTHORITY: {
    type: 'LocalAuthority',
    read: { table: 'local_authority', key: 'code', keyType: 'text', isValid: always },
  },
  TRUST: {
    type: 'Trust',
    read: {
      table: 'establishment_group',
      key: 'uid',
      keyType: 'text',
      isValid: (row, select) => select.valid(row),
    },
  },
  SCHOOL: {
    type: 'School',
    read: { table: 'school', key: 'urn', keyType: 'int', isValid: (row, select) => select.valid(row) },
  },
  INDICATOR: { type: 'Indicator', read: null },
  DATA_SET: { type: 'DataSet', read: null },
};

/** Under which a found indicator or data set tells its id. */
const ID_KEY = '#id';

interface HitRow {
  row: TableRow;
  kinds: ReadonlySet<SearchKindName>;
}

/** An indicator or a data set is told by its id, and completed from what the server knows. */
function completed(found: unknown, { known, loaders }: Context): unknown {
  const { [TYPE_KEY]: type, [ID_KEY]: id } = found as Record<string, string>;
  if (id === undefined) return found;
  return type === 'Indicator' ? known.indicators.get(id) : loaders.dataSet.load(id);
}

/** What a hit is, read beside its row: of each kind that there can be only where the hit is of it. */
function resultOf({ row, kinds }: HitRow, select: Select): Sql {
  const cases = [...kinds].map((kind) => {
    const { type, read } = FOUND[kind];
    const below = select.as(select.typeNamed(type));
    if (!read) {
      const object = below.object(row);
      const isTold = below.children.some(({ name }) => name !== '__typename');
      const told = sql`json_build_object(${TYPE_KEY}::text, ${type}::text, ${ID_KEY}::text, ${row.alias}.key)`;
      return sql`WHEN ${kind} THEN ${isTold ? told : object}`;
    }
    const own = rowOf(select.alias('t'));
    const object = below.object(own);
    const found = select.alias('t');
    // Looked up one by one, hits being few.
    row.joins.push(sql`LEFT JOIN LATERAL (SELECT * FROM ${raw(read.table)} ${found}
      WHERE ${row.alias}.kind = ${kind} AND ${found}.${raw(read.key)} = (CASE WHEN ${row.alias}.kind = ${kind} THEN ${row.alias}.key END)::${raw(read.keyType)}
        AND ${read.isValid(found, select)} LIMIT 1) ${own.alias} ON true ${joinsOf(own)}`);
    return sql`WHEN ${kind} THEN ${object}`;
  });
  return cases.length > 0 ? sql`CASE ${row.alias}.kind ${join(cases, ' ')} END` : sql`NULL::json`;
}

@ObjectType({ description: 'Something that a search found, and why.' })
export class SearchHit {
  @Field(() => Float, {
    description:
      'How like it is, from 0 to 1: 1 for the very name or code. Of a name, how much of the searched words it has, and a quarter less the more it has besides.',
  })
  @SqlField(({ row }: HitRow) => sql`${row.alias}.score`)
  score!: number;

  @Field(() => SearchField, { description: 'What of it matched.' })
  @SqlField(({ row }: HitRow) => sql`${row.alias}.field`)
  matched!: string;

  @Field(() => String, { description: 'The text that matched: the name, old name or code as registered.' })
  @SqlField(({ row }: HitRow) => sql`${row.alias}.text`)
  text!: string;

  @Field(() => SearchResult, { description: 'What was found.' })
  @CompletedBy(completed)
  @SqlField((row: HitRow, _args, select) => resultOf(row, select))
  result!: typeof SearchResult;
}

@ArgsType()
class SearchArgs {
  @Field(() => String, {
    description: `A name or an old name of today’s or of a closed school, trust, local authority, region, indicator or data set, or a part of it, of ${SHORTEST_TEXT} letters or more; or a URN, LAESTAB, UKPRN, UID, company number, GSS code, postcode or a part of one, with or without its label: URN 136205.`,
  })
  text!: string;

  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many at most: up to ${MAXIMUM_PAGE_SIZE}.`,
  })
  first!: number;

  @Field(() => [SearchKind], { nullable: true, description: 'Of these kinds. Left out: of all.' })
  kinds?: SearchKindName[];
}

@Resolver(() => SearchHit)
export class Searches {
  @WorkOf(1_000)
  @Query(() => [SearchHit], {
    nullable: true,
    description:
      'What is called like a text or has it for a code, the likest first; those alike stand by whether they exist today, then by kind, name and code. Typing errors are forgiven: one letter in a word of four, two in one of eight. An empty list where nothing is like it. docs/finding.md',
  })
  @SqlField((_row, { text, first, kinds: asked }: SearchArgs, select) => {
    refuseOutside('first', first, 0, MAXIMUM_PAGE_SIZE);
    const kinds = new Set(asked ?? (Object.keys(KINDS) as SearchKindName[]));
    const hit = rowOf(select.alias('h'));
    const entry = select.forEach(first).object({ row: hit, kinds } satisfies HitRow);
    const order = (row: Sql) =>
      sql`${row}.score DESC, ${row}.stands DESC, array_position(${Object.keys(KINDS)}::text[], ${row}.kind), ${row}.name, ${row}.key`;
    const one = select.alias('o');
    // What is found in several ways is found in the best.
    const listed = sql`FROM (SELECT * FROM (
        SELECT DISTINCT ON (a.kind, a.key) a.* FROM (${join(hitsOf(text, first, kinds, select), ' UNION ALL ')}) a
        ORDER BY a.kind, a.key, a.score DESC, a.field, a.text
      ) ${one} ORDER BY ${order(one)} LIMIT ${first}) ${hit.alias} ${joinsOf(hit)}`;
    const inOrder = sql`ORDER BY ${order(hit.alias)}`;
    if (select.isTaken) return select.take(entry, sql`${listed} ${inOrder}`);
    return sql`(SELECT coalesce(json_agg(${entry} ${inOrder}), '[]') ${listed})`;
  })
  search(@Args(() => SearchArgs) _args: SearchArgs): SearchHit[] {
    return answeredBySql();
  }
}

/** Sums of fits come out as 1.0000000000000002. */
const rounded = (score: Sql): Sql => sql`round((${score})::numeric, 6)::float8`;

/** Names of one thing stand near each other in the order: of so many more than are asked for, enough are of different things. */
const NAMES_FOR_EACH = 4;

/** Queries of hits: kind, key, field, text, stands, score, name. */
function hitsOf(text: string, first: number, kinds: ReadonlySet<SearchKindName>, select: Select): Sql[] {
  refuseLongText('text', text);
  const code = unlabelled(text);
  const byCode = hitsByCode(code ?? text, kinds, first);
  // Numbers alone are a code, and no name; and so is what is said to be one.
  if (byCode.length > 0 && (code !== null || !/\p{L}/u.test(text))) return byCode;
  const words = wordsOf(text);
  if (text.replace(/[^\p{L}\p{N}]/gu, '').length < SHORTEST_TEXT || words.length === 0) {
    if (byCode.length > 0) return byCode;
    throw refused(
      'text',
      `${SHORTEST_TEXT} letters or more, or a code such as a URN or the first part of a postcode`,
    );
  }
  const { known } = select;
  const ofCatalogue = Catalogue.of(known.indicators)
    .find(text)
    .filter(({ kind }) => kinds.has(kind))
    .slice(0, first);
  const byName = (wanted: readonly string[], of: readonly SearchKindName[], worth: number) => {
    const [name, fit] = [select.alias('n'), select.alias('f')];
    const { likeness, from } = likenessOf(wantedOf(wanted, known.vocabulary), raw('search_name'), name, fit);
    return sql`(SELECT ${name}.kind, ${name}.key, ${name}.field, ${name}.name AS text, ${name}.stands,
      ${rounded(sql`${likeness} * CASE ${name}.field WHEN 'NAME' THEN 1 WHEN 'PREVIOUS_NAME' THEN 0.95 ELSE 0.9 END * ${worth}::float8`)} AS score, ${name}.name
    ${from} AND ${name}.kind = ANY(${[...of]}::text[])
    ORDER BY score DESC, ${name}.stands DESC, ${name}.name, ${name}.key LIMIT ${first * NAMES_FOR_EACH})`;
  };
  const [respaced, authority] = [known.vocabulary.respaced(words), authorityIn(text)];
  const ofAuthority = kinds.has('LOCAL_AUTHORITY') && authority ? wordsOf(authority) : [];
  return [
    ...byCode,
    byName(words, [...kinds], 1),
    ...(respaced ? [byName(respaced, [...kinds], OF_OTHER_WORDS)] : []),
    ...(ofAuthority.length > 0 ? [byName(ofAuthority, ['LOCAL_AUTHORITY'], OF_OTHER_WORDS)] : []),
    sql`SELECT * FROM unnest(${ofCatalogue.map(({ kind }) => kind)}::text[], ${ofCatalogue.map(({ id }) => id)}::text[],
      ${ofCatalogue.map(({ field }) => field)}::text[], ${ofCatalogue.map((one) => one.text)}::text[],
      ${ofCatalogue.map(() => true)}::boolean[], ${ofCatalogue.map(({ score }) => score)}::float8[], ${ofCatalogue.map((one) => one.name)}::text[])`,
  ];
}
