/** The sample's register of schools and groups: format, coverage of authorities, names, links, trusts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_AUTHORITIES } from '../../jobs/sample/local-authorities.js';
import { expectNone, groupBy, iso, tableOf } from './tables.js';
import { REFERENCE, REGISTER, WrittenSample } from './written-sample.js';

let sample: WrittenSample;

beforeAll(async () => {
  sample = await WrittenSample.write();
});

afterAll(async () => {
  await sample?.remove();
});

describe('the register of the sample', () => {
  it('has the publisher\u2019s headers, quoting and line ends', async () => {
    const schools = await sample.register('edubasealldata');
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

    const groups = await sample.register('allgroupsdata');
    expect(groups.header).toHaveLength(21);
    expect(groups.header.slice(0, 6).join()).toBe(
      'Group UID,Group ID,Group Name,Companies House Number,Group Type (code),Group Type',
    );
    expectNone(
      groups.rows.filter((row) => !/^(\d\d\/\d\d\/\d{4})?$/.test(row['Incorporated on (open date)']!)),
    );

    const members = await sample.register('grouplinks_edubaseallacademiesandfree');
    expect(members.header.join()).toBe(
      'URN,Linked UID,Group Name,Companies House Number,Group Type,Group Type (code),Closed Date,Open date,' +
        'Incorporated on (open date),Group Status,Group Status (code),FederationType,Joined date,EstablishmentName,' +
        'TypeOfEstablishment (code),TypeOfEstablishment (name),PhaseOfEducation (code),PhaseOfEducation (name),' +
        'LA (code),LA (name),HasSharedHT',
    );
    const lines = parse(members.text, { relax_column_count: true }) as string[][];
    expectNone(lines.slice(1).filter((cells) => cells.length !== 20));

    const links = await sample.register('links_edubasealldata');
    expect(links.header).toEqual(['URN', 'LinkURN', 'LinkName', 'LinkType', 'LinkEstablishedDate']);
  });

  it('covers every real local authority, old and new, and nothing else', async () => {
    const { rows } = await sample.register('edubasealldata');
    const real = new Set(LOCAL_AUTHORITIES.map(({ code }) => code).filter((code) => code !== 'x'));
    const inRegister = new Set(rows.map((row) => row['LA (code)']!));
    expect([...real].filter((code) => !inRegister.has(code))).toEqual([]);
    expect([...inRegister].filter((code) => !real.has(code))).toEqual(['702']);

    const las = tableOf(await readFile(join(sample.folder, REFERENCE, 'las.csv'), 'utf8'));
    const regions = tableOf(
      await readFile(join(sample.folder, REFERENCE, 'region_la_hierarchy.csv'), 'utf8'),
    );
    expect(new Set(las.rows.map((row) => row.old_la_code))).toEqual(new Set([...real, 'x', '702']));
    expect(las.rows.filter((row) => row.status === 'live' && row.old_la_code !== '702')).toHaveLength(153);
    expect(las.rows.find((row) => row.old_la_code === '928')).toMatchObject({
      date_of_termination: '31/03/2021',
      la_name: 'Northamptonshire',
    });
    expect(regions.rows).toHaveLength(las.rows.length);
  });

  it('calls everything Sample, keeps its characters, and makes up no postcode that could be real', async () => {
    const schools = await sample.register('edubasealldata');
    const groups = await sample.register('allgroupsdata');
    expectNone(schools.rows.filter((row) => !row.EstablishmentName!.includes('Sample')));
    expectNone(groups.rows.filter((row) => !row['Group Name']!.includes('Sample')));
    expectNone(schools.rows.filter((row) => !/^(ZZ\d+ \d[A-Z]{2})?$/.test(row.Postcode!)));
    const names = schools.rows.map((row) => row.EstablishmentName).join('\n');
    expect(names).toMatch(/Zoë/);
    expect(names).toMatch(/’s/);
    const bytes = await readFile(join(sample.folder, REGISTER, 'edubasealldata20260901.csv'));
    expect(bytes.includes(0x92)).toBe(true);
  });

  it('never has two open schools under one LAESTAB', async () => {
    const { rows } = await sample.register('edubasealldata');
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
    const { rows } = await sample.register('edubasealldata');
    const links = (await sample.register('links_edubasealldata')).rows;
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
    const schools = new Map((await sample.register('edubasealldata')).rows.map((row) => [row.URN!, row]));
    const members = (await sample.register('grouplinks_edubaseallacademiesandfree')).rows;
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
