// Where things are in a checkout. Must touch nothing.

import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const DIST = path.join(ROOT, 'dist');
/** What may be deleted at any time: locks, half-made builds, reports. */
export const CACHE = path.join(ROOT, '.cache');

/**
 * The script behind a command of an installed package, to be run by this Node: works without a shell on every system.
 * @param {string} name
 * @param {string} script path inside the package
 */
export function packageScript(name, script) {
  return path.join(ROOT, 'node_modules', name, script);
}
