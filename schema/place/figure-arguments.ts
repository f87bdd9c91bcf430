/** What an argument means that many questions about figures take: said once. */

/** One period. */
export const PERIOD = {
  nullable: true,
  description: 'Code or label as published: 201617, 2016/17. Left out: the newest that the level has.',
} as const;

/** A part of the whole. */
export const BREAKDOWN = {
  nullable: true,
  description: 'A part of the whole, by a code of indicator.breakdowns. Left out: the total over all.',
} as const;
