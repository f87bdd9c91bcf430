/**
 * GraphiQL at /graphql with its menu of worked examples, from this server alone: the page asks nobody else for
 * anything, so it works offline and tells no third party who reads what.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROJECT_FOLDER } from '../project-folder.js';
import { type Example, type ExamplePlaces, MENU, variablesOf } from './examples.js';

const require = createRequire(import.meta.url);
/** A file of a package, whether or not the package lists it among its exports. */
const fileOf = (name: string, path: string) => join(dirname(require.resolve(`${name}/package.json`)), path);

/** A file beside this one. */
const ours = (name: string) => fileURLToPath(new URL(`src/graphiql/${name}`, PROJECT_FOLDER));

/** Ours change with the page, which must not be shown with those of before. */
const PACKAGED = 'public, max-age=86400';
const OURS = 'no-cache';

/** Asset name → file that it is served from. */
const ASSETS: Record<string, { file: string; type: string; cache: string }> = {
  'react.js': {
    file: fileOf('react', 'umd/react.production.min.js'),
    type: 'text/javascript',
    cache: PACKAGED,
  },
  'react-dom.js': {
    file: fileOf('react-dom', 'umd/react-dom.production.min.js'),
    type: 'text/javascript',
    cache: PACKAGED,
  },
  'graphiql.js': { file: fileOf('graphiql', 'graphiql.min.js'), type: 'text/javascript', cache: PACKAGED },
  'graphiql.css': { file: fileOf('graphiql', 'graphiql.min.css'), type: 'text/css', cache: PACKAGED },
  'menu.js': { file: ours('menu.js'), type: 'text/javascript', cache: OURS },
  'page.css': { file: ours('page.css'), type: 'text/css', cache: OURS },
};
export const ASSET_PATH = '/graphql/assets/';

const SYNTHETIC =
  '<p id="synthetic" role="alert">SYNTHETIC SAMPLE: made-up schools, trusts and figures. Only the names and codes of local authorities are real.</p>\n';

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const option = ({ id, title }: Example) => `<option value="${id}">${escaped(title)}</option>\n`;

const group = (examples: Example[]) =>
  `<optgroup label="For ${escaped(examples[0]!.audience)}">\n${examples.map(option).join('')}</optgroup>\n`;

/** The page; its examples ask about places that are in the data. */
export function graphiqlPage(places: ExamplePlaces, synthetic: boolean): string {
  const examples = MENU.flat().map((example) => {
    const { id, about, query } = example;
    return { id, about, query, variables: variablesOf(example, places) };
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${synthetic ? 'SYNTHETIC — ' : ''}SchoolGraph</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${ASSET_PATH}graphiql.css">
<link rel="stylesheet" href="${ASSET_PATH}page.css">
</head>
<body>
${synthetic ? SYNTHETIC : ''}<header>
<label for="example">Worked examples</label>
<select id="example" aria-describedby="about">
${MENU.map(group).join('')}</select>
<p id="about" aria-live="polite"></p>
</header>
<div id="graphiql"></div>
<script id="examples" type="application/json">${JSON.stringify(examples).replaceAll('<', '\\u003c')}</script>
<script src="${ASSET_PATH}react.js"></script>
<script src="${ASSET_PATH}react-dom.js"></script>
<script src="${ASSET_PATH}graphiql.js"></script>
<script src="${ASSET_PATH}menu.js"></script>
</body>
</html>
`;
}

/** Serves one of the page's files; false when there is none of that name. */
export async function serveAsset(name: string, response: ServerResponse): Promise<boolean> {
  const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  if (!asset) return false;
  const { size } = await stat(asset.file);
  response.writeHead(200, {
    'Content-Type': `${asset.type}; charset=utf-8`,
    'Content-Length': size,
    'Cache-Control': asset.cache,
  });
  createReadStream(asset.file)
    .on('error', (error) => response.destroy(error))
    .pipe(response);
  return true;
}
