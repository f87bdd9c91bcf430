/**
 * Disparity: how far the rate of one group of pupils or plans lies from that of another in a place, how sure that is, and
 * whether the gap is another than England's. docs/methods/disparity.md
 */
import { Field, Float, ObjectType } from 'type-graphql';
import type { Counted } from '../../jobs/declaration.js';
import { ageInYears } from '../coverage/age.js';
import { Observation, Period, type PeriodRow } from '../observation/observation.js';
import { Moves, SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { type Interval, Z95 } from '../statistics/interval.js';
import {
  differenceInterval,
  isBeyondChance,
  ratio,
  ratioInterval,
  varianceOfLogRatio,
} from '../statistics/two-rates.js';
import type { Bounded } from './sides.js';

/** What the fields of a disparity are read from. */
export interface DisparityRow {
  rate: { counts: Counted; per: number };
  group: Bounded;
  reference: Bounded;
  /** The same two in England; null for England itself. */
  england: () => { group: Bounded; reference: Bounded } | null;
  observation: (which: 'group' | 'reference', select: Select) => Sql;
  isThere: (which: 'group' | 'reference') => Sql;
  /** What is known of its figure. */
  status: (which: 'group' | 'reference') => Sql;
  period: PeriodRow;
  /** Whether somebody can be counted in both. */
  mayOverlap: Sql;
}

/** Below this many, a normal distribution is no good likeness of chance. */
const SMALL = 5;

const perOf = ({ rate }: DisparityRow) => raw(`${rate.per}::float8`);
const rateOf = (count: Sql, { base }: Bounded) => sql`${count} / nullif(${base}, 0)`;
const isWithheld = ({ group, reference }: DisparityRow) =>
  sql`(${group.count} IS NULL OR ${reference.count} IS NULL)`;

const difference = (row: DisparityRow, one: Sql, other: Sql) =>
  sql`${perOf(row)} * (${rateOf(one, row.group)} - ${rateOf(other, row.reference)})`;
const excess = ({ group, reference }: DisparityRow, one: Sql, other: Sql) =>
  sql`${one} - ${group.base} * ${rateOf(other, reference)}`;
const ratioOf = ({ group, reference }: DisparityRow, one: Sql, other: Sql) =>
  ratio({ count: one, base: group.base }, { count: other, base: reference.base });

type Measure = (row: DisparityRow, one: Sql, other: Sql) => Sql;
const known = (measure: Measure) =>
  SqlField((row: DisparityRow) => measure(row, row.group.count, row.reference.count));

/** JSON of limits, null where there are none. */
const limits = (of: (row: DisparityRow) => Interval | null) =>
  SqlField((row: DisparityRow, _args, select) => {
    const found = of(row);
    if (!found) return raw('NULL::json');
    return sql`CASE WHEN ${found.lower} IS NOT NULL OR ${found.upper} IS NOT NULL THEN ${select.object(found)} END`;
  });
const withheldBounds = (measure: Measure) =>
  limits((row) => {
    const { group, reference } = row;
    const unlessKnown = (bound: Sql) => sql`(CASE WHEN ${isWithheld(row)} THEN ${bound} END)`;
    return {
      lower: unlessKnown(measure(row, group.lower, reference.upper)),
      upper: unlessKnown(measure(row, group.upper, reference.lower)),
    };
  });

/** How many times the ratio is England's, and the variance of its logarithm. */
function besideEngland(row: DisparityRow): { england: Sql; times: Sql; variance: Sql | null } | null {
  const england = row.england();
  if (!england) return null;
  const here = varianceOfLogRatio(row.rate.counts, row.group, row.reference);
  const there = varianceOfLogRatio(row.rate.counts, england.group, england.reference);
  const englands = ratio(england.group, england.reference);
  return {
    england: englands,
    times: sql`(${ratio(row.group, row.reference)} / nullif(${englands}, 0))`,
    variance: here && there && sql`(${here} + ${there})`,
  };
}

/** Of a side whose count is not known: why. */
const whyUnknown = (row: DisparityRow, which: 'group' | 'reference'): Sql =>
  sql`CASE WHEN ${row[which].count} IS NULL THEN ${raw(`'${which}: '`)} || CASE ${row.status(which)} WHEN 'ACTUAL' THEN 'not published beside its rate' ELSE lower(replace(${row.status(which)}, '_', ' ')) END END`;

const sentence = (condition: Sql, text: string) => sql`CASE WHEN ${condition} THEN '${raw(text)}' END`;

@ObjectType({ description: 'A least and a greatest value.' })
export class DisparityLimits {
  @Field(() => Float, { nullable: true, description: 'The least. Null where it is not known.' })
  @SqlField(({ lower }: Interval) => lower)
  lower!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The greatest. Null where it is not known, or has no end.',
  })
  @SqlField(({ upper }: Interval) => upper)
  upper!: number | null;
}

const CONTAINS =
  'England contains the place, so that the test is careful: the more of England the place is, the less it finds.';

@ObjectType({
  description:
    'Two groups of a place, and how far apart their rates are. Worked out from counts, not from rounded rates: docs/methods/disparity.md',
})
export class Disparity {
  @Field(() => Observation, {
    nullable: true,
    description: 'The figure of the group. Null where the period has no row of it for the place.',
  })
  @SqlField((row: DisparityRow, _args, select) => row.observation('group', select))
  group!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: 'The figure of the reference. Null where the period has no row of it for the place.',
  })
  @SqlField((row: DisparityRow, _args, select) => row.observation('reference', select))
  reference!: Observation | null;

  @Field(() => Period, { description: 'The period of every figure here.' })
  @SqlField(({ period }: DisparityRow, _args, select) => select.object(period))
  period!: Period;

  @Moves()
  @Field(() => Float, { description: 'Years, in tenths, since the period ended; 0 where it has not.' })
  @SqlField(({ period }: DisparityRow) => ageInYears(period.period('ends_on')))
  ageInYears!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'How many times the reference’s rate the group’s is. Null where a count is withheld (see ratioBounds) or not there, and where the reference’s is zero.',
  })
  @known(ratioOf)
  ratio!: number | null;

  @Field(() => DisparityLimits, {
    nullable: true,
    description:
      '95 per cent confidence interval of the ratio, on the log scale (Rothman, Greenland and Lash). Null where a count is zero (or of people all), withheld or not there, and where no model of chance is fair.',
  })
  @limits(({ rate, group, reference }) => ratioInterval(rate.counts, group, reference))
  ratioInterval!: DisparityLimits | null;

  @Field(() => DisparityLimits, {
    nullable: true,
    description:
      'Between what the ratio lies where a count is withheld and its bounds are known. Not chance: that comes on top. Null where the ratio is known.',
  })
  @withheldBounds(ratioOf)
  ratioBounds!: DisparityLimits | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The group’s rate less the reference’s, in the unit of the indicator.',
  })
  @known(difference)
  difference!: number | null;

  @Field(() => DisparityLimits, {
    nullable: true,
    description:
      '95 per cent confidence interval of the difference, from the intervals of the two rates (Newcombe; Zou and Donner). Null where a count is withheld or not there, and where no model of chance is fair.',
  })
  @limits(({ rate, group, reference }) => differenceInterval(rate, group, reference))
  differenceInterval!: DisparityLimits | null;

  @Field(() => DisparityLimits, {
    nullable: true,
    description: 'Between what the difference lies where a count is withheld and its bounds are known.',
  })
  @withheldBounds(difference)
  differenceBounds!: DisparityLimits | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The group’s count less what it would be at the reference’s rate: how many more there are. Below zero where there are fewer.',
  })
  @known(excess)
  excess!: number | null;

  @Field(() => DisparityLimits, {
    nullable: true,
    description: 'Between what the excess lies where a count is withheld and its bounds are known.',
  })
  @withheldBounds(excess)
  excessBounds!: DisparityLimits | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the two rates differ by more than chance makes in 95 of 100 cases, by a normal test with the pooled rate. Null where that cannot be judged.',
  })
  @SqlField(({ rate, group, reference }: DisparityRow) => isBeyondChance(rate.counts, group, reference))
  isBeyondChance!: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The ratio of the same two groups in England, in the same period. Null for England itself.',
  })
  @SqlField((row: DisparityRow) => besideEngland(row)?.england ?? raw('NULL::float8'))
  englandRatio!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How many times England’s ratio the place’s is: 1 is the same gap.',
  })
  @SqlField((row: DisparityRow) => besideEngland(row)?.times ?? raw('NULL::float8'))
  timesEngland!: number | null;

  @Field(() => DisparityLimits, {
    nullable: true,
    description: `95 per cent confidence interval of timesEngland, on the log scale. ${CONTAINS}`,
  })
  @limits((row) => {
    const beside = besideEngland(row);
    if (!beside?.variance) return null;
    const limit = (sign: string) =>
      sql`CASE WHEN ${beside.times} > 0 THEN exp(ln(${beside.times}) ${raw(`${sign} ${Z95}`)} * sqrt(${beside.variance})) END`;
    return { lower: limit('-'), upper: limit('+') };
  })
  timesEnglandInterval!: DisparityLimits | null;

  @Field(() => Boolean, {
    nullable: true,
    description: `Whether the gap is another than England’s, beyond chance at 95 per cent: z is the difference of the logarithms of the two ratios over the root of the sum of their variances. ${CONTAINS} Null for England itself, and where it cannot be judged.`,
  })
  @SqlField((row: DisparityRow) => {
    const beside = besideEngland(row);
    if (!beside?.variance) return raw('NULL::boolean');
    return sql`CASE WHEN ${beside.times} > 0 THEN abs(ln(${beside.times})) > ${raw(String(Z95))} * sqrt(${beside.variance}) END`;
  })
  differsFromEngland!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is missing or to be read with care. Null where there is nothing to say.',
  })
  @SqlField((row: DisparityRow) => {
    const { group, reference, rate } = row;
    const few = [group.count, reference.count];
    // Of people, those who are not counted have to be enough as well.
    if (rate.counts === 'PEOPLE')
      few.push(...[group, reference].map(({ base, count }) => sql`(${base} - ${count})`));
    const anyOf = (is: Sql) =>
      join(
        few.map((count) => sql`${count} ${is}`),
        ' OR ',
      );
    const bothThere = sql`${row.isThere('group')} AND ${row.isThere('reference')}`;
    const notes = [
      sentence(sql`NOT ${row.isThere('group')}`, 'The period has no row of the group for the place.'),
      sentence(sql`NOT ${row.isThere('reference')}`, 'The period has no row of the reference for the place.'),
      sql`CASE WHEN ${bothThere} AND ${isWithheld(row)} THEN 'A count is not known (' || concat_ws(', ', ${whyUnknown(row, 'group')}, ${whyUnknown(row, 'reference')})
        || '): nothing is taken to be zero, and what its bounds allow stands in the bounds.' END`,
      sentence(
        anyOf(sql`= 0`),
        `A count is zero${rate.counts === 'PEOPLE' ? ', or all' : ''}: the ratio has no interval.`,
      ),
      sentence(
        anyOf(sql`BETWEEN 1 AND ${raw(String(SMALL - 1))}`),
        `A count is under ${SMALL}: what rests on the normal distribution is rough.`,
      ),
      sentence(
        row.mayOverlap,
        'Some may be counted in both groups: the intervals are then wider than they need be.',
      ),
      sentence(
        raw(String(rate.counts === 'OTHER')),
        'What it counts follows no model that chance is fairly judged by: there are no intervals.',
      ),
    ];
    return sql`nullif(concat_ws(' ', ${join(notes)}), '')`;
  })
  note!: string | null;
}
