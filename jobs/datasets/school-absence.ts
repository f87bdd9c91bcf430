/**
 * Absence of single schools as the performance tables publish it: two rates of the school year and no counts, so that
 * nothing can be made of several schools. England stands in the last rows, by phase.
 */
import { schoolYearInAddress } from '../row-reading.js';
import { COVID_IN_ABSENCE } from './shared/breaks.js';
import { performanceTable, schoolOrEngland } from './shared/performance-tables.js';

const schoolAbsence = performanceTable({
  id: 'school-absence',
  title: 'Absence of schools',
  description:
    'Overall and persistent absence of every state-funded school by school year, as published in the performance tables.',
  traps: [
    'Rates only, no counts: nothing can be made of several schools, and a trust has none.',
    'England has a figure for each phase and none for all.',
    'Years with a published file only: the first read is 2018/19.',
  ],
  filter: 'PUPILABSENCE',
  // The first year whose file has been seen. Until 2014/15 a persistent absentee missed 15 per cent.
  firstYear: 2018,
  place: schoolOrEngland('LA'),
  time: schoolYearInAddress('ACADEMIC_YEAR'),
  // The establishment number of a school; in England's rows, a phase.
  filters: [
    {
      name: 'phase',
      columns: ['ESTAB'],
      total: [/^\d+$/],
      names: { PRI: 'State-funded primary', SEC: 'State-funded secondary', SPE: 'Special' },
    },
  ],
  measures: {
    absence_rate: {
      columns: ['PERCTOT'],
      description: 'Sessions missed, in per cent of all that pupils could attend.',
    },
    persistent_absence_rate: {
      columns: ['PPERSABS10'],
      description: 'Pupils who missed 10 per cent or more of their sessions, in per cent.',
    },
  },
  editions: [
    {
      id: 'performance-tables',
      marker: null,
      symbols: {
        SUPP: { status: 'SUPPRESSED', meaning: 'suppressed: few pupils' },
      },
    },
  ],
  indicators: [
    {
      id: 'school-absence-rate',
      name: 'Absence rate of the school',
      description:
        'Half days of school missed in the school year, of all that the school’s pupils could attend.',
      topic: 'Absence',
      unit: 'PERCENT',
      decimals: 1,
      polarity: 'LOW',
      measure: 'absence_rate',
      additive: false,
      breaks: [COVID_IN_ABSENCE],
    },
    {
      id: 'school-persistent-absence-rate',
      name: 'Persistent absence rate of the school',
      description:
        'Share of the school’s pupils who missed 10 per cent or more of the half days that they could attend in the school year.',
      topic: 'Absence',
      unit: 'PERCENT',
      decimals: 1,
      polarity: 'LOW',
      measure: 'persistent_absence_rate',
      additive: false,
      breaks: [COVID_IN_ABSENCE],
    },
  ],
});

export default schoolAbsence;
