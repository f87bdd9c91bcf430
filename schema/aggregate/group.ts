/**
 * A group of an aggregate: what its schools have in common, their figure, how many went into it, and the rows behind it. All of
 * it is read from one row for each group (grouped), with a column for each thing that is asked.
 */
import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refused, refuseOutside } from '../../src/refused.js';
import { reorganisedNote } from '../composition/reorganised-note.js';
import { Observation, type ObservationRow } from '../observation/observation.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Columns } from '../select/columns.js';
import { SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { empty, join, raw, type Sql, sql } from '../select/sql.js';
import type { SchoolFigures } from './school-figures.js';
import { type KeyName, SCHOOL_KEYS, SchoolKey } from './school-keys.js';

/** What a group is read from. */
interface GroupRow {
  figures: SchoolFigures;
  aggregates: Columns;
  /** Of the group: its codes, '' for what is not known. */
  keys: KeyRow[];
}

interface KeyRow {
  by: KeyName;
  code: Sql;
  /** The census day of the period. */
  day: Sql;
}

@ObjectType({ description: 'What the schools of a group have in common.' })
export class AggregateKey {
  @Field(() => SchoolKey, { description: 'By what they are grouped.' })
  @SqlField(({ by }: KeyRow) => raw(`'${by}'`))
  by!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its code: see SchoolKey. Null for the schools of which it is not known.',
  })
  @SqlField(({ code }: KeyRow) => sql`nullif(${code}, '')`)
  code!: string | null;

  @Field(() => String, { description: 'For a person; “Not known” where it is not.' })
  @SqlField(
    ({ by, code }: KeyRow, _args, select) =>
      sql`CASE WHEN ${code} = '' THEN 'Not known' ELSE coalesce(${SCHOOL_KEYS[by].name(code, select)}, ${code}) END`,
  )
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a local authority that ended in a reorganisation, or began with one after the census day of the period: why the schools under its code are not those that were there. Null otherwise.',
  })
  @SqlField(({ by, code, day }: KeyRow, _args, select) =>
    by === 'LOCAL_AUTHORITY' ? reorganisedNote(code, day, select) : sql`NULL::text`,
  )
  note!: string | null;
}

interface SchoolRow {
  figures: SchoolFigures;
  observation: ObservationRow;
}

@ObjectType({ description: 'A row of the file that stands behind a group.' })
export class AggregatedRow {
  @Field(() => Int, { description: 'URN of the school that the row is of.' })
  @SqlField(({ figures }: SchoolRow) => figures.urn)
  urn!: number;

  @Field(() => String, { description: 'Its name as registered.' })
  @SqlField(({ figures }: SchoolRow) => figures.registeredName())
  name!: string;

  @Field(() => Boolean, {
    description:
      'Whether it is in the sum, as a number or as bounds. False for a cell that is not available or not applicable: it says nothing.',
  })
  @SqlField(({ figures }: SchoolRow) => figures.terms.takesPart)
  isUsed!: boolean;

  @Field(() => Observation, { description: 'The figure as published.' })
  @SqlField(({ observation }: SchoolRow, _args, select) => select.object(observation))
  observation!: Observation;
}

const ROWS =
  'The rows behind the figure, those that count most first; of a school that is published in parts, each part.';

@ObjectType({ description: 'Schools that have something in common, and their figure.' })
export class AggregateGroup {
  @Field(() => [AggregateKey], {
    description: 'What they have in common, in the order of groupBy; of the whole, nothing.',
  })
  @SqlField(
    ({ keys }: GroupRow, _args, select) =>
      sql`json_build_array(${join(keys.map((key) => select.object(key satisfies KeyRow)))})`,
  )
  keys!: AggregateKey[];

  @Field(() => AggregateKey, {
    nullable: true,
    description:
      'One of keys: region: key(by: REGION) { code name }. In a table its code and name are columns, where keys would be rows. Null of the whole.',
  })
  @SqlField(({ figures, keys }: GroupRow, { by }: { by: KeyName }, select) => {
    const key = keys.find((one) => one.by === by);
    if (key) return select.object(key satisfies KeyRow);
    if (figures.keys.some((one) => one.by === by)) return sql`NULL::json`;
    throw refused('by', `it is not in groupBy, which has: ${figures.keys.map((one) => one.by).join(', ')}`);
  })
  key(@Arg('by', () => SchoolKey, { description: 'One of groupBy.' }) _by: string): AggregateKey | null {
    return answeredBySql();
  }

  @Field(() => Observation, {
    description:
      'The sum of the schools’ counts, or of their numerators over that of their denominators. Where a number is withheld it has no value, but lower and upper; NOT_AVAILABLE where no school has a number.',
  })
  @SqlField(({ figures, aggregates }: GroupRow, _args, select) =>
    select.object(figures.pooled(aggregates, schoolsOf({ figures, aggregates }))),
  )
  observation!: Observation;

  @Field(() => Int, {
    description:
      'Schools of the filter with these keys: schoolsWithFigures, schoolsNotAvailable and schoolsWithoutRow together.',
  })
  @SqlField((row: GroupRow) => schoolsOf(row))
  schools!: number;

  @Field(() => Int, { description: 'Those whose numbers are in the figure, withheld ones among them.' })
  @SqlField((row: GroupRow) => withFigures(row))
  schoolsWithFigures!: number;

  @Field(() => Int, {
    description:
      'Of schoolsWithFigures, those of which a number is withheld: for them the figure has bounds.',
  })
  @SqlField(({ figures, aggregates }: GroupRow) =>
    aggregates.of('withheld', () =>
      figures.schoolsThat(sql`(${figures.terms.takesPart} AND NOT (${figures.terms.isKnown}))`),
    ),
  )
  schoolsWithheld!: number;

  @Field(() => Int, {
    description:
      'Those that have a row without a number: not available or not applicable. Not in the figure.',
  })
  @SqlField((row: GroupRow) => sql`${schoolsOf(row)} - ${withoutRow(row)} - ${withFigures(row)}`)
  schoolsNotAvailable!: number;

  @Field(() => Int, {
    description:
      'Those of which the period has no row: closed by then or not yet open, of a kind that the file leaves out, or published under a number that cannot be matched (see unmatched).',
  })
  @SqlField((row: GroupRow) => withoutRow(row))
  schoolsWithoutRow!: number;

  @Field(() => Int, {
    description:
      'Of schoolsWithoutRow, those that were open on the census day of the period, by the days of the register.',
  })
  @SqlField(({ figures, aggregates }: GroupRow) =>
    aggregates.of(
      'open_without_row',
      () => sql`(count(*) FILTER (WHERE NOT (${figures.hasRow}) AND ${figures.wasOpen()}))::int`,
    ),
  )
  openWithoutRow!: number;

  @Field(() => [AggregatedRow], { description: ROWS })
  @SqlField(({ figures, aggregates }: GroupRow, { first }: { first: number }, select) => {
    refuseOutside('first', first, 0, MAXIMUM_PAGE_SIZE);
    const entry = select
      .forEach(first)
      .object({ figures, observation: figures.asPublished() } satisfies SchoolRow);
    const { row } = figures;
    return aggregates.of(
      `explained_${aggregates.size + 1}`,
      () =>
        sql`coalesce(json_agg(${entry} ORDER BY ${row}.in_turn) FILTER (WHERE ${row}.in_turn <= ${first}::int AND ${figures.hasRow}), '[]')`,
    );
  })
  explain(
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_PAGE_SIZE,
      description: `How many at most: up to ${MAXIMUM_PAGE_SIZE}.`,
    })
    _first: number,
  ): AggregatedRow[] {
    return answeredBySql();
  }
}

const schoolsOf = ({ figures, aggregates }: Pick<GroupRow, 'figures' | 'aggregates'>): Sql =>
  aggregates.of('schools', () => figures.schools);
const withoutRow = ({ figures, aggregates }: GroupRow): Sql =>
  aggregates.of('without_row', () => figures.withoutRow);
const withFigures = ({ figures, aggregates }: GroupRow): Sql =>
  aggregates.of('with_figures', () => figures.schoolsThat(figures.terms.takesPart));

/** The groups of some keys: what to select for each, and from what. */
export function grouped(figures: SchoolFigures, keys: SchoolFigures['keys'], select: Select) {
  const aggregates = new Columns(select.alias('g'));
  const { alias } = aggregates;
  const day = sql`${figures.wanted.period.censusOn}::date`;
  const codes = keys.map((_, at) => sql`${alias}.${raw(`key_${at + 1}`)}`);
  const entry = select.object({
    figures,
    aggregates,
    keys: keys.map(({ by }, at) => ({ by, code: codes[at]!, day })),
  } satisfies GroupRow);
  const by = join(keys.map(({ column }) => column));
  const { counted, base } = figures.terms;
  const isExplained = select.children.some(({ name }) => name === 'explain');
  const turn = sql`row_number() OVER (${keys.length > 0 ? sql`PARTITION BY ${by}` : empty}
    ORDER BY ${counted('value')} DESC NULLS LAST, ${base ? sql`${base} DESC NULLS LAST,` : empty} NOT (${figures.hasRow}), ${figures.urn})`;
  const rows = () =>
    isExplained
      ? sql`(SELECT ${figures.row}.*, ${turn} AS in_turn FROM ${figures.from}) ${figures.row}`
      : figures.from;
  const inOrder = (code: Sql[]) => join(code.map((one) => sql`${one} = '', ${one}`));
  return {
    entry,
    alias,
    order: inOrder(codes),
    /** A row for each group. */
    from: (
      page: Sql,
    ) => sql`(SELECT ${join([...keys.map(({ column }) => column), aggregates.size === 0 ? sql`count(*) AS rows` : aggregates.list((one) => one)])}
      FROM ${rows()}
      ${keys.length === 0 ? empty : sql`GROUP BY ${by} ORDER BY ${inOrder(keys.map(({ column }) => column))}`} ${page}) ${alias}`,
  };
}
