/** The questions of the benchmark, in the order in which they are asked. */
import type { Question } from './question.js';
import { AGGREGATE } from './questions/aggregate.js';
import { AUTHORITY_SCHOOLS } from './questions/authority-schools.js';
import { COMPARISON } from './questions/comparison.js';
import { EXPORT } from './questions/export.js';
import { LIST } from './questions/list.js';
import { NEIGHBOURS } from './questions/neighbours.js';
import { ONE_SCHOOL } from './questions/one-school.js';
import { RANKING, RANKING_BY_PAGES } from './questions/ranking.js';
import { TRUST_SCHOOLS } from './questions/trust-schools.js';

export const QUESTIONS: readonly Question[] = [
  ONE_SCHOOL,
  AUTHORITY_SCHOOLS,
  NEIGHBOURS,
  RANKING,
  RANKING_BY_PAGES,
  LIST,
  EXPORT,
  TRUST_SCHOOLS,
  COMPARISON,
  AGGREGATE,
];
