// Where the keys are: seen at every stop, never caught, and given back when what took them closes.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';
import { createPerson, type Person, seen } from './person.ts';

/** More stops than any view has. */
const MOST_STOPS = 300;

describe('the keys', () => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let page: Page;
  let person: Person;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('dark');
    ({ page } = opened);
    person = await createPerson(opened, 'keyboard');
    await page.getByRole('button', { name: /five-step/ }).waitFor();
  });
  afterAll(() => host.close());

  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const active = document.activeElement;
      if (active === null || active === document.body) return '';
      return active.getAttribute('aria-label') ?? active.textContent ?? active.tagName;
    });

  /** Goes round the window by Tab, and back; says each stop. */
  async function around(key: 'Tab' | 'Shift+Tab'): Promise<string[]> {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const stops: string[] = [];
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      await page.keyboard.press(key);
      const name = await focused();
      // Beyond the last one the keys leave the page.
      if (name === '') return stops;
      await seen(page);
      stops.push(name);
    }
    throw new Error(`The keys never leave the page: ${stops.slice(-6).join(' | ')}`);
  }

  it('are seen at every stop, there and back, before anything has run', async () => {
    const there = await around('Tab');
    expect(there.length).toBeGreaterThan(20);
    const back = await around('Shift+Tab');
    expect(new Set(back)).toEqual(new Set(there));
  });

  it('are seen at every stop of a session, and skip nothing of it', async () => {
    await person.press(page.getByRole('button', { name: /five-step/ }));
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    const stops = await around('Tab');
    for (const name of [/^Timeline/, /^Story/, /^Scissors/, /^Filter/, /^Settings/, /^Show all keys/])
      expect(
        stops.some((stop) => name.test(stop)),
        String(name),
      ).toBe(true);
  });

  it('are on the story when the tour is left, and not lost', async () => {
    const tour = page.getByRole('region', { name: 'Tour' });
    await person.press(tour.getByRole('button', { name: 'Leave the tour' }));
    await tour.waitFor({ state: 'detached' });
    await expect.poll(focused).not.toBe('');
  });

  it.each([
    ['the settings', 'Settings…', { role: 'dialog', name: 'Settings' }],
    ['the list of keys', 'Show all keys', { role: 'dialog', name: 'Keys' }],
    ['the export', 'Export…', { role: 'dialog', name: 'Export' }],
    ['the faults', 'Arm a fault', { role: 'dialog', name: 'Armed faults' }],
    ['a new file', 'New file…', { role: 'dialog', name: 'New file' }],
    ['a new job', 'New job…', { role: 'dialog', name: 'New job' }],
    [
      'the settings of the server',
      'Settings of the server…',
      { role: 'dialog', name: 'Settings of the server' },
    ],
    ['what is sent again', 'Send the session again', { role: 'dialog', name: /again$/ }],
    ['the choice of a session', 'Compare with another', { role: 'dialog', name: /^Compare/ }],
    ['the composer', 'Compose a request', { role: 'region', name: 'Compose' }],
    ['the patch editor', 'Patch editor', { role: 'region', name: 'Patch editor' }],
  ] as const)('are back where they were once %s is left by Escape', async (_, title, { role, name }) => {
    const place: Locator = page.getByRole('button', { name: 'Show all keys' });
    await person.goTo(place);
    await person.command({ title, press: place });
    const shown = page.getByRole(role, { name });
    await shown.waitFor();
    // What opens has the keys.
    await expect.poll(() => shown.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await shown.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Show all keys');
  });

  it.each([
    [/^Session /, 'Export…', { role: 'dialog', name: 'Export' }],
    [/^Server: /, 'New file…', { role: 'dialog', name: 'New file' }],
  ] as const)(
    'are back on the button whose menu, %s, opened what is left',
    async (menu, item, { role, name }) => {
      const button = page.getByRole('button', { name: menu });
      await person.choose(button, page.getByRole('menuitem', { name: item }));
      const shown = page.getByRole(role, { name });
      await shown.waitFor();
      await page.keyboard.press('Escape');
      await shown.waitFor({ state: 'detached' });
      await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
    },
  );

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
