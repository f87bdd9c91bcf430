/** Transaction-level advisory locks: they die with their transaction, and so with its process. */

/** Taken by whoever writes: one publication at a time. */
export const LOAD_LOCK = 7_305_001;
/** First key of a pair, the second being the data set's number: one load of a data set at a time. */
export const DATA_SET_LOCKS = 7_305_002;
/** Taken while migrations run. */
export const MIGRATION_LOCK = 7_305_003;
// 7_305_004 is taken while a question is saved: migrations/14-saved-query.ts.
