/** Rows of the published exclusions file as they were printed, read with csv-parse: no code of ours is in between. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { inject } from 'vitest';

const RELEASE = 'content.explore-education-statistics.service.gov.uk/api/releases';
const EXCLUSIONS = `${RELEASE}/e7774a74-1f62-4b76-b9b5-84f14dac7278/files/32109f0e-a3f7-5696-8281-cbaaf9f5f60e`;

export const exclusionsFile = (): string => join(inject('mirror')!, EXCLUSIONS);

export type PublishedRow = Record<string, string>;

/** The rows of lines that hold every one of the texts. */
export async function exclusionsRows(...texts: string[]): Promise<PublishedRow[]> {
  const [header, ...lines] = (await readFile(exclusionsFile(), 'utf8')).split(/\r?\n/);
  const wanted = lines.filter((line) => texts.every((text) => line.includes(text)));
  return parse([header, ...wanted].join('\n'), { columns: true, bom: true }) as PublishedRow[];
}

/** Indicator id → column of the file. */
export const EXCLUSIONS_COLUMNS = {
  headcount: 'headcount',
  'permanent-exclusions': 'perm_excl',
  'permanent-exclusion-rate': 'perm_excl_rate',
  suspensions: 'fixed_excl',
  'suspension-rate': 'fixed_excl_rate',
  'pupils-suspended': 'one_plus_fixed',
  'pupils-suspended-rate': 'one_plus_fixed_rate',
} as const;
