// Notes by the keyboard alone: written on an event, found again everywhere, changed, taken back and brought back, and kept in
// a file that is opened again.

import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

const dialog = (page: Page) => page.getByRole('dialog', { name: /note$/ });
const story = (page: Page) => page.getByRole('listbox', { name: 'Story' });
const notes = (page: Page) => page.getByRole('tabpanel', { name: /^Notes/ });

/** Writes into the note that is open, and keeps it. */
async function keep(page: Page, text: string): Promise<void> {
  await dialog(page).getByRole('textbox', { name: 'Note' }).fill(text);
  await page.keyboard.press('Control+Enter');
  await dialog(page).waitFor({ state: 'detached' });
}

describe.each(['dark', 'light'] as const)('notes in the %s theme', (theme) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open(theme);
  });
  afterAll(() => host.close());

  it('are written on what is selected, and stand in the story, the notes, the table and the filter', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await story(page).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('m');
    await opened.picture(`note-${theme}`);
    await keep(page, 'Nobody waits for this.');
    await story(page)
      .getByRole('option', { name: /Your note: Nobody waits for this\./ })
      .waitFor();
    await page.getByRole('tab', { name: 'Notes 1' }).click();
    await notes(page).getByText('Nobody waits for this.').waitFor();
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    await page.getByRole('cell', { name: 'Nobody waits for this.' }).waitFor();
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('note:mine ');
    await page
      .getByText(/^1 of 6/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await opened.picture(`notes-${theme}`);
  });

  it('are changed, taken back and brought back', async () => {
    const { page } = opened;
    await notes(page).getByRole('button', { name: 'Change the note' }).click();
    await keep(page, 'The server waits for this.');
    await notes(page).getByText('The server waits for this.').waitFor();
    await notes(page).getByRole('button', { name: 'Take the note back' }).click();
    const message = page.getByRole('list', { name: 'Messages' }).getByText('The note was taken back.');
    await message.waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('tab', { name: 'Notes 1' }).waitFor();
    await message.waitFor({ state: 'detached' });
  });

  it('make a session that was opened unsaved until it is saved with them', async () => {
    const { page } = opened;
    const leaving = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    const first = await (await leaving).path();
    await page.getByRole('button', { name: 'Session The five steps', exact: true }).waitFor();
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+o');
    await (await choosing).setFiles({ name: 'opened.pcapng', mimeType: '', buffer: await readFile(first) });
    await page.getByRole('button', { name: 'Session opened', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Notes 1' }).waitFor();
    await page.keyboard.press('m');
    await keep(page, 'At the end of it.');
    await page.getByRole('button', { name: 'Session opened, not saved' }).waitFor();
    await page.getByRole('tab', { name: 'Notes 2' }).waitFor();
    const again = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    const second = await readFile(await (await again).path());
    await page.getByRole('button', { name: 'Session opened', exact: true }).waitFor();
    expect(second.includes('At the end of it.')).toBe(true);
    expect(second.includes('The server waits for this.')).toBe(true);
    expect(opened.complaints).toEqual([]);
  });
});
