/**
 * A mirror answers the publishers' addresses from a folder or from another address: https://<host>/<path>
 * becomes <mirror>/<host>/<path>, a query string is appended as @<query>, and a path that is a folder as well
 * has its document beside it as <path>.json. A mirror is asked instead of the publisher, never before it.
 */
import { stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';

export type Mirror = { kind: 'folder'; folder: string } | { kind: 'address'; address: string };

export function mirrorOf(setting: string): Mirror {
  return /^https?:\/\//.test(setting)
    ? { kind: 'address', address: setting.replace(/\/+$/, '') }
    : { kind: 'folder', folder: setting };
}

/** The file that answers an address, or null when the mirror's folder has none. */
export async function fileInMirror(folder: string, url: string): Promise<string | null> {
  const path = normalize(join(folder, mirrorPath(url)));
  if (!path.startsWith(normalize(folder + sep))) return null;
  for (const candidate of [path, `${path}.json`]) {
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile()) return candidate;
  }
  return null;
}

/** The addresses at which a mirror served over HTTP may have the answer, likeliest first. */
export function addressesInMirror(address: string, url: string): string[] {
  const path = mirrorPath(url)
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
  return [`${address}/${path}`, `${address}/${path}.json`];
}

function mirrorPath(url: string): string {
  const { host, pathname, search } = new URL(url);
  return host + decodeURIComponent(pathname) + (search ? `@${decodeURIComponent(search.slice(1))}` : '');
}
