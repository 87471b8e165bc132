// The test server and the faults from the interface, by keyboard and by mouse, in a real browser.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

let host: InterfaceHost;
let opened: OpenedInterface;
let page: Page;
beforeAll(async () => {
  host = await startInterface();
  opened = await host.open('dark');
  ({ page } = opened);
  await server()
    .getByRole('button', { name: /^Copy the server/ })
    .waitFor();
});
afterAll(() => host.close());

const server = (): Locator => page.getByRole('region', { name: 'Server' });
const dialog = (name: string): Locator => page.getByRole('dialog', { name });

/** A command by the palette, with the keyboard alone. */
async function command(title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox', { name: 'Command' }).fill(title);
  await page.getByRole('menuitem', { name: title }).waitFor();
  await page.keyboard.press('Enter');
}

describe('the server panel', () => {
  it('makes a file from text by keyboard, lists it, opens it for editing and deletes it after asking', async () => {
    await command('New file…');
    await dialog('New file').waitFor();
    await page.keyboard.type('notes.txt');
    await page.keyboard.press('Tab');
    await page.keyboard.type('some text');
    await opened.picture('server-new-file');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const file = server().getByRole('listitem').filter({ hasText: 'notes.txt' });
    await file.getByText('9 B').waitFor();
    await file.getByRole('button', { name: 'Edit /uploads/notes.txt' }).click();
    await page.getByRole('grid', { name: /Bytes of .*notes\.txt/ }).waitFor();
    await page
      .getByRole('group', { name: 'By hand' })
      .getByRole('button', { name: /Patch editor/ })
      .click();
    await file.hover();
    await file.getByRole('button', { name: 'Delete /uploads/notes.txt' }).click();
    const asked = page.getByRole('alertdialog', { name: 'Delete it?' });
    await asked.getByText('cannot be brought back').waitFor();
    await opened.picture('server-delete');
    await asked.getByRole('button', { name: 'Delete' }).click();
    await asked.waitFor({ state: 'detached' });
    await file.waitFor({ state: 'detached' });
  });

  it('says in the dialog what the server refuses, and lets it be mended', async () => {
    await command('New file…');
    await dialog('New file').getByRole('textbox', { name: 'Name' }).fill('..');
    await dialog('New file').getByRole('button', { name: 'Create' }).click();
    await dialog('New file')
      .getByRole('alert')
      .getByText(/with 4\d\d/)
      .waitFor();
    await page.keyboard.press('Escape');
    await dialog('New file').waitFor({ state: 'detached' });
  });

  it('changes settings, which a restart keeps, and tells what the restart has left', async () => {
    await command('Settings of the server…');
    const status = dialog('Settings of the server').getByRole('textbox', { name: /^Status of incomplete/ });
    await status.fill('300');
    await page.getByText('A whole number from 200 to 299.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await opened.picture('server-settings');
    await status.fill('250');
    await page.keyboard.press('Enter');
    await dialog('Settings of the server').waitFor({ state: 'detached' });
    await command('New job…');
    await page.getByRole('button', { name: 'Begin' }).click();
    await server().getByText('/waiting/jobs/1').waitFor();
    await command('Restart the server…');
    const asked = page.getByRole('alertdialog', { name: 'Restart the server?' });
    await asked.getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('status').getByText('uploads, jobs and responses are forgotten').waitFor();
    await server().getByText('/waiting/jobs/1').waitFor({ state: 'detached' });
    await command('Settings of the server…');
    await expect.poll(() => status.inputValue()).toBe('250');
    await page.keyboard.press('Escape');
  });
});

describe('the faults', () => {
  it('are armed by keyboard, listed, felt by the next request, told of, and taken back', async () => {
    await page.keyboard.press('a');
    const panel = dialog('Armed faults');
    await panel.getByText(/None\./).waitFor();
    await panel.getByRole('textbox', { name: 'Later by, ms' }).fill('150');
    await page.keyboard.press('Enter');
    await panel.getByText('Delay, server out, 150 ms').waitFor();
    await panel.getByRole('button', { name: /Fault$/ }).click();
    await page.getByRole('option', { name: 'Fragment' }).click();
    await panel.getByRole('textbox', { name: 'Bytes at a time' }).fill('5');
    await panel.getByRole('button', { name: 'Arm' }).click();
    await panel.getByText('Fragment, server out, 5 bytes at a time').waitFor();
    await opened.picture('faults-armed');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Faults 2 armed' }).waitFor();
    await command('Run “The five steps”');
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    const story = page.getByRole('listbox', { name: 'Story' });
    await story
      .getByText(/You delayed/)
      .first()
      .waitFor();
    await story
      .getByText(/You fragmented/)
      .first()
      .waitFor();
    await page.keyboard.press('0');
    await opened.picture('faults-felt');
    await command('Take back every armed fault');
    await page.getByRole('button', { name: 'Faults: none armed' }).waitFor();
  });
});

it('complained of nothing on the console', () => {
  expect(opened.complaints).toEqual([]);
});
