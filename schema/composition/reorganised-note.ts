/**
 * What the register cannot tell of a local authority around a reorganisation: it has each school under one local authority
 * for all days, the one that it is in now or was in at its end.
 */
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import { newestExtract } from './newest-extract.js';

/** In words, as SQL text; null where the schools of the day are those under its code. */
export const reorganisedNote = (code: Sql, day: Sql, select: Select): Sql => sql`(
  SELECT string_agg(CASE
    WHEN NOT r.ended AND NOT r.registered THEN 'It began on ' || r.happened_on || ', after the extract of the register: its schools are still under ' || r.before || '.'
    WHEN NOT r.ended THEN 'It began on ' || r.happened_on || ': these are schools that came to it, without those that closed before under ' || r.before || '.'
    WHEN ${day} >= r.happened_on THEN 'It ended on ' || r.happened_on || ': its area is that of ' || r.after || ' since.'
    ELSE 'The register has the schools that were open on ' || r.happened_on || ' under ' || r.after || ' for all days: these are only those that closed before, and no more what it was made of.'
    END, ' ' ORDER BY r.happened_on, r.id)
  FROM (SELECT o.*, ${code} = ANY(o.from_codes) AS ended, o.happened_on <= ${newestExtract(select)} AS registered,
      array_to_string(o.from_codes, ', ') AS before, array_to_string(o.to_codes, ', ') AS after
    FROM local_authority_reorganisation o WHERE ${code} = ANY(o.from_codes) <> (${code} = ANY(o.to_codes))) r
  WHERE CASE WHEN r.ended THEN r.registered ELSE ${day} < r.happened_on END)`;
