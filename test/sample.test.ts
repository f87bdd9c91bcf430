// The synthetic sample, read back with an independent CSV reader: formats, coverage, and sums that must hold.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_AUTHORITIES } from '../jobs/sample/local-authorities.js';
import { SAMPLE_GIAS_DATE, sampleFiles, writeSample } from '../jobs/sample/write-sample.js';

type Row = Record<string, string>;
interface Table {
  header: string[];
  rows: Row[];
}

const REGISTER = 'ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
const REFERENCE = 'raw.githubusercontent.com/dfe-analytical-services/dfe-published-data-qa/main/data';
const CONTENT = 'content.explore-education-statistics.service.gov.uk/api';
const EXCLUSIONS = 'suspensions-and-permanent-exclusions-in-england';
const PLANS = 'education-health-and-care-plans';

let folder: string;
let written: Awaited<ReturnType<typeof writeSample>>;
const statistics = new Map<string, Table>();

function tableOf(text: string): Table {
  const [header, ...lines] = parse(text, { bom: true, relax_column_count_less: true }) as string[][];
  return {
    header: header!,
    rows: lines.map((cells) => Object.fromEntries(header!.map((name, i) => [name, cells[i] ?? '']))),
  };
}

async function register(name: string): Promise<Table & { text: string }> {
  const bytes = await readFile(join(folder, REGISTER, `${name}${SAMPLE_GIAS_DATE.replaceAll('-', '')}.csv`));
  // Not TextDecoder: some versions of Node decode windows-1252 as ISO 8859-1, where 0x92 is no apostrophe.
  const text = bytes.toString('latin1').replaceAll('\x92', '’');
  expect(text).not.toMatch(/[\x80-\x9f]/);
  return { ...tableOf(text), text };
}

async function document(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, CONTENT, 'publications', path), 'utf8')) as Record<
    string,
    unknown
  >;
}

const find = (words: string): Table => [...statistics].find(([title]) => title.includes(words))![1];
const iso = (day: string): string => day.split(/[-/]/).reverse().join('-');

function groupBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(key(row));
    if (known) known.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);
const numberOr0 = (text: string): number => (text === 'x' ? 0 : Number(text));

/** Every wrong row is told at once, instead of one assertion a row. */
function expectNone(wrong: readonly unknown[]): void {
  expect(wrong.slice(0, 5)).toEqual([]);
}

function thirdThursdayOfJanuary(year: number): string {
  const thursdays = Array.from({ length: 31 }, (_, i) => new Date(Date.UTC(year, 0, i + 1))).filter(
    (day) => day.getUTCDay() === 4,
  );
  return thursdays[2]!.toISOString().slice(0, 10);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'));
  written = await writeSample(folder);
  for (const [slug, release] of [
    [EXCLUSIONS, '2024-25'],
    [PLANS, '2026'],
  ] as const) {
    const content = (await document(`${slug}/releases/${release}/data-content`)) as {
      releaseVersionId: string;
      dataSets: { title: string; fileId: string; meta: { numDataFileRows: number } }[];
    };
    for (const { title, fileId, meta } of content.dataSets) {
      const text = await readFile(
        join(folder, CONTENT, 'releases', content.releaseVersionId, 'files', fileId),
        'utf8',
      );
      expect(text.startsWith('\ufefftime_period,')).toBe(true);
      const table = tableOf(text);
      expect(table.rows.length).toBe(meta.numDataFileRows);
      statistics.set(title, table);
    }
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the sample as a whole', () => {
  it('is the same, byte for byte, for the same seed, and another for another', () => {
    const digest = (seed: number): string => {
      const hash = createHash('sha256');
      for (const { path, body } of sampleFiles({ seed, schools: 400, trusts: 30 }))
        hash.update(path).update(body);
      return hash.digest('hex');
    };
    expect(digest(7)).toBe(digest(7));
    expect(digest(7)).not.toBe(digest(8));
  });

  it('tells the truth about what it wrote', async () => {
    for (const { path, bytes } of written.files)
      expect((await readFile(join(folder, path))).length).toBe(bytes);
    expect(written.files.find(({ path }) => path.includes('edubasealldata2'))!.rows).toBeGreaterThan(2000);
  });

  it('leads from a slug to a release and its files', async () => {
    for (const [slug, release, published] of [
      [EXCLUSIONS, '2024-25', '2026-07-16T09:30:00+01:00'],
      [PLANS, '2026', '2026-06-25T09:30:00+01:00'],
    ] as const) {
      const publication = await document(`${slug}.json`);
      const summary = await document(`${slug}/releases/${release}/version-summary`);
      const content = await document(`${slug}/releases/${release}/data-content`);
      expect(publication).toMatchObject({ slug, latestRelease: { id: summary.releaseId, slug: release } });
      expect(publication.summary).toContain('SYNTHETIC');
      expect(summary).toMatchObject({ slug: release, published, isLatestRelease: true });
      expect(content).toMatchObject({ releaseId: summary.releaseId, releaseVersionId: summary.id });
    }
  });
});

describe('the register of the sample', () => {
  it('has the publisher\u2019s headers, quoting and line ends', async () => {
    const schools = await register('edubasealldata');
    expect(schools.header).toHaveLength(135);
    expect(schools.header.slice(0, 5)).toEqual([
      'URN',
      'LA (code)',
      'LA (name)',
      'EstablishmentNumber',
      'EstablishmentName',
    ]);
    expect(schools.header.at(-1)).toBe('AccreditationExpiryDate');
    expect(schools.header.filter((name) => /Ofsted|RSCRegion/.test(name))).toEqual([]);
    expect(schools.text).toMatch(/\r\n900001,"\d{3}","[^"]+","\d{4}","Sample [^"]+","\d\d",/);
    expect(schools.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);

    const groups = await register('allgroupsdata');
    expect(groups.header).toHaveLength(21);
    expect(groups.header.slice(0, 6).join()).toBe(
      'Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type',
    );
    expectNone(
      groups.rows.filter((row) => !/^(\d\d\/\d\d\/\d{4})?$/.test(row['Incorporated on (open date)']!)),
    );

    const members = await register('grouplinks_edubaseallacademiesandfree');
    expect(members.header.join()).toBe(
      'URN,Linked UID,Group Name,Companies House Number,Group Type,Group Type (code),Closed Date,Open date,' +
        'Incorporated on (open date),Group Status,Group Status (code),FederationType,Joined date,EstablishmentName,' +
        'TypeOfEstablishment (code),TypeOfEstablishment (name),PhaseOfEducation (code),PhaseOfEducation (name),' +
        'LA (code),LA (name),HasSharedHT',
    );
    const lines = parse(members.text, { relax_column_count: true }) as string[][];
    expectNone(lines.slice(1).filter((cells) => cells.length !== 20));

    const links = await register('links_edubasealldata');
    expect(links.header).toEqual(['URN', 'LinkURN', 'LinkName', 'LinkType', 'LinkEstablishedDate']);
  });

  it('covers every real local authority, old and new, and nothing else', async () => {
    const { rows } = await register('edubasealldata');
    const real = new Set(LOCAL_AUTHORITIES.map(({ code }) => code).filter((code) => code !== 'x'));
    const inRegister = new Set(rows.map((row) => row['LA (code)']!));
    expect([...real].filter((code) => !inRegister.has(code))).toEqual([]);
    expect([...inRegister].filter((code) => !real.has(code))).toEqual(['702']);

    const las = tableOf(await readFile(join(folder, REFERENCE, 'las.csv'), 'utf8'));
    const regions = tableOf(await readFile(join(folder, REFERENCE, 'region_la_hierarchy.csv'), 'utf8'));
    expect(new Set(las.rows.map((row) => row.old_la_code))).toEqual(new Set([...real, 'x', '702']));
    expect(las.rows.filter((row) => row.status === 'live' && row.old_la_code !== '702')).toHaveLength(153);
    expect(las.rows.find((row) => row.old_la_code === '928')).toMatchObject({
      date_of_termination: '31/03/2021',
      la_name: 'Northamptonshire',
    });
    expect(regions.rows).toHaveLength(las.rows.length);
  });

  it('calls everything Sample, keeps its characters, and makes up no postcode that could be real', async () => {
    const schools = await register('edubasealldata');
    const groups = await register('allgroupsdata');
    expectNone(schools.rows.filter((row) => !row.EstablishmentName!.includes('Sample')));
    expectNone(groups.rows.filter((row) => !row['Group Name']!.includes('Sample')));
    expectNone(schools.rows.filter((row) => !/^(ZZ\d+ \d[A-Z]{2})?$/.test(row.Postcode!)));
    const names = schools.rows.map((row) => row.EstablishmentName).join('\n');
    expect(names).toMatch(/Zoë/);
    expect(names).toMatch(/’s/);
    const bytes = await readFile(join(folder, REGISTER, 'edubasealldata20260901.csv'));
    expect(bytes.includes(0x92)).toBe(true);
  });

  it('never has two open schools under one LAESTAB', async () => {
    const { rows } = await register('edubasealldata');
    const clashes = [
      ...groupBy(rows, (row) => `${row['LA (code)']}${row.EstablishmentNumber}`).values(),
    ].flatMap((same) =>
      same.flatMap((a, i) =>
        same.slice(i + 1).filter((b) => {
          const [from, to] = [a, b].map((row) => [
            iso(row.OpenDate!),
            row.CloseDate ? iso(row.CloseDate) : '9999',
          ]) as [string[], string[]];
          return from[0]! <= to[1]! && to[0]! <= from[1]!;
        }),
      ),
    );
    expectNone(clashes);
  });

  it('links predecessors and successors both ways, often under the same LAESTAB', async () => {
    const { rows } = await register('edubasealldata');
    const links = (await register('links_edubasealldata')).rows;
    const byUrn = new Map(rows.map((row) => [row.URN!, row]));
    const pairs = new Set(links.map((link) => `${link.URN}>${link.LinkURN}`));
    expectNone(links.filter((link) => !pairs.has(`${link.LinkURN}>${link.URN}`)));
    const academies = links
      .filter((link) => link.LinkType === 'Successor')
      .map((link) => [byUrn.get(link.URN!)!, byUrn.get(link.LinkURN!)!] as const);
    expect(academies.length).toBeGreaterThan(300);
    expectNone(
      academies.filter(
        ([before, after]) => !before.CloseDate || iso(before.CloseDate) >= iso(after.OpenDate!),
      ),
    );
    const same = academies.filter(
      ([before, after]) => before.EstablishmentNumber === after.EstablishmentNumber,
    );
    expect(same.length / academies.length).toBeGreaterThan(0.8);
  });

  it('has trusts of one school and of many, across authorities, some also as sponsors', async () => {
    const schools = new Map((await register('edubasealldata')).rows.map((row) => [row.URN!, row]));
    const members = (await register('grouplinks_edubaseallacademiesandfree')).rows;
    const trusts = groupBy(
      members.filter((row) => row['Group Type (code)'] !== '05'),
      (row) => row['Linked UID']!,
    );
    const sizes = [...trusts.values()].map((rows) => rows.length);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(60);
    expect(sizes.filter((size) => size >= 5).length).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBe(40);
    expect(
      [...trusts.values()].filter((rows) => new Set(rows.map((row) => row['LA (code)'])).size > 2).length,
    ).toBeGreaterThan(10);
    const sponsored = new Set(
      members.filter((row) => row['Group Type (code)'] === '05').map((row) => row.URN),
    );
    expect(sponsored.size).toBeGreaterThan(50);
    expectNone(members.filter((row) => schools.get(row.URN!)?.['EstablishmentStatus (code)'] === '2'));
    expectNone(members.filter((row) => iso(row['Joined date']!) < iso(schools.get(row.URN!)!.OpenDate!)));
  });
});

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
    expect(find('by geography').header.join()).toBe(`${START},education_phase,num_schools,${END}`);
    expect(find('by school').header.join()).toBe(
      `${START},estab,school_laestab,school_urn,school_name,trust_name,academy_type,academy_open_date,education_phase,${END}`,
    );
    expect(find('by characteristic').header.join()).toBe(
      `${START},education_phase,characteristic_group,characteristic,${END}`,
    );
  });

  it('add up from authorities to regions to England, and from phases to the total', () => {
    const { rows } = find('by geography');
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
    const schools = groupBy(find('by school').rows, (row) =>
      [row.time_period, row.old_la_code, row.education_phase].join(),
    );
    const authorities = find('by geography').rows.filter(
      (row) => row.geographic_level === 'Local authority' && row.education_phase !== 'Total',
    );
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
    for (const [title, { rows }] of statistics) {
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
    const england = find('by geography').rows.filter((row) => row.geographic_level === 'National');
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
    const schools = new Map((await register('edubasealldata')).rows.map((row) => [row.URN!, row]));
    const wrong = find('by school').rows.filter((row) => {
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
    const perYear = [...groupBy(find('by school').rows, (row) => row.time_period!).values()];
    for (const rows of perYear) expect(new Set(rows.map((row) => row.school_urn)).size).toBe(rows.length);
  });

  it('by characteristic agree with those by geography', () => {
    const key = (row: Row): string =>
      [row.time_period, row.geographic_level, row.region_code, row.education_phase].join();
    const totals = new Map(
      find('by geography')
        .rows.filter((row) => row.geographic_level !== 'Local authority')
        .map((row) => [key(row), row]),
    );
    const wrong = [
      ...groupBy(find('by characteristic').rows, (row) => `${key(row)},${row.characteristic_group}`).values(),
    ].filter((rows) =>
      COUNTS.some((column) => sum(rows, column) !== Number(totals.get(key(rows[0]!))![column])),
    );
    expectNone(wrong);
  });
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
    [find('as at January'), 'ehcplans'],
    [find('new EHC plans'), 'new_ehc_plans'],
  ];

  it('have the publisher\u2019s headers', () => {
    expect(find('as at January').header.join()).toBe(`${START},ehcplans,${PLACEMENTS}`);
    expect(find('new EHC plans').header.join()).toBe(`${START},new_ehc_plans,${PLACEMENTS}`);
    expect(find('Timeliness').header.join()).toBe(
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
    const england = find('as at January').rows.filter(
      (row) => row.geographic_level === 'National' && row.breakdown === 'All EHC plans',
    );
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
      find('new EHC plans')
        .rows.filter((row) => row.breakdown === 'New EHC plans')
        .map((row) => [[row.time_period, row.region_code, row.new_la_code].join(), row]),
    );
    const rows = find('Timeliness').rows;
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
