// `npm run test:long [-- SEEDS]`: the random cuts of every experiment, ten thousand times unless told otherwise.

import './node-version.mjs';
import { ensureInstalled } from './install.mjs';
import { packageScript } from './paths.mjs';
import { run } from './run.mjs';

const FILE = 'test/electron/experiments/random-cuts.test.ts';

if (await ensureInstalled()) {
  const env = { ...process.env, INTERIM_SEEDS: process.argv[2] ?? '10000' };
  const args = [packageScript('vitest', 'vitest.mjs'), 'run', '--project', 'unit', FILE];
  process.exitCode = (await run(process.execPath, args, { env })).code;
} else process.exitCode = 1;
