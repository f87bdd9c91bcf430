/**
 * GraphiQL at /graphql, from this server alone: the page asks nobody else for anything, so it works offline
 * and tells no third party who reads what.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
/** A file of a package, whether or not the package lists it among its exports. */
const fileOf = (name: string, path: string) => join(dirname(require.resolve(`${name}/package.json`)), path);

/** Asset name → file of the package that it is served from. */
const ASSETS: Record<string, { file: string; type: string }> = {
  'react.js': { file: fileOf('react', 'umd/react.production.min.js'), type: 'text/javascript' },
  'react-dom.js': { file: fileOf('react-dom', 'umd/react-dom.production.min.js'), type: 'text/javascript' },
  'graphiql.js': { file: fileOf('graphiql', 'graphiql.min.js'), type: 'text/javascript' },
  'graphiql.css': { file: fileOf('graphiql', 'graphiql.min.css'), type: 'text/css' },
};
export const ASSET_PATH = '/graphql/assets/';
const A_DAY = 86_400;

const EXAMPLE = `# From a school to its trust, to the trust's other schools, to the local authority of each,
# with a published indicator and its source. Press the button with the triangle to ask.
{
  school(urn: URN) {
    name
    phase
    localAuthority { code name }
    trust {
      uid
      name
      indicator(id: "suspension-rate") {
        latest { value lower upper status schoolsWithFigures schools period { label } }
      }
      schools(first: 10) {
        totalCount
        nodes {
          urn
          name
          localAuthority {
            name
            indicator(id: "suspension-rate") { latest { value period { label } } }
          }
          indicator(id: "suspension-rate") {
            indicator { name unit polarity }
            latest {
              value
              status
              period { label }
              release { title url sha256 dataSet { publisher licence } }
            }
          }
        }
      }
    }
  }
  dataStatus { synthetic }
}
`;

/** The page, opening with a question about a school that is in the data. */
export function graphiqlPage(exampleUrn: number, synthetic: boolean): string {
  const banner = synthetic
    ? '<p id="synthetic" role="alert">SYNTHETIC SAMPLE: made-up schools, trusts and figures. Only the names and codes of local authorities are real.</p>'
    : '';
  const query = JSON.stringify(EXAMPLE.replace('URN', String(exampleUrn))).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${synthetic ? 'SYNTHETIC — ' : ''}SchoolGraph</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${ASSET_PATH}graphiql.css">
<style>
body { margin: 0; height: 100vh; display: flex; flex-direction: column; }
#graphiql { flex: 1; min-height: 0; }
#synthetic { margin: 0; padding: .6rem 1rem; background: #7a1f1f; color: #fff; font: 600 1rem/1.4 system-ui, sans-serif; }
</style>
</head>
<body>
${banner}
<div id="graphiql"></div>
<script src="${ASSET_PATH}react.js"></script>
<script src="${ASSET_PATH}react-dom.js"></script>
<script src="${ASSET_PATH}graphiql.js"></script>
<script>
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultQuery: ${query},
    shouldPersistHeaders: false,
  }),
);
</script>
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
    'Cache-Control': `public, max-age=${A_DAY}`,
    'X-Content-Type-Options': 'nosniff',
  });
  createReadStream(asset.file)
    .on('error', (error) => response.destroy(error))
    .pipe(response);
  return true;
}
