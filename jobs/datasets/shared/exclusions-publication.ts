/**
 * What the files of suspensions and permanent exclusions have in common: where they are, how a phase is written, and
 * what their symbols meant until 2016/17.
 * "x - 1 or 2 pupils, or a percentage based on 1 or 2": data guidance of the release of 2016/17,
 * https://content.explore-education-statistics.service.gov.uk/api/releases/e7774a74-1f62-4b76-b9b5-84f14dac7278/files
 */
import { DFE, type FilterDeclaration, type SymbolDeclaration } from '../../declaration.js';

export const EXCLUSIONS_SLUG = 'suspensions-and-permanent-exclusions-in-england';
export const EXCLUSIONS_TOPIC = 'Suspensions and permanent exclusions';

export const EXCLUSIONS_PUBLICATION = {
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${EXCLUSIONS_SLUG}`,
  schedule: 'RELEASE_MORNINGS',
  encoding: 'utf-8',
  nationalRounding: 5,
} as const;

export const EXCLUSIONS_PHASE: FilterDeclaration = {
  name: 'phase',
  columns: ['education_phase', 'school_type'],
  total: ['Total'],
  // Written with a small letter in some rows of some files.
  names: { special: 'Special' },
};

/** `counts`: the measures of which it is known that one or two stand behind the symbol. */
export const oneOrTwo = (counts: string[]): SymbolDeclaration => ({
  status: 'SUPPRESSED',
  meaning: '1 or 2, or a rate based on 1 or 2',
  bounds: [{ measures: counts, lower: 1, upper: 2 }],
});
