/** The questions that lead to a disparity: of England, a region or a local authority; of one group, or of all of a dimension. */
import { Args, ArgsType, Field, FieldResolver, ID, Resolver } from 'type-graphql';
import { refused } from '../../src/refused.js';
import { England } from '../england/england.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { knownPeriod } from '../observation/period-row.js';
import { placeId } from '../observation/rows.js';
import { newestPeriod } from '../place/level-figures.js';
import { knownIndicator, placeIndicator } from '../place/place.js';
import { Region } from '../region/region.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Columns } from '../select/columns.js';
import { SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { KnownBreakdown } from '../select/known.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { ratio } from '../statistics/two-rates.js';
import { Trust } from '../trust/trust.js';
import { groupsBeside, isApart, REST, TOTAL } from './dimensions.js';
import { Disparity, type DisparityRow } from './disparity.js';
import { type Bounded, type Compared, type Side, type Sides, sidesOf } from './sides.js';

@ArgsType()
class ReferenceArgs {
  @Field(() => ID, { description: 'Id of an indicator that is a rate: ehc-plans-within-20-weeks-rate.' })
  indicator!: string;

  @Field(() => String, {
    description: `Whom with: a code of indicator.breakdowns, "${REST}" (the total without the group) or "${TOTAL}".`,
  })
  reference!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Code or label as published. Left out: the newest of which both sides are known here, at least by bounds, and in England if there is one.',
  })
  period?: string | null;
}

@ArgsType()
class DisparityArgs extends ReferenceArgs {
  @Field(() => String, { description: 'Who: a code of indicator.breakdowns.' })
  group!: string;
}

@ArgsType()
class DisparitiesArgs extends ReferenceArgs {
  @Field(() => String, {
    nullable: true,
    description: `Of what the groups are: Ethnicity, Sex, phase. Left out: of what the reference is. Needed where that is "${REST}" or "${TOTAL}".`,
  })
  dimension?: string | null;
}

const ENGLAND = raw("'E92000001'");
/** As coverage names the level of a place of a type. */
const LEVEL_OF: Record<string, string> = {
  England: 'NATIONAL',
  Region: 'REGIONAL',
  LocalAuthority: 'LOCAL_AUTHORITY',
  // A trust's figures are those of its schools.
  Trust: 'SCHOOL',
};

/** Refuses an indicator whose counts are not known. */
function refuseUnlessRate(id: string, select: Select): void {
  const indicator = knownIndicator(select, id);
  if (indicator.rate) return;
  const rates = [...select.known.indicators.values()].filter(({ rate }) => rate);
  const near = rates.filter(({ dataSet }) => dataSet.id === indicator.dataSet.id);
  throw refused(
    'indicator',
    `${indicator.id} is no rate with a published count and base, which a disparity is worked out from. ${near.length > 0 ? 'Of the same data set' : 'Those that are'}: ${(near.length > 0 ? near : rates).map((rate) => rate.id).join(', ')}`,
  );
}

/** JSON of the disparity of each group, put together by `all`. */
function disparities(
  row: TableRow,
  { indicator: id, reference, period }: ReferenceArgs,
  groups: (known: KnownBreakdown[]) => KnownBreakdown[],
  select: Select,
  all: (entry: Sql, ratio: Sql, code: Sql) => Sql,
): Sql {
  const type = select.parent;
  const asked = placeIndicator({ row, type }, select, {
    id,
    breakdown: reference === REST ? null : reference,
    period,
    where: { breakdown: 'reference' },
  });
  const { indicator } = asked;
  const level = { name: LEVEL_OF[type.name]! };
  const newest = newestPeriod(asked, level, select);
  const periods = select.known
    .periods(indicator.dataSet.id)
    .filter(({ code, covered }) =>
      asked.periods
        ? asked.periods.includes(code)
        : covered.some((one) => one.level === level.name && select.isReleased(one.release)),
    );
  const newestId = periods.find(({ code }) => code === newest)?.id ?? periods.at(-1)?.id;
  const of = groups(select.known.breakdowns(indicator.dataSet.id));
  const each = select.forEach(of.length);

  const group = select.alias('g');
  const inPeriod = select.alias('p');
  const here: Compared = { ...asked, reference, group };
  const inEngland: Compared | null =
    type.name === 'England'
      ? null
      : { ...here, source: { kind: 'published', level: 'NATIONAL', place: placeId('NATIONAL', ENGLAND) } };
  const periodId = sql`${inPeriod}.id`;
  const sides = () =>
    [sidesOf(here, periodId, select), inEngland && sidesOf(inEngland, periodId, select)] as const;

  const referred = select.known.breakdowns(indicator.dataSet.id).find(({ code }) => code === reference);
  const from = sql`unnest(${of.map((one) => one.id)}::int[], ${of.map(({ code }) => code)}::text[], ${of.map(({ label }) => label)}::text[],
    ${of.map((one) => reference !== REST && !isApart(indicator.dataSet.id, one, referred))}::boolean[]) AS ${group}(id, code, label, may_overlap)`;

  const chosen = () => {
    if (periods.length === 1) return sql`${periods[0]!.id}::smallint`;
    const [place, england] = sides();
    const isKnown = ({ group: one, reference: other }: Sides) => sql`(${bounded(one)} AND ${bounded(other)})`;
    const englands = england && sql`${isKnown(england)} IS TRUE DESC, `;
    const where = isKnown(place);
    return sql`coalesce((SELECT ${periodId} FROM unnest(${periods.map((one) => one.id)}::smallint[]) WITH ORDINALITY ${inPeriod}(id, n)
      CROSS JOIN ${from} ${place.joins()} ${england?.joins() ?? sql``} WHERE ${where} ORDER BY ${englands ?? sql``}${inPeriod}.n DESC LIMIT 1), ${newestId}::smallint)`;
  };

  const [place, england] = sides();
  const x = new Columns(select.alias('x'));
  const bring = (name: string, side: Side): Bounded => ({
    count: x.of(`${name}_count`, () => side.count),
    base: x.of(`${name}_base`, () => side.base),
    lower: x.of(`${name}_lower`, () => side.lower),
    upper: x.of(`${name}_upper`, () => side.upper),
  });
  const disparity: DisparityRow = {
    rate: indicator.rate!,
    group: bring('g', place.group),
    reference: bring('r', place.reference),
    england: () =>
      england && { group: bring('eg', england.group), reference: bring('er', england.reference) },
    observation: (which, below) => {
      const { isThere, row: observed } = place[which];
      const object = below.object(observed);
      return x.of(`observation_${x.size}`, () => sql`CASE WHEN ${isThere} THEN ${object} END`);
    },
    status: (which) => x.of(`${which}_status`, () => place[which].row.figure('status')),
    isThere: (which) => x.of(`${which}_is_there`, () => place[which].isThere),
    period: knownPeriod(
      asked.indicator,
      x.of('period_id', () => periodId),
      select,
    ),
    mayOverlap: x.of('may_overlap', () => sql`${group}.may_overlap`),
  };
  const entry = each.object(disparity);
  const whole = all(
    entry,
    ratio(disparity.group, disparity.reference),
    x.of('code', () => sql`${group}.code`),
  );
  const columns = x.list((column) => column);
  // OFFSET keeps Postgres from working a count out anew wherever a formula mentions it.
  return sql`(SELECT ${whole} FROM (SELECT ${columns} FROM (SELECT ${chosen()} AS id OFFSET 0) ${inPeriod} CROSS JOIN ${from}
    ${place.joins()} ${england?.joins() ?? sql``} OFFSET 0) ${x.alias})`;
}

const bounded = ({ lower, upper, base }: Side) =>
  sql`(${lower} IS NOT NULL AND ${upper} IS NOT NULL AND ${base} > 0)`;

const One = () =>
  SqlField((row: TableRow, args: DisparityArgs, select) => {
    refuseUnlessRate(args.indicator, select);
    if (args.group === args.reference) {
      throw refused(
        'reference',
        `it is the group itself. Another group, "${TOTAL}", or "${REST}" for all others`,
      );
    }
    if (args.group === TOTAL || args.group === REST) {
      throw refused(
        'group',
        `"${TOTAL}" and "${REST}" are no part of the whole. Either can be the reference; groups are indicator(id:) { breakdowns { code } }`,
      );
    }
    // Refuses a group that there is not.
    const where = { breakdown: 'group' };
    placeIndicator({ row, type: select.parent }, select, {
      id: args.indicator,
      breakdown: args.group,
      where,
    });
    return disparities(
      row,
      args,
      (known) => known.filter(({ code }) => code === args.group),
      select,
      (entry) => entry,
    );
  });

const Several = () =>
  SqlField((row: TableRow, args: DisparitiesArgs, select) => {
    refuseUnlessRate(args.indicator, select);
    const indicator = knownIndicator(select, args.indicator);
    return disparities(
      row,
      args,
      (known) => groupsBeside(indicator, args.reference, args.dimension, known),
      select,
      (entry, ratio, code) =>
        sql`coalesce(json_agg(${entry} ORDER BY ${ratio} DESC NULLS LAST, ${code}), '[]')`,
    );
  });

const ONE =
  'How far the rate of one group lies from that of another, with intervals, and whether the gap is another than England’s (docs/methods/disparity.md). Both are breakdowns of the same indicator.';
const SEVERAL =
  'The disparity of every group of a dimension against one reference, in one period: the greatest ratio first, those without one last, by code.';
const OF_SCHOOLS =
  'Of a trust only by what its schools are published under (phase): no file has characteristics of pupils by school.';

@Resolver(() => England)
export class EnglandDisparities {
  @WorkOf(100)
  @FieldResolver(() => Disparity, { description: ONE })
  @One()
  disparity(@Args(() => DisparityArgs) _args: DisparityArgs): Disparity {
    return answeredBySql();
  }

  @WorkOf(100)
  @FieldResolver(() => [Disparity], { description: SEVERAL })
  @Several()
  disparities(@Args(() => DisparitiesArgs) _args: DisparitiesArgs): Disparity[] {
    return answeredBySql();
  }
}

@Resolver(() => Region)
export class RegionDisparities {
  @WorkOf(100)
  @FieldResolver(() => Disparity, { description: ONE })
  @One()
  disparity(@Args(() => DisparityArgs) _args: DisparityArgs): Disparity {
    return answeredBySql();
  }

  @WorkOf(100)
  @FieldResolver(() => [Disparity], { description: SEVERAL })
  @Several()
  disparities(@Args(() => DisparitiesArgs) _args: DisparitiesArgs): Disparity[] {
    return answeredBySql();
  }
}

@Resolver(() => LocalAuthority)
export class LocalAuthorityDisparities {
  @WorkOf(100)
  @FieldResolver(() => Disparity, { description: ONE })
  @One()
  disparity(@Args(() => DisparityArgs) _args: DisparityArgs): Disparity {
    return answeredBySql();
  }

  @WorkOf(100)
  @FieldResolver(() => [Disparity], { description: SEVERAL })
  @Several()
  disparities(@Args(() => DisparitiesArgs) _args: DisparitiesArgs): Disparity[] {
    return answeredBySql();
  }
}

@Resolver(() => Trust)
export class TrustDisparities {
  @FieldResolver(() => Disparity, { description: `${ONE} ${OF_SCHOOLS}` })
  @One()
  disparity(@Args(() => DisparityArgs) _args: DisparityArgs): Disparity {
    return answeredBySql();
  }

  @FieldResolver(() => [Disparity], { description: `${SEVERAL} ${OF_SCHOOLS}` })
  @Several()
  disparities(@Args(() => DisparitiesArgs) _args: DisparitiesArgs): Disparity[] {
    return answeredBySql();
  }
}
