/** Periods: the same time is the same period however a file writes it, and what is no period is none. */
import { describe, expect, it } from 'vitest';
import { censusDayOf, readPeriod, springCensusDay } from '../jobs/period.js';

describe('a period', () => {
  it('of an academic year begins in September and ends in August', () => {
    expect(readPeriod('ACADEMIC_YEAR', '201617', 'Academic year')).toEqual({
      kind: 'ACADEMIC_YEAR',
      startsOn: '2016-09-01',
      endsOn: '2017-08-31',
      label: '2016/17',
    });
  });

  it('of a January count is the January in which the academic year falls', () => {
    expect(readPeriod('JANUARY_CENSUS', '202425', 'Academic year')).toMatchObject({
      startsOn: '2025-01-01',
      endsOn: '2025-01-31',
      label: 'January 2025',
    });
  });

  it('of a calendar year is that year', () => {
    expect(readPeriod('CALENDAR_YEAR', '2024', 'Calendar year')).toMatchObject({
      startsOn: '2024-01-01',
      endsOn: '2024-12-31',
      label: '2024',
    });
  });

  it('may cross the century', () => {
    expect(readPeriod('ACADEMIC_YEAR', '199900', 'Academic year')?.endsOn).toBe('2000-08-31');
  });

  it('does not depend on the case of the identifier or on spaces round it', () => {
    expect(readPeriod('ACADEMIC_YEAR', '201617', ' academic YEAR ')).not.toBeNull();
  });

  it.each([
    ['ACADEMIC_YEAR', '201618', 'Academic year', 'years that do not follow each other'],
    ['ACADEMIC_YEAR', '2016', 'Academic year', 'a calendar year under an academic identifier'],
    ['ACADEMIC_YEAR', '201617', 'Calendar year', 'another identifier'],
    ['ACADEMIC_YEAR', '2016/17', 'Academic year', 'a label in place of the code'],
    ['ACADEMIC_YEAR', '', 'Academic year', 'nothing'],
    ['CALENDAR_YEAR', '202324', 'Calendar year', 'an academic year under a calendar identifier'],
    ['CALENDAR_YEAR', '0024', 'Calendar year', 'a year before our era of statistics'],
    ['JANUARY_CENSUS', '2025', 'Calendar year', 'a calendar year where academic years are declared'],
  ] as const)('%s is not made of "%s" and "%s": %s', (kind, code, identifier, _why) => {
    expect(readPeriod(kind, code, identifier)).toBeNull();
  });
});

describe('the spring census', () => {
  // The Department's published census dates.
  it.each([
    [2017, '2017-01-19'],
    [2019, '2019-01-17'],
    [2020, '2020-01-16'],
    [2021, '2021-01-21'],
    [2022, '2022-01-20'],
    [2023, '2023-01-19'],
    [2024, '2024-01-18'],
    [2025, '2025-01-16'],
  ])('of %i was on %s, the third Thursday of January', (year, day) => {
    expect(springCensusDay(year)).toBe(day);
  });

  it('of an academic year is in its second calendar year', () => {
    expect(censusDayOf(readPeriod('ACADEMIC_YEAR', '201617', 'Academic year')!)).toBe('2017-01-19');
    expect(censusDayOf(readPeriod('JANUARY_CENSUS', '202425', 'Academic year')!)).toBe('2025-01-16');
  });
});
