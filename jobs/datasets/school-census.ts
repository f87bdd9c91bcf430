/**
 * The January school census as the performance tables publish it: roll, special educational needs, first language and
 * free school meals of every school in England, a file for each year.
 *
 * Read with the numbers of both files: PNORG, PSENELSE, PSENELK and PNUMEAL are divided by NOR in every row (23,889 and
 * 24,370 schools). PNUMFSMEVER is not: its base is NORFSMEVER, which 2022-23 publishes (21,590 of 21,590 rows agree) and
 * 2018-19 does not, so that the published share stands there without a base. The share of pupils eligible now is not
 * published at all. England's special schools of 2018-19 have 122,268 plans on a roll of 121,738: the count includes
 * non-maintained special schools, the roll does not.
 */
import type { IndicatorDeclaration, Measure } from '../declaration.js';
import { schoolYearInAddress } from '../row-reading.js';
import { performanceTable, schoolOrEngland } from './shared/performance-tables.js';

const TOPIC = 'Pupils';
const SEN_TOPIC = 'Special educational needs';

interface Group {
  id: string;
  measure: string;
  column: string;
  /** Column of the published share, and the measure that it is a share of. */
  share?: { column: string; of: string };
  name: string;
  what: string;
  topic: string;
}

const GROUPS: Group[] = [
  {
    id: 'girls',
    measure: 'girls',
    column: 'NORG',
    share: { column: 'PNORG', of: 'roll' },
    name: 'Girls',
    what: 'girls',
    topic: TOPIC,
  },
  {
    id: 'boys',
    measure: 'boys',
    column: 'NORB',
    share: { column: 'PNORB', of: 'roll' },
    name: 'Boys',
    what: 'boys',
    topic: TOPIC,
  },
  {
    id: 'pupils-with-ehc-plan',
    measure: 'ehc_plan',
    column: 'TSENELSE',
    share: { column: 'PSENELSE', of: 'roll' },
    name: 'Pupils with an EHC plan',
    what: 'pupils with an education, health and care plan, or until 2018 a statement of special educational needs',
    topic: SEN_TOPIC,
  },
  {
    id: 'pupils-with-sen-support',
    measure: 'sen_support',
    column: 'TSENELK',
    share: { column: 'PSENELK', of: 'roll' },
    name: 'Pupils with SEN support',
    what: 'pupils with special educational needs who have SEN support and no plan',
    topic: SEN_TOPIC,
  },
  {
    id: 'pupils-with-eal',
    measure: 'eal',
    column: 'NUMEAL',
    share: { column: 'PNUMEAL', of: 'roll' },
    name: 'Pupils with English as an additional language',
    what: 'pupils whose first language is known or believed not to be English',
    topic: TOPIC,
  },
  {
    id: 'pupils-with-english-first',
    measure: 'english',
    column: 'NUMENGFL',
    share: { column: 'PNUMENGFL', of: 'roll' },
    name: 'Pupils with English as their first language',
    what: 'pupils whose first language is known or believed to be English',
    topic: TOPIC,
  },
  {
    id: 'pupils-with-language-unknown',
    measure: 'language_unknown',
    column: 'NUMUNCFL',
    share: { column: 'PNUMUNCFL', of: 'roll' },
    name: 'Pupils whose first language is not known',
    what: 'pupils whose first language is unclassified',
    topic: TOPIC,
  },
  {
    id: 'pupils-with-fsm',
    measure: 'fsm',
    column: 'NUMFSM',
    name: 'Pupils eligible for free school meals',
    what: 'pupils known to be eligible for free school meals',
    topic: TOPIC,
  },
  {
    id: 'pupils-with-fsm-ever',
    measure: 'fsm_ever',
    column: 'NUMFSMEVER',
    share: { column: 'PNUMFSMEVER', of: 'fsm_ever_base' },
    name: 'Pupils eligible for free school meals in the last six years',
    what: 'pupils eligible for free school meals at any time in the last six years',
    topic: TOPIC,
  },
];

const base = (of: string) =>
  of === 'roll'
    ? 'of all pupils on roll'
    : 'of the pupils that are counted for it (published since 2022-23; before, the share stands alone and cannot be added up)';

const schoolCensus = performanceTable({
  id: 'school-census',
  title: 'School census',
  description:
    'Roll, special educational needs, first language and free school meals of every school in January, as published in the performance tables.',
  traps: [
    'England has a row for each of three kinds of school and none for all.',
    'The share of pupils eligible for free school meals in the last six years has no published base in 2018/19.',
    'England’s special schools of 2018/19 have more plans (122,268) than pupils (121,738): non-maintained special schools are in the one and not in the other.',
    'Some editions write percentages with a percent sign, others without.',
  ],
  filter: 'CENSUS',
  // The first year whose file has been seen; before 2014/15 there was no SEN support.
  firstYear: 2018,
  place: schoolOrEngland('URN'),
  time: schoolYearInAddress('JANUARY_CENSUS'),
  // A school has one row, under its own kind; England has one for each of three kinds, and none for all.
  filters: [{ name: 'kind', columns: ['SCHOOLTYPE'], total: [], partsOfSchool: true }],
  percentSigns: true,
  columnsLeftOut: [{ reason: 'the URN tells the school', columns: ['LA', 'ESTAB'] }],
  measures: {
    roll: { columns: ['NOR'], description: 'Pupils on roll.' },
    ...Object.fromEntries(
      GROUPS.flatMap(({ measure, column, share, what }): [string, Measure][] => [
        [measure, { columns: [column], description: `Number of ${what}.` }],
        ...(share
          ? [
              [
                `${measure}_rate`,
                { columns: [share.column], description: `Share of ${what}, in per cent.` },
              ] satisfies [string, Measure],
            ]
          : []),
      ]),
    ),
    fsm_ever_base: {
      columns: ['NORFSMEVER'],
      optional: true,
      description: 'Pupils of whom it is counted whether they were eligible in the last six years.',
    },
  },
  editions: [
    {
      id: 'performance-tables',
      marker: null,
      symbols: {
        NA: {
          status: 'NOT_AVAILABLE',
          meaning:
            'no figure: not asked of the school (independent schools give no languages and no free school meals), no return, or a share of no pupils',
        },
      },
    },
  ],
  indicators: [
    {
      id: 'roll',
      name: 'Pupils on roll',
      description:
        'Pupils on roll in January, of every kind of school: independent and nursery schools too, unlike the headcount under the exclusion rates.',
      topic: TOPIC,
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'roll',
      additive: true,
    },
    ...GROUPS.flatMap(({ id, measure, share, name, what, topic }): IndicatorDeclaration[] => [
      {
        id,
        name,
        description: `Number of ${what}, in January.`,
        topic,
        unit: 'PUPILS',
        decimals: 0,
        polarity: 'NONE',
        measure,
        additive: true,
      },
      ...(share
        ? [
            {
              id: `${id}-rate`,
              name: `${name}: share`,
              description: `Share of ${what}, ${base(share.of)}, in January.`,
              topic,
              unit: 'PERCENT',
              decimals: 1,
              polarity: 'NONE',
              measure: `${measure}_rate`,
              rate: { numerator: measure, denominator: share.of, per: 100, counts: 'PEOPLE' },
              additive: false,
            } satisfies IndicatorDeclaration,
          ]
        : []),
    ]),
  ],
});

export default schoolCensus;
