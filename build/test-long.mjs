// `npm run test:long [-- SEEDS]`: the random cuts of every experiment, ten thousand times unless told otherwise, and a
// server of two hundred thousand exchanges.

import './node-version.mjs';
import { ensureInstalled } from './install.mjs';
import { packageScript } from './paths.mjs';
import { run } from './run.mjs';

const FILES = ['test/electron/experiments/random-cuts.test.ts', 'test/electron/cli/endless-server.test.ts'];

if (await ensureInstalled()) {
  const env = { ...process.env, INTERIM_SEEDS: process.argv[2] ?? '10000', INTERIM_EXCHANGES: '201000' };
  const args = [packageScript('vitest', 'vitest.mjs'), 'run', '--project', 'unit', ...FILES];
  process.exitCode = (await run(process.execPath, args, { env })).code;
} else process.exitCode = 1;
