/** When a warning says that figures are old. */
import { describe, expect, it } from 'vitest';
import { inTenths, OLD_AFTER_YEARS, warningOf, yearsSince } from '../schema/coverage/age.js';

const newest = { label: '2022/23', endsOn: '2023-08-31' };
const OLD_ON = Date.parse('2023-08-31') + OLD_AFTER_YEARS * 365.25 * 86_400_000;

describe('the newest figures', () => {
  it('are not warned of until two and a half years after their period ended', () => {
    expect(warningOf(newest, new Date('2023-10-01'))).toBeNull();
    expect(warningOf(newest, new Date(OLD_ON))).toBeNull();
    expect(warningOf(newest, new Date(OLD_ON + 1))).toBe(
      'The newest figures are of 2022/23, which ended 2.5 years ago.',
    );
  });

  it('of a period that has not ended are of no age', () => {
    expect(yearsSince('2023-08-31', new Date('2023-02-01'))).toBe(0);
  });

  it('have an age in tenths of a year', () => {
    expect(inTenths(yearsSince('2017-08-31', new Date('2026-11-22')))).toBe(9.2);
  });

  it('are missing where there are only symbols', () => {
    expect(warningOf(null, new Date('2023-10-01'))).toMatch(/^No place of this level has a figure/);
  });
});
