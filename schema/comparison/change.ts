/**
 * Change: how a figure differs from the one of the period before, where the two can be compared. The periods must be
 * consecutive, and nothing of what is counted may have changed between them. docs/methods/comparison.md
 */
import { Field, Float, ObjectType } from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { describedEnum } from '../enum-of.js';
import { type ObservationRow, Period } from '../observation/observation.js';
import { AS_SHOWN, rounded } from '../observation/shown.js';
import { SqlField } from '../select/field-sql.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { isBeyondChance, type Rate } from '../statistics/two-rates.js';
import type { Compared, Figure } from './compared.js';

const DIRECTIONS = {
  BETTER: 'Towards what is good.',
  WORSE: 'Away from what is good.',
  SAME: 'No difference.',
};
export const ChangeDirection = describedEnum(
  'ChangeDirection',
  'Which way one value lies of another, by the indicator’s polarity.',
  DIRECTIONS,
);

/** Which way a value lies of another; null where either is unknown, and where neither way is good. */
export function directionOf(from: Sql, to: Sql, { polarity }: CataloguedIndicator): Sql {
  if (polarity === 'NONE') return sql`NULL::text`;
  const better = raw(polarity === 'LOW' ? '<' : '>');
  return sql`CASE WHEN ${to} = ${from} THEN 'SAME' WHEN ${to} ${better} ${from} THEN 'BETTER' WHEN ${to} IS NOT NULL AND ${from} IS NOT NULL THEN 'WORSE' END`;
}

/** Below this count the normal approximation of the test is rough. */
const FEW = 10;

/** The period before, the two figures, and why they are not compared. */
export class ChangeRow {
  readonly from: Figure;
  readonly to: Figure;

  constructor(readonly compared: Compared) {
    this.to = compared.own();
    this.from = compared.ownYearBefore(this.to);
  }

  value(which: 'from' | 'to'): Sql {
    return this[which].row.figure('value');
  }

  get difference(): Sql {
    return sql`(${this.value('to')} - ${this.value('from')})`;
  }

  /** For show alone. */
  shown(value: Sql): Sql {
    return rounded(value, this.compared.indicator.decimals);
  }

  /** Why there is no change to tell, in the order in which it is asked; null where there is one. */
  get whyNone(): Sql {
    const { indicator, period } = this.compared;
    const begins = sql`(${period.period('starts_on')} - interval '1 year')::date`;
    const ends = period.period('ends_on');
    const breaks = (indicator.breaks ?? []).flatMap(({ from, to, note }) => [
      { day: sql`${from}::date`, note },
      // What stands apart is comparable neither with what was before nor with what came after.
      ...(to ? [{ day: sql`(${to}::date + 1)`, note }] : []),
    ]);
    const broken = breaks.map(
      ({ day, note }) =>
        sql`WHEN ${day} > ${begins} AND ${day} <= ${ends} THEN ${`No change since the period before: the series is not comparable. ${note}`}::text`,
    );
    return sql`CASE WHEN ${this.value('to')} IS NULL THEN 'No change since the period before: its value is not known.'
      WHEN NOT coalesce(${this.from.isThere}, false) THEN 'No change since the period before: it has no figure for it.'
      WHEN ${this.value('from')} IS NULL THEN 'No change since the period before: its value was not known then.'
      ${join(broken, ' ')} END`;
  }

  rate(which: 'from' | 'to'): Rate {
    const { row } = this[which];
    return { count: row.figure('numerator'), base: row.figure('denominator') };
  }
}

@ObjectType({ description: 'How a figure differs from that of the period right before.' })
export class ComparisonChange {
  @Field(() => Period, { description: 'The period before: of the same kind, a year earlier.' })
  @SqlField((change: ChangeRow, _args, select) => select.object(change.from.row satisfies ObservationRow))
  fromPeriod!: Period;

  @Field(() => Float, { description: 'The value of the period before, unrounded.' })
  @SqlField((change: ChangeRow) => change.value('from'))
  from!: number;

  @Field(() => Float, { description: 'The value of the compared period, unrounded.' })
  @SqlField((change: ChangeRow) => change.value('to'))
  to!: number;

  @Field(() => Float, { description: 'to minus from, in the indicator’s unit.' })
  @SqlField((change: ChangeRow) => change.difference)
  difference!: number;

  @Field(() => String, { description: `from ${AS_SHOWN}.` })
  @SqlField((change: ChangeRow) => change.shown(change.value('from')))
  fromShown!: string;

  @Field(() => String, { description: `to ${AS_SHOWN}.` })
  @SqlField((change: ChangeRow) => change.shown(change.value('to')))
  toShown!: string;

  @Field(() => String, {
    description: `difference ${AS_SHOWN}. It is rounded last, and can differ in its last place from what toShown and fromShown leave.`,
  })
  @SqlField((change: ChangeRow) => change.shown(change.difference))
  differenceShown!: string;

  @Field(() => ChangeDirection, {
    nullable: true,
    description: 'Whether it became better, by the indicator’s polarity. Null where neither way is good.',
  })
  @SqlField((change: ChangeRow) =>
    directionOf(change.value('from'), change.value('to'), change.compared.indicator),
  )
  direction!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the two rates differ by more than chance makes in 95 of 100 cases: a normal test with the pooled rate (docs/methods/chance.md). The test takes what is counted to be independent: for suspensions, of which one pupil can have several, it says yes too easily. Null where it cannot be judged: note says why.',
  })
  @SqlField((change: ChangeRow) => {
    const { rate } = change.compared.indicator;
    return rate ? isBeyondChance(rate.counts, change.rate('to'), change.rate('from')) : sql`NULL::boolean`;
  })
  isBeyondChance!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why isBeyondChance is null, or is to be read with care. Null where there is nothing to say.',
  })
  @SqlField((change: ChangeRow) => {
    const { rate } = change.compared.indicator;
    if (!rate) {
      return sql`'It is no rate whose counts are published: how far chance alone moves it cannot be said.'`;
    }
    if (rate.counts === 'OTHER') {
      return sql`'What it counts follows no simple model of chance: how far chance alone moves it cannot be said.'`;
    }
    const [to, from] = [change.rate('to'), change.rate('from')];
    return sql`CASE WHEN ${isBeyondChance(rate.counts, to, from)} IS NULL THEN 'The counts behind it are not known, or nothing was counted in either period.'
      WHEN least(${to.count}, ${from.count}) < ${FEW}::int THEN ${`A count is below ${FEW}: the test is rough.`}::text END`;
  })
  note!: string | null;
}
