// Finds the Electron runtime, or fetches it by its own installer. Must never make a start fail: where there is none,
// it says why in half a sentence and the interface opens in the browser.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, packageScript } from './paths.mjs';
import { run } from './run.mjs';

const ELECTRON = path.join(ROOT, 'node_modules/electron');
/** Longest time the fetch of the runtime may take, in milliseconds. */
const FETCH_LIMIT = 5 * 60_000;

/** The Electron program as its own installer left it, or null. */
export function runtime() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name =
    process.platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : process.platform === 'win32'
        ? 'electron.exe'
        : 'electron';
  const program = path.join(override ?? path.join(ELECTRON, 'dist'), name);
  if (!existsSync(program)) return null;
  if (override !== undefined) return program;
  try {
    const wanted = JSON.parse(readFileSync(path.join(ELECTRON, 'package.json'), 'utf8')).version;
    const present = readFileSync(path.join(ELECTRON, 'dist/version'), 'utf8').trim().replace(/^v/, '');
    return wanted === present ? program : null;
  } catch {
    return null;
  }
}

/**
 * The program to start, or why there is none (to be read after "because").
 * @returns {Promise<{ program: string } | { because: string }>}
 */
export async function findDesktop() {
  const env = process.env;
  if (process.platform === 'linux') {
    if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return { because: 'there is no display' };
    if (process.getuid?.() === 0)
      return { because: 'Electron keeps its sandbox, which does not work for root' };
  }
  const present = runtime();
  if (present !== null) return { program: present };
  console.log('Fetching the Electron runtime (about 110 MB, only this once) …');
  const { code, output } = await run(process.execPath, [packageScript('electron', 'install.js')], {
    output: 'collect',
    limit: FETCH_LIMIT,
  });
  const fetched = runtime();
  if (code === 0 && fetched !== null) return { program: fetched };
  const said = output.split('\n').find((line) => line.trim() !== '');
  return {
    because:
      code === 124
        ? 'the Electron runtime could not be fetched in five minutes'
        : `the Electron runtime could not be fetched (${said?.trim().replace(/^\w*Error: /, '') ?? `exit code ${code}`})`,
  };
}
