import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

const experiments = (page: Page): Locator => page.getByRole('navigation', { name: 'Experiments' });
const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' });
const composer = (page: Page): Locator => page.getByRole('region', { name: 'Compose', exact: true });
const maps = (page: Page): Locator => page.getByRole('button', { name: 'Coverage and progress' });
const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true });

/** Whether an element's text is shown whole. */
const isWhole = (element: Locator): Promise<boolean> =>
  element.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth);

/** Waits until something holds; what holds it is told by the sentence. */
async function until(page: Page, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
}

describe('the window', () => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('dark');
    await experiments(opened.page).getByRole('button', { name: 'The five steps', exact: true }).waitFor();
  });
  afterAll(() => host.close());

  it('keeps Run in sight of an experiment that is opened in the smallest window', async () => {
    const { page } = opened;
    await page.setViewportSize({ width: 1024, height: 700 });
    for (const title of ['Resume an upload', 'Five ways to wait', 'Resume a download']) {
      await experiments(page).getByRole('button', { name: title, exact: true }).click();
      const run = experiments(page).getByRole('button', { name: `Run ${title}`, exact: true });
      const list = (await page.locator('.experiments .rail-content').boundingBox())!;
      const box = (await run.boundingBox())!;
      expect([title, box.y >= list.y - 1, box.y + box.height <= list.y + list.height + 1]).toEqual([
        title,
        true,
        true,
      ]);
    }
    const more = experiments(page).getByRole('button', { name: 'more', exact: true });
    await more.click();
    await experiments(page).getByRole('button', { name: 'less', exact: true }).click();
    await more.waitFor();
  });

  it('gives the name of an operation the room before its counts', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).click();
    await outcome(page).getByText('Completed').waitFor();
    for (const [width, height] of [
      [1280, 800],
      [1440, 900],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await until(page, () =>
        isWhole(page.getByRole('heading', { name: 'Upload 100 bytes to /collection' })),
      );
    }
  });

  it('makes way for the composer, and is as it was when that is closed', async () => {
    const { page } = opened;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('n');
    await composer(page).waitFor();
    await outcome(page).waitFor({ state: 'detached' });
    await page.getByRole('region', { name: 'Tour' }).waitFor({ state: 'detached' });
    await until(page, async () => (await maps(page).getAttribute('aria-expanded')) === 'false');
    const timeline = (await page.locator('.timeline').boundingBox())!;
    expect(timeline.height).toBeGreaterThan(250);
    await page.keyboard.press('Escape');
    await outcome(page).waitFor();
    await until(page, async () => (await maps(page).getAttribute('aria-expanded')) === 'true');
  });

  it('folds the maps by a key to their titles, out of reach of the keys', async () => {
    const { page } = opened;
    const axis = page.getByRole('slider', { name: /Scissors/ });
    await axis.waitFor();
    await page.keyboard.press('g');
    await axis.waitFor({ state: 'hidden' });
    await page.getByRole('region', { name: 'Coverage' }).getByText('all 100 bytes arrived').waitFor();
    await page.keyboard.press('g');
    await axis.waitFor();
  });

  it('shows each tab of the inspector by its figure', async () => {
    const { page } = opened;
    for (const [key, name] of [
      ['2', 'Message'],
      ['5', 'Hex'],
      ['7', 'Lenses'],
      ['1', 'Story'],
      ['3', 'Body'],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole('tabpanel', { name, exact: true }).waitFor();
    }
  });

  it('hides both sides by a key, brings them back, and the inspector for a tab that is asked for', async () => {
    const { page } = opened;
    const workspace = page.locator('.workspace');
    const width = async (): Promise<number> => (await workspace.boundingBox())!.width;
    const before = await width();
    await page.keyboard.press('l');
    await until(page, async () => (await width()) > before);
    await page.keyboard.press('i');
    await until(page, async () => (await width()) > 1260);
    await experiments(page).waitFor({ state: 'hidden' });
    await page.keyboard.press('3');
    await page.getByRole('tabpanel', { name: 'Body' }).waitFor();
    await page.keyboard.press('l');
    await until(page, async () => Math.abs((await width()) - before) < 2);
  });

  it('copies and saves what the pieces of an upload come to', async () => {
    const { page, context } = opened;
    const body = page.getByRole('tabpanel', { name: 'Body' });
    await body.getByRole('radio', { name: 'All pieces' }).click({ force: true });
    await body.getByText(/^all 100 bytes/).waitFor();
    const saving = page.waitForEvent('download');
    await body.getByRole('button', { name: 'Save all pieces' }).click();
    const saved = await readFile(await (await saving).path(), 'utf8');
    expect(saved).toHaveLength(100);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await body.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('menuitem', { name: 'As text' }).click();
    await until(page, async () => (await page.evaluate(() => navigator.clipboard.readText())) === saved);
  });

  it('makes a file that is dropped on the composer the body', async () => {
    const { page } = opened;
    await page.keyboard.press('n');
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['seven b'], 'dropped.txt'));
      return data;
    });
    await composer(page).dispatchEvent('dragover', { dataTransfer: dropped });
    await composer(page).getByText('Drop a file to make it the body').waitFor();
    await composer(page).dispatchEvent('drop', { dataTransfer: dropped });
    await composer(page).getByText('dropped.txt', { exact: true }).waitFor();
    await composer(page).getByText('7 bytes').waitFor();
    await page.keyboard.press('Escape');
    await composer(page).waitFor({ state: 'detached' });
  });

  it('is found as it was left when the page is loaded anew', async () => {
    const { page } = opened;
    const server = page.getByRole('region', { name: 'Server' });
    const fold = server.getByRole('button', { name: /^Server( \d+)?$/ });
    await fold.click();
    await server.getByRole('listitem').first().waitFor({ state: 'detached' });
    await tab(page, 'Hex').click();
    const rail = page.locator('.rail');
    const before = (await rail.boundingBox())!.width;
    await page.getByRole('separator', { name: 'Width of the left rail' }).focus();
    await page.keyboard.press('ArrowRight');
    await until(page, async () => (await rail.boundingBox())!.width > before);
    const after = (await rail.boundingBox())!.width;

    await page.reload();
    await page.getByRole('tabpanel', { name: 'Hex' }).waitFor();
    expect((await rail.boundingBox())!.width).toBeCloseTo(after, 0);
    await expect.poll(() => fold.getAttribute('aria-expanded')).toBe('false');
    await fold.click();
    await server.getByRole('listitem').first().waitFor();
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
