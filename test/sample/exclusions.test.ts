/** The sample's exclusions: headers, sums that must hold, rates and symbols, and schools that the register knows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_AUTHORITIES } from '../../jobs/sample/local-authorities.js';
import { expectNone, groupBy, iso, type Row, sum } from './tables.js';
import { WrittenSample } from './written-sample.js';

let sample: WrittenSample;

beforeAll(async () => {
  sample = await WrittenSample.write();
});

afterAll(async () => {
  await sample?.remove();
});

function thirdThursdayOfJanuary(year: number): string {
  const thursdays = Array.from({ length: 31 }, (_, i) => new Date(Date.UTC(year, 0, i + 1))).filter(
    (day) => day.getUTCDay() === 4,
  );
  return thursdays[2]!.toISOString().slice(0, 10);
}

describe('the exclusions of the sample', () => {
  const COUNTS = ['headcount', 'perm_excl', 'suspension', 'one_plus_susp'];
  const RATES = [
    ['perm_excl', 'perm_excl_rate'],
    ['suspension', 'susp_rate'],
    ['one_plus_susp', 'one_plus_susp_rate'],
  ] as const;
  const START =
    'time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name';
  const END = 'headcount,perm_excl,perm_excl_rate,suspension,susp_rate,one_plus_susp,one_plus_susp_rate';

  it('have the headers of today', () => {
    expect(sample.find('by geography').header.join()).toBe(`${START},education_phase,num_schools,${END}`);
    expect(sample.find('by school').header.join()).toBe(
      `${START},estab,school_laestab,school_urn,school_name,trust_name,academy_type,academy_open_date,education_phase,${END}`,
    );
    expect(sample.find('by characteristic').header.join()).toBe(
      `${START},education_phase,characteristic_group,characteristic,${END}`,
    );
  });

  it('add up from authorities to regions to England, and from phases to the total', () => {
    const { rows } = sample.find('by geography');
    expect(new Set(rows.map((row) => row.time_period))).toEqual(
      new Set(['201920', '202021', '202122', '202223', '202324', '202425']),
    );
    const wrong: string[] = [];
    const compare = (whole: Row, parts: readonly Row[]): void => {
      for (const column of ['num_schools', ...COUNTS]) {
        if (sum(parts, column) !== Number(whole[column]))
          wrong.push(`${whole.time_period} ${whole.region_name} ${whole.la_name} ${column}`);
      }
    };
    for (const whole of rows) {
      const same = rows.filter(
        (row) => row.time_period === whole.time_period && row.education_phase === whole.education_phase,
      );
      if (whole.geographic_level === 'National')
        compare(
          whole,
          same.filter((row) => row.geographic_level === 'Regional'),
        );
      if (whole.geographic_level === 'Regional') {
        compare(
          whole,
          same.filter(
            (row) => row.geographic_level === 'Local authority' && row.region_code === whole.region_code,
          ),
        );
      }
    }
    for (const places of groupBy(rows, (row) =>
      [row.time_period, row.region_code, row.old_la_code].join(),
    ).values()) {
      compare(
        places.find((row) => row.education_phase === 'Total')!,
        places.filter((row) => row.education_phase !== 'Total'),
      );
    }
    expectNone(wrong);
  });

  it('are the sums of the schools, as far as suppression lets one see', () => {
    const schools = groupBy(sample.find('by school').rows, (row) =>
      [row.time_period, row.old_la_code, row.education_phase].join(),
    );
    const authorities = sample
      .find('by geography')
      .rows.filter((row) => row.geographic_level === 'Local authority' && row.education_phase !== 'Total');
    expect(schools.size).toBe(authorities.length);
    const wrong = authorities.filter((la) => {
      const parts = schools.get([la.time_period, la.old_la_code, la.education_phase].join()) ?? [];
      const bounds = COUNTS.map((column) => {
        const hidden = parts.filter((row) => row[column] === 'c').length;
        const shown = sum(
          parts.filter((row) => row[column] !== 'c'),
          column,
        );
        return shown + hidden <= Number(la[column]) && Number(la[column]) <= shown + 2 * hidden;
      });
      return parts.length !== Number(la.num_schools) || bounds.includes(false);
    });
    expectNone(wrong);
  });

  it('have rates that are counts over headcount, and symbols where there is none', () => {
    const wrong: string[] = [];
    const symbols = { c: 0, z: 0 };
    for (const [title, { rows }] of sample.statistics) {
      if (!title.startsWith('Suspensions')) continue;
      for (const row of rows) {
        for (const [count, rate] of RATES) {
          const school = row.geographic_level === 'School';
          const expected =
            row[count] === 'c'
              ? 'c'
              : row.headcount === '0'
                ? 'z'
                : String(Math.round((Number(row[count]) * 10_000) / Number(row.headcount)) / 100);
          const hiddenWrongly = row[count] === 'c' ? !school : school && ['1', '2'].includes(row[count]!);
          if (row[rate] !== expected || hiddenWrongly)
            wrong.push(`${title} ${row.time_period} ${row.la_name} ${rate} ${row[rate]} ${expected}`);
          if (expected === 'c' || expected === 'z') symbols[expected] += 1;
        }
      }
    }
    expectNone(wrong);
    expect(symbols.c).toBeGreaterThan(1000);
    expect(symbols.z).toBeGreaterThan(0);
  });

  it('stand at plausible levels', () => {
    const england = sample.find('by geography').rows.filter((row) => row.geographic_level === 'National');
    const rates = (phase: string, column: string): number[] =>
      england.filter((row) => row.education_phase === phase).map((row) => Number(row[column]));
    const [primary, secondary] = [
      rates('State-funded primary', 'susp_rate'),
      rates('State-funded secondary', 'susp_rate'),
    ];
    for (const rate of rates('Total', 'susp_rate')) expect(rate).toBeGreaterThan(4.5);
    for (const rate of rates('Total', 'susp_rate')) expect(rate).toBeLessThan(11.5);
    for (const rate of rates('Total', 'perm_excl_rate')) expect(rate).toBeLessThan(0.16);
    expect(rates('Total', 'susp_rate').at(-1)).toBeGreaterThan(1.5 * rates('Total', 'susp_rate')[0]!);
    expectNone(primary.filter((rate, i) => rate >= secondary[i]!));
  });

  it('name for each school the URN, number and authority that were its own on census day', async () => {
    const schools = new Map((await sample.register('edubasealldata')).rows.map((row) => [row.URN!, row]));
    const wrong = sample.find('by school').rows.filter((row) => {
      const census = thirdThursdayOfJanuary(2000 + Number(row.time_period!.slice(4)));
      const school = schools.get(row.school_urn!);
      if (!school) return true;
      const open =
        (school.OpenDate === '' || iso(school.OpenDate!) <= census) &&
        (school.CloseDate === '' || iso(school.CloseDate!) >= census);
      const la = LOCAL_AUTHORITIES.find(
        ({ code, gss, from, to }) =>
          code === row.old_la_code &&
          gss === row.new_la_code &&
          from <= census &&
          (to === null || to >= census),
      );
      const number =
        row.school_laestab === `${row.old_la_code}${row.estab}` && row.estab === school.EstablishmentNumber;
      return !open || !la || !number || row.school_name !== school.EstablishmentName;
    });
    expectNone(wrong);
    const perYear = [...groupBy(sample.find('by school').rows, (row) => row.time_period!).values()];
    for (const rows of perYear) expect(new Set(rows.map((row) => row.school_urn)).size).toBe(rows.length);
  });

  it('by characteristic agree with those by geography', () => {
    const key = (row: Row): string =>
      [row.time_period, row.geographic_level, row.region_code, row.education_phase].join();
    const totals = new Map(
      sample
        .find('by geography')
        .rows.filter((row) => row.geographic_level !== 'Local authority')
        .map((row) => [key(row), row]),
    );
    const wrong = [
      ...groupBy(
        sample.find('by characteristic').rows,
        (row) => `${key(row)},${row.characteristic_group}`,
      ).values(),
    ].filter((rows) =>
      COUNTS.some((column) => sum(rows, column) !== Number(totals.get(key(rows[0]!))![column])),
    );
    expectNone(wrong);
  });
});
