// `npm run screenshots [-- --readme]`: a picture of every view in both themes at 1280×800 and 1920×1080, to be looked at
// (test-results/views). With --readme those that the README shows are taken from them, which are then to be committed.

import './node-version.mjs';
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findBrowser } from './browser.mjs';
import { ensureInstalled } from './install.mjs';
import { ROOT, packageScript } from './paths.mjs';
import { run } from './run.mjs';

const PICTURES = path.join(ROOT, 'test-results/views');
const SHOWN = path.join(ROOT, 'test/e2e/screenshots');
/** The views that the README shows beside the first picture, which a test of the interface makes. */
const SHOWN_VIEWS = ['compose-body', 'comparison', 'patch-editor'];

/** @returns {Promise<number>} the exit code */
async function screenshots() {
  if (!(await ensureInstalled())) return 1;
  const build = await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale']);
  if (build.code !== 0) return build.code ?? 1;
  const browser = await findBrowser();
  if ('problem' in browser) {
    console.log(browser.problem);
    return 1;
  }
  rmSync(PICTURES, { recursive: true, force: true });
  const readme = process.argv.includes('--readme');
  const files = ['test/e2e/axe-', ...(readme ? ['test/e2e/interface.test.ts'] : [])];
  const env = {
    ...process.env,
    CHROME_PATH: browser.path,
    INTERIM_PICTURES: PICTURES,
    ...(readme ? { UPDATE_SCREENSHOTS: '1' } : {}),
  };
  const args = [packageScript('vitest', 'vitest.mjs'), 'run', '--project', 'e2e', ...files];
  const { code } = await run(process.execPath, args, { env });
  if (readme && code === 0)
    for (const view of SHOWN_VIEWS)
      for (const theme of ['dark', 'light'])
        copyFileSync(
          path.join(PICTURES, `${view}-${theme}-1280x800.png`),
          path.join(SHOWN, `${view}-${theme}.png`),
        );
  console.log(`The pictures are in ${path.relative(process.cwd(), PICTURES) || '.'}.`);
  return code ?? 1;
}

process.exitCode = await screenshots();
