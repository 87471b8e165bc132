// The jobs of the design, walked with the keyboard alone and with the mouse alone: an experiment and every byte of it, a cut
// by hand and the recovery, and the same on the command line.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';
import { createPerson, type Person, WAYS } from './person.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

const experiment = (page: Page, title: string): Locator =>
  page.getByRole('navigation', { name: 'Experiments' }).getByRole('button', { name: title, exact: true });
const run = (page: Page, title: string): Locator =>
  page.getByRole('button', { name: `Run ${title}`, exact: true });
const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' });
const story = (page: Page): Locator => page.getByRole('listbox', { name: 'Story' });
const timeline = (page: Page): Locator => page.getByRole('group', { name: /^Timeline/ });
const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true });

/** Moves the pointer over the timeline until it is over such a thing, and clicks there. */
async function clickOver(page: Page, thing: 'live' | 'thing'): Promise<void> {
  const box = (await timeline(page).boundingBox())!;
  const over = page.locator(`.timeline[data-over="${thing}"]`);
  // A bar grows: until there is one to meet, from where bars begin, row by row from the top.
  for (let sweep = 0; sweep < 200; sweep++)
    for (let x = 200; x < box.width - 30; x += 24)
      for (let y = 40; y < 140; y += 8) {
        await page.mouse.move(box.x + x, box.y + y);
        if ((await over.count()) === 0) continue;
        await page.mouse.down();
        await page.mouse.up();
        return;
      }
  throw new Error(`nothing that is “${thing}” was met anywhere in the timeline`);
}

/** Runs a line of a shell in which `interim` is this checkout's. */
async function inShell(line: string): Promise<{ code: number | null; out: string }> {
  const child = spawn('/bin/sh', ['-c', `interim() { "$NODE" "$CLI" "$@"; }\n${line}`], {
    env: { ...process.env, NODE: process.execPath, CLI },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [out, [code]] = await Promise.all([
    text(child.stdout),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, out };
}

describe.each(WAYS)('with the %s alone', (way) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let person: Person;
  let page: Page;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('dark');
    ({ page } = opened);
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    person = await createPerson(opened, way);
    await page.getByRole('button', { name: /five-step/ }).waitFor();
  });
  afterAll(() => host.close());

  it('runs an experiment, steps through its events, and sees every byte', async () => {
    await person.press(experiment(page, 'A lost response'));
    await person.press(run(page, 'A lost response'));
    await outcome(page).getByText('Completed').waitFor();

    const said = timeline(page).getByRole('status');
    if (way === 'keyboard') {
      await person.goTo(timeline(page));
      await page.keyboard.press('ArrowDown');
      await said.getByText('Connection 1').waitFor();
      await page.keyboard.press('ArrowRight');
      await said.getByText(/^100 .*POST \/collection, interim response/).waitFor();
      await page.keyboard.press('ArrowRight');
      await said.getByText(/^RST as planned/).waitFor();
    } else {
      await clickOver(page, 'thing');
      await expect.poll(() => said.innerText()).not.toBe('');
    }

    await person.press(story(page).getByRole('option').filter({ hasText: 'POST' }).first());
    await person.press(tab(page, 'Message'));
    const panel = (name: string): Locator => page.getByRole('tabpanel', { name });
    await panel('Message').getByText('Host', { exact: true }).first().waitFor();
    await person.press(tab(page, 'Body'));
    await panel('Body')
      .getByText(/bytes?$/)
      .first()
      .waitFor();
    await person.press(tab(page, 'Hex'));
    // POST, and with the rest of the stream every byte that there is.
    const bytes = page.getByRole('region', { name: 'Bytes' });
    await bytes.getByText('50 4f 53 54').waitFor();
    await person.press(tab(page, 'Story'));
  });

  it('breaks it by hand, and watches the client find out, ask, and go on', async () => {
    await person.press(experiment(page, 'Resume an upload'));
    await person.press(run(page, 'Resume an upload'));
    if (way === 'mouse') {
      await page.getByRole('heading', { name: /1,000,000 bytes/ }).waitFor();
      await clickOver(page, 'live');
    } else {
      await page.getByRole('heading', { name: /1,000,000 bytes/ }).waitFor();
      await page
        .getByRole('group', { name: 'Faults' })
        .getByRole('button', { name: 'Cut', exact: true, disabled: false })
        .waitFor();
      await page.keyboard.press('c');
    }
    await story(page)
      .getByText(/You cut/)
      .first()
      .waitFor();
    await story(page).getByText(/HEAD/).first().waitFor();
    await outcome(page).getByText('Completed').waitFor();
    await page.getByText('completed, resumed once').first().waitFor();
    await page.getByRole('region', { name: 'Coverage' }).getByText('all 1,000,000 bytes arrived').waitFor();
  });

  it('arms a cut at a byte before anything runs, and sees it strike there', async () => {
    const dialog = page.getByRole('dialog', { name: 'Armed faults' });
    if (way === 'keyboard') await page.keyboard.press('b');
    else
      await person.choose(
        page.getByRole('button', { name: /^How to cut/ }),
        page.getByRole('menuitem', { name: /byte/ }),
      );
    await person.write(dialog.getByRole('textbox', { name: /byte/i }), '123,456');
    await person.press(dialog.getByRole('button', { name: 'Arm', exact: true }));
    await dialog.getByRole('listitem').filter({ hasText: '123,456' }).waitFor();
    await person.away();
    await dialog.waitFor({ state: 'detached' });
    await person.press(run(page, 'Resume an upload'));
    await story(page)
      .getByText(/RST at byte 123,456/)
      .first()
      .waitFor();
    await outcome(page).getByText('Completed').waitFor();
    await page.getByRole('button', { name: 'Faults: none armed' }).waitFor();
  });

  it('takes the same to a script, which comes to the same', async () => {
    await person.command({
      title: 'Copy the run as a command line',
      press: outcome(page).getByRole('button', { name: 'Copy as command line' }),
    });
    await page
      .getByText(/^The command line was copied/)
      .first()
      .waitFor();
    const line = await page.evaluate(() => navigator.clipboard.readText());
    expect(line).toMatch(/^interim run resumable-request --cut (client|server):(in|out):content:\d+:rst$/);
    const { code, out } = await inShell(`${line} --json`);
    expect(code).toBe(0);
    const document = JSON.parse(out) as { exchanges: { method: string }[] };
    expect(document).toMatchObject({ experiment: 'resumable-request', outcome: 'completed', resumes: 1 });
    expect(document.exchanges.map(({ method }) => method)).toEqual(['POST', 'HEAD', 'PATCH']);
  });

  it('went no other way, and heard of nothing wrong', async () => {
    expect(await person.strayed()).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
