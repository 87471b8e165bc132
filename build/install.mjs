// Installs the locked packages when they are missing or not those of the lock file.
// Must work before anything is installed, so it imports Node only; must never change a lock file.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths.mjs';
import { npm } from './run.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} Locked
 */

/**
 * @param {string} file
 * @returns {Record<string, Locked> | null}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/**
 * Are the packages below `directory` those of its lock file? npm writes node_modules/.package-lock.json last, so an
 * install that was interrupted is seen; optional packages of other platforms may be missing.
 * @param {string} directory
 */
export function installed(directory) {
  const wanted = lockedPackages(path.join(directory, 'package-lock.json'));
  const present = lockedPackages(path.join(directory, 'node_modules', '.package-lock.json'));
  if (wanted === null || present === null) return false;
  for (const [name, locked] of Object.entries(wanted)) {
    if (name === '') continue;
    const found = present[name];
    if (found === undefined && locked.optional !== true) return false;
    if (found !== undefined && found.version !== locked.version) return false;
    if (
      found?.integrity !== undefined &&
      locked.integrity !== undefined &&
      found.integrity !== locked.integrity
    )
      return false;
  }
  return Object.keys(present).every((name) => name in wanted);
}

/**
 * Installs when needed. Resolves false, with npm's own words on stderr, when npm failed.
 * @param {string} [directory]
 * @returns {Promise<boolean>}
 */
export async function ensureInstalled(directory = ROOT) {
  if (installed(directory)) return true;
  const where = path.relative(ROOT, directory);
  process.stderr.write(`Installing the locked packages${where === '' ? '' : ` of ${where}`} …\n`);
  const { code } = await npm(
    ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: directory,
      output: 'stderr',
    },
  );
  return code === 0;
}
