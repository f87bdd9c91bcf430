/** Notes of a comparison: what was left out of it, and why something is null, as SQL for an array of sentences. */
import { neighboursNote } from '../neighbour/neighbours.js';
import type { Select } from '../select/select.js';
import { join, type Sql, sql } from '../select/sql.js';
import type { Compared } from './compared.js';
import type { ComparisonRow } from './comparison.js';

/** How many parts of a whole a note names. */
const PARTS_NAMED = 12;

/** Each is SQL text, null where there is nothing to say. */
export const sentences = (notes: Sql[]): Sql =>
  sql`to_json(array_remove(ARRAY[${join(notes)}]::text[], NULL))`;

/** What is said only where there is a period to compare in. */
export const inPeriod = ({ hasPeriod }: Compared, notes: Sql[]): Sql[] =>
  notes.map((note) => sql`CASE WHEN ${hasPeriod} THEN ${note} END`);

/** Where the period was not asked for, and not all that are compared have it. */
export function periodNote({ compared, hasPeriod, having, parts, period }: Compared): Sql {
  const none =
    parts.length === 0
      ? 'No period has a figure of any of them.'
      : `No period has a figure of the whole for any of them. There are parts, by breakdown: ${parts.slice(0, PARTS_NAMED).join(', ')}${parts.length > PARTS_NAMED ? ', …' : ''}.`;
  return sql`CASE WHEN NOT ${hasPeriod} THEN ${none}::text
    WHEN ${having} < ${compared} THEN 'No period has a figure of all ' || ${compared} || ' that are compared: ' || ${period.spelled('label')}
      || ' is the newest of those with most (' || ${having} || ').' END`;
}

export function ageNote(compared: Compared): Sql {
  const age = compared.ageInYears;
  return sql`CASE WHEN ${age} > 0 THEN ${compared.period.spelled('label')} || ' is ' || ${age} || CASE WHEN ${age} = 1 THEN ' year' ELSE ' years' END
    || ' older than the newest period of the indicator.'
    || CASE WHEN ${compared.having} IS NOT NULL THEN coalesce((SELECT ' Of those compared, ' || string_agg(a.name || ' was abolished on ' || a.closed_on, ', ' ORDER BY a.name) || '.'
      FROM local_authority a WHERE a.closed_on IS NOT NULL AND ${compared.isCompared(sql`a`)}), '') ELSE '' END END`;
}

/** In words. */
const whyUnknown = (isThere: Sql, status: Sql): Sql =>
  sql`CASE WHEN ${isThere} THEN lower(replace(${status}, '_', ' ')) ELSE 'no row' END`;

/** Which neighbours have no value, and why. */
export function leftOutNote(compared: Compared): Sql {
  const figures = compared.figures.alias;
  const { isThere, value, status } = compared.known;
  const why = whyUnknown(isThere, status);
  const named = sql`a.name || ' (' || ${why} || ')'`;
  return sql`(SELECT 'Left out, because their values in the period are not known: ' || string_agg(DISTINCT ${named}, ', ' ORDER BY ${named}) || '.'
    FROM ${compared.neighbours} n JOIN local_authority a ON a.code = n.neighbour_code
    LEFT JOIN ${figures} ON ${figures}.code = n.neighbour_code WHERE ${value} IS NULL)`;
}

/** Why the local authority itself has no rank. */
export function ownNote(compared: Compared): Sql {
  const { isThere, row } = compared.own();
  return sql`CASE WHEN NOT ${isThere} THEN 'It has no figure in the period itself.'
    WHEN ${row.figure('value')} IS NULL THEN 'Its own value in the period is not known (' || ${whyUnknown(isThere, row.figure('status'))} || '): it has no rank.' END`;
}

/** What the indicator itself does not allow. */
export function indicatorNotes({ indicator: { polarity, additive, rate } }: Compared): Sql[] {
  const notes = [
    ...(additive && !rate
      ? ['It is a count, which a larger place has more of: a rate compares better.']
      : []),
    ...(polarity === 'NONE' ? ['Neither way is good: nothing is ranked, and there are no bands.'] : []),
  ];
  return notes.map((note) => sql`${note}::text`);
}

const bandsNote = ({ indicator: { polarity, hasQuartileBands } }: Compared): Sql =>
  polarity === 'NONE' || hasQuartileBands
    ? sql`NULL::text`
    : sql`'No bands: the publisher says that the values lie too close together.'`;

export const notesOf = ({ compared, authority, neighbours, change }: ComparisonRow, select: Select): Sql =>
  sentences([
    neighboursNote(authority, neighbours, select),
    periodNote(compared),
    ...inPeriod(compared, [ageNote(compared), ownNote(compared), leftOutNote(compared)]),
    ...indicatorNotes(compared),
    bandsNote(compared),
    ...inPeriod(compared, [change().whyNone]),
  ]);
