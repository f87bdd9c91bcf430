/** Published files of Explore Education Statistics by their titles, read with csv-parse: no code of ours is in between. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

const API = 'content.explore-education-statistics.service.gov.uk/api';

export type PublishedRow = Record<string, string>;

/** The rows of a release's file, in a mirror. A column that stands twice is there once. */
export async function publishedRows(
  mirror: string,
  slug: string,
  release: string,
  title: string,
): Promise<PublishedRow[]> {
  const content = JSON.parse(
    await readFile(`${mirror}/${API}/publications/${slug}/releases/${release}/data-content`, 'utf8'),
  );
  const { fileId } = content.dataSets.find((file: { title: string }) => file.title === title);
  const text = await readFile(
    `${mirror}/${API}/releases/${content.releaseVersionId}/files/${fileId}`,
    'utf8',
  );
  return parse(text, { columns: true, bom: true }) as PublishedRow[];
}
