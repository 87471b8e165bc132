// Looks at views in both themes: axe finds nothing wrong. With INTERIM_PICTURES=FOLDER each is also put there as a picture, in
// the sizes that are looked at.

import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';
import type { View } from './views/view.ts';

const PICTURES = process.env['INTERIM_PICTURES'] ?? '';
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const THEMES = ['dark', 'light'] as const;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 AA and its own best practices: rule, where, and what it says. */
async function violations(page: Page, forced: boolean): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    (isForced) =>
      (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
        preload: false,
        // The palette's list is scrolled by the arrows of its field, which holds the focus (aria-activedescendant).
        // A popover has buttons of its own outside of its dialog, for whoever hears it.
        rules: {
          'scrollable-region-focusable': { enabled: document.querySelector('.palette-menu') === null },
          region: { enabled: document.querySelector('.popover[data-trigger]') === null },
          // The system's colours are the system's: axe reads ours, which are not shown.
          'color-contrast': { enabled: !isForced },
        },
      }),
    forced,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary, html }) =>
        `${id} ${target.join(' ')}: ${failureSummary} ${html.slice(0, 160)}`,
    ),
  );
}

/** Waits until what was asked for is drawn. */
function drawn(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

interface Looks {
  /** The system's own few colours in place of ours. */
  readonly forced?: boolean;
}

/** One test a view; each goes on from where the one before has left the page. */
export function looksAt(views: readonly View[], { forced = false }: Looks = {}): void {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  beforeAll(async () => {
    if (PICTURES !== '') await mkdir(PICTURES, { recursive: true });
    host = await startInterface();
    opened = await host.open('dark');
    // What fades in is half transparent while it is looked at.
    await opened.page.emulateMedia({ reducedMotion: 'reduce', forcedColors: forced ? 'active' : 'none' });
  });
  afterAll(() => host.close());

  it.each(views)('nothing is wrong with $name', async ({ name, show, leave }) => {
    const { page } = opened;
    await show(page);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`html[data-theme=${theme}]`).waitFor();
      await drawn(page);
      expect(await violations(page, forced), theme).toEqual([]);
      if (PICTURES === '') continue;
      const { width, height } = page.viewportSize()!;
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await drawn(page);
        const kind = forced ? `${theme}-forced` : theme;
        await page.screenshot({ path: join(PICTURES, `${name}-${kind}-${size.width}x${size.height}.png`) });
      }
      await page.setViewportSize({ width, height });
    }
    await leave?.(page);
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
}
