/**
 * What the files of suspensions and permanent exclusions have in common: where they are, how a phase is written, and
 * what their symbols meant until 2016/17.
 * "x - 1 or 2 pupils, or a percentage based on 1 or 2": data guidance of the release of 2016/17,
 * https://content.explore-education-statistics.service.gov.uk/api/releases/e7774a74-1f62-4b76-b9b5-84f14dac7278/files
 */
import {
  DFE,
  type Edition,
  type FilterDeclaration,
  type Measure,
  type SymbolDeclaration,
} from '../../declaration.js';

export const EXCLUSIONS_SLUG = 'suspensions-and-permanent-exclusions-in-england';
export const EXCLUSIONS_TOPIC = 'Suspensions and permanent exclusions';

export const EXCLUSIONS_PUBLICATION = {
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${EXCLUSIONS_SLUG}`,
  schedule: 'RELEASE_MORNINGS',
  encoding: 'utf-8',
  // In releases until 2016/17.
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

/** The counts and rates of the files by geography and by characteristic, under the column names of both times. */
export const EXCLUSIONS_MEASURES: Record<string, Measure> = {
  headcount: { columns: ['headcount'], description: 'Pupils on roll in January.' },
  permanent_exclusions: { columns: ['perm_excl'], description: 'Permanent exclusions in the school year.' },
  permanent_exclusion_rate: {
    columns: ['perm_excl_rate'],
    description: 'Permanent exclusions per 100 pupils.',
  },
  suspensions: { columns: ['suspension', 'fixed_excl'], description: 'Suspensions in the school year.' },
  suspension_rate: {
    columns: ['susp_rate', 'fixed_excl_rate'],
    description: 'Suspensions per 100 pupils.',
  },
  pupils_suspended: {
    columns: ['one_plus_susp', 'one_plus_fixed'],
    description: 'Pupils with at least one suspension in the school year.',
  },
  pupils_suspended_rate: {
    columns: ['one_plus_susp_rate', 'one_plus_fixed_rate'],
    description: 'Pupils with at least one suspension, per 100 pupils.',
  },
};

/** How those two files were written until 2016/17. `counts`: see oneOrTwo. */
export const fixedPeriodEdition = (counts: string[]): Edition => ({
  id: 'fixed-period',
  marker: 'fixed_excl',
  symbols: {
    x: oneOrTwo(counts),
    '.': { status: 'NOT_APPLICABLE', meaning: 'no pupils, so no rate' },
  },
});
