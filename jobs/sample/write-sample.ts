// Writes the synthetic sample: made-up schools over all real local authorities, laid out as a mirror of the publishers.
// Rule: same seed, same bytes - nothing here reads the clock, and every file says or shows that it is synthetic.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { absenceYears } from './absence-files.js';
import { SAMPLE_GIAS_DATE } from './academic-years.js';
import type { SampleFile } from './csv.js';
import { establishmentFile } from './establishment-file.js';
import { schoolYears } from './exclusions.js';
import { allLinksFile, groupFile, groupLinkFile, linkFile } from './group-files.js';
import { formGroups, membershipsBySchool } from './groups.js';
import { laitFiles } from './lait-files.js';
import { neighbourFiles } from './neighbour-files.js';
import { performanceTables } from './performance-tables.js';
import {
  absencePublication,
  capacityPublication,
  exclusionPublication,
  planPublication,
  senPublication,
} from './publications.js';
import { pupilYears } from './pupils.js';
import { referenceFiles } from './reference-files.js';
import { openSchools } from './schools.js';
import { scorecardsFile } from './scorecards-file.js';
import { makeSites } from './sites.js';
import { planTrusts } from './trusts.js';

export { SAMPLE_GIAS_DATE };

export interface SampleOptions {
  seed?: number;
  /** School sites; conversions and mergers add establishments to the register. */
  schools?: number;
  /** Open trusts; closed ones that schools have left come on top. */
  trusts?: number;
}

const REGISTER = 'ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
const SCORECARDS =
  'raw.githubusercontent.com/dfe-analytical-services/la-school-places-scorecards/main/data/scorecard_data_2025_2023.csv';
const REFERENCE = 'raw.githubusercontent.com/dfe-analytical-services/dfe-published-data-qa/main/data';
const NEIGHBOURS =
  'raw.githubusercontent.com/dfe-analytical-services/local-authority-interactive-tool/main/01_data/02_prod';
const BOUNDARIES = 'raw.githubusercontent.com/boundaries';

const LAIT =
  'raw.githubusercontent.com/dfe-analytical-services/local-authority-interactive-tool/main/01_data/02_prod';

const NOTE = `SYNTHETIC SAMPLE

Made-up schools, trusts and figures in the formats of the real publishers, laid out as a mirror of their addresses.
Real are only the local authorities (codes, names, days) and the regions. Every school and trust is called "Sample ...".
The register is dated ${SAMPLE_GIAS_DATE}.
`;

/** All files of the sample, not yet written. */
export function sampleFiles({
  seed = 1,
  schools: wanted = 2000,
  trusts = 150,
}: SampleOptions = {}): SampleFile[] {
  const sites = makeSites(seed, wanted);
  const plans = planTrusts(seed, sites, trusts);
  const { establishments, links } = openSchools(seed, sites, plans);
  const { groups, memberships } = formGroups(seed, plans, establishments);
  const bySchool = membershipsBySchool(memberships);
  const day = SAMPLE_GIAS_DATE.replaceAll('-', '');
  const years = schoolYears(seed, establishments, bySchool);
  const pupils = pupilYears(seed, years);
  const absence = absenceYears(seed, years);
  return [
    { path: 'README.txt', rows: 0, body: Buffer.from(NOTE) },
    establishmentFile(`${REGISTER}/edubasealldata${day}.csv`, seed, establishments, bySchool),
    groupFile(`${REGISTER}/allgroupsdata${day}.csv`, groups),
    groupLinkFile(`${REGISTER}/grouplinks_edubaseallacademiesandfree${day}.csv`, memberships),
    linkFile(`${REGISTER}/links_edubasealldata${day}.csv`, links),
    ...referenceFiles(REFERENCE),
    ...neighbourFiles(NEIGHBOURS, BOUNDARIES, seed),
    allLinksFile(`${REGISTER}/alllinksdata${day}.csv`, memberships),
    ...exclusionPublication(seed, years),
    ...absencePublication(absence),
    ...senPublication(pupils),
    ...capacityPublication(years),
    ...performanceTables(establishments, pupils, absence),
    scorecardsFile(SCORECARDS, seed, years),
    ...planPublication(seed),
    ...laitFiles(LAIT, seed),
  ];
}

/** Writes the whole sample below `folder` (mirror layout); same seed, same bytes. Returns what was written. */
export async function writeSample(
  folder: string,
  options: SampleOptions = {},
): Promise<{ files: { path: string; rows: number; bytes: number }[] }> {
  const files = sampleFiles(options);
  for (const { path, body } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, body);
  }
  return { files: files.map(({ path, rows, body }) => ({ path, rows, bytes: body.length })) };
}
