/** Figures of a region: its own, or its local authorities' together. */
import { Columns } from '../select/columns.js';
import type { Select } from '../select/select.js';
import { empty, raw, sql } from '../select/sql.js';
import { isAdditive } from './additive.js';
import { published } from './as-published.js';
import { grouped, unionOf } from './combined.js';
import type { FigureSource, Figures, Wanted } from './figures.js';
import { inTime, type Place, periodsOf, placeId, TOTAL } from './rows.js';

type Region = Extract<FigureSource, { kind: 'region' }>;

/**
 * The region's own rows, and for periods without one the sum of its LAs' (London, where only Inner and Outer London
 * are published: those are rounded, LAs are not). Only where every LA that exists has a total in the
 * period, or for a part of the whole any row: an LA without a secondary school has none for it.
 */
export function regional({ code, known }: Region, wanted: Wanted, select: Select): Figures {
  const { indicator, stored, breakdown, periods, periodId } = wanted;
  const own = published('REGIONAL', placeId('REGIONAL', code), wanted, select);
  if (!isAdditive(indicator) || isPublished(known, wanted, select)) return own;
  const authorities = sql`SELECT a.place_id FROM local_authority a WHERE a.region_code = ${code} AND a.closed_on IS NULL`;
  const observation = select.alias('o');
  const place: Place = {
    observation,
    level: 'LOCAL_AUTHORITY',
    from: sql`observation ${observation}`,
    where: sql`${observation}.place_id IN (${authorities})`,
  };
  const pool = {
    cells: new Columns(select.alias('c')),
    part: sql`${observation}.place_id`,
    singleAsPublished: false,
  };
  const made = grouped(place, pool, sql`NULL::int`, wanted, select);
  const complete = sql`(SELECT count(DISTINCT t.place_id) FROM observation t
      WHERE t.place_id IN (${authorities}) AND t.period_id = y.period_id AND ${select.valid(sql`t`)}
        ${breakdown === null ? sql`AND t.breakdown_id = ${TOTAL}::int` : empty} AND t.data_set_number = ${stored.dataSetNumber}::smallint)
    = (SELECT count(*) FROM local_authority WHERE region_code = ${code} AND closed_on IS NULL)`;
  const region = select.alias('r');
  const { column, columnsOf } = unionOf(region);
  const order = inTime(sql`${region}.period_id`, wanted, select);
  // Of one period Postgres looks for the region's own row first, and sums nothing where there is one.
  const ofPeriod = periodId || periods?.length === 1 ? empty : raw(' WHERE own.period_id = y.period_id');
  return {
    from: (which) => {
      const [owned, summed] = [columnsOf(own), columnsOf(made)];
      return sql`FROM (WITH own AS (SELECT ${owned} ${own.from('all')}) SELECT * FROM own
        UNION ALL SELECT * FROM (SELECT ${summed} ${made.from('all')}) y
        WHERE NOT EXISTS (SELECT FROM own${ofPeriod}) AND ${complete}) ${region}
        ${which === 'newest' ? sql`ORDER BY ${order} DESC LIMIT 1` : empty}`;
    },
    periodId: sql`${region}.period_id`,
    order,
    column,
    held: sql`NULL::int`,
    level: sql`${region}.level`,
  };
}

/**
 * Whether the region, or every one that it can be, has a row of its own in each period in which its local authorities can have one, so
 * that there is nothing to sum. It is known of the rows that stand for the whole; of Inner and Outer London nothing can be summed.
 */
function isPublished(region: Region['known'], wanted: Wanted, select: Select): boolean {
  const { indicator, breakdown, breakdownId, periodId } = wanted;
  if (select.asOf || breakdown !== null || breakdownId || !indicator.inEveryEdition) return false;
  const { known } = select;
  const { id } = indicator.dataSet;
  const summed = (periodId ? known.periods(id) : periodsOf(wanted, select)).filter(({ covered }) =>
    covered.some(({ level }) => level === 'LOCAL_AUTHORITY'),
  );
  const published = known.regionsPublished(id);
  const isWhole = (code: string) =>
    known.regions.get(code)?.isPart === true ||
    summed.every((period) => published.get(code)?.has(period.id) === true);
  return region ? region.is(isWhole) : [...known.regions.keys()].every(isWhole);
}
