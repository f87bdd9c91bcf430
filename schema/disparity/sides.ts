/**
 * Sides: the two groups that a disparity lies between, each with its count and base as SQL. A withheld count is not
 * nothing: it has bounds, where its symbol says what they are. `rest` is the total without the group.
 */
import type { ObservationRow } from '../observation/observation.js';
import { begin, observationRow, type PlaceIndicatorRow, selected } from '../observation/passes.js';
import { WITHHELD } from '../observation/pooled.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { REST, TOTAL } from './dimensions.js';

/** A count between bounds, and what it is out of. */
export interface Bounded {
  /** Null where it is withheld. */
  count: Sql;
  base: Sql;
  lower: Sql;
  upper: Sql;
}

export interface Side extends Bounded {
  row: ObservationRow;
  isThere: Sql;
}

/** One indicator of a place, and the groups that are compared: a row of `group` (id, code, label) for each. */
export interface Compared extends Omit<PlaceIndicatorRow, 'row' | 'breakdown'> {
  reference: string;
  group: Sql;
}

/** The two sides in one period, and the joins that they are read from: to be taken when every column has been asked for. */
export interface Sides {
  group: Side;
  reference: Side;
  joins: () => Sql;
}

export function sidesOf(compared: Compared, period: Sql, select: Select): Sides {
  const { reference, group: groups } = compared;
  const joins: (() => Sql)[] = [];
  const read = (breakdown: string | null, breakdownId?: Sql): Side => {
    const wanted = { ...compared, breakdown, ...(breakdownId && { breakdownId }) };
    const pass = begin(wanted, select);
    const { alias } = pass.columns;
    joins.push(
      () => sql`LEFT JOIN LATERAL (${selected(pass, 'all')}) ${alias} ON ${alias}.period_id = ${period}`,
    );
    const row = observationRow(pass, wanted, select);
    const [count, base] = [row.figure('numerator'), row.figure('denominator')];
    // What is known of a withheld rate is known of its count.
    const bound = (which: 'lower' | 'upper') =>
      sql`coalesce(${count}, ${row.figure(which)} * ${base} / ${compared.indicator.rate!.per}::float8)`;
    return {
      row,
      isThere: sql`${alias}.period_id IS NOT NULL`,
      count,
      base,
      lower: bound('lower'),
      upper: bound('upper'),
    };
  };
  const group = read(compared.reference, sql`${groups}.id`);
  group.row.breakdown = { code: sql`${groups}.code`, label: sql`${groups}.label` };
  const other =
    reference === REST ? rest(read(null), group, compared) : read(reference === TOTAL ? null : reference);
  return {
    group,
    reference: other,
    joins: () =>
      join(
        joins.map((one) => one()),
        ' ',
      ),
  };
}

function rest(total: Side, group: Side, { indicator }: Compared): Side {
  const base = sql`nullif(greatest(${total.base} - ${group.base}, 0), 0)`;
  const count = sql`(${total.count} - ${group.count})`;
  const lower = sql`greatest(${total.lower} - ${group.upper}, 0)`;
  const upper = sql`(${total.upper} - ${group.lower})`;
  const value = (of: Sql) => sql`(${indicator.rate!.per}::float8 * ${of} / ${base})`;
  const unlessKnown = (of: Sql) => sql`CASE WHEN ${count} IS NULL THEN ${value(of)} END`;
  const columns: Record<Parameters<ObservationRow['figure']>[0], () => Sql> = {
    value: () => value(count),
    lower: () => unlessKnown(lower),
    upper: () => unlessKnown(upper),
    // Unknown for the reason that one of the two is.
    status: () =>
      sql`CASE WHEN ${value(count)} IS NOT NULL THEN 'ACTUAL'
        WHEN ${value(upper)} IS NOT NULL OR ${total.row.figure('status')} IN ${WITHHELD} OR ${group.row.figure('status')} IN ${WITHHELD} THEN 'SUPPRESSED'
        ELSE 'NOT_AVAILABLE' END`,
    raw: () => raw('NULL::text'),
    numerator: () => count,
    denominator: () => base,
    is_derived: () => raw('true'),
    parts: () => raw('1'),
    held: () => raw('NULL::int'),
  };
  return {
    count,
    base,
    lower,
    upper,
    isThere: sql`(${total.isThere} AND ${group.isThere})`,
    row: {
      ...total.row,
      figure: (column) => columns[column](),
      breakdown: { code: raw(`'${REST}'::text`), label: raw("'All others'::text") },
    },
  };
}
