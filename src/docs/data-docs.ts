/**
 * Writes docs/data.md from the declarations: every source with its publisher, licence, schedule, coverage, symbols and
 * traps. A test fails when the file is not what this makes of them, so that nothing is said twice.
 */
import { DATA_SETS } from '../../jobs/catalogue.js';
import type {
  DataSet,
  Edition,
  RegisterDataSet,
  SeriesDataSet,
  Source,
  StatisticsDataSet,
} from '../../jobs/declaration.js';
import type { Level } from '../../jobs/dictionaries.js';
import { SCHEDULES } from '../../jobs/schedule.js';
import { cell, code, LEVELS, list, unique, words } from './markdown.js';

const INTRODUCTION = `<!-- Written by \`npm run docs\` from the declarations in jobs/datasets. Change those, and the template in src/docs/data-docs.ts. -->

# The data

Each data set is a file of that name in [jobs/datasets](../jobs/datasets), and so is everything that is said of it here.
[How to add one](adding-a-data-set.md). What stands now, and since when: \`dataStatus\`, or \`npm run status\`.

`;

const ACROSS = `## What to know of all of them

- **A school that becomes an academy gets a new URN**, and often keeps its LAESTAB. A published row belongs to the school that
  held the place on that year's census day, the third Thursday of January ([decision 6](decisions/0006-joining-schools.md)).
- **A symbol means what its edition of the file says**: \`x\` has been "1 or 2 pupils", "not available" and "not collected". None is a
  zero, and none becomes one: each figure has a status, and its text stays in \`raw\`.
- **Local authorities are known by their 3-digit code**, because GSS codes change under them. What reorganisations leave
  comparable is in \`localAuthorityReorganisations\`.
- **Figures are kept as published**, also where they disagree with each other: \`release { findings }\` says which do.
- **A release has its publisher's day**, or else the day on which its server says that the file changed. Where there is neither
  (the reference lists, boundaries, neighbours and LAIT, for example), \`asOf\` leaves its rows out, and says so.

`;

const MIRRORS = `## Mirrors

\`SOURCE_MIRROR\` is a folder, or an http address, that answers in place of the publishers:
\`<mirror>/<host>/<path>\` answers \`https://<host>/<path>\`; a query string is appended as \`@<query>\`; a path that is also a
folder has its document beside it as \`<path>.json\`. \`GIAS_DATE\` pins the day of the register.
`;

const KINDS: Record<DataSet['kind'], { title: string; words: string }> = {
  register: {
    title: 'Registers',
    words: 'What there is: schools, groups, places, and how they hang together.',
  },
  series: { title: 'Series', words: 'Files that are long already: a row for each measure, place and year.' },
  statistics: { title: 'Statistics', words: 'Figures by place, period and breakdown.' },
};

function whereItIs(source: Source): string {
  switch (source.kind) {
    case 'gias':
      return `Get Information about Schools, daily extract ${code(`${source.file}<day>.csv`)}`;
    case 'ees':
      return `Explore Education Statistics, publication ${code(source.slug)}: ${source.severalFiles ? 'the files' : 'the file'} with its columns${source.lastRelease ? ` (the release ${source.lastRelease} was the last to have it)` : ''}`;
    case 'performance-tables':
      return `performance tables, ${code(source.filter)}, a file for each school year since ${source.firstYear}/${(source.firstYear + 1) % 100}`;
    case 'file':
      return `<${source.url}>`;
    case 'editions':
      return `editions, a file each: ${source.urls.map((url) => code(url.slice(url.lastIndexOf('/') + 1))).join(', ')}${source.monthly ? ', and later months as they come' : ''}`;
  }
}

const indicatorsOf = (dataSet: DataSet): string =>
  dataSet.kind === 'statistics'
    ? String(dataSet.indicators.length)
    : dataSet.kind === 'series'
      ? 'those of its dictionary'
      : '';

const overview = (): string => {
  const rows = DATA_SETS.map(
    (dataSet) =>
      `| [${code(dataSet.id)}](#${dataSet.id}) | ${cell(dataSet.title)} | ${dataSet.publisher.name} | ${SCHEDULES[dataSet.schedule].meaning} | ${indicatorsOf(dataSet)} |\n`,
  );
  return `| data set | title | publisher | looked at (UTC) | indicators |\n| --- | --- | --- | --- | --- |\n${rows.join('')}\n`;
};

/** What a user of the data has to write beside them. */
const attributions = (): string => {
  const publishers = new Map(DATA_SETS.map(({ publisher }) => [publisher.name, publisher]));
  return `## Licences\n\nWrite this beside what you publish:\n\n${list(
    [...publishers.values()].map(
      ({ name, licence, licenceUrl }) =>
        `${name}: "Contains public sector information licensed under the [${licence}](${licenceUrl})."`,
    ),
  )}\n`;
};

function symbolsOf(editions: Pick<Edition, 'id' | 'marker' | 'before' | 'symbols'>[]): string {
  const rows = editions.flatMap(({ id, marker, before, symbols }) => {
    const when = [marker ? `with a column ${code(marker)}` : '', before ? `before ${before}` : '']
      .filter(Boolean)
      .join(', ');
    const name = editions.length > 1 ? `${id}${when ? ` (${when})` : ''}` : '';
    return Object.entries(symbols).map(
      ([symbol, { status, meaning }]) =>
        `| ${code(cell(symbol))} | ${code(status)} | ${cell(meaning)} |${editions.length > 1 ? ` ${name} |` : ''}\n`,
    );
  });
  if (rows.length === 0) return '';
  const edition = editions.length > 1;
  return `\n| symbol | status | means |${edition ? ' edition |' : ''}\n| --- | --- | --- |${edition ? ' --- |' : ''}\n${rows.join('')}`;
}

const leftOut = (reasons: { reason: string }[]): string[] =>
  reasons.length > 0 ? [`Left out: ${reasons.map(({ reason }) => reason).join('; ')}.`] : [];

function statistics({ place, time, filters, indicators, columnsLeftOut = [], editions }: StatisticsDataSet) {
  const facts = [
    `Covers ${unique(place.levels.map((level) => LEVELS[level])).join(', ')}, by ${time.periodKinds.map(words).join(', ')}.`,
    ...(filters.length > 0
      ? [`Breakdowns by ${filters.map(({ name }) => name.replaceAll('_', ' ')).join(', ')}.`]
      : []),
    ...leftOut(columnsLeftOut),
  ];
  const ids = indicators.map(({ id }) => code(id)).join(', ');
  return `${list(facts)}${symbolsOf(editions)}\n<details><summary>${indicators.length} indicator${indicators.length > 1 ? 's' : ''}</summary>\n\n${ids}\n\n</details>\n`;
}

function series({ places, symbols, sameAs, leavesOut }: SeriesDataSet): string {
  const levels: Level[] = [...Object.values(places).map(({ level }) => level), 'LOCAL_AUTHORITY'];
  const facts = [
    `Covers ${unique(levels.map((level) => LEVELS[level])).join(', ')}, by the kind of year that its dictionary names.`,
    'Indicators: one for each measure of its dictionary: `indicators(search:)`, `indicators(topic:)`.',
    `Also published on their own: ${Object.values(sameAs).map(code).join(', ')}.`,
    ...leftOut(leavesOut),
  ];
  return `${list(facts)}${symbolsOf([{ id: '', marker: null, symbols }])}`;
}

const register = ({ table, key, edition, leavesOut = [] }: RegisterDataSet): string =>
  list([
    `Table ${code(table)}; a row is known by ${key.map(code).join(', ')}${edition ? ', and every edition stays' : ''}.`,
    ...leftOut(leavesOut),
  ]);

const OF_KIND = { register, series, statistics } as { [kind in DataSet['kind']]: (of: DataSet) => string };

function tolerated({ tolerates }: DataSet): string[] {
  if (!tolerates) return [];
  const { missingTrailingFields, duplicateColumns, raggedRows } = tolerates;
  const faults = [
    ...(missingTrailingFields ? [`rows with ${missingTrailingFields} field less than the header`] : []),
    ...(duplicateColumns ? [`${duplicateColumns.map(code).join(', ')} twice in the header, not read`] : []),
    ...(raggedRows ? [`up to ${raggedRows} ragged rows, each rejected`] : []),
  ];
  return [`Known faults of the file: ${faults.join('; ')}.`];
}

function section(dataSet: DataSet): string {
  const { id, title, description, publisher, pageUrl, source, schedule, traps = [] } = dataSet;
  const facts = [
    `From ${whereItIs(source)}. [About it](${pageUrl}).`,
    `${publisher.name}, ${publisher.licence}. Looked at ${SCHEDULES[schedule].meaning}.`,
    ...tolerated(dataSet),
  ];
  const known = traps.length > 0 ? `\nKnown traps:\n\n${list(traps)}` : '';
  return `### ${id}\n\n**${title}.** ${description}\n\n${list(facts)}${OF_KIND[dataSet.kind](dataSet)}${known}\n`;
}

/** The text of docs/data.md. */
export function dataDocs(): string {
  const sections = Object.entries(KINDS).map(([kind, { title, words: about }]) => {
    const ofKind = DATA_SETS.filter((dataSet) => dataSet.kind === kind);
    return `## ${title}\n\n${about}\n\n${ofKind.map(section).join('')}`;
  });
  return INTRODUCTION + overview() + attributions() + ACROSS + sections.join('') + MIRRORS;
}
