// A cut that is armed before the run that it strikes, and the timeline that is zoomed to what was seen of it.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

let host: InterfaceHost;
let opened: OpenedInterface;
let page: Page;

beforeAll(async () => {
  host = await startInterface();
  opened = await host.open('dark');
  page = opened.page;
  await page.getByRole('navigation', { name: 'Experiments' }).waitFor();
}, 60_000);
afterAll(() => host.close());

const outcome = () => page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();

describe('a cut at a byte', () => {
  it('is armed by its key, refused where its byte is none, and strikes the run that follows', async () => {
    await page.keyboard.press('b');
    const panel = page.getByRole('dialog', { name: 'Armed faults' });
    const byte = panel.getByRole('textbox', { name: 'At byte' });
    await byte.fill('soon');
    await panel.getByText('A whole number of bytes').waitFor();
    await expect.poll(() => panel.getByRole('button', { name: 'Arm' }).isDisabled()).toBe(true);
    await byte.fill('40 kB');
    await panel.getByText('40,000 bytes').waitFor();
    await byte.press('Enter');
    await panel.getByText('RST, server in, at byte 40,000 of the content').waitFor();
    await byte.fill('64 KiB');
    await byte.press('Enter');
    await panel.getByText('RST, server in, at byte 65,536 of the content').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Faults 2 armed' }).waitFor();

    await page.getByRole('navigation', { name: 'Experiments' }).getByText('Resume an upload').click();
    await page.keyboard.press('r');
    await outcome();
    await page.getByRole('button', { name: 'Faults: none armed' }).waitFor();
    const story = page.getByRole('listbox', { name: 'Story' });
    await story.getByText('40,000').first().waitFor();
    await story.getByText('65,536').first().waitFor();
  });
});

describe('the timeline', () => {
  const canvas = () => page.locator('.timeline > canvas');
  const picture = (): Promise<string> =>
    canvas().evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  const become = (wanted: string) => vi.waitFor(async () => expect((await picture()) === wanted).toBe(true));
  const leave = (left: string) => vi.waitFor(async () => expect((await picture()) === left).toBe(false));

  /** Fitted, and come to rest, with the pointer elsewhere. */
  async function fitted(): Promise<string> {
    await page.mouse.move(700, 20);
    await page.keyboard.press('0');
    let before = '';
    await vi.waitFor(async () => {
      const now = await picture();
      const isAtRest = now === before;
      before = now;
      expect(isAtRest).toBe(true);
    });
    return before;
  }

  async function drag(y: number, held?: 'Shift'): Promise<void> {
    const box = (await canvas().boundingBox())!;
    if (held !== undefined) await page.keyboard.down(held);
    await page.mouse.move(box.x + 300, box.y + y);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + y, { steps: 3 });
    if (held !== undefined) await page.keyboard.up(held);
  }

  it.each<[string, number, 'Shift' | undefined]>([
    ['on the time axis', 10, undefined],
    ['with Shift anywhere', 60, 'Shift'],
  ])('zooms to what is dragged over %s, and back by a double click on the axis', async (_where, y, held) => {
    const all = await fitted();
    await drag(y, held);
    await leave(all);
    await page.mouse.up();
    await page.mouse.move(700, 20);
    await leave(all);
    const box = (await canvas().boundingBox())!;
    await page.mouse.dblclick(box.x + 300, box.y + 10);
    await page.mouse.move(700, 20);
    await become(all);
  });

  it('forgets a drag at Escape', async () => {
    const all = await fitted();
    await drag(10);
    await leave(all);
    await page.keyboard.press('Escape');
    await become(all);
    await page.mouse.up();
    await page.mouse.move(700, 20);
    await become(all);
  });

  it('zooms to a connection whose row is double-clicked', async () => {
    const box = (await canvas().boundingBox())!;
    await page.mouse.click(box.x + 60, box.y + 60);
    const chosen = await fitted();
    await page.mouse.dblclick(box.x + 60, box.y + 60);
    await page.mouse.move(700, 20);
    await leave(chosen);
    await page.keyboard.press('0');
    await become(chosen);
    await canvas().click({ position: { x: box.width - 8, y: box.height - 60 } });
  });

  it('zooms to what is selected by Z, and says what to do where nothing is', async () => {
    const all = await fitted();
    await page.keyboard.press('z');
    await page.getByRole('status').getByText('Nothing is selected').waitFor();
    await page.getByRole('listbox', { name: 'Story' }).getByText('PATCH').first().click();
    await leave(all);
    const selected = await fitted();
    await page.keyboard.press('z');
    await leave(selected);
    await page.keyboard.press('0');
    await become(selected);
  });
});

describe('every panel', () => {
  it('lights the exchange that is pointed at in another', async () => {
    const map = (await page.getByRole('region', { name: 'Coverage' }).locator('canvas').boundingBox())!;
    const lit = page.locator('.sentence[data-lit]');
    await page.mouse.move(map.x + map.width - 60, map.y + 34);
    await lit.getByText('PATCH').first().waitFor();
    await page.mouse.move(700, 20);
    await lit.first().waitFor({ state: 'detached' });
  });

  it('marks a broken rule where it happened, and leads to its note', async () => {
    await page
      .getByRole('navigation', { name: 'Experiments' })
      .getByText('A 200 that came too early')
      .click();
    await page.keyboard.press('r');
    await page.getByRole('region', { name: 'Outcome' }).getByText('Three servers answered').waitFor();
    await page.getByRole('tab', { name: /^Notes/ }).click();
    const note = page.getByRole('list', { name: 'Notes' }).getByRole('button', { name: /Early success/ });
    await note.click();
    await page.getByRole('tab', { name: 'Story' }).click();
    await page.getByRole('region', { name: 'Coverage' }).getByRole('button', { name: '1 note' }).click();
    await note.waitFor();
    await expect.poll(() => note.getAttribute('aria-current')).toBe('true');
    await opened.picture('broken-rule');
  });
});

it('complained of nothing on the console', () => {
  expect(opened.complaints).toEqual([]);
});
