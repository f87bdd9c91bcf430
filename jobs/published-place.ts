/**
 * Which place a row of a statistics file is about, as published: a level and a code of that level's form.
 * Files differ in the case of level names; LAs are known by their 3-digit code, because GSS codes change.
 */
import type { Contract } from './contract.js';
import type { StatisticsDataSet } from './declaration.js';
import type { Level } from './dictionaries.js';

export type PublishedPlace =
  | { level: Level; code: string }
  /** The row is of a level that is not read, or its code cannot be one. */
  | { level: Level | null; column: string; value: string; reason: string };

const FORMS: Record<Level, RegExp> = {
  NATIONAL: /^E92000001$/,
  // E13: Inner and Outer London.
  REGIONAL: /^E1[23]\d{6}$/,
  LOCAL_AUTHORITY: /^\d{3}$/,
  SCHOOL: /^\d{6}$/,
  LAESTAB: /^\d{7}$/,
};

/** Reads the place of a row of a file with this header. */
export function placeReader(
  dataSet: StatisticsDataSet,
  { indexOf }: Contract,
): (fields: string[]) => PublishedPlace {
  const levelAt = indexOf('geographic_level');
  const urnAt = dataSet.schoolColumns ? indexOf(dataSet.schoolColumns.urn[0]!) : -1;
  const laEstabAt = dataSet.schoolColumns ? indexOf(dataSet.schoolColumns.laEstab[0]!) : -1;
  const columns: Record<string, { level: Level; column: string; at: number }> = {
    national: { level: 'NATIONAL', column: 'country_code', at: indexOf('country_code') },
    regional: { level: 'REGIONAL', column: 'region_code', at: indexOf('region_code') },
    'local authority': { level: 'LOCAL_AUTHORITY', column: 'old_la_code', at: indexOf('old_la_code') },
    school: { level: 'LAESTAB', column: 'laestab', at: laEstabAt },
  };
  return (fields) => {
    const level = fields[levelAt]!.trim();
    const found = columns[level.toLowerCase()];
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
    const code = found.at === -1 ? '' : fields[found.at]!.trim();
    if (FORMS[found.level].test(code)) return { level: found.level, code };
    return {
      level: found.level,
      column: found.column,
      value: code,
      reason: `is not the code of a place of level ${level}`,
    };
  };
}
