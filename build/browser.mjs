// Finds a Chromium-family browser for the end-to-end tests. Installs one only on Debian, as root, from the
// distribution's own archive.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';

/** Where browsers live on this system, best first. */
function candidates() {
  const env = process.env;
  if (process.platform === 'darwin') {
    const apps = [
      'Google Chrome.app/Contents/MacOS/Google Chrome',
      'Chromium.app/Contents/MacOS/Chromium',
      'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
    return ['/Applications', path.join(env['HOME'] ?? '', 'Applications')].flatMap((folder) =>
      apps.map((app) => path.join(folder, app)),
    );
  }
  if (process.platform === 'win32') {
    const programs = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => programs.map((program) => path.win32.join(folder, program)));
  }
  const names = [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'microsoft-edge-stable',
    'microsoft-edge',
  ];
  const folders = [...(env['PATH'] ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/**
 * The path of a browser, or one sentence that says how to get one.
 * @returns {Promise<{ path: string } | { problem: string }>}
 */
export async function findBrowser() {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') {
    return existsSync(named)
      ? { path: named }
      : {
          problem: `CHROME_PATH names ${named}, which does not exist: set it to a Chrome, Chromium or Edge program.`,
        };
  }
  const found = () => candidates().find((file) => existsSync(file));
  const first = found();
  if (first !== undefined) return { path: first };
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('No browser found: installing chromium from Debian …');
    await apt(['chromium']);
    const second = found();
    if (second !== undefined) return { path: second };
  }
  return {
    problem:
      'The end-to-end tests need Chrome, Chromium or Edge and none was found: install one, or set CHROME_PATH to its program.',
  };
}

/** @param {readonly string[]} packages */
async function apt(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, output: 'stderr' });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    output: 'stderr',
  });
}
