// `npm test`: set-up, check, unit tests, unit tests under Node 24, end-to-end tests; one line of figures at the end.
// Every section runs, whatever the one before it said.

import './node-version.mjs';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findBrowser } from './browser.mjs';
import { check } from './check.mjs';
import { ensureInstalled } from './install.mjs';
import { CACHE, ROOT, packageScript } from './paths.mjs';
import { run } from './run.mjs';

const REPORTS = path.join(CACHE, 'test');
const NODE24 = path.join(ROOT, 'test/node24');
const sum = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {string} title
 * @param {() => Promise<void>} body
 */
async function section(title, body) {
  console.log(`\n── ${title} ──`);
  const began = performance.now();
  await body();
  console.log(`── ${title}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/** @param {string} sentence */
function fail(sentence) {
  console.log(sentence);
  sum.failed++;
}

/** @param {string} sentence */
function skip(sentence) {
  console.log(`SKIPPED: ${sentence}`);
  sum.skipped++;
}

/**
 * Runs one project and adds its figures. A run that dies, or a file that cannot be loaded, counts as one failure.
 * @param {string} node the Node to run under
 * @param {string} project
 * @param {NodeJS.ProcessEnv} [env]
 */
async function vitest(node, project, env = process.env) {
  const report = path.join(REPORTS, `${project}-${path.basename(path.dirname(path.dirname(node)))}.json`);
  rmSync(report, { force: true });
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { code } = await run(node, [packageScript('vitest', 'vitest.mjs'), ...args], { env });
  const figures = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const failed = Number(figures.numFailedTests ?? 0);
  sum.passed += Number(figures.numPassedTests ?? 0);
  sum.failed += code !== 0 && failed === 0 ? 1 : failed;
  sum.skipped += Number(figures.numPendingTests ?? 0) + Number(figures.numTodoTests ?? 0);
}

/** The Node 24 of this platform, or why there is none. */
async function node24() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const binary = path.join(
    NODE24,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  );
  if (!(await ensureInstalled(NODE24)) || !existsSync(binary))
    return { problem: `Node 24 for ${process.platform} ${process.arch} could not be installed` };
  const { code, output } = await run(binary, ['--version'], { output: 'collect' });
  return code === 0
    ? { binary, version: output.trim() }
    : { problem: `Node 24 does not run here: ${output.trim()}` };
}

if (!(await ensureInstalled())) {
  console.log('The locked packages could not be installed: see above.');
  process.exit(1);
}
mkdirSync(REPORTS, { recursive: true });

await section('check', async () => {
  if (!(await check())) fail('The check failed.');
});
await section(`unit tests, Node ${process.version}`, () => vitest(process.execPath, 'unit'));
await section('unit tests, Node 24', async () => {
  const found = await node24();
  if ('problem' in found) return skip(`the unit tests under Node 24: ${found.problem}.`);
  console.log(`This is Node ${found.version}.`);
  return vitest(found.binary, 'unit');
});
await section('end-to-end tests', async () => {
  const build = await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale']);
  if (build.code !== 0) return fail('Nothing to test end to end: the build failed.');
  const browser = await findBrowser();
  if ('problem' in browser) return fail(browser.problem);
  console.log(`The browser is ${browser.path}.`);
  return vitest(process.execPath, 'e2e', { ...process.env, CHROME_PATH: browser.path });
});

console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed === 0 ? 0 : 1;
