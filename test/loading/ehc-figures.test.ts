/** The twelve EHC plan files of 2025: what the graph says of England, a region and Nottinghamshire is what is printed. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type PublishedRow, publishedRows } from '../ees-release.js';
import { type RunningGraph, startGraph } from '../graph.js';

const PLANS = 'education-health-and-care-plans';
const JANUARY = 'Number of education, health and care (EHC) plans as at January each year';

interface PublishedFile {
  title: string;
  /** How the file writes "all". */
  total: string;
  dataSet: string;
  /** Indicator → column. */
  indicators: Record<string, string>;
  /** A group of people, as the file and as the graph names it. */
  group: [topic: string, name: string, code: string];
  region?: string;
}

const FILES: PublishedFile[] = [
  {
    title: JANUARY,
    total: 'All EHC plans',
    dataSet: 'ehc-plans-caseload',
    indicators: {
      'ehc-plans': 'ehcplans',
      'ehc-plans-special': 'special_total',
      'ehc-plans-special-rate': 'special_total_pc',
      'ehc-plans-elective-home-education': 'elective_home_education',
      'ehc-plans-neet': 'neet',
      'ehc-plans-awaiting-provision': 'await_prov_2022',
    },
    group: ['Child or young persons age', 'age 10', 'child-or-young-persons-age/age-10'],
  },
  {
    title: 'Number of new EHC plans during the calendar year',
    total: 'New EHC plans',
    dataSet: 'ehc-plans-new',
    indicators: {
      'ehc-plans-new': 'new_ehc_plans',
      'ehc-plans-new-mainstream-rate': 'mainstream_total_pc',
      'ehc-plans-new-early-years': 'nm_early_years',
    },
    group: ['Sex', 'Female', 'sex/female'],
  },
  {
    title: 'Requests for EHC needs assessments',
    total: 'All requests for EHC needs assessments',
    dataSet: 'ehc-requests',
    indicators: {
      'ehc-requests': 'requests_received_in_year',
      'ehc-requests-refused': 'requests_decided_not_to_assess',
      'ehc-request-refusal-rate': 'request_not_assess_pc',
      'ehc-request-within-six-weeks-rate': 'request_outcome_six_weeks_pc',
      'ehc-requests-tribunal': 'tribunal_related_request',
    },
    group: ['Ethnicity', 'Mixed - White and Asian', 'ethnicity/mixed-white-and-asian'],
  },
  {
    title: 'EHC needs assessments',
    total: 'All EHC needs assessments',
    dataSet: 'ehc-assessments',
    indicators: {
      'ehc-assessments': 'assess_in_year',
      'ehc-assessments-plan-issued': 'assess_issued',
      'ehc-assessment-plan-not-issued-rate': 'assess_not_issued_pc',
      'ehc-assessments-mediation': 'number_assess_mediation',
    },
    group: ['Child or young persons age', 'Aged 4', 'child-or-young-persons-age/aged-4'],
  },
  {
    title: 'Timeliness of EHC plans (20 weeks)',
    total: 'All EHC plans issued',
    dataSet: 'ehc-plans-timeliness',
    indicators: {
      'ehc-plans-issued': 'plans_issued_den',
      'ehc-plans-within-20-weeks-rate': 'pc_plans_issued_within_20_weeks',
      'ehc-plans-within-20-weeks-excluding-exceptions-rate': 'PC_plans_issued_20_weeks_ex',
      'ehc-plans-after-a-year-rate': 'pc_plans_issued_gt_1_year',
    },
    group: ['Sex', 'Male', 'sex/male'],
  },
  {
    title: 'Annual reviews of EHC plans',
    total: 'All annual reviews',
    dataSet: 'ehc-annual-reviews',
    indicators: {
      'ehc-annual-reviews-expected': 'review_expected',
      'ehc-annual-reviews-met-in-year': 'review_meeting_24',
      'ehc-annual-reviews-decision-outstanding': 'review_decision_outstanding',
      'ehc-annual-reviews-decided-within-four-weeks-rate': 'pc_decsion_4weeks',
    },
    group: ['Type of placement', 'AP/PRU - total', 'type-of-placement/ap-pru-total'],
  },
  {
    title: 'Ceased EHC plans',
    total: 'All ceased EHC plans',
    dataSet: 'ehc-plans-ceased',
    indicators: {
      'ehc-plans-ceased': 'total_ceased',
      'ehc-plans-ceased-maximum-age': 'max_age',
      'ehc-plans-ceased-no-engagement': 'no_engage',
    },
    group: ['Years plan held', '11 years', 'years-plan-held/11-years'],
  },
  {
    title: 'Primary need: all EHC plans',
    total: 'All EHC plans',
    dataSet: 'ehc-plans-primary-need',
    indicators: {
      'ehc-plans-with-primary-need': 'ehc_plans',
      'ehc-plans-primary-need-autism': 'number_asd',
      'ehc-plans-primary-need-autism-rate': 'asd_pc',
      'ehc-plans-primary-need-vision': 'number_vi',
      'ehc-plans-primary-need-unknown-rate': 'unknown_pc',
    },
    group: ['Ethnicity', 'White - Gypsy/Roma', 'ethnicity/white-gypsy-roma'],
  },
  {
    title: 'Primary need: new EHC plans',
    total: 'All EHC plans',
    dataSet: 'ehc-plans-new-primary-need',
    indicators: {
      'ehc-plans-new-with-primary-need': 'ehc_plans',
      'ehc-plans-new-primary-need-speech-language-communication': 'number_slcn',
      'ehc-plans-new-primary-need-social-emotional-mental-health-rate': 'semh_pc',
    },
    group: ['Sex', 'Female', 'sex/female'],
    region: 'E13000001',
  },
  {
    title: 'Personal budgets',
    total: 'All personal budgets',
    dataSet: 'ehc-personal-budgets',
    indicators: {
      'ehc-personal-budgets': 'personal_budget',
      'ehc-personal-budgets-social-care': 'pb_social',
      'ehc-personal-budgets-organised-arrangements': 'org_arrangments',
    },
    group: ['Sex', 'Male', 'sex/male'],
  },
  {
    title: 'Residential settings',
    total: 'All residential placements',
    dataSet: 'ehc-residential-settings',
    indicators: {
      'ehc-residential-placements': 'Res_tot',
      'ehc-residential-placements-38-to-51-weeks': 'Res_3851',
      'ehc-residential-placements-52-weeks': 'Res_52',
    },
    group: ['Child or young persons age', 'age 15', 'child-or-young-persons-age/age-15'],
  },
  {
    title: 'Work based placements',
    total: 'All work based placements',
    dataSet: 'ehc-work-based-placements',
    indicators: {
      'ehc-work-based-placements': 'open_wbp',
      'ehc-supported-internships': 'open_supp_intern',
      'ehc-apprenticeships': 'open_apprentice',
    },
    group: ['Young persons age', 'age 17', 'young-persons-age/age-17'],
  },
];

describe.skipIf(!hasRealFiles())('the EHC plan files of 2025', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  const figures = (ids: string[], breakdown: string | null) =>
    `indicators(ids: ${JSON.stringify(ids)}${breakdown ? `, breakdown: "${breakdown}"` : ''}) {
      indicator { id } series { period { code } raw value status release { title dataSet { id } } } }`;

  it.each(FILES)('$title are as printed, for every period', async (file) => {
    const { title, total, dataSet, indicators, group, region = 'E12000008' } = file;
    const printed = await publishedRows(inject('mirror')!, PLANS, '2025', title);
    const ids = Object.keys(indicators);
    const [topic, name, code] = group;
    const place = region.startsWith('E13')
      ? `region(code: "E12000007") { subRegions { code IND } }`
      : `region(code: "${region}") { IND }`;
    const parts = { all: null, group: code };
    let compared = 0;
    for (const [part, breakdown] of Object.entries(parts)) {
      const { data, errors } = await graph.ask(
        `{ england { IND } ${place} localAuthority(code: "891") { IND } }`.replaceAll(
          'IND',
          figures(ids, breakdown),
        ),
      );
      expect(errors).toBeUndefined();
      const answers = {
        England: data.england,
        region: data.region.subRegions?.find((half: { code: string }) => half.code === region) ?? data.region,
        Nottinghamshire: data.localAuthority,
      };
      const isOf: Record<string, (row: PublishedRow) => boolean> = {
        England: (row) => row['geographic_level'] === 'National',
        region: (row) => row['geographic_level'] === 'Regional' && row['region_code'] === region,
        Nottinghamshire: (row) => row['old_la_code'] === '891',
      };
      for (const [who, answer] of Object.entries(answers)) {
        const rows = printed
          .filter(isOf[who]!)
          .filter((row) =>
            part === 'all'
              ? row['breakdown_topic'] === total && row['breakdown'] === total
              : row['breakdown_topic'] === topic && row['breakdown'] === name,
          )
          .toSorted((a, b) => a['time_period']!.localeCompare(b['time_period']!));
        expect(rows.length, `${who} ${part}`).toBeGreaterThan(0);
        for (const { indicator, series } of answer.indicators) {
          const column = indicators[indicator.id]!;
          expect(series, `${who} ${part} ${indicator.id}`).toEqual(
            rows.map((row) => ({
              period: { code: row['time_period'] },
              raw: row[column],
              value: row[column] === 'x' ? null : Number(row[column]),
              status: row[column] === 'x' ? 'NOT_AVAILABLE' : 'ACTUAL',
              release: { title: 'Reporting year 2025', dataSet: { id: dataSet } },
            })),
          );
          compared += series.length;
        }
      }
    }
    expect(compared).toBeGreaterThanOrEqual(ids.length * 6);
  });

  it('have the plans of England in seven Januaries, from 353,995 to 638,745', async () => {
    const { data } = await graph.ask(
      '{ england { indicator(id: "ehc-plans") { series { period { code label } value } } } }',
    );
    const { series } = data.england.indicator;
    expect(series).toHaveLength(7);
    expect(series[0]).toEqual({ period: { code: '201819', label: 'January 2019' }, value: 353_995 });
    expect(series[6]).toEqual({ period: { code: '202425', label: 'January 2025' }, value: 638_745 });
  });

  it('disagree among themselves in places, and each is kept as published', async () => {
    const { data } = await graph.ask(
      `{ england { newPlans: indicator(id: "ehc-plans-new") { observation(period: "2024") { value } }
          newNeeds: indicator(id: "ehc-plans-new-with-primary-need") { observation(period: "2024") { value } }
          issued: indicator(id: "ehc-assessments-plan-issued") { observation(period: "2024") { value } }
          residential: indicator(id: "ehc-residential-placements") { observation(period: "202223") { value } }
          weeks38: indicator(id: "ehc-residential-placements-38-to-51-weeks") { observation(period: "202223") { value } }
          weeks52: indicator(id: "ehc-residential-placements-52-weeks") { observation(period: "202223") { value } } }
        localAuthority(code: "370") { indicator(id: "ehc-plans-new") { observation(period: "2022") { value } } } }`,
    );
    const values = Object.fromEntries(
      Object.entries<{ observation: { value: number } }>(data.england).map(([name, { observation }]) => [
        name,
        observation.value,
      ]),
    );
    expect(values).toEqual({
      newPlans: 97_747,
      newNeeds: 97_563,
      issued: 98_547,
      residential: 4_488,
      weeks38: 1_415,
      weeks52: 781,
    });
    // Each authority of Yorkshire and The Humber has its region's figure.
    expect(data.localAuthority.indicator.observation.value).toBe(6_078);
  });
});
