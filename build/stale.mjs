// Tells whether dist/ was built from the sources as they are now. Must never build and never write but its stamp.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DIST, ROOT } from './paths.mjs';

const SOURCES = [
  'shared',
  'electron',
  'renderer',
  'build/bundles.mjs',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
];
const STAMP = '.built-from';

/**
 * SHA-256 (hex) over the names and contents of every source. Contents, since a checkout changes times only.
 * @param {string} [root] the checkout
 */
export function sourcesDigest(root = ROOT) {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesBelow(path.join(root, source))) {
      hash.update(`${path.relative(root, file)}\0`);
      hash.update(readFileSync(file));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} start a file or a folder
 * @returns {string[]} sorted, so that the digest does not depend on the file system
 */
function filesBelow(start) {
  if (!existsSync(start)) return [];
  if (!path.extname(start)) {
    return readdirSync(start, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const file = path.join(start, entry.name);
        return entry.isDirectory() ? filesBelow(file) : [file];
      });
  }
  return [start];
}

/** True when there is no build, or one of other sources. */
export function stale() {
  try {
    return readFileSync(path.join(DIST, STAMP), 'utf8') !== sourcesDigest();
  } catch {
    return true;
  }
}

/**
 * Says what a finished build was made from.
 * @param {string} directory the build
 * @param {string} digest of the sources, taken before the build began
 */
export function stamp(directory, digest) {
  writeFileSync(path.join(directory, STAMP), digest);
}
