/** Years as the local authority interactive tool spells them: the same time is the same period, what is no year is none. */
import { describe, expect, it } from 'vitest';
import { readPeriod } from '../jobs/period.js';
import { readSpelledYear, type YearType } from '../jobs/spelled-year.js';

describe('a spelled year', () => {
  it.each([
    ['Academic Year', '2016', 'ACADEMIC_YEAR', '2015-09-01', '2016-08-31', '2015/16'],
    ['Academic Year', '2016/17', 'ACADEMIC_YEAR', '2016-09-01', '2017-08-31', '2016/17'],
    ['Academic Year', '2016-17', 'ACADEMIC_YEAR', '2016-09-01', '2017-08-31', '2016/17'],
    ['Academic Year', '1999/00', 'ACADEMIC_YEAR', '1999-09-01', '2000-08-31', '1999/00'],
    ['Academic Year', '2019 (Rev)', 'ACADEMIC_YEAR', '2018-09-01', '2019-08-31', '2018/19 (revised)'],
    ['Academic Year', '2020 (Final)', 'ACADEMIC_YEAR', '2019-09-01', '2020-08-31', '2019/20 (final)'],
    ['Academic Year', '2025 (prov)', 'ACADEMIC_YEAR', '2024-09-01', '2025-08-31', '2024/25 (provisional)'],
    ['Financial Year', '2016', 'FINANCIAL_YEAR', '2015-04-01', '2016-03-31', '2015-16'],
    ['Financial Year', '2024-25', 'FINANCIAL_YEAR', '2024-04-01', '2025-03-31', '2024-25'],
    ['Financial Year', '2016-17 (OT)', 'FINANCIAL_YEAR', '2016-04-01', '2017-03-31', '2016-17 (outturn)'],
    ['Financial Year', '2014/15-15/16', 'FINANCIAL_YEARS', '2014-04-01', '2016-03-31', '2014-15 to 2015-16'],
    ['Financial Year', '2013/14-15/16', 'FINANCIAL_YEARS', '2013-04-01', '2016-03-31', '2013-14 to 2015-16'],
    ['Financial Year', '1998/99-00/01', 'FINANCIAL_YEARS', '1998-04-01', '2001-03-31', '1998-99 to 2000-01'],
    ['Calendar Year', '2022', 'CALENDAR_YEAR', '2022-01-01', '2022-12-31', '2022'],
    ['Calendar Year', '2014-16', 'CALENDAR_YEARS', '2014-01-01', '2016-12-31', '2014 to 2016'],
    [
      'Annual (end of Sept)',
      '2024',
      'YEAR_TO_SEPTEMBER',
      '2023-10-01',
      '2024-09-30',
      'year to September 2024',
    ],
    ['Annual - January', '2025', 'JANUARY_CENSUS', '2025-01-01', '2025-01-31', 'January 2025'],
    ['Annual', '2025', 'FINANCIAL_YEAR', '2024-04-01', '2025-03-31', '2024-25'],
  ] as const)('of a measure of "%s", "%s", is %s from %s to %s: %s', (yearType, text, kind, startsOn, endsOn, label) => {
    expect(readSpelledYear(yearType, text)).toEqual({ kind, startsOn, endsOn, label });
  });

  it('is the period that other publications have under their own codes', () => {
    const key = (period: ReturnType<typeof readPeriod>) => [period!.kind, period!.startsOn, period!.endsOn];
    expect(key(readSpelledYear('Academic Year', '2017'))).toEqual(
      key(readPeriod('ACADEMIC_YEAR', '201617', 'Academic year')),
    );
    expect(key(readSpelledYear('Annual - January', '2025'))).toEqual(
      key(readPeriod('JANUARY_CENSUS', '202425', 'Academic year')),
    );
    expect(key(readSpelledYear('Calendar Year', '2024'))).toEqual(
      key(readPeriod('CALENDAR_YEAR', '2024', 'Calendar year')),
    );
  });

  it.each([
    ['Academic Year', '0', 'a year that is none'],
    ['Academic Year', '', 'nothing'],
    ['Academic Year', '2016/18', 'years that do not follow each other'],
    ['Academic Year', '2014-16', 'several school years, which no measure has'],
    ['Academic Year', '2016 (draft)', 'a word that is not known'],
    ['Academic Year', '2016 Rev', 'a word without its brackets'],
    ['Academic Year', '201617', 'the code of another standard'],
    ['Financial Year', '2014/16-15/17', 'years of two years'],
    ['Financial Year', '2015/16-14/15', 'a span that runs backwards'],
    ['Financial Year', '2014-16', 'calendar years'],
    ['Calendar Year', '2014/16', 'a span written as a school year is'],
    ['Calendar Year', '2014/15-15/16', 'financial years'],
    ['Annual - January', '2015/16', 'a January that is a year'],
    ['Annual (end of Sept)', '2015-16', 'another way of writing the year to September'],
  ] as [YearType, string, string][])('of a measure of "%s" is not "%s": %s', (yearType, text) => {
    expect(readSpelledYear(yearType, text)).toBeNull();
  });
});
