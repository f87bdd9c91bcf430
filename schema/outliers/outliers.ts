/**
 * Outliers: the places of a level whose rate lies further from that of all than chance, and what usually scatters beyond
 * chance, would take it. What is too small, withheld or not there is counted and not judged. docs/methods/outliers.md
 */
import { Arg, Field, Float, Int, ObjectType } from 'type-graphql';
import { MAXIMUM_JUDGED } from '../../src/limits.js';
import { refuseOutside } from '../../src/refused.js';
import { ageInYears } from '../coverage/age.js';
import { describedEnum } from '../enum-of.js';
import { Period } from '../observation/observation.js';
import { LeftOut, leftOut } from '../place/left-out.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { joinsOf, Moves, rowOf, SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { MINIMUM_EXPECTED } from '../statistics/funnel.js';
import { OUTLIER_LEVELS } from './levels.js';
import { Outlier, type OutlierRow, type OutliersRow } from './outlier.js';

export const OutliersOnly = describedEnum('OutliersOnly', 'Which of the places that are judged.', {
  ALL: { description: 'All of them: the points of a funnel plot.' },
  FLAGGED: { description: 'Those outside the limits of 95 per cent.' },
});

const DEFAULT_ENTRIES = 200;
const counted = (of: (row: OutliersRow) => Sql) =>
  SqlField((row: OutliersRow) => sql`(SELECT count(*)::int ${of(row)})`);
const target = (rate: (tables: OutliersRow['tables']) => Sql) =>
  SqlField(
    ({ rate: { per }, tables }: OutliersRow) => sql`(SELECT ${raw(`${per}::float8`)} * ${rate(tables)})`,
  );

@ObjectType({
  description:
    'The places of a level beside funnel limits that allow for what scatters beyond chance (Spiegelhalter; Care Quality Commission): docs/methods/outliers.md',
})
export class Outliers {
  @Field(() => Period, { description: 'The period that is judged.' })
  @SqlField(({ period }: OutliersRow, _args, select) => select.object(period))
  period!: Period;

  @Moves()
  @Field(() => Float, { description: 'Years, in tenths, since the period ended; 0 where it has not.' })
  @SqlField(({ period }: OutliersRow) => ageInYears(period.period('ends_on')))
  ageInYears!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'The rate that places are held against: the sum of known counts over the sum of their bases, in the unit of the indicator. Null where none is known.',
  })
  @target(({ targets }) => sql`theta FROM ${targets} WHERE n = 0`)
  target!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the target would be with the places whose count is withheld, each at its least. Null where none is withheld, or nothing is known of one.',
  })
  @target(({ bounds }) => sql`lower FROM ${bounds}`)
  targetLower!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What the target would be with the places whose count is withheld, each at its most.',
  })
  @target(({ bounds }) => sql`upper FROM ${bounds}`)
  targetUpper!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Overdispersion: the mean of the squares of the z-scores, winsorised at 10 per cent. 1 is what chance alone makes; above it limits are widened. Null where no place is judged.',
  })
  @SqlField(({ tables }: OutliersRow) => sql`(SELECT phi::float8 FROM ${tables.scatter} WHERE g = 0)`)
  phi!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The variance between places beyond chance (τ², DerSimonian and Laird), on the scale of the z-scores; 0 where there is none to be seen.',
  })
  @SqlField(({ tables }: OutliersRow) => sql`(SELECT tau2::float8 FROM ${tables.scatter} WHERE g = 0)`)
  tauSquared!: number | null;

  @Field(() => Float, {
    description:
      'How many must be expected for a place to be judged; of people, as many must also be expected not to be counted.',
  })
  @SqlField(() => raw(`${MINIMUM_EXPECTED}::float8`))
  minimumExpected!: number;

  @Field(() => Int, { description: 'Places that there are today, or that have a row in the period.' })
  @counted(
    ({ tables: { places, counts } }) =>
      sql`FROM ${places} x WHERE x.is_there OR x.key IN (SELECT c.key FROM ${counts} c WHERE c.n = 0)`,
  )
  places!: number;

  @Field(() => Int, { description: 'Places that are judged.' })
  @counted(({ tables: { judged } }) => sql`FROM ${judged} WHERE n = 0`)
  judged!: number;

  @Field(() => Int, {
    description: 'Those of them whose last three periods are put together, because one is too small.',
  })
  @counted(({ tables: { judged } }) => sql`FROM ${judged} WHERE n = 0 AND is_pooled`)
  pooled!: number;

  @Field(() => Int, {
    description: 'Places that are too small to be judged: see minimumExpected and poolingNote.',
  })
  @counted(({ tables: { used } }) => sql`FROM ${used} WHERE n = 0 AND NOT is_enough`)
  belowMinimum!: number;

  @Field(() => Int, { description: 'Places whose count is withheld, so that they are not judged.' })
  @counted(
    ({ tables: { counts } }) =>
      sql`FROM ${counts} WHERE n = 0 AND (count IS NULL OR base IS NULL) AND is_withheld`,
  )
  withheld!: number;

  @Field(() => Int, {
    description:
      'Places that the period has no figure for: no row, or one that is not applicable or not available.',
  })
  @counted(
    ({
      tables: { places, counts },
    }) => sql`FROM ${places} x LEFT JOIN ${counts} c ON c.key = x.key AND c.n = 0
      WHERE CASE WHEN c.key IS NULL THEN x.is_there ELSE NOT (c.count IS NOT NULL AND c.base > 0) AND NOT ((c.count IS NULL OR c.base IS NULL) AND c.is_withheld) END`,
  )
  withoutFigure!: number;

  @Field(() => [LeftOut], {
    description:
      'Places that have no known count over a base, and so are not judged, by why: those of withheld and withoutFigure, one status at a time.',
  })
  @SqlField(({ tables: { places, counts } }: OutliersRow, _args, select) =>
    leftOut(
      (_name, condition) =>
        sql`(SELECT count(*)::int FROM ${places} x LEFT JOIN ${counts} c ON c.key = x.key AND c.n = 0
          WHERE (x.is_there OR c.key IS NOT NULL) AND ${condition})`,
      {
        isThere: raw('c.key IS NOT NULL'),
        value: raw('CASE WHEN c.count IS NOT NULL AND c.base > 0 THEN c.count END'),
        status: raw('c.status'),
      },
      select,
    ),
  )
  leftOut!: LeftOut[];

  @Field(() => Int, { description: 'Places above the upper limit of 95 per cent.' })
  @counted(({ tables: { judged } }) => sql`FROM ${judged} WHERE n = 0 AND side > 0`)
  high!: number;

  @Field(() => Int, { description: 'Places below the lower limit of 95 per cent.' })
  @counted(({ tables: { judged } }) => sql`FROM ${judged} WHERE n = 0 AND side < 0`)
  low!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why small places are not put together over three periods. Null where they are.',
  })
  @SqlField(({ poolingNote }: OutliersRow) => sql`${poolingNote}::text`)
  poolingNote!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is to be read with care. Null where there is nothing to say.',
  })
  @SqlField(
    ({ tables: { places, judged } }: OutliersRow) => sql`(SELECT CASE
        WHEN NOT EXISTS (SELECT FROM ${places}) THEN 'There is no place in this part: no region, local authority or neighbours of this code.'
        WHEN count(*) < ${FEW}::int THEN 'Of ' || count(*) || ' places little can be known of how far places scatter beyond chance: the limits are rough.' END
      FROM ${judged} WHERE n = 0)`,
  )
  note!: string | null;

  @Field(() => [Outlier], {
    description:
      'The places that are judged, those furthest from what is expected first: by |z|, then by code.',
  })
  @SqlField((outliers: OutliersRow, { only, first }: { only: string; first: number }, select) => {
    refuseOutside('first', first, 0, MAXIMUM_JUDGED);
    return entriesOf(outliers, only, first, select);
  })
  entries(
    @Arg('only', () => OutliersOnly, { defaultValue: 'ALL', description: 'All, or those that are flagged.' })
    _only: string,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_ENTRIES,
      description: `How many at most: up to ${MAXIMUM_JUDGED}.`,
    })
    _first: number,
  ): Outlier[] {
    return answeredBySql();
  }
}

/** Fewer places, and their scatter is hardly known. */
const FEW = 20;

function entriesOf(outliers: OutliersRow, only: string, first: number, select: Select): Sql {
  const { table, key, isPlace } = OUTLIER_LEVELS[outliers.level];
  const row = select.alias('j');
  const place = rowOf(select.alias('t'));
  const entry = select.forEach(first).object({ ...outliers, row, place } satisfies OutlierRow);
  const flagged = only === 'FLAGGED' ? sql`AND side <> 0` : sql``;
  return sql`(SELECT coalesce(json_agg(${entry} ORDER BY ${row}.turn), '[]') FROM (
      SELECT *, row_number() OVER (ORDER BY abs(z) DESC, key) AS turn FROM ${outliers.tables.judged} WHERE n = 0 ${flagged} ORDER BY turn LIMIT ${first}) ${row}
    JOIN ${table} ${place.alias} ON ${place.alias}.${key} = ${row}.key AND ${isPlace(place.alias, select)} ${joinsOf(place)})`;
}
