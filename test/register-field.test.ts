/** How a register's fields are read: canonical text, null for "not stated", or a reason why not. Never a guess. */
import { describe, expect, it } from 'vitest';
import { STATUSES } from '../jobs/datasets/shared/gias-code-lists.js';
import { date, decimal, integer, laEstab, oneOf, text, textUnless } from '../jobs/register-field.js';

const day = (value: string) => date('OpenDate').read([value]);

describe('a date', () => {
  it.each([
    ['01-09-2011', '2011-09-01'],
    ['01/09/2011', '2011-09-01'],
    [' 29-02-2016 ', '2016-02-29'],
    ['29-02-2000', '2000-02-29'],
    ['31-12-1999', '1999-12-31'],
  ])('%s is %s', (written, iso) => {
    expect(day(written)).toBe(iso);
  });

  it.each([
    '',
    '   ',
    '01-01-1900',
    '01/01/1900',
    '01-01-1902',
    '01/01/1902',
  ])('%j is not known', (written) => {
    expect(day(written)).toBeNull();
  });

  it.each([
    '31-04-2011',
    '29-02-2015',
    '29-02-1900',
    '00-01-2011',
    '32-01-2011',
    '01-13-2011',
    '01-00-2011',
  ])('%s is no day of the calendar', (written) => {
    expect(() => day(written)).toThrow('is not a day of the calendar');
  });

  it.each([
    '2011-09-01',
    '1-9-2011',
    '01.09.2011',
    '01-09-11',
    'September 2011',
    '40787',
  ])('%s is not written as the register writes dates', (written) => {
    expect(() => day(written)).toThrow('is not a date');
  });

  // Postgres has no year 0: such a date must cost a field, not the load.
  it('of the year 0000 is refused here, not by the database', () => {
    expect(() => day('01-01-0000')).toThrow();
  });
});

describe('a whole number', () => {
  const age = integer('StatutoryLowAge', { maximum: 99 });
  it('is canonical text, or null where nothing stands', () => {
    expect(age.read([' 11 '])).toBe('11');
    expect(age.read(['011'])).toBe('11');
    expect(age.read(['0'])).toBe('0');
    expect(age.read([''])).toBeNull();
  });

  it.each(['1.0', '1,000', 'eleven', '1e2', '0x10', '-', '½'])('%s is not one', (written) => {
    expect(() => age.read([written])).toThrow('is not a whole number');
  });

  it.each(['-1', '100', '99999999999999999999'])('%s is out of range', (written) => {
    expect(() => age.read([written])).toThrow('is not between 0 and 99');
  });
});

describe('a number', () => {
  const share = decimal('PercentageFSM');
  it('keeps its text', () => {
    expect(share.read([' 12.50 '])).toBe('12.50');
    expect(share.read([''])).toBeNull();
  });

  it.each(['12.', '.5', '12%', '1,2', 'NaN', 'Infinity', '1e5'])('%s is not one', (written) => {
    expect(() => share.read([written])).toThrow('is not a number');
  });
});

describe('one of a closed list', () => {
  const status = oneOf(STATUSES, { code: 'EstablishmentStatus (code)', name: 'EstablishmentStatus (name)' });
  it('is found by its name, whatever the case, else by its code', () => {
    expect(status.read(['1', 'Open'])).toBe('OPEN');
    expect(status.read(['', 'open, but PROPOSED to close'])).toBe('PROPOSED_TO_CLOSE');
    expect(status.read(['2', ''])).toBe('CLOSED');
    expect(status.read(['', ''])).toBeNull();
  });

  it('is refused by name, with what there is, when the list has no such entry', () => {
    expect(() => status.read(['', 'De-registered'])).toThrow(/is none of "Open", "Closed"/);
  });

  it('is not silently "not stated" when only an unknown code is given', () => {
    expect(() => status.read(['99', ''])).toThrow();
  });
});

describe('LAESTAB', () => {
  const field = laEstab('LA (code)', 'EstablishmentNumber');
  it('is seven digits', () => {
    expect(field.read(['891', '4000'])).toBe('8914000');
    expect(field.read([' 201 ', '12'])).toBe('2010012');
  });

  it('is not known where a part is missing', () => {
    expect(field.read(['891', ''])).toBeNull();
    expect(field.read(['', '4000'])).toBeNull();
  });

  it.each([
    ['89', '4000'],
    ['8910', '4000'],
    ['891', '40001'],
    ['891', '4O00'],
  ])('is not made of %s and %s', (la, number) => {
    expect(() => field.read([la, number])).toThrow('do not make a LAESTAB');
  });
});

describe('text', () => {
  it('is trimmed, and nothing is null', () => {
    expect(text('Town').read(['  Hove '])).toBe('Hove');
    expect(text('Town').read([' '])).toBeNull();
  });

  it('may have words for "not stated"', () => {
    const reason = textUnless('Reason', ['Not applicable']);
    expect(reason.read(['Not applicable'])).toBeNull();
    expect(reason.read(['New provision'])).toBe('New provision');
  });
});
