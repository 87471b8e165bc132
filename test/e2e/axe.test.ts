// Every view in both themes: axe finds nothing wrong, and whoever hears the page is told of rows and marks. With
// INTERIM_PICTURES=FOLDER each view is also put there as a picture, in the sizes that are looked at.

import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';
import { views } from './views.ts';

const PICTURES = process.env['INTERIM_PICTURES'] ?? '';
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 AA and its own best practices: rule, where, and what it says. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
      // The palette's list is scrolled by the arrows of its field, which holds the focus (aria-activedescendant).
      // A popover has buttons of its own outside of its dialog, for whoever hears it.
      rules: {
        'scrollable-region-focusable': { enabled: document.querySelector('.palette-menu') === null },
        region: { enabled: document.querySelector('.popover[data-trigger]') === null },
      },
    }),
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary, html }) =>
        `${id} ${target.join(' ')}: ${failureSummary} ${html.slice(0, 160)}`,
    ),
  );
}

describe.each(['dark', 'light'] as const)('for everybody, in the %s theme', (theme) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  beforeAll(async () => {
    if (PICTURES !== '') await mkdir(PICTURES, { recursive: true });
    host = await startInterface();
    opened = await host.open(theme);
    // What fades in is half transparent while it is looked at.
    await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  });
  afterAll(() => host.close());

  it.each(views)('nothing is wrong with $name', async ({ name, show, leave }) => {
    const { page } = opened;
    await show(page);
    expect(await violations(page)).toEqual([]);
    if (PICTURES !== '')
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        await page.screenshot({ path: join(PICTURES, `${name}-${theme}-${size.width}x${size.height}.png`) });
      }
    await leave?.(page);
  });

  it('names rows and marks to whoever hears the timeline, and says what the keys reach', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    const heard = await page.getByRole('region', { name: 'Timeline as a table' }).ariaSnapshot();
    expect(heard).toContain('rowheader "POST /collection"');
    expect(heard).toMatch(/row ".*GET .*102.*200 OK/);
    expect(heard).toMatch(/row ".*POST \/collection.*RST/i);
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    const timeline = page.getByRole('group', { name: /^Timeline/ });
    await timeline.focus();
    await page.keyboard.press('ArrowDown');
    await timeline.getByRole('status').getByText('Connection 1').waitFor();
    await page.keyboard.press('ArrowRight');
    await timeline
      .getByRole('status')
      .getByText(/^.*100/)
      .waitFor();
  });
});
