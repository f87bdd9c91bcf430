/** The day of the extract that the register stands as: what is later it cannot know. */
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';

export const REGISTER = 'gias-establishments';

export const newestExtract = (select: Select): Sql => sql`(
  SELECT coalesce(r.published_on, r.retrieved_at::date) FROM release r
  JOIN data_set d ON d.number = r.data_set_number AND d.id = ${REGISTER}
  WHERE ${select.released(sql`r.id`)} ORDER BY r.id DESC LIMIT 1)`;
