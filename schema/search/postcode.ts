/** Postcodes: the outward code (NG1) and, as far as it is written, the inward code (1AA), with or without a blank. */
import { type Sql, sql } from '../select/sql.js';

export interface Postcode {
  outward: string;
  /** Of a sector (NG1 1) its digit. */
  inward: string | null;
}

const OUTWARD = '[A-Z]{1,2}\\d[A-Z\\d]?';
const WHOLE = new RegExp(`^(${OUTWARD})(\\d[A-Z]{2})$`);
const FIRST_PART = new RegExp(`^(${OUTWARD})$`);
/** A blank says where the first part ends: NG1 1 is of NG1, and NG11 another first part. */
const PART = new RegExp(`^(${OUTWARD}) (\\d[A-Z]?)$`);
const PART_IN_ONE = new RegExp(`^(${OUTWARD})(\\d[A-Z]?)$`);

/** Null for what is no postcode, and no part of one from its beginning. */
export function parsePostcode(text: string): Postcode | null {
  const spaced = text.trim().replace(/\s+/g, ' ').toUpperCase();
  const code = spaced.replaceAll(' ', '');
  const found = PART.exec(spaced) ?? WHOLE.exec(code) ?? FIRST_PART.exec(code) ?? PART_IN_ONE.exec(code);
  return found && { outward: found[1]!, inward: found[2] ?? null };
}

const INWARD_LENGTH = 3;
export const isWhole = ({ inward }: Postcode): boolean => inward?.length === INWARD_LENGTH;

/**
 * Whether a postcode, written without a blank, is one or begins with a part of one: NG1 1AA has NG1 and NG1 1, and NG11 1AA
 * has neither. By an index of text_pattern_ops.
 */
export function hasPostcode(postcode: Sql, { outward, inward }: Postcode): Sql {
  const length = outward.length + INWARD_LENGTH;
  // What comes after 0 to 9 is a colon.
  const [from, to] = inward
    ? [outward + inward, `${outward}${next(inward)}`]
    : [`${outward}0`, `${outward}:`];
  return sql`(${postcode} ~>=~ ${from}::text AND ${postcode} ~<~ ${to}::text AND length(${postcode}) = ${length}::int)`;
}

const next = (text: string): string =>
  text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
