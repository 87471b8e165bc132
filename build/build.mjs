// `npm run build`: bundles everything into dist/. With --if-stale: only when the sources have changed.
// A build is made beside dist/ and takes its place when it is whole; two at once wait for each other. Talks on stderr.

import './node-version.mjs';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CACHE, DIST } from './paths.mjs';
import { sourcesDigest, stale, stamp } from './stale.mjs';

const LOCK = path.join(CACHE, 'build.lock');

/** Waits until no other build runs. A lock whose process has gone is taken over. */
async function lock() {
  mkdirSync(CACHE, { recursive: true });
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch {
      if (!alive(Number(readIfThere(LOCK)))) rmSync(LOCK, { force: true });
      else await delay(100);
    }
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @param {number} pid */
function alive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Bundles into a folder of its own and puts it in the place of dist/. */
async function build() {
  const { createBuilder, createLogger } = await import('vite');
  const { configuration } = await import('./bundles.mjs');
  const digest = sourcesDigest();
  const made = path.join(CACHE, `build-${process.pid}`);
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const logger = createLogger('warn');
  /** @param {string} text */
  const toStderr = (text) => void process.stderr.write(`${text}\n`);
  const customLogger = { ...logger, info: toStderr, warn: toStderr, warnOnce: toStderr, error: toStderr };
  try {
    const wanted = configuration(made);
    const builder = await createBuilder({ ...wanted, customLogger, logLevel: 'warn' });
    for (const name of Object.keys(wanted.environments ?? {})) {
      const environment = builder.environments[name];
      if (environment === undefined) throw new Error(`there is no environment ${name}`);
      await builder.build(environment);
    }
    stamp(made, digest);
    rmSync(DIST, { recursive: true, force: true, maxRetries: 5 });
    renameSync(made, DIST);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

const began = performance.now();
const onlyIfStale = process.argv.includes('--if-stale');
await lock();
try {
  if (!onlyIfStale || stale()) {
    process.stderr.write('Building …\n');
    await build();
    process.stderr.write(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
  }
} catch (error) {
  // Without the bundler's own stack, which is of no use to anybody.
  const [message] = (error instanceof Error ? error.message : String(error)).split('\n\nStack backtrace');
  process.stderr.write(`The build failed: ${message}\n`);
  process.exitCode = 1;
} finally {
  if (existsSync(LOCK)) rmSync(LOCK, { force: true });
}
