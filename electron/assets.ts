// The files of the built interface, as both hosts serve them. What is not in the list made at the start does not exist,
// so no request can reach another file, however its path is written.

import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface Asset {
  readonly file: string;
  /** Media type. */
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Every file below a folder by its URL path (`/index.html`); `/` is the page. Links are left out. */
export async function listAssets(directory: string): Promise<ReadonlyMap<string, Asset>> {
  const assets = new Map<string, Asset>();
  // By hand, level by level: inside an app archive a recursive listing cannot be relied on.
  const visit = async (folder: string, path: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const type = TYPES[extname(entry.name)];
      if (entry.isDirectory()) await visit(join(folder, entry.name), `${path}${entry.name}/`);
      else if (entry.isFile() && type !== undefined)
        assets.set(path + entry.name, { file: join(folder, entry.name), type });
    }
  };
  await visit(directory, '/').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const page = assets.get('/index.html');
  if (page === undefined) throw new Error(`There is no built interface in ${directory}: run npm run build.`);
  return assets.set('/', page);
}

/**
 * What every answer of a host carries. Nothing from elsewhere is loaded, run, framed or told where it came from.
 * @param connect the sources that the page may connect to, as in `connect-src`
 */
export function securityHeaders(connect: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      // Widgets set positions by style attributes and small style elements; nothing of theirs comes from the wire.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      `connect-src ${connect}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}
