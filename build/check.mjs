// `npm run check`: types of every part, lint with the layer rules, format, dead exports. Warnings are errors.
// Runs as many at once as there are cores, prints only what is wrong.

import './node-version.mjs';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { packageScript } from './paths.mjs';
import { run } from './run.mjs';

const TSC = packageScript('typescript', 'bin/tsc');
/** @type {readonly (readonly [name: string, script: string, ...args: string[]])[]} */
const CHECKS = [
  ['types: shared', TSC, '-p', 'shared'],
  ['types: electron', TSC, '-p', 'electron'],
  ['types: renderer', TSC, '-p', 'renderer'],
  ['types: tests and build', TSC, '-p', '.'],
  ['lint', packageScript('oxlint', 'bin/oxlint'), '--deny-warnings'],
  ['format', packageScript('oxfmt', 'bin/oxfmt'), '--check', '.'],
  ['dead exports', packageScript('knip', 'bin/knip.js')],
];

/** Runs every check; false when one failed. */
export async function check() {
  const waiting = [...CHECKS];
  let good = true;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, script, ...args] = next;
      const began = performance.now();
      const { code, output } = await run(process.execPath, [script, ...args], { output: 'collect' });
      const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${took})`);
      if (code !== 0) {
        good = false;
        console.log(output.trimEnd());
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, worker));
  return good;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = (await ensureInstalled()) && (await check()) ? 0 : 1;
}
