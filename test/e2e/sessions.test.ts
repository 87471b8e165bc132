import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

/** Finds a command by its name, as a person without a mouse would. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find a command' });
  await palette.waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
}

const outcome = (page: Page) => page.getByRole('region', { name: 'Outcome' });
const table = (page: Page) => page.getByRole('region', { name: 'Comparison' });
const list = (page: Page) => table(page).getByRole('listbox', { name: 'Exchanges' });
const exchanges = (page: Page) => list(page).getByRole('option');

describe.each(['dark', 'light'] as const)('sessions in the %s theme', (theme) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open(theme);
  });
  afterAll(() => host.close());

  it('are sent again with their faults, and say that they came out as they had', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).click();
    await outcome(page).getByText('Completed').waitFor();
    await command(page, 'Send the session again');
    const dialog = page.getByRole('dialog', { name: 'Send “The five steps” again' });
    await dialog.getByText(/^6 requests on 2 connections/).waitFor();
    await dialog.getByText('the test server').waitFor();
    await dialog.getByText('1 cut', { exact: true }).waitFor();
    await opened.picture(`send-again-${theme}`);
    await page.keyboard.press('Enter');
    await table(page).getByRole('heading', { name: 'Sent again' }).waitFor();
    await table(page)
      .getByText(/^Sent again, and the same: 6 exchanges\.$/)
      .waitFor();
    expect(await exchanges(page).count()).toBeGreaterThan(2);
    await opened.picture(`sent-again-${theme}`);
    await page.keyboard.press('Escape');
    await table(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Session The five steps (sent again), not saved' }).waitFor();
  });

  it('are compared with another, exchange by exchange, by the keyboard alone', async () => {
    const { page } = opened;
    await command(page, 'Run “A lost response”');
    await outcome(page).getByText('Completed').waitFor();
    await command(page, 'Compare with another session');
    const dialog = page.getByRole('dialog', { name: /^Compare “A lost response” with/ });
    await dialog.getByRole('option', { name: /^The five steps .sent again./ }).waitFor();
    await opened.picture(`compare-with-${theme}`);
    await page.keyboard.press('Enter');
    await table(page).getByRole('heading', { name: 'Comparison' }).waitFor();
    const all = await exchanges(page).count();
    await table(page).getByRole('button', { name: 'Only differences' }).click();
    expect(await exchanges(page).count()).toBeLessThanOrEqual(all);
    await list(page)
      .getByRole('option', { name: /only in the second$/ })
      .first()
      .waitFor();
    await list(page).focus();
    await page.keyboard.press('End');
    await expect.poll(() => exchanges(page).last().getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Home');
    await page.keyboard.press('n');
    await expect.poll(() => exchanges(page).nth(1).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('p');
    await expect.poll(() => exchanges(page).first().getAttribute('aria-selected')).toBe('true');
    await table(page).getByRole('region', { name: 'Both messages' }).getByText('Request line').waitFor();
    await opened.picture(`comparison-${theme}`);
    await page.keyboard.press('Escape');
    await table(page).waitFor({ state: 'detached' });
    expect(opened.complaints).toEqual([]);
  });
});
