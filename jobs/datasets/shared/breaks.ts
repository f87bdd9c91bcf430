/**
 * Years that stand apart in many series at once. The publisher's own caution, in our words; each names where it is given.
 */
import type { ComparabilityBreak } from '../../declaration.js';

/** The school years 2019/20 and 2020/21. */
const COVID_YEARS = { from: '2019-09-01', to: '2021-08-31' };

/**
 * Introductions of the releases of 2019/20 and 2020/21:
 * https://explore-education-statistics.service.gov.uk/find-statistics/suspensions-and-permanent-exclusions-in-england/2020-21
 */
export const COVID_IN_EXCLUSIONS: ComparabilityBreak = {
  ...COVID_YEARS,
  note: 'For parts of 2019/20 and 2020/21 schools were open only to some pupils because of COVID-19. Suspensions and permanent exclusions remained possible, but were fewer: the Department advises caution in comparing these years with others.',
};

/**
 * That 2019/20 has no release of two terms or the whole year:
 * https://explore-education-statistics.service.gov.uk/find-statistics/pupil-absence-in-schools-in-england-autumn-term/2019-20-autumn-term
 * What 2020/21 counts, and the caution:
 * https://explore-education-statistics.service.gov.uk/find-statistics/pupil-absence-in-schools-in-england/2020-21
 */
export const COVID_IN_ABSENCE: ComparabilityBreak = {
  ...COVID_YEARS,
  note: 'Because of COVID-19 there are no figures of the spring and summer terms of 2019/20. In 2020/21 pupils who could not attend because of it, as most could not in part of the spring term, are not counted as absent: the Department advises caution in comparing terms and years.',
};
