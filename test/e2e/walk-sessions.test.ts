// The jobs of the design, walked with the keyboard alone and with the mouse alone: being led through the example, playing it
// back, filtering it; saving, opening, sending again, comparing and exporting; and setting the window as one likes it.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Har } from 'har-format';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';
import { createPerson, type Person, WAYS } from './person.ts';

const ARRIVED = 'all 100 bytes arrived';

const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' });
const coverage = (page: Page): Locator => page.getByRole('region', { name: 'Coverage' });
const story = (page: Page): Locator => page.getByRole('listbox', { name: 'Story' });
const comparison = (page: Page): Locator => page.getByRole('region', { name: 'Comparison' });

describe.each(WAYS)('with the %s alone', (way) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let person: Person;
  let page: Page;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-walk-'));
    host = await startInterface();
    opened = await host.open('light');
    ({ page } = opened);
    person = await createPerson(opened, way);
    await page.getByRole('button', { name: /five-step/ }).waitFor();
  });
  afterAll(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the menu of the session has: by its key, or by the palette; by the menu. */
  async function ofSession(title: string, key?: string): Promise<void> {
    const item = page.getByRole('menuitem', { name: title });
    if (way === 'mouse') await person.choose(page.getByRole('button', { name: /^Session / }), item);
    else await person.command({ title, press: item, ...(key === undefined ? {} : { key }) });
  }

  it('is led through the example from the first start on', async () => {
    await person.press(page.getByRole('button', { name: /five-step/ }));
    const tour = page.getByRole('region', { name: 'Tour' });
    await tour.getByRole('heading', { name: 'Every connection has a row' }).waitFor();
    for (const place of ['interim', 'cut', 'coverage', 'story']) {
      await person.press(tour.getByRole('button', { name: 'Next' }));
      await page.locator(`html[data-tour=${place}]`).waitFor();
    }
    await person.press(tour.getByRole('button', { name: 'Done' }));
    await tour.waitFor({ state: 'detached' });
    await outcome(page).getByText('Completed').waitFor();
    await coverage(page).getByText(ARRIVED).waitFor();
  });

  it('filters it', async () => {
    const field = page.getByRole('combobox', { name: 'Filter the session' });
    if (way === 'keyboard') {
      await page.keyboard.press('/');
      await page.keyboard.type('method:PATCH ');
    } else await person.write(field, 'method:PATCH ');
    const count = page.locator('.filter-count');
    await count.getByText('2 of 6 exchanges').waitFor();
    await person.leave(page.getByRole('button', { name: 'Clear the filter' }));
    await count.waitFor({ state: 'hidden' });
  });

  it('saves it, opens it again, and reads the same', async () => {
    const told = await story(page).getByRole('option').allInnerTexts();
    const saving = page.waitForEvent('download');
    await ofSession('Save the session', 'ControlOrMeta+s');
    const file = join(folder, 'kept.pcapng');
    await (await saving).saveAs(file);
    await ofSession('New session');
    await page.getByRole('button', { name: /five-step/ }).waitFor();

    const choosing = page.waitForEvent('filechooser');
    if (way === 'keyboard') await page.keyboard.press('ControlOrMeta+o');
    else await person.press(page.getByRole('button', { name: 'Open a session', exact: true }));
    await (await choosing).setFiles(file);
    await coverage(page).getByText(ARRIVED).waitFor();
    await expect.poll(() => story(page).getByRole('option').allInnerTexts()).toEqual(told);
  });

  it('plays it back, at any speed and from any moment', async () => {
    const playback = page.getByRole('group', { name: 'Playback' });
    await person.choose(
      playback.getByRole('button', { name: /^Speed/ }),
      page.getByRole('menuitemradio', { name: '100×' }),
    );
    await playback.getByRole('button', { name: 'Speed: 100×' }).waitFor();
    const slider = playback.getByRole('slider');
    if (way === 'keyboard') {
      await person.goTo(slider);
      await page.keyboard.press('Home');
    } else {
      const box = (await playback.locator('.scrub').boundingBox())!;
      await page.mouse.click(box.x + 1, box.y + box.height / 2);
    }
    await coverage(page).getByText(ARRIVED).waitFor({ state: 'detached' });
    await person.press(playback.getByRole('button', { name: 'Step forward' }));
    await expect.poll(() => slider.getAttribute('aria-valuetext')).not.toMatch(/^0(\.0*)? /);
    await person.press(playback.getByRole('button', { name: 'Play' }));
    await coverage(page).getByText(ARRIVED).waitFor();
    await playback.getByRole('button', { name: 'Play' }).waitFor();
  });

  it('sends it again, and sees that it came out the same', async () => {
    await ofSession('Send the session again…');
    const dialog = page.getByRole('dialog', { name: /again$/ });
    await dialog.getByText('1 cut', { exact: true }).waitFor();
    await person.press(dialog.getByRole('button', { name: /^Send/ }));
    await comparison(page)
      .getByText(/^Sent again, and the same: 6 exchanges\.$/)
      .waitFor();
    await person.leave(comparison(page).getByRole('button', { name: /^Timeline/ }));
    await comparison(page).waitFor({ state: 'detached' });
  });

  it('compares it with another, exchange by exchange', async () => {
    const experiments = page.getByRole('navigation', { name: 'Experiments' });
    await person.press(experiments.getByRole('button', { name: 'A lost response', exact: true }));
    await person.press(page.getByRole('button', { name: 'Run A lost response', exact: true }));
    await outcome(page).getByText('Completed').waitFor();
    await ofSession('Compare with another session…');
    const dialog = page.getByRole('dialog', { name: /^Compare / });
    await person.press(dialog.getByRole('option', { name: /^The five steps/ }).first());
    await comparison(page).getByRole('heading', { name: 'Comparison' }).waitFor();
    const rows = comparison(page).getByRole('listbox', { name: 'Exchanges' }).getByRole('option');
    await person.press(rows.last());
    await comparison(page).getByRole('region', { name: 'Both messages' }).getByText('Request line').waitFor();
    await person.leave(comparison(page).getByRole('button', { name: /^Timeline/ }));
    await comparison(page).waitFor({ state: 'detached' });
  });

  it('exports it for other viewers', async () => {
    await ofSession('Export…', 'ControlOrMeta+e');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    const leaving = page.waitForEvent('download');
    await person.press(dialog.getByRole('button', { name: 'Export as HAR', exact: true }));
    const har = JSON.parse(await readFile(await (await leaving).path(), 'utf8')) as Har;
    expect(har.log.entries.map(({ request }) => request.method)).toEqual(['POST', 'HEAD', 'GET']);
    await dialog.waitFor({ state: 'detached' });
  });

  it('sets the window as one likes it', async () => {
    await person.command({
      key: ',',
      title: 'Settings…',
      press: page.getByRole('button', { name: 'Settings', exact: true }),
    });
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    const choose = (group: string, choice: string): Promise<void> =>
      person.press(dialog.getByRole('radiogroup', { name: group }).getByRole('radio', { name: choice }));
    await choose('Theme', 'Dark');
    await choose('Contrast', 'High');
    await choose('Motion', 'None');
    await page.locator('html[data-theme=dark][data-contrast=more][data-motion=none]').waitFor();
    await person.leave(dialog.getByRole('button', { name: 'Close' }));
    await dialog.waitFor({ state: 'detached' });
    await person.press(page.getByRole('button', { name: 'Theme: dark' }));
    await page.locator('html[data-theme=light]').waitFor();
  });

  it('went no other way, and heard of nothing wrong', async () => {
    expect(await person.strayed()).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
