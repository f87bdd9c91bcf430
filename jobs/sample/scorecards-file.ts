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

/** What adds up: England has the sum of its authorities. */
interface Counted {
  places: number;
  unfilled: number;
  needed: number;
  /** By RATINGS. */
  added: number[];
}

const sumOf = (all: readonly Counted[]): Counted => ({
  places: total(all.map(({ places }) => places)),
  unfilled: total(all.map(({ unfilled }) => unfilled)),
  needed: total(all.map(({ needed }) => needed)),
  added: RATINGS.map((_, at) => total(all.map(({ added }) => added[at]!))),
});
const total = (numbers: readonly number[]) => numbers.reduce((so, one) => so + one, 0);

/** Where no school is of the phase, its figures are z. */
function phaseFigures(
  letter: string,
  { places, unfilled, needed, added }: Counted,
  newest: boolean,
  random: Random,
): Figures {
  const none = places === 0;
  const share = (spread: number) => (none ? 'z' : Number((spread * random.normal()).toFixed(9)));
  const rated = total(added.slice(0, 4));
  const quality = rated === 0 ? 'z' : total(added.slice(0, 2)) / rated;
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
    [`Quan_${letter}_RP`]: needed,
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

interface Scored {
  la: LocalAuthority | null;
  funding: number;
  /** By PHASES. */
  counted: Counted[];
  pupils: number;
}

function scored(la: LocalAuthority, schools: readonly SchoolYear[], random: Random): Scored {
  const counted = PHASES.map(([, phase]): Counted => {
    const own = schools.filter((one) => one.phase === phase);
    const places = total(own.map(({ school }) => placesOf(school.site)));
    return {
      places,
      unfilled: total(own.map(({ school, headcount }) => Math.max(0, placesOf(school.site) - headcount))),
      needed: random.count(places / 100),
      added: RATINGS.map(() => random.count(places / 300)),
    };
  });
  return {
    la,
    funding: Math.round(40e6 * random.factor(0.3)),
    counted,
    pupils: total(schools.filter(({ phase }) => phase === PHASES[0][1]).map(({ headcount }) => headcount)),
  };
}

export function scorecardsFile(path: string, seed: number, schoolYears: readonly SchoolYear[]): SampleFile {
  const random = new Random(seed, 'scorecards');
  const rows = EXCLUSION_YEARS.slice(-3)
    .toReversed()
    .flatMap((year, at) => {
      const own = schoolYears.filter((one) => one.year === year);
      const authorities = AREAS.map((la) =>
        scored(
          la,
          own.filter(({ school }) => school.site.area === la.code),
          random,
        ),
      );
      const england: Scored = {
        la: null,
        funding: total(authorities.map(({ funding }) => funding)),
        counted: PHASES.map((_, phase) => sumOf(authorities.map(({ counted }) => counted[phase]!))),
        pupils: total(authorities.map(({ pupils }) => pupils)),
      };
      return [...authorities, england].map(({ la, funding, counted, pupils }): Figures => {
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
        return Object.assign(
          Object.fromEntries(PLACE.map((column, i) => [column, place[i]!])),
          { Funding: funding, PriNOR: pupils },
          ...PHASES.map(([letter], phase) => phaseFigures(letter, counted[phase]!, at === 0, random)),
        );
      });
    });
  const header = Object.keys(rows[0]!);
  return statisticsFile(
    path,
    header,
    rows.map((row) => header.map((column) => row[column]!)),
    { bom: false, end: '\n' },
  );
}
