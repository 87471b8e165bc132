// `npm run -s interim -- ARGS`: the command line from a checkout. Installs and builds first when stale, on stderr;
// stdout carries the command's own output only.

import './node-version.mjs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { ensureInstalled } from './install.mjs';
import { DIST, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { stale } from './stale.mjs';

async function ready() {
  if (!(await ensureInstalled())) return false;
  if (!stale()) return true;
  return (
    (await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale'], { output: 'stderr' }))
      .code === 0
  );
}

if (await ready()) {
  // npm runs scripts in the checkout; files named on the command line are meant from where the user stands.
  const from = process.env['INIT_CWD'];
  if (process.env['npm_lifecycle_event'] === 'interim' && from !== undefined) process.chdir(from);
  const cli = path.join(DIST, 'cli.js');
  process.argv[1] = cli;
  await import(pathToFileURL(cli).href);
} else {
  process.exitCode = 1;
}
