import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

describe.each(['dark', 'light'] as const)('the patch editor in the %s theme', (theme) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  /** Of the resource, on the test server of this very host. */
  let url: string;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open(theme);
  });
  afterAll(() => host.close());

  const editor = (page: Page) => page.getByRole('region', { name: 'Patch editor' });
  const bytes = (page: Page) => page.getByRole('grid', { name: /Bytes of/ });
  const form = (page: Page, name: RegExp) => page.getByRole('radio', { name });
  const answers = (page: Page) => page.getByRole('list', { name: 'Answers' });
  const stored = async (page: Page): Promise<string> => (await page.request.get(url)).text();

  it('opens by a key, and says what to do', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).waitFor();
    await page.keyboard.press('p');
    const address = page.getByRole('combobox', { name: 'Address of the resource' });
    await expect
      .poll(() => address.inputValue(), { timeout: 30_000 })
      .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/uploads\/example\.bin$/);
    url = await address.inputValue();
    await editor(page).getByRole('button', { name: 'Load' }).first().click();
    await editor(page).getByText('There is nothing at this address yet.').waitFor();
    await opened.picture(`patch-absent-${theme}`);
  });

  it('makes a resource of typed bytes', async () => {
    const { page } = opened;
    await editor(page).getByRole('button', { name: 'Begin with 64 bytes' }).click();
    await bytes(page).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('The quick brown fox jumps over the lazy dog, again and again....');
    await form(page, /^PUT/).click({ force: true });
    await page.keyboard.press('Control+Enter');
    await answers(page).getByText('201 Created').waitFor();
    await expect.poll(() => stored(page)).toMatch(/^The quick brown fox .* again\.{4}$/);
  });

  it('loads it, changes it in two places, and sends the differences at once', async () => {
    const { page } = opened;
    await editor(page).getByRole('button', { name: 'Load' }).click();
    await editor(page).getByText('206 Partial Content: all of it').waitFor();
    await bytes(page).focus();
    await page.keyboard.press('Control+Home');
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.type('sharp');
    await page.keyboard.press('Control+End');
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.keyboard.type('21212121');
    await editor(page).getByText('9 bytes changed in 2 ranges').waitFor();
    await form(page, /^multipart/).click({ force: true });
    const request = page.getByRole('region', { name: 'Request as it is sent' });
    await request.getByText('Content-Range: bytes 4-8/64').waitFor();
    await request.getByText('Content-Range: bytes 60-63/64').waitFor();
    await request.getByText(/^If-Match: "/).waitFor();
    await opened.picture(`patch-${theme}`);
    await editor(page).getByRole('button', { name: 'Send' }).click();
    await answers(page)
      .getByText(/^PATCH/)
      .waitFor();
    await editor(page)
      .getByText(/^Sent: the server answered 20\d/)
      .waitFor();
    await expect
      .poll(() => stored(page))
      .toBe('The sharp brown fox jumps over the lazy dog, again and again!!!!');
  });

  it('shows which bytes were written, there and on the timeline', async () => {
    const { page } = opened;
    await editor(page)
      .getByRole('region', { name: 'Coverage' })
      .getByText(/9 of 64 bytes/)
      .waitFor();
    await opened.picture(`patch-sent-${theme}`);
    await editor(page).getByRole('button', { name: 'Show it on the timeline' }).click();
    await editor(page).waitFor({ state: 'detached' });
    await page
      .getByRole('region', { name: 'Coverage' })
      .getByText(/9 of 64 bytes/)
      .waitFor();
    await page.getByRole('listbox', { name: 'Story' }).getByText(/PATCH/).first().waitFor();
    await opened.picture(`patch-timeline-${theme}`);
  });

  it('keeps its bytes while it is closed, and says when somebody else changed them', async () => {
    const { page } = opened;
    await page.request.put(url, { data: 'Somebody else was here.' });
    await page.getByRole('button', { name: 'Patch editor' }).click();
    await bytes(page).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('58');
    await page.keyboard.press('Control+Enter');
    const problem = editor(page).getByRole('group', { name: 'Problem' });
    await problem.getByText(/Somebody else changed it/).waitFor();
    await opened.picture(`patch-changed-${theme}`);
    await problem.getByRole('button', { name: 'Load' }).click();
    await editor(page).getByText('23 bytes', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await editor(page).waitFor({ state: 'detached' });
    await expect.poll(() => stored(page)).toBe('Somebody else was here.');
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
