/** Postcodes: the outward code (NG1) and, of a whole one, the inward code (1AA), with or without a blank. */
import { type Sql, sql } from '../select/sql.js';

export interface Postcode {
  outward: string;
  inward: string | null;
}

const OUTWARD = '[A-Z]{1,2}\\d[A-Z\\d]?';
const WHOLE = new RegExp(`^(${OUTWARD})(\\d[A-Z]{2})$`);
const PART = new RegExp(`^${OUTWARD}$`);

/** Null for what is no postcode. */
export function parsePostcode(text: string): Postcode | null {
  const code = text.replace(/\s+/g, '').toUpperCase();
  const [, outward, inward] = WHOLE.exec(code) ?? [];
  if (outward && inward) return { outward, inward };
  return PART.test(code) ? { outward: code, inward: null } : null;
}

/** Whether a postcode, written without a blank, has an outward code: NG1 1AA has NG1, and NG11 1AA has not. By an index of text_pattern_ops. */
export const hasOutwardCode = (postcode: Sql, outward: string): Sql =>
  sql`(${postcode} ~>=~ ${`${outward}0`}::text AND ${postcode} ~<~ ${`${outward}:`}::text AND length(${postcode}) = ${outward.length + 3}::int)`;
