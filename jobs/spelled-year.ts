/**
 * Years as the local authority interactive tool (LAIT) spells them: 2016, 2021/22, 2021-22, 2014-16,
 * 2014/15-15/16, each perhaps with a word behind it, (OT), (Rev), (Final) or (prov). What a plain 2016 means is
 * said by the measure's Year_Type; why it is the year that ends in 2016: docs/decisions/0009-lait.md.
 */
import type { Period } from './period.js';

/** Year_Type of the dictionary → the kind of its single years. */
export const YEAR_TYPES = {
  'Academic Year': 'ACADEMIC_YEAR',
  'Financial Year': 'FINANCIAL_YEAR',
  'Calendar Year': 'CALENDAR_YEAR',
  'Annual (end of Sept)': 'YEAR_TO_SEPTEMBER',
  'Annual - January': 'JANUARY_CENSUS',
  // All five measures are counts "at 31 March".
  Annual: 'FINANCIAL_YEAR',
} as const;

export type YearType = keyof typeof YEAR_TYPES;

/** Words behind a year. They say how the figure was come by, not when: the period is the same without. */
const SUFFIXES: Record<string, string> = {
  // "Total funding … recorded on outturn (OT)": what was spent, as against the budget. Source: the dictionary.
  ot: 'outturn',
  rev: 'revised',
  final: 'final',
  prov: 'provisional',
};

/** Years that stand together; more is a slip of the pen, or runs backwards. */
const LONGEST_SPAN = 10;

const SPELLED = /^(.+?)(?: \((\w+)\))?$/;
const PLAIN = /^((?:19|20)\d\d)$/;
const SPAN = /^((?:19|20)\d\d)[/-](\d\d)$/;
const SPAN_OF_SPANS = /^((?:19|20)\d\d)\/(\d\d)-(\d\d)\/(\d\d)$/;

/** The period meant, or null where the spelling is none of a measure of this Year_Type. */
export function readSpelledYear(yearType: YearType, text: string): Period | null {
  const [, years, word] = SPELLED.exec(text.trim()) ?? [];
  if (years === undefined) return null;
  const suffix = word === undefined ? '' : SUFFIXES[word.toLowerCase()];
  if (suffix === undefined) return null;
  const period = plainYear(yearType, years) ?? span(yearType, years) ?? spanOfSpans(yearType, years);
  return period && suffix ? { ...period, label: `${period.label} (${suffix})` } : period;
}

function plainYear(yearType: YearType, text: string): Period | null {
  if (!PLAIN.test(text)) return null;
  const year = Number(text);
  const kind = YEAR_TYPES[yearType];
  switch (kind) {
    case 'ACADEMIC_YEAR':
    case 'FINANCIAL_YEAR':
      return fromTo(kind, year - 1, year);
    case 'CALENDAR_YEAR':
      return { kind, startsOn: `${year}-01-01`, endsOn: `${year}-12-31`, label: text };
    case 'YEAR_TO_SEPTEMBER':
      return {
        kind,
        startsOn: `${year - 1}-10-01`,
        endsOn: `${year}-09-30`,
        label: `year to September ${year}`,
      };
    case 'JANUARY_CENSUS':
      return { kind, startsOn: `${year}-01-01`, endsOn: `${year}-01-31`, label: `January ${year}` };
  }
}

/** 2016/17 or 2016-17: one year that ends in the next; of calendar years 2014-16, all from the first to the last. */
function span(yearType: YearType, text: string): Period | null {
  const match = SPAN.exec(text);
  if (!match) return null;
  const first = Number(match[1]);
  const last = following(first, match[2]!);
  const kind = YEAR_TYPES[yearType];
  if (kind === 'CALENDAR_YEAR' && text[4] === '-' && last > first && last - first < LONGEST_SPAN) {
    return {
      kind: 'CALENDAR_YEARS',
      startsOn: `${first}-01-01`,
      endsOn: `${last}-12-31`,
      label: `${first} to ${last}`,
    };
  }
  if (kind !== 'ACADEMIC_YEAR' && kind !== 'FINANCIAL_YEAR') return null;
  return last === first + 1 ? fromTo(kind, first, last) : null;
}

/** 2014/15-15/16: financial years from the first to the last. */
function spanOfSpans(yearType: YearType, text: string): Period | null {
  const match = SPAN_OF_SPANS.exec(text);
  if (!match || YEAR_TYPES[yearType] !== 'FINANCIAL_YEAR') return null;
  const first = Number(match[1]);
  const lastBegins = following(first, match[3]!);
  const last = following(lastBegins, match[4]!);
  if (following(first, match[2]!) !== first + 1 || last !== lastBegins + 1) return null;
  if (lastBegins <= first || lastBegins - first >= LONGEST_SPAN) return null;
  return {
    kind: 'FINANCIAL_YEARS',
    startsOn: `${first}-04-01`,
    endsOn: `${last}-03-31`,
    label: `${shortYear(first)} to ${shortYear(lastBegins)}`,
  };
}

/** The year in which two digits after a year come next: 1999 and "00" are 2000. */
function following(year: number, digits: string): number {
  const sameCentury = Math.floor(year / 100) * 100 + Number(digits);
  return sameCentury >= year ? sameCentury : sameCentury + 100;
}

const shortYear = (first: number) => `${first}-${String((first + 1) % 100).padStart(2, '0')}`;

function fromTo(kind: 'ACADEMIC_YEAR' | 'FINANCIAL_YEAR', first: number, last: number): Period {
  return kind === 'ACADEMIC_YEAR'
    ? {
        kind,
        startsOn: `${first}-09-01`,
        endsOn: `${last}-08-31`,
        label: shortYear(first).replace('-', '/'),
      }
    : { kind, startsOn: `${first}-04-01`, endsOn: `${last}-03-31`, label: shortYear(first) };
}
