/** The list of data sets for a person: a page without scripts, and without anything from elsewhere. */
import type { Listed } from './data-files.js';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => ESCAPES[one]!);

const count = (rows: number): string => rows.toLocaleString('en-GB');

const readOf = ({ rows, rowsNotIncluded }: Listed['release']): string =>
  `${count(rows)} rows${rowsNotIncluded > 0 ? `, of which ${count(rowsNotIncluded)} are not included: the dictionary (JSON) says why` : ''}`;

const rowOf = ({ title, description, publisher, licence, release, ...files }: Listed): string => `<tr>
<td><strong>${escaped(title)}</strong><br>${escaped(description)}</td>
<td>${escaped(publisher)}<br>${escaped(licence)}</td>
<td>${escaped(release.title)}<br>${escaped(release.publishedOn ?? 'day not known')}<br>${readOf(release)}</td>
<td><a href="${files.csv}">CSV</a> <a href="${files.parquet}">Parquet</a> <a href="${files.dictionaryCsv}">dictionary</a> (<a href="${files.dictionary}">JSON</a>)</td>
</tr>`;

export const listingPage = (listed: readonly Listed[], synthetic: boolean): string => `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Data sets · SchoolGraph</title>
<style>body{font:16px/1.4 system-ui,sans-serif;margin:2rem;max-width:80rem}td,th{padding:.5rem 1rem .5rem 0;vertical-align:top;text-align:left;border-bottom:1px solid #ccc}strong.made-up{background:#ffdd00;padding:.3rem}</style></head>
<body><h1>Data sets</h1>
${synthetic ? '<p><strong class="made-up">SYNTHETIC: these data are made up. No figure is real.</strong></p>\n' : ''}<p>Each as it stands now, whole. With <code>?asOf=2022-10-01</code> after its address a file is as the data stood published on that day. Other questions: <a href="/graphql">the graph</a>.</p>
<table><thead><tr><th>Data set</th><th>Publisher</th><th>Newest release</th><th>Files</th></tr></thead><tbody>
${listed.map(rowOf).join('\n')}
</tbody></table></body></html>
`;
