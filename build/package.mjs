// `npm run package -- [--dir] [--linux] [--mac] [--win]`: builds when stale and packages the desktop app into release/.

import './node-version.mjs';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { ROOT, packageScript } from './paths.mjs';
import { run } from './run.mjs';

/** @returns {Promise<number>} the exit code */
async function makePackage() {
  if (!(await ensureInstalled())) return 1;
  const build = await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale']);
  if (build.code !== 0) return build.code;
  const args = ['--config', 'build/electron-builder.mjs', '--publish', 'never', ...process.argv.slice(2)];
  const { code } = await run(process.execPath, [packageScript('electron-builder', 'cli.js'), ...args]);
  return code;
}

process.exitCode = await makePackage();
