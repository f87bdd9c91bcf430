// The sample's calendar: academic years, census days and the publishers' ways to write a date.
// Rule: a day is an ISO text (2026-09-01) everywhere inside the sample; only the writers turn it round.

/** The register's date the sample is made for; GIAS_DATE is pinned to it when the sample is loaded. */
export const SAMPLE_GIAS_DATE = '2026-09-01';

export interface AcademicYear {
  /** As published: 202425. */
  code: string;
  /** The school census: third Thursday of January in the second year. */
  census: string;
}

export function thirdThursdayOfJanuary(year: number): string {
  const firstWeekday = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const day = 1 + ((4 - firstWeekday + 7) % 7) + 14;
  return `${year}-01-${String(day).padStart(2, '0')}`;
}

function academicYears(first: number, count: number): AcademicYear[] {
  return Array.from({ length: count }, (_, i) => ({
    code: `${first + i}${String((first + i + 1) % 100).padStart(2, '0')}`,
    census: thirdThursdayOfJanuary(first + i + 1),
  }));
}

/** 2019/20 to 2024/25. */
export const EXCLUSION_YEARS = academicYears(2019, 6);
/** 2020/21 to 2025/26: plans as at January of the second year. */
export const CASELOAD_YEARS = academicYears(2020, 6);
/** Calendar years 2020 to 2025, each collected in the January after it. */
export const CALENDAR_YEARS = CASELOAD_YEARS.map(({ census }) => ({
  code: String(Number(census.slice(0, 4)) - 1),
  census,
}));
/** The census the register of the sample shows pupil numbers of. */
export const REGISTER_CENSUS = thirdThursdayOfJanuary(2026);

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** 2026-09-01 as 01-09-2026 or 01/09/2026; nothing stays nothing. */
export function dayMonthYear(day: string | null | undefined, separator: '-' | '/'): string {
  return day ? day.split('-').reverse().join(separator) : '';
}
