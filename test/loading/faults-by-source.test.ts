/**
 * Faults that only one source can have, each named after what is wrong: the release is refused with one line that says
 * so, and the good file is loaded afterwards. And ways of writing that are no faults.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Loading } from './loading.js';
import {
  ABSENCE,
  ALL_GROUP_LINKS,
  CAPACITY,
  EXCLUSIONS,
  PERFORMANCE_TABLE,
  SCORECARDS,
  SEN,
  SmallMirror,
} from './small-mirror.js';

const CENSUS = PERFORMANCE_TABLE('CENSUS', '2024-2025');
const ABSENCE_OF_SCHOOLS = PERFORMANCE_TABLE('PUPILABSENCE', '2024-2025');

let mirror: SmallMirror;
let loading: Loading;
beforeAll(async () => {
  mirror = await SmallMirror.make();
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
});
afterAll(async () => {
  await loading.close();
  await mirror.remove();
});

const fileOf = async (source: Source) =>
  typeof source.file === 'string' ? source.file : (await mirror.release(source.slug!)).fileUrl(source.file);

interface Source {
  id: string;
  slug?: string;
  /** Address, or the title in the publication. */
  file: string | RegExp;
}

const REASON: Source = {
  id: 'suspensions-and-permanent-exclusions-by-reason',
  slug: EXCLUSIONS,
  file: /by reason/,
};
const CHARACTERISTIC: Source = {
  id: 'suspensions-and-permanent-exclusions-by-characteristic',
  slug: EXCLUSIONS,
  file: /by characteristic/,
};
const TERM: Source = { id: 'absence-by-term', slug: ABSENCE, file: /by term/ };
const SEN_AREAS: Source = { id: 'sen-in-schools', slug: SEN, file: /by type/ };
const SEN_SCHOOLS: Source = { id: 'sen-by-school', slug: SEN, file: /School underlying/ };
const PLACES: Source = { id: 'school-capacity', slug: CAPACITY, file: /school level/ };
const SCHOOL_CENSUS: Source = { id: 'school-census', file: CENSUS };
const SCHOOL_ABSENCE: Source = { id: 'school-absence', file: ABSENCE_OF_SCHOOLS };
const CARDS: Source = { id: 'school-places-scorecards', file: SCORECARDS };
const GROUP_LINKS: Source = { id: 'gias-all-group-links', file: ALL_GROUP_LINKS };

/** A row of the file as cells, by the names of its header. */
type Edit = (lines: string[], at: (name: string) => number) => string[];
const cell =
  (line: number, name: string, value: string): Edit =>
  (lines, at) =>
    lines.with(line, lines[line]!.split(',').with(at(name), value).join(','));
const heading =
  (from: string, to: string): Edit =>
  (lines) =>
    lines.with(0, lines[0]!.replace(from, to));
const lineOf = (start: RegExp, edit: (line: number) => Edit): Edit => {
  return (lines, at) => edit(lines.findIndex((line) => start.test(line)))(lines, at);
};

interface Fault {
  source: Source;
  fault: string;
  edit: Edit;
  says: RegExp;
}

const FAULTS: Fault[] = [
  {
    source: REASON,
    fault: 'a term in place of a school year',
    edit: cell(1, 'time_identifier', 'Autumn term'),
    says: /a row of level NATIONAL: time_period "201920 Autumn term" is not a period of kind ACADEMIC_YEAR/,
  },
  {
    source: REASON,
    fault: 'a range in place of a number, for England',
    edit: cell(1, 'susp_theft', '1-2'),
    says: /susp_theft "1-2" is neither a number nor one of the symbols x z c k low u/,
  },
  {
    source: REASON,
    fault: 'a reason that is gone',
    edit: heading('perm_theft', 'perm_stealing'),
    says: /^missing column perm_theft; the header has 35 columns/,
  },
  {
    source: CHARACTERISTIC,
    fault: 'an unknown symbol in a row of England',
    edit: cell(1, 'headcount', '~'),
    says: /line 2, a row of level NATIONAL: headcount "~" is neither/,
  },
  {
    source: CHARACTERISTIC,
    fault: 'a local authority that is not known by its three digits',
    edit: (lines, at) => [
      ...lines,
      ...Array.from({ length: 60 }, (_, n) =>
        lines[1]!
          .split(',')
          .with(at('geographic_level'), 'Local authority')
          .with(at('old_la_code'), `E0900${n}`)
          .join(','),
      ),
    ],
    says: /60 of \d+ rows cannot be used, .*old_la_code "E09000" is not the code of a place of level local authority/,
  },
  {
    source: TERM,
    fault: 'a rate of no sessions written as nothing',
    edit: cell(1, 'sess_overall_percent', ''),
    says: /sess_overall_percent "" is neither a number nor one of the symbols \./,
  },
  {
    source: TERM,
    fault: 'a percent sign where none is declared',
    edit: cell(1, 'sess_overall_percent', '4.5%'),
    says: /sess_overall_percent "4\.5%" is neither/,
  },
  {
    source: TERM,
    fault: 'a power of ten where none is declared',
    edit: cell(1, 'sess_possible', '1e+05'),
    says: /sess_possible "1e\+05" is neither/,
  },
  {
    source: SCHOOL_CENSUS,
    fault: 'an unknown symbol in a total of England',
    edit: lineOf(/^NAT,,PRI/, (line) => cell(line, 'NOR', 'DNS')),
    says: /a row of level NATIONAL: NOR "DNS" is neither a number nor one of the symbols NA/,
  },
  {
    source: SCHOOL_CENSUS,
    fault: 'no column of plans, as before 2015',
    edit: heading('TSENELSE', 'TSENSAP'),
    says: /missing column TSENELSE/,
  },
  {
    source: SCHOOL_CENSUS,
    fault: 'a school that stands twice',
    edit: (lines) => [...lines.slice(0, 2), lines[1]!, ...lines.slice(2)],
    says: /duplicate key: line 3 repeats line 2 \(SCHOOL, \d{6}, 202425, /,
  },
  {
    source: SCHOOL_ABSENCE,
    fault: 'England without its phase',
    edit: (lines) => [...lines, 'NAT,,,5.1,12.0', 'NAT,,,5.2,12.1'],
    says: /duplicate key/,
  },
  {
    source: CARDS,
    fault: 'a year that is none',
    edit: cell(1, 'Year', '2024'),
    says: /Year "2024" is not a school year such as 2024\/25/,
  },
  {
    source: CARDS,
    fault: 'an unknown symbol',
    edit: cell(1, 'CPP_P_NS', 'NaN'),
    says: /CPP_P_NS "NaN" is neither a number nor one of the symbols z x NA Low LOW/,
  },
  {
    source: CARDS,
    fault: 'England under another code',
    edit: lineOf(/,National,/, (line) => cell(line, 'country_code', 'K02000001')),
    says: /country_code "K02000001" is not the code of a place of level national/,
  },
  {
    source: SEN_AREAS,
    fault: 'the symbol ":", which meant not applicable until 2021',
    edit: cell(1, 'sen_support_percent', ':'),
    says: /sen_support_percent ":" is neither/,
  },
  {
    source: PLACES,
    fault: 'a school with two lines of one phase, as with two sites in 2022',
    edit: (lines) => [...lines, lines[1]!],
    says: /duplicate key: line \d+ repeats line 2 \(SCHOOL, \d{6}, /,
  },
  {
    source: GROUP_LINKS,
    fault: 'no column of the group',
    edit: heading('"Group UID"', '"Group"'),
    says: /missing column Group UID/,
  },
  {
    source: GROUP_LINKS,
    fault: 'a member that joined the same group twice on the same day',
    edit: (lines) => [...lines, lines[1]!],
    says: /duplicate key/,
  },
];

describe.each(FAULTS)('$source.id: $fault', ({ source, edit, says }) => {
  it('refuses the release, and the good file is loaded afterwards', async () => {
    const url = await fileOf(source);
    const good = await mirror.text(url);
    await loading.loadOne(source.id);
    const before = await loading.standing();
    await mirror.editLines(url, (lines) => {
      const names = lines[0]!.replace(/^\ufeff/, '').split(',');
      return edit(lines, (name) => {
        expect(names).toContain(name);
        return names.indexOf(name);
      });
    });
    const { outcome, message } = await loading.loadOne(source.id);
    expect({ outcome, message }).toEqual({ outcome: 'REFUSED', message: expect.stringMatching(says) });
    expect(await loading.standing()).toEqual(before);
    await mirror.write(url, good);
    expect(['LOADED', 'UNCHANGED']).toContain((await loading.loadOne(source.id)).outcome);
  });
});

describe('no faults', () => {
  it('a URN written 1e+05: the school is known by its LAESTAB', async () => {
    const url = await fileOf(SEN_SCHOOLS);
    await loading.load(['gias-establishments', 'school-census']);
    const [, first] = (await mirror.text(url)).split('\r\n');
    const urn = /,(9\d{5}),/.exec(first!)![1]!;
    await mirror.edit(url, (text) => text.replaceAll(`,${urn},`, ',1e+05,'));
    expect(await loading.loadOne('sen-by-school')).toMatchObject({ outcome: 'LOADED' });
    const found = await loading.rows(
      `SELECT level, urn, breakdown FROM tidy.sen_by_school WHERE level <> 'SCHOOL' ORDER BY breakdown`,
    );
    // Joined although the census names the school by its URN on the same day.
    expect(found).toEqual(
      ['ehc-plan', 'no-sen', 'sen-support', 'total'].map((breakdown) => ({
        level: 'LAESTAB',
        urn: Number(urn),
        breakdown,
      })),
    );
  });

  it('a school that joined the same group again on another day has both memberships', async () => {
    const [, first] = (await mirror.text(ALL_GROUP_LINKS)).split('\r\n');
    const urn = Number(first!.slice(0, 6));
    const before = await loading.value('SELECT count(*)::int FROM group_link WHERE urn = $1', [urn]);
    const joined = /"(\d\d\/\d\d\/\d{4})","Sample/.exec(first!)![1]!;
    await mirror.editLines(ALL_GROUP_LINKS, (lines) => [...lines, first!.replace(joined, '02/03/2004')]);
    expect((await loading.loadOne('gias-all-group-links')).outcome).toBe('LOADED');
    expect(await loading.value('SELECT count(*)::int FROM group_link WHERE urn = $1', [urn])).toBe(
      before + 1,
    );
  });

  it('columns that are left out on purpose are no warning; a new one is', async () => {
    await mirror.editLines(SCORECARDS, (lines) =>
      lines.map((line, at) => `${line},${at ? 1 : 'Quan_P_Rank'}`),
    );
    expect((await loading.loadOne('school-places-scorecards')).outcome).toBe('LOADED');
    const { warnings } = await loading.lastRun('school-places-scorecards');
    expect(warnings).toEqual(['columns not read: Quan_P_Rank']);
  });
});
