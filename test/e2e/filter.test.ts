import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

describe('the filter', () => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let page: Page;
  let field: Locator;
  let count: Locator;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('dark');
    ({ page } = opened);
    await page.getByRole('button', { name: /five-step/ }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    field = page.getByRole('combobox', { name: 'Filter the session' });
    count = page.locator('.filter-count');
  });
  afterAll(() => host.close());

  const options = (): Locator => page.getByRole('listbox', { name: 'What may follow' }).getByRole('option');
  const story = (): Locator => page.getByRole('listbox', { name: 'Story' }).getByRole('option');

  it('is reached by a key, offers its names, and completes by keys alone', async () => {
    await page.locator('.timeline').focus();
    await page.keyboard.press('/');
    await options().filter({ hasText: 'method:' }).waitFor();
    await page.keyboard.type('me');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => field.inputValue()).toBe('method:');
    await options().filter({ hasText: 'PATCH' }).waitFor();
    await page.keyboard.type('PA');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await expect.poll(() => field.inputValue()).toBe('method:PATCH ');
    await count.getByText('2 of 6 exchanges').waitFor();
    await opened.picture('filter-dark');
  });

  it('narrows the table, the story and the stops of the keys', async () => {
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    const rows = page.getByRole('region', { name: 'Timeline as a table' }).getByRole('rowheader');
    expect((await rows.allInnerTexts()).map((text) => text.split(' ')[0])).toEqual(['PATCH', 'PATCH']);
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    const told = await story().allInnerTexts();
    expect(told.some((sentence) => sentence.includes('PATCH'))).toBe(true);
    expect(told.some((sentence) => sentence.includes('HEAD'))).toBe(false);
    await field.fill('kind:interim method:PATCH');
    await count.getByText('1 of 6 exchanges').waitFor();
    await page.locator('.timeline').focus();
    const reached = page.locator('.timeline [role=status]');
    await page.keyboard.press('ArrowDown');
    for (let press = 0; press < 6; press++) {
      await page.keyboard.press('ArrowRight');
      await reached.filter({ hasText: /^102/ }).waitFor({ state: 'attached' });
    }
  });

  it('looks fields up in the heads, and offers those that occur', async () => {
    await field.fill('field:');
    await options().filter({ hasText: 'progress' }).waitFor();
    await field.fill('field:progress');
    await count.getByText('2 of 6 exchanges').waitFor();
    await field.fill('-field:progress');
    await count.getByText('4 of 6 exchanges').waitFor();
  });

  it('says what is wrong at its place, and keeps what was shown', async () => {
    await field.fill('method:HEAD status:4xy');
    await page.getByText('A status is a number, a class or a comparison').first().waitFor();
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => page.locator('.filter-wrong').innerText()).toBe('4xy');
  });

  it('says when nothing matches, and is cleared by a button or by Escape', async () => {
    await field.fill('status:599');
    await page.getByText('Nothing matches the filter.').waitFor();
    await page.locator('.timeline').getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByText('Nothing matches the filter.').waitFor({ state: 'detached' });
    await field.fill('status:599');
    await field.press('Escape');
    await expect.poll(() => field.inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('timeline');
  });

  it('stays while the next session runs and is played', async () => {
    await field.fill('status:2xx');
    await page.locator('.timeline').focus();
    await page.keyboard.press('r');
    const run = page.getByRole('group', { name: 'Run' });
    await run.getByRole('button', { name: 'Stop', disabled: false }).waitFor();
    await run.getByRole('button', { name: 'Stop', disabled: true }).waitFor();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await count.getByText('5 of 6 exchanges').waitFor();
    await page.keyboard.press(' ');
    await count.getByText('5 of 6 exchanges').waitFor();
    await expect.poll(() => field.inputValue()).toBe('status:2xx');
    expect(opened.complaints).toEqual([]);
  });
});
