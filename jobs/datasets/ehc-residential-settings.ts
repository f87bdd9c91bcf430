/** EHC plans with a residential placement in January. For January 2023 the total of England and the regions is wrong. */
import { ehcPlansFile, PLACEMENT_SUBTOTALS } from './shared/ehc-plans-file.js';

const AS_PUBLISHED =
  'For January 2023 England and its regions have a total of about twice its parts (4,488 for 1,415 and 781), which also are what the local authorities add up to: as published.';

const ehcResidentialSettings = ehcPlansFile({
  id: 'ehc-residential-settings',
  title: 'Residential placements of EHC plans',
  description:
    'Education, health and care plans with a residential placement in January, of 38 to 51 weeks or of 52 weeks a year, with age, sex, ethnic group and placement.',
  traps: [
    PLACEMENT_SUBTOTALS,
    'For January 2023 England and its regions have about twice the sum of their parts (4,488 for 1,415 and 781): as published.',
  ],
  titleHint: /residential/i,
  total: 'All residential placements',
  period: 'JANUARY_CENSUS',
  topic: 'EHC plans: residential placements',
  counts: {
    residential: {
      column: 'Res_tot',
      id: 'ehc-residential-placements',
      name: 'EHC plans with a residential placement',
      description: 'EHC plans with a residential placement.',
      note: AS_PUBLISHED,
    },
    residential_38_to_51_weeks: {
      column: 'Res_3851',
      id: 'ehc-residential-placements-38-to-51-weeks',
      name: 'EHC plans with a residential placement of 38 to 51 weeks',
      description: 'EHC plans with a residential placement of 38 to 51 weeks a year.',
    },
    residential_52_weeks: {
      column: 'Res_52',
      id: 'ehc-residential-placements-52-weeks',
      name: 'EHC plans with a residential placement of 52 weeks',
      description: 'EHC plans with a residential placement of 52 weeks a year.',
    },
  },
});

export default ehcResidentialSettings;
