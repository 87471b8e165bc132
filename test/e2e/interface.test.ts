import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Har } from 'har-format';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

const ARRIVED = 'all 1,000,000 bytes arrived';

/** Moves the pointer along the tracks until it is a pair of scissors, as a person would, and clicks there. */
async function clickLiveBar(page: Page): Promise<void> {
  // A run begins a session of its own: its timeline is there once its operation has a name.
  await page.getByRole('heading', { name: /1,000,000 bytes/ }).waitFor();
  const timeline = page.locator('.timeline');
  const box = (await timeline.boundingBox())!;
  const live = page.locator('.timeline[data-over="live"]');
  // The bar grows: wait until there is one to meet, from where bars begin, row by row from the top.
  for (let sweep = 0; sweep < 200; sweep++) {
    for (let x = 200; x < box.width - 30; x += 24) {
      for (let y = 40; y < 140; y += 8) {
        await page.mouse.move(box.x + x, box.y + y);
        if ((await live.count()) === 0) continue;
        await page.mouse.down();
        await page.mouse.up();
        return;
      }
    }
  }
  throw new Error('no live bar was met anywhere in the timeline');
}

async function choose(page: Page, title: string): Promise<void> {
  await page
    .getByRole('option', { name: title })
    .or(page.getByRole('button', { name: title }))
    .first()
    .click();
}

function story(page: Page): Locator {
  return page.getByRole('listbox', { name: 'Story' });
}

/** What a person reads of a session: its heading, its map, its story. */
async function readings(page: Page): Promise<{ heading: string; coverage: string; story: string[] }> {
  return {
    heading: await page.locator('.workspace-header, .workspace header').first().innerText(),
    coverage: await page.getByRole('region', { name: 'Coverage' }).innerText(),
    story: await story(page).getByRole('option').allInnerTexts(),
  };
}

describe.each(['dark', 'light'] as const)('the interface in the %s theme', (theme) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-saved-'));
    host = await startInterface();
    opened = await host.open(theme);
  });
  afterAll(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('offers the five steps at the first start, and runs them', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).waitFor();
    await opened.picture(`empty-${theme}`);
    await page.getByRole('button', { name: /five-step/ }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await opened.picture(`five-steps-${theme}`);
    await page.getByRole('region', { name: 'Coverage' }).getByText('all 100 bytes arrived').waitFor();
  });

  it('cuts by a click on the live bar, and shows the resume and the closed coverage', async () => {
    const { page } = opened;
    await choose(page, 'Resume an upload');
    await page.getByRole('group', { name: 'Run' }).getByRole('button', { name: 'Run' }).click();
    await clickLiveBar(page);
    await story(page)
      .getByText(/You cut/)
      .first()
      .waitFor();
    await story(page).getByText(/HEAD/).first().waitFor();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await page.getByText(ARRIVED).first().waitFor();
    await page.getByText('completed, resumed once').first().waitFor();
    await page.keyboard.press('0');
    // As it looks when nobody points at anything.
    await page.mouse.move(0, 0);
    await page.locator('.pointed').waitFor({ state: 'detached' });
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await opened.picture(theme);
  });

  it('shows each message and each byte', async () => {
    const { page } = opened;
    await story(page)
      .getByText(/asks how many/)
      .first()
      .click();
    await page.getByRole('tab', { name: 'Message' }).click();
    await page.getByText('Host', { exact: true }).first().waitFor();
    await opened.picture(`message-${theme}`);
    await page.getByRole('tab', { name: 'Hex' }).click();
    // HEAD
    await page.getByRole('region', { name: 'Bytes' }).getByText('48 45 41 44').waitFor();
    await opened.picture(`hex-${theme}`);
    await page.getByRole('tab', { name: 'Story' }).click();
  });

  it('saves the session, opens it again with the same picture, and plays it back', async () => {
    const { page } = opened;
    const live = await readings(page);
    const saving = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    const file = join(folder, `${theme}.pcapng`);
    await (await saving).saveAs(file);

    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+o');
    await (await choosing).setFiles(file);
    await page.getByRole('group', { name: 'Playback' }).waitFor();
    await page.getByText(ARRIVED).first().waitFor();
    const again = await readings(page);
    expect(again.story).toEqual(live.story);
    expect(again.coverage).toEqual(live.coverage);
    await page.keyboard.press('0');
    await opened.picture(`playback-${theme}`);

    // Back to the beginning: nothing has arrived yet; at the end everything has.
    const slider = page.getByRole('group', { name: 'Playback' }).getByRole('slider');
    await slider.focus();
    await page.keyboard.press('Home');
    await page.getByText(ARRIVED).first().waitFor({ state: 'detached' });
    await page.keyboard.press('End');
    await page.getByText(ARRIVED).first().waitFor();
  });

  it('exports a HAR file of what it shows', async () => {
    const { page } = opened;
    const exporting = page.waitForEvent('download');
    await page.keyboard.press('Control+e');
    await page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'Export as HAR' }).click();
    const har = JSON.parse(await readFile(await (await exporting).path(), 'utf8')) as Har;
    expect(har.log.entries.map((entry) => entry.request.method)).toEqual(['POST', 'HEAD', 'PATCH']);
  });

  it('opens what is no session with one sentence, and keeps what it showed', async () => {
    const { page } = opened;
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+o');
    await (
      await choosing
    ).setFiles({ name: 'no.pcapng', mimeType: '', buffer: Buffer.from('no capture at all') });
    await page
      .getByRole('list', { name: 'Messages' })
      .getByText(/pcapng/)
      .waitFor();
    await opened.picture(`problem-${theme}`);
    await expect.poll(() => page.getByText(ARRIVED).count()).toBeGreaterThan(0);
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
