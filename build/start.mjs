// `npm start`: installs and builds what is missing, then opens the desktop app; where that cannot be, says so in one
// line and serves the interface in the browser. Needs only Node and npm to begin with.

import './node-version.mjs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { findDesktop } from './desktop.mjs';
import { ensureInstalled } from './install.mjs';
import { DIST, ROOT } from './paths.mjs';
import { run } from './run.mjs';

/** A desktop app that ends with an error within this time (milliseconds) did not start. */
const STARTED = 10_000;

const args = process.argv.slice(2);
if (args.some((arg, i) => arg !== '--browser' && arg !== '--port' && args[i - 1] !== '--port')) {
  console.error(
    'Usage: npm start [-- [--browser] [--port N]]   (a port serves the interface in the browser there)',
  );
  process.exit(2);
}

// Ctrl+C reaches the program we started as well: we wait until it has ended by itself.
process.on('SIGINT', () => {});

/** Serves the interface and prints its URL; opens a browser where there is a screen. */
function serve() {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [path.join(DIST, 'cli.js'), 'serve', ...args.filter((arg) => arg !== '--browser')],
      {
        cwd: ROOT,
        stdio: ['inherit', 'pipe', 'inherit'],
      },
    );
    /** @type {string | null} what was printed so far, null once the URL was found */
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      process.stdout.write(part);
      if (seen === null) return;
      seen += part;
      const url = /http:\/\/127\.0\.0\.1:\d+\/\S*(?=\s)/.exec(seen)?.[0];
      if (url === undefined) return;
      seen = null;
      openBrowser(url);
    });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('close', (code, signal) => resolve(signal === null ? code : 0));
  });
}

/**
 * The page's URL works once, so nothing opens it unasked where nobody looks at a screen.
 * @param {string} url
 */
function openBrowser(url) {
  if (!process.stdout.isTTY || process.env['CI']) return;
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  /** @type {readonly [string, ...string[]]} */
  const command =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const [program, ...rest] = command;
  const opener = spawn(program, rest, { stdio: 'ignore', detached: true });
  opener.on('error', () => {});
  opener.unref();
}

/** Opens the desktop app or resolves with why it cannot be. */
async function desktop() {
  const found = await findDesktop();
  if ('because' in found) return found.because;
  const began = performance.now();
  const { code } = await run(found.program, [ROOT]);
  if (code !== 0 && code < 128 && performance.now() - began < STARTED)
    return `the Electron runtime does not start here (exit code ${code})`;
  process.exitCode = code === 130 ? 0 : code;
  return null;
}

async function start() {
  if (!(await ensureInstalled())) return 1;
  if ((await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale'])).code !== 0) return 1;
  if (args.length > 0) return serve();
  const because = await desktop();
  if (because === null) return process.exitCode ?? 0;
  console.log(`Interim opens in your browser, because ${because}.`);
  return serve();
}

process.exitCode = await start();
