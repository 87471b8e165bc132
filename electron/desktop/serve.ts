// Answers requests of the desktop's own scheme with files of the built interface, and nothing else.

import { readFile } from 'node:fs/promises';
import { type Asset, securityHeaders } from '../assets.ts';
import { ownAddress } from './rules.ts';

/** The handler for `protocol.handle`. The page may connect to nothing: its commands do not go over a network. */
export function assetHandler(
  assets: ReadonlyMap<string, Asset>,
): (request: { readonly method: string; readonly url: string }) => Promise<Response> {
  const headers = { ...securityHeaders("'none'"), 'Cache-Control': 'no-cache' };
  const refuse = (status: number): Response => new Response(null, { status, headers });
  return async ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405);
    if (!ownAddress(url)) return refuse(403);
    const asset = assets.get(new URL(url).pathname);
    if (asset === undefined) return refuse(404);
    const body = method === 'HEAD' ? null : await readFile(asset.file);
    return new Response(body, { headers: { ...headers, 'Content-Type': asset.type } });
  };
}
