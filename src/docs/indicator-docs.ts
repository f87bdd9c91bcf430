/**
 * Writes the catalogue of indicators: docs/indicators.md from the declarations alone, and docs/indicators-lait.md from a
 * graph that has the dictionary of LAIT, because nothing else says which measures there are.
 */
import { DATA_SETS } from '../../jobs/catalogue.js';
import type { IndicatorDeclaration, StatisticsDataSet } from '../../jobs/declaration.js';
import { cell, code, LEVELS, unique, words } from './markdown.js';

const INTRODUCTION = `<!-- Written by \`npm run docs\` from the declarations in jobs/datasets. Change those, and the template in src/docs/indicator-docs.ts. -->

# Indicators

Every indicator that a data set of its own brings, by data set. The 434 measures of the local authority interactive tool are in
[indicators-lait.md](indicators-lait.md). What is loaded now, for how many places and from when to when, \`coverage\` tells:

\`\`\`graphql
{
  coverage {
    indicators(ids: ["suspension-rate"]) {
      levels {
        level
        places
        oldest {
          label
        }
        newest {
          label
        }
        warning
      }
    }
  }
}
\`\`\`

*Better* is which way is good: \`HIGH\`, \`LOW\`, or neither (–). What is to know of some is numbered: the day from which figures
are no longer comparable with those before, and what must not be added up. What else to know of a data set is in [data.md](data.md).
`;

const POOLS: Record<string, (indicator: IndicatorDeclaration) => string | null> = {
  rate: ({ rate }) => (rate ? null : 'Published without its counts: never pooled.'),
  count: ({ additive }) => (additive ? null : 'Counts overlap: never added up.'),
};

/** What a reader must know before using it. */
function toKnow(indicator: IndicatorDeclaration): string[] {
  const isRate = Boolean(indicator.rate) || /^(PERCENT|PER_)/.test(indicator.unit);
  const pooled = POOLS[isRate ? 'rate' : 'count']!(indicator);
  const breaks = (indicator.breaks ?? []).map(({ from, note }) => `${from}: ${note}`);
  return [...breaks, ...(pooled ? [pooled] : [])];
}

const better = (polarity: string) => (polarity === 'NONE' ? '–' : code(polarity));

const row = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |\n`;

function section({ id, title, place, time, indicators }: StatisticsDataSet): string {
  const levels = unique(place.levels.map((level) => LEVELS[level])).join(', ');
  const notes = unique(indicators.flatMap(toKnow));
  const isOfAll = indicators.every((indicator) => toKnow(indicator).length === notes.length);
  const numbered = notes.map((note, index) => `${isOfAll ? '-' : `${index + 1}.`} ${note}\n`).join('');
  const rows = indicators.map((indicator) => {
    const numbers = toKnow(indicator)
      .map((note) => notes.indexOf(note) + 1)
      .sort();
    const { unit, polarity } = indicator;
    return row([
      code(indicator.id),
      indicator.name,
      words(unit),
      better(polarity),
      ...(isOfAll ? [] : [numbers.join(', ')]),
    ]);
  });
  const columns = ['id', 'name', 'unit', 'better', ...(isOfAll ? [] : ['to know'])];
  return `
## ${title}

Data set [${code(id)}](data.md#${id}): ${levels}, by ${time.periodKinds.map(words).join(', ')}.
${numbered && `\nTo know${isOfAll ? ', of all of them' : ''}:\n\n${numbered}`}
${row(columns)}${row(columns.map(() => '---'))}${rows.join('')}`;
}

/** The text of docs/indicators.md. */
export const indicatorDocs = (): string =>
  INTRODUCTION +
  DATA_SETS.flatMap((dataSet) => (dataSet.kind === 'statistics' ? section(dataSet) : [])).join('');

/** What a graph is asked for the list of LAIT's measures. */
export const LAIT_QUESTION =
  '{ indicators(dataSet: "lait", first: 500) { id name topic unit unitLabel polarity sameAs { id } periods { label } } }';

export interface LaitMeasure {
  id: string;
  name: string;
  topic: string;
  unit: string;
  unitLabel: string | null;
  polarity: string;
  sameAs: { id: string }[];
  periods: { label: string }[];
}

const LAIT_INTRODUCTION = `<!-- Written by \`npm run docs -- <address of a graph>\`. Change the template in src/docs/indicator-docs.ts. -->

# Measures of LAIT

The measures of the Department's [local authority interactive tool](data.md#lait), as its dictionary of 2025 has them. The dictionary is
looked at every week, and what stands now \`indicators(dataSet: "lait")\` tells. All are published for local authorities, regions and England.
*Better* is which way is good: \`HIGH\`, \`LOW\`, or neither (–).
`;

const years = (periods: LaitMeasure['periods']) =>
  [periods[0]?.label, periods.length > 1 ? periods.at(-1)!.label : undefined]
    .filter((label) => label !== undefined)
    .join(' – ');

const measure = ({ id, name, unit, unitLabel, polarity, periods, sameAs }: LaitMeasure) =>
  row([
    code(id),
    name + (sameAs.length > 0 ? ` (same as ${sameAs.map((same) => code(same.id)).join(', ')})` : ''),
    unitLabel ?? words(unit),
    better(polarity),
    years(periods),
  ]);

/** The text of docs/indicators-lait.md. */
export function laitDocs(measures: LaitMeasure[]): string {
  const columns = ['id', 'name', 'unit', 'better', 'years'];
  const topics = unique(measures.map(({ topic }) => topic)).map((topic) => {
    const rows = measures.filter((one) => one.topic === topic).map(measure);
    return `\n## ${topic}\n\n${row(columns)}${row(columns.map(() => '---'))}${rows.join('')}`;
  });
  return LAIT_INTRODUCTION + topics.join('');
}
