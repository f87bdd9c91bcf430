/**
 * Time periods. A period has a canonical key (kind, first day, last day) beside the code that a file
 * happens to use, so that "January 2021" written 202021 in one edition and 2021 in another is one point.
 * Codes follow the Department's tidy data standard: https://dfe-analytical-services.github.io/analysts-guide/statistics-production/ud.html
 */
export const PERIOD_KINDS = {
  ACADEMIC_YEAR: 'September to August; code 202324.',
  CALENDAR_YEAR: 'January to December; code 2024.',
  JANUARY_CENSUS:
    'As counted in January; published under the academic year it falls in (202425 = January 2025).',
  FINANCIAL_YEAR: 'April to March, or as counted on its last day; code 2024-25, or 2025 after its end.',
  YEAR_TO_SEPTEMBER: 'October to September, or as counted on its last day.',
  CALENDAR_YEARS: 'Several calendar years taken together.',
  FINANCIAL_YEARS: 'Several financial years taken together.',
} as const;

export type PeriodKind = keyof typeof PERIOD_KINDS;

export interface Period {
  kind: PeriodKind;
  /** ISO dates, both inclusive. */
  startsOn: string;
  endsOn: string;
  label: string;
}

/** The period meant by a file's time_period and time_identifier, or null when they do not make one. */
export function readPeriod(kind: PeriodKind, code: string, identifier: string): Period | null {
  const wanted = kind === 'CALENDAR_YEAR' ? 'calendar year' : 'academic year';
  if (identifier.trim().toLowerCase() !== wanted) return null;
  if (kind === 'CALENDAR_YEAR') {
    if (!/^(19|20)\d\d$/.test(code)) return null;
    return { kind, startsOn: `${code}-01-01`, endsOn: `${code}-12-31`, label: code };
  }
  if (!/^(19|20)\d{4}$/.test(code)) return null;
  const first = Number(code.slice(0, 4));
  const second = first + 1;
  if (code.slice(4) !== String(second % 100).padStart(2, '0')) return null;
  if (kind === 'JANUARY_CENSUS') return januaryOf(second);
  return { kind, startsOn: `${first}-09-01`, endsOn: `${second}-08-31`, label: `${first}/${code.slice(4)}` };
}

/** The January count of a year. */
export function januaryOf(year: number): Period {
  return {
    kind: 'JANUARY_CENSUS',
    startsOn: `${year}-01-01`,
    endsOn: `${year}-01-31`,
    label: `January ${year}`,
  };
}

/**
 * The day of the spring school census: the third Thursday of January.
 * Source: the Department's school census guide, "Census dates".
 */
export function springCensusDay(year: number): string {
  const first = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const thirdThursday = 1 + ((4 - first + 7) % 7) + 14;
  return `${year}-01-${String(thirdThursday).padStart(2, '0')}`;
}

/** The census day on which the schools of a period are counted. */
export function censusDayOf(period: Pick<Period, 'endsOn'>): string {
  return springCensusDay(Number(period.endsOn.slice(0, 4)));
}
