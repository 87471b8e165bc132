// The timeline over 100,000 bars against one canvas fillRect a bar: the same data, the same canvas size, the same run
// of the same browser. Frames pan, so that nothing can be kept from the one before.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type Page, chromium } from 'playwright-core';
import { build } from 'vite';
import { findBrowser } from '../../build/browser.mjs';
import type { TimelineBench } from './timeline-page.ts';
import type { BenchRow } from './types.ts';

const BARS = 100_000;

let open: { readonly browser: Browser; readonly page: Page; readonly folder: string; users: number } | null =
  null;

/** Builds the page into one script and opens it; both rows share it. */
async function acquire(): Promise<void> {
  if (open !== null) {
    open.users++;
    return;
  }
  const found = await findBrowser();
  if ('problem' in found) throw new Error(found.problem);
  const folder = await mkdtemp(join(tmpdir(), 'interim-bench-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      lib: {
        entry: fileURLToPath(new URL('timeline-page.ts', import.meta.url)),
        formats: ['iife'],
        name: 'page',
        fileName: () => 'page.js',
      },
    },
  });
  const html = join(folder, 'page.html');
  await writeFile(
    html,
    '<!doctype html><meta charset="utf-8"><body style="margin:0"><script src="page.js"></script>',
  );
  const browser = await chromium.launch({
    executablePath: found.path,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await page.goto(pathToFileURL(html).href);
  const bars = await page.evaluate((wanted) => timelineBench.load(wanted), BARS);
  if (bars < BARS) throw new Error(`The page has only ${bars} bars.`);
  open = { browser, page, folder, users: 1 };
}

async function release(): Promise<void> {
  if (open === null || --open.users > 0) return;
  const { browser, folder } = open;
  open = null;
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

declare const timelineBench: TimelineBench;

/** One measurement in the page; a canvas that stayed empty is no measurement. */
async function measured(what: Exclude<keyof TimelineBench, 'load' | 'drawn'>): Promise<number> {
  if (open === null) throw new Error('The page is not open: setup comes first.');
  const [cost, drawn] = await open.page.evaluate(
    async (name) => [await timelineBench[name](), timelineBench.drawn()] as const,
    what,
  );
  if (drawn < 50_000) throw new Error(`${what} drew only ${drawn} pixels.`);
  return cost;
}

export const rows: BenchRow[] = [
  {
    name: 'timeline: a frame over 100,000 bars',
    setup: acquire,
    teardown: release,
    ours: () => measured('frame'),
    peers: [
      { name: 'canvas fillRect per bar', round: () => measured('frameOfRectangles'), atLeast: 1 / 0.15 },
    ],
  },
  {
    name: 'timeline: first paint of 100,000 bars',
    setup: acquire,
    teardown: release,
    ours: () => measured('firstPaint'),
    peers: [
      { name: 'canvas fillRect per bar', round: () => measured('firstPaintOfRectangles'), atLeast: 1 / 0.3 },
    ],
  },
];
