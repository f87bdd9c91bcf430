/**
 * Which place and which time a row of a statistics file is about, as published: a level and a code of that
 * level's form, a period and the code that the file gives it. Most files follow the tidy data standard; a file that
 * does not declares a reading of its own. Files differ in the case of level names; LAs are known by their 3-digit
 * code, because GSS codes change.
 * Standard: https://dfe-analytical-services.github.io/analysts-guide/statistics-production/ud.html
 */
import type { Contract, WantedColumn } from './contract.js';
import type { Level } from './dictionaries.js';
import { type Period, type PeriodKind, readPeriod } from './period.js';

/** `id`: its number, once the load has given it one. A reader that gives the same place again gives it with its number. */
export type PublishedPlace =
  | { level: Level; code: string; id?: number }
  /** The row is of a level that is not read (null), or its code cannot be one. */
  | { level: Level | null; column: string; value: string; reason: string };

export type PublishedTime =
  | { period: Period; code: string; identifier: string; id?: number }
  | { column: string; value: string; reason: string };

interface Reading<T> {
  columns: WantedColumn[];
  /** How it is read, as data: part of the definition that a release was loaded under. */
  rule: unknown;
  /** A reader of the rows of one file, with this header and from this address. */
  reader: (contract: Contract, url: string) => (fields: string[]) => T;
}

export interface PlaceReading extends Reading<PublishedPlace> {
  /** The levels that rows can be of. */
  levels: readonly Level[];
  /** Whether rows are about single schools: they are then joined to the register. */
  hasSchools: boolean;
}

export interface TimeReading extends Reading<PublishedTime> {
  /** The kinds of period that rows can be about. */
  periodKinds: readonly PeriodKind[];
}

const FORMS: Record<Level, RegExp> = {
  NATIONAL: /^E92000001$/,
  // E13: Inner and Outer London.
  REGIONAL: /^E1[23]\d{6}$/,
  LOCAL_AUTHORITY: /^\d{3}$/,
  SCHOOL: /^\d{6}$/,
  LAESTAB: /^\d{7}$/,
};

/** The place, where the code has its level's form; else why it is none. */
export function placeOf(level: Level, code: string, column: string): PublishedPlace {
  if (FORMS[level].test(code)) return { level, code };
  const word = level.toLowerCase().replaceAll('_', ' ');
  return { level, column, value: code, reason: `is not the code of a place of level ${word}` };
}

const required = (name: string): WantedColumn => ({ names: [name], optional: false });

/** Columns of the tidy standard that are known and not read. */
export const TIDY_COLUMNS_NOT_READ = ['country_name', 'region_name', 'new_la_code', 'la_name'];

/**
 * The place by geographic_level and the code columns of the standard. `schools`: where the file has rows of
 * schools, the columns of their URN and LAESTAB; a row is known by its URN where it has one.
 */
export function tidyPlace(schools?: { urn: string[]; laEstab: string[] }): PlaceReading {
  return {
    columns: [
      ...['geographic_level', 'country_code', 'region_code', 'old_la_code'].map(required),
      ...(schools ? [schools.urn, schools.laEstab] : []).map((names) => ({ names, optional: true })),
    ],
    rule: { tidy: schools ?? null },
    levels: ['NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY', ...(schools ? (['SCHOOL', 'LAESTAB'] as const) : [])],
    hasSchools: schools !== undefined,
    reader: ({ indexOf }) => {
      const levelAt = indexOf('geographic_level');
      const urnAt = schools ? indexOf(schools.urn[0]!) : -1;
      const columns: Record<string, { level: Level; column: string; at: number }> = {
        national: { level: 'NATIONAL', column: 'country_code', at: indexOf('country_code') },
        regional: { level: 'REGIONAL', column: 'region_code', at: indexOf('region_code') },
        'local authority': { level: 'LOCAL_AUTHORITY', column: 'old_la_code', at: indexOf('old_la_code') },
        school: { level: 'LAESTAB', column: 'laestab', at: schools ? indexOf(schools.laEstab[0]!) : -1 },
      };
      // Files have many rows of few levels, and of few places.
      const columnOf = new Map<string, (typeof columns)[string] | undefined>();
      const seen = new Map<Level, Map<string, PublishedPlace>>();
      const placeAt = (level: Level, code: string, column: string): PublishedPlace => {
        let ofLevel = seen.get(level);
        if (!ofLevel) {
          ofLevel = new Map();
          seen.set(level, ofLevel);
        }
        let place = ofLevel.get(code);
        if (!place) {
          place = placeOf(level, code, column);
          ofLevel.set(code, place);
        }
        return place;
      };
      return (fields) => {
        const level = fields[levelAt]!.trim();
        let found = columnOf.get(level);
        if (!found) {
          found = columns[level.toLowerCase()];
          columnOf.set(level, found);
        }
        if (!found)
          return {
            level: null,
            column: 'geographic_level',
            value: level,
            reason: 'a geographic level that is not read',
          };
        if (found.level === 'LAESTAB' && urnAt !== -1) {
          const urn = fields[urnAt]!.trim();
          if (FORMS.SCHOOL.test(urn)) return { level: 'SCHOOL', code: urn };
        }
        return placeAt(found.level, found.at === -1 ? '' : fields[found.at]!.trim(), found.column);
      };
    },
  };
}

/** The period by time_period and time_identifier of the standard. */
export function tidyTime(kind: PeriodKind): TimeReading {
  return {
    columns: ['time_period', 'time_identifier'].map(required),
    rule: { tidy: kind },
    periodKinds: [kind],
    reader: ({ indexOf }) => {
      const codeAt = indexOf('time_period');
      const identifierAt = indexOf('time_identifier');
      // A file has few periods and many rows.
      const seen = new Map<string, Map<string, PublishedTime>>();
      return (fields) => {
        const code = fields[codeAt]!.trim();
        const identifier = fields[identifierAt]!.trim();
        let identified = seen.get(identifier);
        if (!identified) {
          identified = new Map();
          seen.set(identifier, identified);
        }
        let time = identified.get(code);
        if (!time) {
          const period = readPeriod(kind, code, identifier);
          time = period
            ? { period, code, identifier }
            : {
                column: 'time_period',
                value: `${code} ${identifier}`,
                reason: `is not a period of kind ${kind}`,
              };
          identified.set(code, time);
        }
        return time;
      };
    },
  };
}

/**
 * The school year that the address of the file names ("year=2018-2019"), for files that do not say it themselves.
 * `kind` says what of that year is meant.
 */
export function schoolYearInAddress(kind: PeriodKind): TimeReading {
  return {
    columns: [],
    rule: { addressOf: kind },
    periodKinds: [kind],
    reader: (_contract, url) => {
      const [, first = '', second = ''] = /year=(\d{4})-\d{2}(\d{2})/.exec(url) ?? [];
      const code = first + second;
      const identifier = 'Academic year';
      const period = readPeriod(kind, code, identifier);
      const time: PublishedTime = period
        ? { period, code, identifier }
        : { column: 'year', value: url, reason: 'the address of the file names no school year' };
      return () => time;
    },
  };
}
