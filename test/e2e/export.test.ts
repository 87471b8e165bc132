// What leaves the window: exports, chosen by keyboard and by mouse, read back from the disk.

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

let host: InterfaceHost;
let opened: OpenedInterface;
beforeAll(async () => {
  host = await startInterface();
  opened = await host.open('dark');
});
afterAll(async () => {
  await host.close();
});

async function contentOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

/** Opens the dialog by its key and takes one format. */
async function exported(page: Page, format: string): Promise<{ name: string; content: string }> {
  await page.keyboard.press('Control+e');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  const leaving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: `Export as ${format}`, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const download = await leaving;
  return { name: download.suggestedFilename(), content: await contentOf(download) };
}

describe('exporting', () => {
  it('says that there is nothing to export before anything has happened', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).waitFor();
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await dialog.getByText('There is nothing to export yet').waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: 'Export as HAR' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('tells of each format what it keeps of this session, and loses', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    const row = (name: string) => dialog.getByRole('row', { name: new RegExp(`^${name}`) });
    const cells = await row('Interim responses').getByRole('cell').allInnerTexts();
    expect(cells.map((cell) => cell.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'kept: _interimResponses',
      'in part: status and gist',
      'lost',
      'kept',
      'in part: as instants',
    ]);
    await expect.poll(() => row('Cuts').getByRole('rowheader').innerText()).toMatch(/1$/);
    await opened.picture('export-dark');
    await page.keyboard.press('Escape');
  });

  it('writes each format whole, under a name that says which', async () => {
    const { page } = opened;
    const events = await exported(page, 'Events');
    expect(events.name).toBe('The five steps.ndjson');
    const [head, ...lines] = events.content.trimEnd().split('\n');
    expect(JSON.parse(head!)).toMatchObject({ title: 'The five steps', events: lines.length });

    const script = await exported(page, 'curl');
    expect(script.name).toBe('The five steps.sh');
    expect(script.content.match(/^curl --include/gm)).toHaveLength(6);
    // A shell can read it all.
    expect(spawnSync('/bin/sh', ['-n'], { input: script.content }).status).toBe(0);

    const trace = await exported(page, 'Trace');
    expect(trace.name).toBe('The five steps.trace.json');
    const { traceEvents } = JSON.parse(trace.content) as { traceEvents: { name: string }[] };
    expect(traceEvents.map(({ name }) => name)).toContain('resumes');

    expect((await exported(page, 'HTTP text')).content).toContain('HTTP/1.1 299 Incomplete Content');
  });

  it('exports by keyboard alone, from the dialog and from the palette', async () => {
    const { page } = opened;
    await page.keyboard.press('Control+e');
    await page.getByRole('dialog', { name: 'Export' }).waitFor();
    const first = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await first).suggestedFilename()).toBe('The five steps.har');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find a command' }).waitFor();
    await page.keyboard.type('export as trace');
    const second = page.waitForEvent('download');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect((await second).suggestedFilename()).toBe('The five steps.trace.json');
  });

  it('copies an exchange as curl and as HTTP, a field’s value, and a stretch of bytes', async () => {
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
    await page.getByRole('tab', { name: 'Message' }).click();
    const copy = page.getByRole('group', { name: 'Copy', exact: true });
    const said = page.getByRole('status').filter({ hasText: /was copied|: done/ });

    await copy.getByRole('button', { name: 'Copy as curl' }).click();
    await said.filter({ hasText: 'as curl' }).waitFor();
    await expect.poll(() => clipboard()).toMatch(/^printf %s '\{[^]*\ncurl --include[^]*\/collection\n$/);
    await copy.getByRole('button', { name: 'Copy as HTTP' }).click();
    await said.filter({ hasText: 'as HTTP' }).waitFor();
    await expect.poll(() => clipboard()).toMatch(/^POST \/collection HTTP\/1\.1\r?\nHost: /);
    await page.getByRole('button', { name: 'Copy the value of Content-Length' }).press('Enter');
    await said.filter({ hasText: 'Content-Length' }).waitFor();
    await expect.poll(() => clipboard()).toBe('100');

    await page.getByRole('tab', { name: 'Hex' }).click();
    await page.getByRole('button', { name: 'Copy bytes' }).click();
    const range = page.getByRole('dialog', { name: 'Copy bytes' });
    await range.getByRole('textbox', { name: 'First byte' }).fill('0');
    await range.getByRole('textbox', { name: 'Last byte' }).fill('0x3');
    await range.getByRole('button', { name: 'Copy as Base64' }).click();
    await said.filter({ hasText: 'Base64' }).waitFor();
    await expect.poll(() => clipboard()).toBe('UE9TVA==');
    await range.getByRole('textbox', { name: 'Last byte' }).fill('9999999');
    await range.getByText('The stream ends at byte').waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find a command' }).waitFor();
    await page.keyboard.type('copy the response');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Messages' }).getByText('There is no final response yet.').waitFor();
    await page.getByRole('tab', { name: 'Story' }).click();
  });

  it('chooses bytes by dragging over them', async () => {
    const { page } = opened;
    await page.getByRole('tab', { name: 'Hex' }).click();
    const first = page.getByRole('region', { name: 'Bytes' }).locator('.hex-bytes [data-start]').first();
    await first.getByText('50 4f 53 54').waitFor();
    const box = (await first.boundingBox())!;
    await page.mouse.move(box.x + 2, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 12, box.y + 4);
    await page.mouse.up();
    await page.getByText('4 bytes chosen, from 0').waitFor();
    await page.keyboard.press('Control+c');
    await page.getByRole('status').filter({ hasText: 'The bytes were copied as hex.' }).waitFor();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('50 4f 53 54');
  });

  it('remembers what was set, and holds it at once', async () => {
    const { page } = opened;
    await page.keyboard.press(',');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    const root = page.locator('html');
    const choose = (group: string, choice: string): Promise<void> =>
      dialog.getByRole('radiogroup', { name: group }).getByRole('radio', { name: choice }).click();
    await choose('Theme', 'Light');
    await choose('Contrast', 'High');
    await choose('Motion', 'None');
    await choose('Pace', 'unpaced');
    await choose('Bytes kept of a session', '1 GiB');
    await choose('Follow the newest event', 'No');
    await page.locator('html[data-theme=light][data-contrast=more][data-motion=none]').waitFor();
    await opened.picture('settings-high-contrast-light');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pace: unpaced' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Pace: unpaced' }).waitFor();
    await expect.poll(() => root.getAttribute('data-contrast')).toBe('more');
    await expect
      .poll(() => page.getByRole('button', { name: /^Follow/ }).getAttribute('aria-pressed'))
      .toBe('false');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await expect.poll(() => dialog.getByRole('radio', { name: '1 GiB' }).isChecked()).toBe(true);
    await choose('Theme', 'Dark');
    await opened.picture('settings-high-contrast-dark');
    await choose('Contrast', 'As the system');
    await page.keyboard.press('Escape');
  });

  it('leads through the example in five stops, by keyboard, and makes way when it is left', async () => {
    const { page } = opened;
    // It began by itself after the first run and was neither walked nor left: the reload took it away.
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find a command' }).waitFor();
    await page.keyboard.type('tour');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const tour = page.getByRole('region', { name: 'Tour' });
    await tour.getByRole('heading', { name: 'Every connection has a row' }).waitFor();
    await tour.getByRole('button', { name: 'Next' }).focus();
    const story = page.getByRole('listbox', { name: 'Story' });
    await page.keyboard.press('Enter');
    await tour.getByText('An interim response is an event of its own').waitFor();
    await page.keyboard.press('Enter');
    await story
      .getByRole('option', { selected: true })
      .getByText(/Cut as planned/)
      .waitFor();
    await opened.picture('tour-dark');
    await page.keyboard.press('Enter');
    await page.locator('html[data-tour=coverage]').waitFor();
    await page.keyboard.press('Enter');
    await tour.getByRole('button', { name: 'Done' }).waitFor();
    await page.keyboard.press('Escape');
    await tour.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('html').getAttribute('data-tour')).toBe(null);
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
