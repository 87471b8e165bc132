// The whole interface over sessions that nobody looks through by hand, in a real browser with the real engine: how long
// it takes to open one, and to pan and zoom in it, against one fillRect for each bar and mark of the same session.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { build } from 'vite';
import { findBrowser } from '../../build/browser.mjs';
import { openedView } from '../../electron/engine/view.ts';
import type { Model } from '../../shared/model/model.ts';
import { type InterfaceHost, startInterface } from '../e2e/interface-host.ts';
import { writeExchanges, writeInterims } from './big-sessions.ts';
import type { BenchRow } from './types.ts';

const NAME = 'A long session';
/** Steps of one round: half of them zoom, half pan. */
const STEPS = 24;
/** The page does nothing more when its scripts stood still for so long, in milliseconds. */
const QUIET = 500;

interface Look {
  readonly page: Page;
  readonly cdp: CDPSession;
}

/** What the page's main thread has done so far, in milliseconds of its own processor time: others may load the machine. */
async function worked({ cdp }: Look): Promise<{ script: number; task: number }> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string): number => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1000;
  return { script: of('ScriptDuration'), task: of('TaskDuration') };
}

async function lookAt(page: Page): Promise<Look> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return { page, cdp };
}

/** Two frames later, what was asked for is in the page. */
function painted(page: Page): Promise<void> {
  return page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** Throws unless a turn of the wheel changes what is drawn there: nothing may lie over it. */
async function checkWheel({ page }: Look, x: number, y: number): Promise<void> {
  const drawn = (): Promise<string> =>
    page.locator('.timeline canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const before = await drawn();
  await page.mouse.move(x, y);
  await page.mouse.wheel(40, 0);
  await painted(page);
  if ((await drawn()) === before) throw new Error('the wheel does not reach the timeline');
}

/** Zooms in and out and pans with the wheel; the work of each step. */
async function stepThrough(
  look: Look,
  x: number,
  y: number,
): Promise<{ scripts: number[]; tasks: number[] }> {
  const { page, cdp } = look;
  const scripts: number[] = [];
  const tasks: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const zoom = step % 2 === 0;
    const back = step >= STEPS / 2;
    const before = await worked(look);
    await cdp.send('Input.dispatchMouseEvent', {
      type: 'mouseWheel',
      x,
      y,
      deltaX: zoom ? 0 : back ? -40 : 40,
      deltaY: zoom ? (back ? 12 : -12) : 0,
      modifiers: zoom ? 2 : 0,
    });
    await painted(page);
    const after = await worked(look);
    scripts.push(after.script - before.script);
    tasks.push(after.task - before.task);
  }
  return { scripts, tasks };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!;
}

/** Each bar and mark of a session as a rectangle, in columns (rectangles-page.ts). */
function rectanglesOf(model: Model): { readonly bytes: Buffer; readonly count: number } {
  const { bars } = model;
  const { time } = model.events.columns;
  const marks = model.connections.reduce((sum, connection) => sum + connection.marks.length, 0);
  const count = bars.length + marks;
  const bytes = Buffer.alloc(count * 19);
  const from = new Float64Array(bytes.buffer, bytes.byteOffset, count);
  const to = new Float64Array(bytes.buffer, bytes.byteOffset + count * 8, count);
  const row = new Uint16Array(bytes.buffer, bytes.byteOffset + count * 16, count);
  const colour = new Uint8Array(bytes.buffer, bytes.byteOffset + count * 18, count);
  from.set(bars.start.subarray(0, bars.length));
  to.set(bars.end.subarray(0, bars.length));
  colour.set(bars.kind.subarray(0, bars.length));
  for (let bar = 0; bar < bars.length; bar++) row[bar] = bars.connection[bar]! - 1;
  let at = bars.length;
  for (const connection of model.connections) {
    for (const event of connection.marks.values.subarray(0, connection.marks.length)) {
      from[at] = to[at] = time[event]!;
      row[at] = connection.id - 1;
      colour[at++] = 4;
    }
  }
  return { bytes, count };
}

/** The first is the one that is held to an aim; the others show what is left of them in memory. */
const FILTERS = ['kind:interim status:102', 'status:2xx', 'path:99', '-status:404 size:>100B'];

/** The work of one filter over the whole session, in milliseconds: until its count stands there. */
async function filterTime(look: Look, text: string): Promise<number> {
  const { page } = look;
  const field = page.getByRole('combobox', { name: 'Filter the session' });
  const before = await worked(look);
  await field.fill(text);
  await page
    .locator('.filter-count')
    .filter({ hasText: /of [\d,]+ exchanges?/ })
    .waitFor();
  await painted(page);
  const after = await worked(look);
  await field.fill('');
  // What is offered to be typed next lies over the timeline.
  await field.press('Escape');
  await painted(page);
  return after.script - before.script;
}

/** What the page holds, in MiB: objects, and what array buffers hold outside of the heap. */
async function held({ cdp }: Look): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  // Newer than the types.
  const usage = (await cdp.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 1024 ** 2;
}

/** A row: one session, written by `write` and opened by a click in the list of recent ones. */
function laboratoryRow(name: string, write: (path: string) => Promise<number>): BenchRow {
  let host: InterfaceHost | null = null;
  let folder = '';
  let ours: Look;
  let theirs: Look;
  let told: string[] = [];
  const middle = { x: 620, y: 300 };

  async function open(host: InterfaceHost, records: number): Promise<void> {
    ours = await lookAt((await host.open('dark')).page);
    const { page } = ours;
    const recent = page.getByRole('button', { name: NAME });
    await recent.waitFor();
    const began = performance.now();
    await recent.press('Enter');
    await page.locator('.operation-told').waitFor();
    const first = performance.now() - began;
    // The engine says how many records there are when it has read the last: what it derived is in the page soon after.
    const all = `${records.toLocaleString('en-US')} records`;
    await page.locator('.status-bar').filter({ hasText: all }).waitFor();
    let { script } = await worked(ours);
    let moved = performance.now();
    while (performance.now() - moved < QUIET) {
      await painted(page);
      const now = await worked(ours);
      // Asking costs a little, too.
      if (now.script - script > 5) moved = performance.now();
      script = now.script;
    }
    const whole = moved - began;
    const opened = await held(ours);
    const times: string[] = [];
    for (const text of FILTERS)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      times.push((await filterTime(ours, text)).toFixed(0));
    const filtered = await held(ours);
    told = [
      `Opened: the first picture after ${(first / 1000).toFixed(1)} s, all of it after ${(whole / 1000).toFixed(1)} s; at most 3 s wanted.`,
      `The page holds ${opened.toFixed(0)} MiB, and ${filtered.toFixed(0)} after ${FILTERS.length} filters; at most 600 wanted.`,
      `Filtered in ${times[0]} ms of script; at most 200 wanted. Other filters: ${times.slice(1).join(', ')} ms.`,
    ];
  }

  async function openRectangles(path: string): Promise<void> {
    const page = await ours.page.context().newPage();
    theirs = await lookAt(page);
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: folder,
        emptyOutDir: false,
        lib: {
          entry: fileURLToPath(new URL('rectangles-page.ts', import.meta.url)),
          formats: ['iife'],
          name: 'page',
          fileName: () => 'rectangles.js',
        },
      },
    });
    const view = await openedView(path);
    const { bytes, count } = rectanglesOf(view.model);
    const rows = view.model.connections.length;
    await view.close();
    await page.route('http://rectangles.invalid/*', (route) =>
      route.request().url().endsWith('columns')
        ? route.fulfill({ body: bytes })
        : route.fulfill({ body: '<body style="margin:0">', contentType: 'text/html' }),
    );
    await page.goto('http://rectangles.invalid/');
    await page.addScriptTag({ path: join(folder, 'rectangles.js') });
    await page.evaluate(
      ([many, lines]) =>
        (window as unknown as { showRectangles(...args: unknown[]): Promise<void> }).showRectangles(
          'columns',
          many,
          lines,
        ),
      [count, rows],
    );
  }

  return {
    name: `laboratory: ${name}, a step of zoom or pan`,
    setup: async () => {
      const found = await findBrowser();
      if ('problem' in found) throw new Error(found.problem);
      process.env['CHROME_PATH'] = found.path;
      folder = await mkdtemp(join(tmpdir(), 'interim-bench-'));
      const path = join(folder, `${NAME}.pcapng`);
      const records = await write(path);
      host = await startInterface(async (data) => {
        await mkdir(join(data, 'recordings'));
        await write(join(data, 'recordings', `${NAME}.pcapng`));
      });
      await open(host, records);
      await checkWheel(ours, middle.x, middle.y);
      await openRectangles(path);
    },
    teardown: async () => {
      await host?.close();
      await rm(folder, { recursive: true, force: true });
    },
    ours: async () => {
      await ours.page.bringToFront();
      const { scripts, tasks } = await stepThrough(ours, middle.x, middle.y);
      told[3] = `Script time of a step: median ${quantile(scripts, 0.5).toFixed(1)} ms, 95th percentile ${quantile(scripts, 0.95).toFixed(1)} ms; at most 16 and 33 wanted.`;
      return quantile(tasks, 0.5);
    },
    peers: [
      {
        name: 'canvas fillRect per bar and mark',
        round: async () => {
          await theirs.page.bringToFront();
          return quantile((await stepThrough(theirs, middle.x, middle.y)).tasks, 0.5);
        },
        atLeast: 1 / 0.15,
      },
    ],
    remarks: () => told,
  };
}

/** The longest task of the page, in milliseconds, while somebody's own client sends 1 GiB to the test server. */
function streamRow(): BenchRow {
  let host: InterfaceHost | null = null;
  let page: Page;
  return {
    name: 'laboratory: the longest task of the page while 1 GiB streams, in milliseconds',
    setup: async () => {
      const found = await findBrowser();
      if ('problem' in found) throw new Error(found.problem);
      process.env['CHROME_PATH'] = found.path;
      host = await startInterface();
      ({ page } = await host.open('dark'));
      await page.evaluate(() => {
        const tasks: number[] = [];
        Object.assign(window, { tasks });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) tasks.push(duration);
        }).observe({ entryTypes: ['longtask'] });
      });
    },
    teardown: async () => {
      await host?.close();
    },
    ours: async () => {
      const told = page.locator('.status-bar').getByText(/127\.0\.0\.1:\d+/);
      const [address] = /127\.0\.0\.1:\d+/.exec(await told.innerText())!;
      await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
      await upload(`http://${address}/capture`);
      await painted(page);
      const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
      return Math.max(0, ...tasks);
    },
    // A task of less than 50 ms is none that anybody notices, and is not told of.
    peers: [],
  };
}

/** Sends 1 GiB and reads the response. */
function upload(url: string): Promise<void> {
  const piece = new Uint8Array(256 * 1024).fill(120);
  const size = 1024 * 1024 * 1024;
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers: { 'content-length': size } }, (response) => {
      response.on('end', resolve).resume();
    });
    sending.on('error', reject);
    let left = size;
    const write = (): void => {
      while (left > 0) {
        left -= piece.length;
        if (!sending.write(piece)) {
          sending.once('drain', write);
          return;
        }
      }
      sending.end();
    };
    write();
  });
}

export const rows: BenchRow[] = [
  laboratoryRow('100,000 exchanges', (path) => writeExchanges(path, 100_000)),
  laboratoryRow('1,000,000 interim responses', (path) => writeInterims(path, 1_000_000)),
  streamRow(),
];
