// Writes the school places scorecards: for every authority of today and England, three years, both phases in one row.
// Rule: only the columns that are read and a few that are not; unfilled places follow from the schools, the rest is made up.
import { EXCLUSION_YEARS } from './academic-years.js';
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import type { SchoolYear } from './exclusions.js';
import { AREAS, type LocalAuthority } from './local-authorities.js';
import { Random } from './random.js';
import { REGION_BY_GSS } from './regions.js';
import { placesOf } from './sites.js';

const PLACE = [
  'Year',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'Region',
  'LANumber',
  'new_la_code',
  'LA_name',
] as const;
const PHASES = [
  ['P', 'State-funded primary'],
  ['S', 'State-funded secondary'],
] as const;
const PREFERENCES = ['1', '2', '3', 'T3'];
const RATINGS = ['1', '2', '3', '4', '0'];
const PROJECTS = [
  ['NS', 25_000],
  ['EP', 21_000],
  ['ET', 10_000],
] as const;

type Figures = Record<string, Cell>;

/** Where no school is of the phase, its figures are z. */
function phaseFigures(
  letter: string,
  counts: { places: number; unfilled: number },
  newest: boolean,
  random: Random,
): Figures {
  const { places, unfilled } = counts;
  const none = places === 0;
  const share = (spread: number) => (none ? 'z' : Number((spread * random.normal()).toFixed(9)));
  const added = RATINGS.map(() => random.count(none ? 0 : places / 300));
  const [outstanding, good, improve, inadequate] = added as [number, number, number, number, number];
  const rated = outstanding + good + improve + inadequate;
  const quality = rated === 0 ? 'z' : (outstanding + good) / rated;
  const offers = () => {
    const first = 80 + 15 * random.next();
    const rest = (100 - first) * 0.7;
    return [first, rest * 0.6, rest * 0.4, first + rest].map((value) =>
      none ? 'z' : Number(value.toFixed(6)),
    );
  };
  const [now, later] = [offers(), offers()];
  return {
    [`Quan_${letter}_In`]: random.count(places / 12),
    [`Quan_${letter}_RP`]: random.count(places / 100),
    [`Quan_${letter}_PP`]: random.count(places / 80),
    [`Quan_${letter}_Su`]: none ? 'z' : Number((0.05 + 0.2 * random.next()).toFixed(9)),
    [`Quan_${letter}_UP`]: none ? 'z' : (unfilled * 100) / places,
    [`Ban_${letter}_gro`]: share(0.1),
    [`An_${letter}_gro`]: share(0.03),
    // Too few pupils to say how right a forecast was.
    [`For_1_${letter}`]: none ? 'z' : places < 1000 ? 'Low' : share(0.01),
    [`For_3_${letter}`]: none ? 'z' : places < 1000 ? 'LOW' : share(0.02),
    ...Object.fromEntries(
      PREFERENCES.flatMap((preference, at) => [
        [`Pref_${letter}_${preference}_CY`, now[at]!],
        [`Pref_${letter}_${preference}_NY`, later[at]!],
      ]),
    ),
    ...Object.fromEntries(PROJECTS.map(([kind, cost]) => [`CPP_${letter}_${kind}`, cost])),
    ...Object.fromEntries(
      RATINGS.map((rating, at) => [`Qual_${letter}_${rating}_N`, newest ? 'NA' : added[at]!]),
    ),
    [`Qual_${letter}_Prop`]: newest ? 'NA' : quality,
    [`Qual_${letter}_Prop_QE`]: newest ? quality : 'NA',
  };
}

export function scorecardsFile(path: string, seed: number, schoolYears: readonly SchoolYear[]): SampleFile {
  const random = new Random(seed, 'scorecards');
  const years = EXCLUSION_YEARS.slice(-3).toReversed();
  const rows = years.flatMap((year, at) => {
    const own = schoolYears.filter((one) => one.year === year);
    const rowOf = (la: LocalAuthority | null): Figures => {
      const schools = own.filter(({ school }) => la === null || school.site.area === la.code);
      const figures = PHASES.map(([letter, phase]) => {
        const counted = schools.filter((one) => one.phase === phase);
        const total = (of: (one: SchoolYear) => number) => counted.reduce((so, one) => so + of(one), 0);
        const places = total(({ school }) => placesOf(school.site));
        const unfilled = total(({ school, headcount }) => Math.max(0, placesOf(school.site) - headcount));
        return phaseFigures(letter, { places, unfilled }, at === 0, random);
      });
      const place: Cell[] = [
        `${year.code.slice(0, 4)}/${year.code.slice(4)}`,
        la ? 'Local authority' : 'National',
        'E92000001',
        'England',
        la?.region ?? '',
        la ? REGION_BY_GSS.get(la.region)!.name : 'England',
        la?.code ?? '0',
        la?.gss ?? '',
        la?.name ?? 'England',
      ];
      return {
        ...Object.fromEntries(PLACE.map((column, i) => [column, place[i]!])),
        Funding: Math.round((la ? 40e6 : 15e9) * random.factor(0.3)),
        PriNOR: schools
          .filter(({ phase }) => phase === 'State-funded primary')
          .reduce((so, { headcount }) => so + headcount, 0),
        ...figures[0]!,
        ...figures[1]!,
      };
    };
    return [...AREAS.map(rowOf), rowOf(null)];
  });
  const header = Object.keys(rows[0]!);
  return statisticsFile(
    path,
    header,
    rows.map((row) => header.map((column) => row[column]!)),
    { bom: false, end: '\n' },
  );
}
