// Writes made-up neighbours: two editions of statistical ones as workbooks, and two boundary files in which every
// local authority is a square of a chessboard. Rule: real are only the codes and names; nobody is really like, or next to, whom these say.
import type { SampleFile } from './csv.js';
import { LOCAL_AUTHORITIES, type LocalAuthority } from './local-authorities.js';
import { Random } from './random.js';
import { REGIONS } from './regions.js';
import { workbook } from './workbook.js';

const CLOSENESS = ['Extremely close', 'Very close', 'Close', 'Somewhat close', 'Not close'];
const NEIGHBOURS = 10;

const existingOn = (day: string): LocalAuthority[] =>
  LOCAL_AUTHORITIES.filter(({ code, from, to }) => code !== 'x' && from <= day && (to === null || day <= to));

const byName = (one: LocalAuthority, other: LocalAuthority) => (one.name < other.name ? -1 : 1);

function neighboursWorkbook(path: string, seed: number, day: string, words: readonly string[]): SampleFile {
  const existing = existingOn(day).sort(byName);
  const codes = new Set(existing.map(({ code }) => code));
  const abolished = LOCAL_AUTHORITIES.filter(
    ({ code, to }) => code !== 'x' && to !== null && to >= '2019-01-01' && to < day && !codes.has(code),
  ).sort(byName);
  const random = new Random(seed, `statistical neighbours ${day}`);
  const row = (authority: LocalAuthority, suffix: string) => {
    const region = REGIONS.findIndex(({ gss }) => gss === authority.region);
    // Half from its own region, as real neighbours often are, half from anywhere.
    const others = random.shuffled(existing.filter(({ code }) => code !== authority.code));
    const near = others.filter((other) => other.region === authority.region).slice(0, NEIGHBOURS / 2);
    const far = others.filter((other) => !near.includes(other)).slice(0, NEIGHBOURS - near.length);
    const worst = random.integer(1, words.length);
    const cells = [...near, ...far].flatMap((other, rank) => [
      Number(other.code),
      words[Math.floor((rank * worst) / NEIGHBOURS)]!,
    ]);
    const code = Number(authority.code);
    return [code, authority.name + suffix, code, region + 1, REGIONS[region]!.name, ...cells];
  };
  const ranks = Array.from({ length: NEIGHBOURS }, (_, rank) => [`SN${rank + 1}`, 'SNP']).flat();
  const header = ['LA num', 'LA Name', 'LA number', 'GOInd', 'GOReg', ...ranks];
  const rows = [
    ['A', 'B', 'C', 'D', 'E', ...header.slice(5).map((_, at) => at + 3)],
    header.map((_, at) => at + 1),
    header,
    ...existing.map((authority) => row(authority, '')),
    [],
    ['', 'Old SNs:'],
    [],
    ...abolished.map((authority) => row(authority, ' (Pre LG)')),
  ];
  return { path, rows: existing.length + abolished.length, body: workbook('SYNTHETIC LA SN Groups', rows) };
}

interface Area {
  code: string;
  name: string;
}

/** Areas as squares of a tenth of a degree, in rows of thirteen: a square borders those beside, above and below it. */
function boundariesFile(path: string, codeName: string, nameName: string, areas: Area[]): SampleFile {
  const inRow = 13;
  const features = areas.map(({ code, name }, at) => {
    const [x, y] = [at % inRow, Math.floor(at / inRow)];
    const corner = (right: number, up: number) => [(x + right) / 10, 50 + (y + up) / 10];
    return {
      type: 'Feature',
      properties: { [codeName]: code, [nameName]: name },
      geometry: {
        type: 'Polygon',
        coordinates: [[corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)]],
      },
    };
  });
  const document = { type: 'FeatureCollection', name: 'SYNTHETIC SAMPLE', features };
  return { path, rows: areas.length, body: Buffer.from(`${JSON.stringify(document)}\n`) };
}

const METROPOLITAN_DISTRICT = /^E08/;
const METROPOLITAN_COUNTIES = ['1', '2', '3', '5', '6', '7'].map((number) => ({
  code: `E1100000${number}`,
  name: `Sample metropolitan county ${number}`,
}));

export function neighbourFiles(neighbours: string, boundaries: string, seed: number): SampleFile[] {
  const asArea = ({ gss, name }: LocalAuthority): Area => ({ code: gss, name });
  const upperTier = existingOn('2022-12-31').filter(({ gss }) => !METROPOLITAN_DISTRICT.test(gss));
  return [
    neighboursWorkbook(`${neighbours}/sn_april_2021.xlsx`, seed, '2021-04-01', CLOSENESS),
    neighboursWorkbook(`${neighbours}/sn_may_2025.xlsx`, seed, '2025-05-01', CLOSENESS),
    boundariesFile(
      `${boundaries}/local_authorities_2016.geojson`,
      'LA15CD',
      'LA15NM',
      existingOn('2016-01-01').map(asArea),
    ),
    boundariesFile(`${boundaries}/Upper_Tier_Local_Authorities_Simplified.geojson`, 'UTLA22CD', 'UTLA22NM', [
      ...upperTier.map(asArea),
      ...METROPOLITAN_COUNTIES,
    ]),
  ];
}
