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

/** How often (milliseconds) we look whether who started us is still there. */
const ORPHANED = 1000;

const args = process.argv.slice(2);
if (args.some((arg, i) => arg !== '--browser' && arg !== '--port' && args[i - 1] !== '--port')) {
  console.error(
    'Usage: npm start [-- [--browser] [--port N]]   (a port serves the interface in the browser there)',
  );
  process.exit(2);
}

/**
 * Runs what the user came for until it ends. Ctrl+C in a terminal reaches it by itself; other signals are passed on.
 * @param {string} program
 * @param {readonly string[]} rest
 * @param {(text: string) => void} [printed] takes what it prints; without it, that goes straight to our own output
 * @returns {Promise<number>} its exit code; 0 when a signal ended it
 */
function launch(program, rest, printed) {
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: ROOT,
      stdio: ['inherit', printed ? 'pipe' : 'inherit', 'inherit'],
    });
    if (printed) child.stdout?.setEncoding('utf8').on('data', printed);
    process.on('SIGINT', () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    });
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    // npm ends without a word to us when it is told to end: then nobody is left who could end what we started.
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) child.kill('SIGTERM');
    }, ORPHANED).unref();
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 0));
  });
}

/** Serves the interface and prints its URL; opens a browser where there is a screen. */
function serve() {
  const rest = [path.join(DIST, 'cli.js'), 'serve', ...args.filter((arg) => arg !== '--browser')];
  /** @type {string | null} what was printed so far, null once the URL was found */
  let seen = '';
  return launch(process.execPath, rest, (text) => {
    process.stdout.write(text);
    if (seen === null) return;
    seen += text;
    const url = /http:\/\/127\.0\.0\.1:\d+\/\S*(?=\s)/.exec(seen)?.[0];
    if (url === undefined) return;
    seen = null;
    openBrowser(url);
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

/** Opens the desktop app: its exit code, or why it cannot be opened. */
async function desktop() {
  const found = await findDesktop();
  if ('because' in found) return found;
  const began = performance.now();
  const code = await launch(found.program, [ROOT]);
  if (code !== 0 && performance.now() - began < STARTED)
    return { because: `the Electron runtime does not start here (exit code ${code})` };
  return { code };
}

async function start() {
  if (!(await ensureInstalled())) return 1;
  if ((await run(process.execPath, [path.join(ROOT, 'build/build.mjs'), '--if-stale'])).code !== 0) return 1;
  if (args.length > 0) return serve();
  const opened = await desktop();
  if ('code' in opened) return opened.code;
  console.log(`Interim opens in your browser, because ${opened.because}.`);
  return serve();
}

process.exitCode = await start();
