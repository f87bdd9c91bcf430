/** The rows of schools, and their kinds, worked out anew from all that is published, and as they are kept: the two must be the same. */

const KIND = 'status, phase, type_code, type_group, la_code';

/** Whether two rows have the same in all of them, nulls being the same as nothing. */
const sameKind = (one: string, other: string) => {
  const of = (row: string) => KIND.split(', ').map((column) => `coalesce(${row}.${column}, '')`);
  return `(${of(one)}) = (${of(other)})`;
};

/** Of every kind how many schools there are, without its number; and as it is kept. */
export const EVERY_KIND = `SELECT ${KIND}, count(*)::int AS schools FROM school WHERE to_release IS NULL GROUP BY ${KIND}`;
export const KEPT_KINDS = `SELECT ${KIND}, schools FROM school_kind`;

/** Every row of a school, its newest found by sorting; several rows of a place in a period are a school in parts. */
export const EVERY_ROW_OF_SCHOOLS = `
  SELECT urn, data_set_number, period_id, breakdown_id, row_hash, edition, values, raw, kind,
    age = 1 AND NOT bool_or(rows > 1) OVER of_school AS is_newest, bool_or(rows > 1) OVER of_school AS is_in_parts
  FROM (
    SELECT sp.urn, o.data_set_number, o.period_id, o.breakdown_id, o.row_hash, o.edition, o.values, o.raw, k.kind,
      rank() OVER (PARTITION BY sp.urn, o.data_set_number ORDER BY p.starts_on DESC) AS age,
      count(*) OVER (PARTITION BY sp.urn, o.data_set_number, o.place_id, o.period_id) AS rows
    FROM observation o JOIN period p ON p.id = o.period_id
    JOIN school_place sp ON sp.place_id = o.place_id AND p.census_on BETWEEN sp.first_census AND sp.last_census
    JOIN breakdown b ON b.id = o.breakdown_id AND b.school_part
    LEFT JOIN school s ON s.urn = sp.urn AND s.to_release IS NULL
    LEFT JOIN school_kind k ON ${sameKind('k', 's')} WHERE o.to_release IS NULL) every
  WINDOW of_school AS (PARTITION BY urn, data_set_number)`;

export const KEPT_OF_SCHOOLS =
  'SELECT urn, data_set_number, period_id, breakdown_id, row_hash, edition, values, raw, kind, is_newest, is_in_parts FROM school_observation';
