/** The question of outliers: which indicator, places and period, and what cannot be judged. */

import { Args, ArgsType, Field, ID, Query, Resolver } from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { refused } from '../../src/refused.js';
import { knownPeriod } from '../observation/period-row.js';
import { BREAKDOWN, PERIOD } from '../place/figure-arguments.js';
import { newestPeriod } from '../place/level-figures.js';
import { knownIndicator, placeIndicator } from '../place/place.js';
import { Phase } from '../school/school.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf, noteAsOf } from '../select/as-of.js';
import { rowOf, SqlField, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { sql } from '../select/sql.js';
import type { Judged } from '../statistics/funnel.js';
import { funnelTables } from './funnel-tables.js';
import { countsOfLevel, OUTLIER_LEVELS, OutlierLevel, type OutlierLevelName, scopeOf } from './levels.js';
import type { OutliersRow } from './outlier.js';
import { Outliers } from './outliers.js';
import { whyNotPooled, yearsBack } from './years.js';

/** To judge the places of a level, in points: schools among all, among those of a part of England; local authorities and trusts. */
const WORK = { schools: 40_000, schoolsWithin: 16_000, others: 500 };
const workOfJudging = ({ level, within, neighboursOf }: OutliersArgs): number => {
  if (level !== 'SCHOOL') return WORK.others;
  return within || neighboursOf ? WORK.schoolsWithin : WORK.schools;
};

@ArgsType()
class OutliersArgs {
  @Field(() => ID, { description: 'Id of an indicator that is a rate of events or people: suspension-rate.' })
  indicator!: string;

  @Field(() => OutlierLevel, { description: 'Which places.' })
  level!: OutlierLevelName;

  @Field(() => String, {
    nullable: true,
    description:
      'Keeps to a region, by its GSS code (E12000004), or for schools to a local authority (891): they are judged among themselves. Left out: England.',
  })
  within?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Keeps to a local authority and its statistical neighbours in the newest edition, by its code: 891. For schools, to those in them.',
  })
  neighboursOf?: string;

  @Field(() => String, PERIOD)
  period?: string;

  @Field(() => String, BREAKDOWN)
  breakdown?: string;

  @Field(() => [Phase], {
    nullable: true,
    description: 'Keeps schools of these phases: a primary school is judged among primary schools.',
  })
  phase?: string[];
}

/** The model of chance that an indicator is judged by. Refuses one that has none. */
function modelOf(indicator: CataloguedIndicator, select: Select): { counts: Judged; per: number } {
  const { id, rate, dataSet } = indicator;
  if (rate && rate.counts !== 'OTHER') return { counts: rate.counts, per: rate.per };
  const why = rate
    ? 'counts what is no event and no person (half days that the same pupils miss, or places), of which no model tells what chance would make'
    : 'is no rate with a published count and base, so that nothing tells what chance would make';
  const fit = [...select.known.indicators.values()].filter((one) => one.rate && one.rate.counts !== 'OTHER');
  const near = fit.filter((one) => one.dataSet.id === dataSet.id);
  throw refused(
    'indicator',
    `${id} ${why}. ${near.length > 0 ? 'Of the same data set' : 'Those that can be judged'}: ${(near.length > 0 ? near : fit).map((one) => one.id).join(', ')}`,
  );
}

@Resolver(() => Outliers)
export class OutlierQueries {
  @WorkOf(workOfJudging)
  @Query(() => Outliers, {
    nullable: true,
    description:
      'Which places lie outside funnel limits, in one period: beyond what chance, and what usually scatters beyond chance, would make. Null only where it was asked wrongly.',
  })
  @SqlField((_row, question: OutliersArgs, select) => {
    const { level, period, breakdown } = question;
    const rate = modelOf(knownIndicator(select, question.indicator), select);
    const { table, key, type, register, published, isPlace, exists } = OUTLIER_LEVELS[level];
    if (register) noteAsOf(select, register);
    const wanted = placeIndicator({ row: rowOf(select.alias('t')), type: select.typeNamed(type) }, select, {
      id: question.indicator,
      breakdown,
      period,
    });
    const { indicator } = wanted;
    const newest = newestPeriod(wanted, { name: published }, select);
    const periods = select.known.periods(indicator.dataSet.id);
    const there = periods.filter(({ covered }) =>
      covered.some((one) => one.level === published && select.isReleased(one.release)),
    );
    const code = wanted.periods?.[0] ?? newest;
    const asked = there.find((one) => one.code === code);
    if (!asked) {
      throw refused(
        'period',
        `${indicator.id} has none such for this level. It has: ${there.map((one) => one.code).join(', ')}`,
      );
    }
    const breaks = indicator.breaks ?? [];
    const years = yearsBack(asked, there, breaks);
    const inScope = scopeOf(question, select);
    const place = select.alias('t');
    const tables = funnelTables(
      {
        counts: rate.counts,
        years,
        places: sql`SELECT ${place}.${key} AS key, ${exists(place)} AS is_there FROM ${table} ${place} WHERE ${isPlace(place, select)} AND ${inScope(place)}`,
        counted: (keys, all) => countsOfLevel(level, keys, wanted, all, select),
      },
      select,
    );
    const object = select.object({
      level,
      rate,
      tables,
      years,
      period: knownPeriod(wanted.indicator, sql`${asked.id}::smallint`, select),
      poolingNote: whyNotPooled(years, breaks),
    } satisfies OutliersRow);
    return sql`(${tables.with()} SELECT ${object})`;
  })
  outliers(@Args(() => OutliersArgs) _args: OutliersArgs, @AsOf() _asOf?: string): Outliers {
    return answeredBySql();
  }
}
