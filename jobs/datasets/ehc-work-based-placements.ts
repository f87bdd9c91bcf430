/** EHC plans with a work-based placement in January: supported internships, apprenticeships and traineeships. */
import { ehcPlansFile } from './shared/ehc-plans-file.js';

const ehcWorkBasedPlacements = ehcPlansFile({
  id: 'ehc-work-based-placements',
  title: 'Work-based placements of EHC plans',
  description:
    'Education, health and care plans with a work-based placement in January, by its kind, with age, sex, ethnic group and placement.',
  titleHint: /work.based/i,
  total: 'All work based placements',
  period: 'JANUARY_CENSUS',
  topic: 'EHC plans: work-based placements',
  counts: {
    work_based: {
      column: 'open_wbp',
      id: 'ehc-work-based-placements',
      name: 'EHC plans with a work-based placement',
      description: 'EHC plans with a work-based placement.',
    },
    supported_internships: {
      column: 'open_supp_intern',
      id: 'ehc-supported-internships',
      name: 'EHC plans with a supported internship',
      description: 'EHC plans with a supported internship.',
    },
    apprenticeships: {
      column: 'open_apprentice',
      id: 'ehc-apprenticeships',
      name: 'EHC plans with an apprenticeship',
      description: 'EHC plans with an apprenticeship.',
    },
    traineeships: {
      column: 'open_trainee',
      id: 'ehc-traineeships',
      name: 'EHC plans with a traineeship',
      description: 'EHC plans with a traineeship.',
    },
  },
});

export default ehcWorkBasedPlacements;
