/** The sample's EHC plans: headers, sums over placements, places and breakdowns, and what was not collected. */
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

describe('the EHC plans of the sample', () => {
  const TOTALS: Record<string, [first: string, last: string]> = {
    mainstream_total: ['mainstream_la_maintained', 'mainstream_independent'],
    special_total: ['special_la_maintained', 'special_non_maintained'],
    ap_pru_total: ['ap_pru_academy', 'ap_pru_la_maintained'],
    fe_total: ['general_fe_tertiary_colleges', 'ukrlp_provider'],
    ed_elsewhere: ['elective_home_education', 'neet_other_csa'],
  };
  const REST = ['nm_early_years', 'placement_unknown', 'await_prov_2022', 'perm_ex_2022'];
  const PERCENTAGES: Record<string, string> = {
    mainstream_total_pc: 'mainstream_total',
    special_total_pc: 'special_total',
    AP_PRU_total_pc: 'ap_pru_total',
    fe_total_pc: 'fe_total',
    ed_elsewhere_pc: 'ed_elsewhere',
    nm_early_years_pc: 'nm_early_years',
    placement_unknown_pc: 'placement_unknown',
  };
  const START =
    'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,old_la_code,la_name,breakdown_topic,breakdown';
  const PLACEMENTS =
    'mainstream_la_maintained,mainstream_la_maintained_resourced_provision,mainstream_la_maintained_senunit,mainstream_academy,' +
    'mainstream_academy_resourced_provision,mainstream_academy_senunit,mainstream_free_school,mainstream_free_school_resourced_provision,' +
    'mainstream_free_school_senunit,mainstream_independent,mainstream_total,mainstream_total_pc,special_la_maintained,special_academy_free,' +
    'special_independent,special_non_maintained,special_total,special_total_pc,ap_pru_academy,ap_pru_free_school,ap_pru_la_maintained,' +
    'ap_pru_total,AP_PRU_total_pc,general_fe_tertiary_colleges,specialist_post_16_institutions,ukrlp_provider,fe_total,fe_total_pc,' +
    'elective_home_education,other_arrangements_la,other_arrangements_parents,online_provider,w_settings,other_schools,' +
    'other_placement_settings,neet,neet_ntci,neet_other,neet_other_csa,ed_elsewhere,ed_elsewhere_pc,nm_early_years,nm_early_years_pc,' +
    'placement_unknown,placement_unknown_pc,await_prov_2022,perm_ex_2022';
  const files = (): [Table, string][] => [
    [sample.find('as at January'), 'ehcplans'],
    [sample.find('new EHC plans'), 'new_ehc_plans'],
  ];

  it('have the publisher\u2019s headers', () => {
    expect(sample.find('as at January').header.join()).toBe(`${START},ehcplans,${PLACEMENTS}`);
    expect(sample.find('new EHC plans').header.join()).toBe(`${START},new_ehc_plans,${PLACEMENTS}`);
    expect(sample.find('Timeliness').header.join()).toBe(
      `${START},plans_issued_den,plans_issued_den_ex,plans_issued_within_20_weeks,plans_issued_20_weeks_ex,` +
        'pc_plans_issued_within_20_weeks,PC_plans_issued_20_weeks_ex,plans_issued_gt20weeks_ltYear,plans_issued_gt20weeks_ltYear_ex,' +
        'pc_plans_issued_gt20weeks_ltYear,PC_plans_issued_gt20weeks_ltYear_ex,plans_issued_gt_1_year,plans_issued_gt_1_year_ex,' +
        'pc_plans_issued_gt_1_year,PC_plans_issued_gt_1_year_ex',
    );
  });

  it('are the sum of their placements, with percentages to one decimal', () => {
    const wrong: string[] = [];
    for (const [{ header, rows }, plans] of files()) {
      for (const row of rows) {
        for (const [total, [first, last]] of Object.entries(TOTALS)) {
          const parts = header.slice(header.indexOf(first), header.indexOf(last) + 1);
          if (parts.reduce((all, column) => all + numberOr0(row[column]!), 0) !== Number(row[total]))
            wrong.push(`${row.la_name} ${total}`);
        }
        const all = [...Object.keys(TOTALS), ...REST].reduce(
          (count, column) => count + numberOr0(row[column]!),
          0,
        );
        if (all !== Number(row[plans])) wrong.push(`${row.time_period} ${row.la_name} ${plans}`);
        for (const [percent, column] of Object.entries(PERCENTAGES)) {
          const of = Number(row[plans]);
          const expected =
            row[column] === 'x' || of === 0
              ? 'x'
              : String(Math.round((Number(row[column]) * 1000) / of) / 10);
          if (row[percent] !== expected) wrong.push(`${row.time_period} ${row.la_name} ${percent}`);
        }
      }
    }
    expectNone(wrong);
  });

  it('add up over places and over breakdowns', () => {
    const wrong: string[] = [];
    for (const [{ header, rows }, plans] of files()) {
      const counted = header.filter((column, i) => i >= header.indexOf(plans) && !column.endsWith('_pc'));
      const differs = (whole: Row, parts: readonly Row[]): boolean =>
        counted.some(
          (column) =>
            parts.reduce((all, row) => all + numberOr0(row[column]!), 0) !== numberOr0(whole[column]!),
        );
      for (const same of groupBy(rows, (row) =>
        [row.time_period, row.breakdown_topic, row.breakdown].join(),
      ).values()) {
        const level = groupBy(same, (row) => row.geographic_level!);
        const england = level.get('National')![0]!;
        if (differs(england, level.get('Regional')!) || differs(england, level.get('Local authority')!)) {
          wrong.push(`${england.time_period} ${england.breakdown}`);
        }
      }
      for (const place of groupBy(rows, (row) =>
        [row.time_period, row.region_code, row.new_la_code].join(),
      ).values()) {
        const topics = groupBy(place, (row) => row.breakdown_topic!);
        const whole = topics.get('All EHC plans')?.[0] ?? topics.get('New EHC plans')![0]!;
        for (const [topic, parts] of topics)
          if (differs(whole, parts)) wrong.push(`${whole.la_name} ${topic}`);
      }
    }
    expectNone(wrong);
  });

  it('write x for what was not collected, and grow by about nine in a hundred', () => {
    const england = sample
      .find('as at January')
      .rows.filter((row) => row.geographic_level === 'National' && row.breakdown === 'All EHC plans');
    expect(england.map((row) => row.time_period)).toEqual([
      '202021',
      '202122',
      '202223',
      '202324',
      '202425',
      '202526',
    ]);
    expect(england.map((row) => row.placement_unknown === 'x')).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(england.map((row) => row.await_prov_2022 === 'x')).toEqual([false, false, true, true, true, true]);
    expect(england.map((row) => row.online_provider === 'x')).toEqual([true, true, true, true, false, false]);
    england.slice(1).forEach((row, i) => {
      expect(Number(row.ehcplans) / Number(england[i]!.ehcplans)).toBeCloseTo(1.09, 1);
    });
  });

  it('issue no more in 20 weeks than at all, with parts that add up', () => {
    const started = new Map(
      sample
        .find('new EHC plans')
        .rows.filter((row) => row.breakdown === 'New EHC plans')
        .map((row) => [[row.time_period, row.region_code, row.new_la_code].join(), row]),
    );
    const rows = sample.find('Timeliness').rows;
    const wrong = rows.filter((row) => {
      const [issued, issuedEx] = [Number(row.plans_issued_den), Number(row.plans_issued_den_ex)];
      const [within, withinEx] = [
        Number(row.plans_issued_within_20_weeks),
        Number(row.plans_issued_20_weeks_ex),
      ];
      const begun = Number(
        started.get([row.time_period, row.region_code, row.new_la_code].join())!.new_ehc_plans,
      );
      const percent = issued === 0 ? 'x' : String(Math.round((within * 1000) / issued) / 10);
      const split = row.time_period! >= '2023';
      const late = numberOr0(row.plans_issued_gt20weeks_ltYear!) + numberOr0(row.plans_issued_gt_1_year!);
      return (
        issued > begun ||
        issuedEx > issued ||
        within > issued ||
        withinEx > Math.min(within, issuedEx) ||
        row.pc_plans_issued_within_20_weeks !== percent ||
        (split ? within + late !== issued : row.plans_issued_gt_1_year !== 'x')
      );
    });
    expectNone(wrong);
    for (const row of rows.filter(({ geographic_level: level }) => level === 'National')) {
      expect(Number(row.pc_plans_issued_within_20_weeks)).toBeGreaterThan(45);
      expect(Number(row.pc_plans_issued_within_20_weeks)).toBeLessThan(60);
    }
  });
});
