/** The project's folder: files that are not compiled are read from it, by the sources as by what is built of them in dist. */
import { existsSync } from 'node:fs';

function above(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : above(new URL('../', folder));
}

export const PROJECT_FOLDER = above(new URL('./', import.meta.url));
