/** The sample's EHC plan files beyond the plans themselves: the publisher's headers, sums that must hold, places. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, groupBy, numberOr0, type Row, type Table } from './tables.js';
import { WrittenSample } from './written-sample.js';

let sample: WrittenSample;

beforeAll(async () => {
  sample = await WrittenSample.write();
});

afterAll(async () => {
  await sample?.remove();
});

const START =
  'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,old_la_code,la_name,breakdown_topic,breakdown';
const NEEDS =
  'ehc_plans,number_asd,number_hi,number_mld,number_msi,number_oth,number_pd,number_pmld,number_semh,number_slcn,number_sld,number_spld,number_vi,number_need_unknown,asd_pc,hi_pc,mld_pc,msi_pc,oth_pc,pd_pc,pmld_pc,semh_pc,slcn_pc,sld_pc,spld_pc,vi_pc,unknown_pc';
const NEED_PARTS = NEEDS.split(',').slice(1, 14);

interface Expected {
  title: string;
  columns: string;
  periods: string[];
  /** Whole → its parts; where a part is x, nothing is asked. */
  sums: [whole: string, parts: string[]][];
}

const CALENDAR = ['2020', '2021', '2022', '2023', '2024', '2025'];
const JANUARIES = ['202021', '202122', '202223', '202324', '202425', '202526'];

const FILES: Expected[] = [
  {
    title: 'requests for an EHC needs assessment',
    columns:
      'requests_received_in_year,requests_rya,requests_decided_to_assess,requests_decided_not_to_assess,requests_decision_not_made,requests_withdrawn,request_assess_pc,request_not_assess_pc,request_outstanding_pc,request_withdrawn_pc,request_outcome_six_weeks,request_outcome_over_6_weeks,request_outcome_six_weeks_pc,request_outcome_over_6_weeks_pc,mediation_related_request,tribunal_related_request,tribunal_after_mediation_request',
    periods: CALENDAR,
    sums: [
      [
        'requests_received_in_year',
        [
          'requests_decided_to_assess',
          'requests_decided_not_to_assess',
          'requests_decision_not_made',
          'requests_withdrawn',
        ],
      ],
    ],
  },
  {
    title: 'Number of EHC needs assessments',
    columns:
      'assess_in_year,assess_issued,assess_issued_pc,assess_not_issued,assess_not_issued_pc,assess_not_made,assess_not_made_pc,assess_withdrawn,assess_withdrawn_pc,outcome_decision_within_time,outcome_decision_over_time,outcome_decision_within_time_pc,outcome_decision_over_time_pc,number_assess_mediation,number_assess_tribunal,number_asssess_mediation_tribunal,number_other_mediation,number_other_tribunal,number_other_mediation_tribunal',
    periods: CALENDAR,
    sums: [
      ['assess_in_year', ['assess_issued', 'assess_not_issued', 'assess_not_made', 'assess_withdrawn']],
      ['assess_not_issued', ['outcome_decision_within_time', 'outcome_decision_over_time']],
    ],
  },
  {
    title: 'annual reviews',
    columns:
      'total_ehc_plans,review_expected,review_not_expected,review_meeting_25,review_meeting_24,review_meeting_prior_24,review_meeting_prior_24,total_review_meeting,no_review_meeting,review_decision25,review_decision24,review_decision_prior24,review_decision_not_due,review_decision_outstanding,outcome_amend,outcome_cease,outcome_maintan,no_outcome,number_decsion_4weeks,number_decision_gt_4weeks,pc_decsion_4weeks,pc_decision_gt_4weeks',
    periods: ['2025'],
    sums: [
      ['total_ehc_plans', ['review_expected', 'review_not_expected']],
      ['review_expected', ['total_review_meeting', 'no_review_meeting']],
      ['total_review_meeting', ['review_meeting_25', 'review_meeting_24', 'review_meeting_prior_24']],
      ['total_review_meeting', ['outcome_amend', 'outcome_cease', 'outcome_maintan', 'no_outcome']],
      [
        'total_review_meeting',
        [
          'review_decision25',
          'review_decision24',
          'review_decision_prior24',
          'review_decision_not_due',
          'review_decision_outstanding',
        ],
      ],
    ],
  },
  {
    title: 'which ceased',
    columns:
      'max_age,needs_met,he,employ,transfer,no_engage,moved_outside_eng,deceased,not_rec,other,total_ceased',
    periods: CALENDAR.slice(2),
    sums: [
      [
        'total_ceased',
        [
          'max_age',
          'needs_met',
          'he',
          'employ',
          'transfer',
          'no_engage',
          'moved_outside_eng',
          'deceased',
          'not_rec',
          'other',
        ],
      ],
    ],
  },
  {
    title: 'January each year, by their primary',
    columns: NEEDS,
    periods: ['202526'],
    sums: [['ehc_plans', NEED_PARTS]],
  },
  {
    title: 'new EHC plans during the calendar year, by',
    columns: NEEDS,
    periods: ['2025'],
    sums: [['ehc_plans', NEED_PARTS]],
  },
  {
    title: 'personal budget',
    columns: 'personal_budget,org_arrangments,pb_health,pb_education,pb_social,pb_integrated',
    periods: JANUARIES,
    sums: [
      ['personal_budget', ['org_arrangments', 'pb_health', 'pb_education', 'pb_social', 'pb_integrated']],
    ],
  },
  {
    title: 'Residential',
    columns: 'Res_3851,Res_52,Res_tot',
    periods: JANUARIES,
    sums: [['Res_tot', ['Res_3851', 'Res_52']]],
  },
  {
    title: 'Work based',
    columns: 'open_supp_intern,open_apprentice,open_trainee,open_wbp',
    periods: ['202526'],
    sums: [['open_wbp', ['open_supp_intern', 'open_apprentice', 'open_trainee']]],
  },
];

const isPercent = (column: string) => /(^|_)pc(_|$)/i.test(column);

describe('the files about the EHC process', () => {
  it.each(FILES)('$title has the publisher’s header and periods', ({ title, columns, periods }) => {
    const { header, rows } = sample.find(title);
    expect(header.join()).toBe(`${START},${columns}`);
    expect([...new Set(rows.map((row) => row['time_period']))]).toEqual(periods);
  });

  it.each(FILES)('$title is the sum of its parts', ({ title, sums }) => {
    const wrong = sample.find(title).rows.filter((row) =>
      sums.some(([whole, parts]) => {
        const cells = [whole, ...parts].map((column) => row[column]!);
        if (cells.includes('x')) return false;
        return Number(cells[0]) !== cells.slice(1).reduce((sum, cell) => sum + Number(cell), 0);
      }),
    );
    expectNone(wrong);
  });

  it.each(FILES)('$title adds up over places and over sexes', ({ title }) => {
    const { header, rows }: Table = sample.find(title);
    const counted = header.slice(12).filter((column) => !isPercent(column));
    const differs = (whole: Row, parts: readonly Row[]): boolean =>
      counted.some(
        (column) =>
          parts.reduce((all, row) => all + numberOr0(row[column]!), 0) !== numberOr0(whole[column]!),
      );
    const wrong: string[] = [];
    for (const same of groupBy(rows, (row) => [row['time_period'], row['breakdown']].join()).values()) {
      const levels = groupBy(same, (row) => row['geographic_level']!);
      const england = levels.get('National')![0]!;
      for (const level of ['Regional', 'Local authority'])
        if (differs(england, levels.get(level)!)) wrong.push(`${england['breakdown']} ${level}`);
    }
    const ofPlaces = groupBy(rows, (row) =>
      [row['time_period'], row['region_code'], row['new_la_code']].join(),
    );
    for (const place of ofPlaces.values()) {
      const [whole, ...parts] = place;
      if (parts.length > 0 && differs(whole!, parts)) wrong.push(`${whole!['la_name']} by sex`);
    }
    expectNone(wrong);
  });

  it('has London in two halves in the needs of new plans alone', () => {
    for (const { title } of FILES) {
      const regions = new Set(sample.find(title).rows.map((row) => row['region_code']));
      const halves = title.startsWith('new EHC plans');
      expect(regions.has('E13000001') && regions.has('E13000002'), title).toBe(halves);
      expect(regions.has('E12000007'), title).toBe(!halves);
    }
  });

  it('counts as many plans in the needs as in the caseload and among the new', () => {
    const england = (title: string, column: string) =>
      sample
        .find(title)
        .rows.findLast(
          (row) => row['geographic_level'] === 'National' && row['breakdown_topic'] === row['breakdown'],
        )![column];
    expect(england('by their primary', 'ehc_plans')).toBe(england('as at January', 'ehcplans'));
    expect(england('calendar year, by their primary', 'ehc_plans')).toBe(
      england('new EHC plans', 'new_ehc_plans'),
    );
    expect(england('annual reviews', 'total_ehc_plans')).toBe(england('as at January', 'ehcplans'));
  });
});
