import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

const panel = (page: Page): Locator => page.getByRole('region', { name: 'Compose' });
const answer = (page: Page): Locator => panel(page).getByRole('group', { name: 'Answer' });
const head = (page: Page): Promise<string | null> =>
  panel(page).getByRole('region', { name: 'What goes out' }).locator('pre').textContent();
const story = (page: Page): Locator => page.getByRole('listbox', { name: 'Story' });

/** Goes on by Tab, or back by Shift+Tab, until that control has the keys. */
async function tabTo(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let i = 0; i < 30; i++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`No ${key} leads to ${String(control)}.`);
}

describe('composing with the keyboard alone', () => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let address = '';
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('dark');
  });
  afterAll(() => host.close());

  it('opens by a key, with an address of the test server under the keys', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).waitFor();
    await page.keyboard.press('n');
    const url = panel(page).getByRole('combobox', { name: 'Address' });
    await url.waitFor();
    await expect.poll(() => url.evaluate((element) => element === document.activeElement)).toBe(true);
    await expect
      .poll(() => url.inputValue(), { timeout: 30_000 })
      .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/collection$/);
    address = await url.inputValue();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: /interims/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option', { name: /interims/ }).waitFor({ state: 'detached' });
    await expect.poll(() => url.inputValue()).toBe(address);
  });

  it('sends an upload by a strategy, cuts it at a byte, and watches it go on', async () => {
    const { page } = opened;
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('POST');
    await tabTo(page, panel(page).getByRole('tab', { name: 'Fields' }));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    const size = panel(page).getByRole('textbox', { name: 'Bytes to generate' });
    await tabTo(page, size);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('200 kB');
    await tabTo(page, panel(page).getByRole('tab', { name: 'Body' }), 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Resumable request' }).waitFor();
    await page.keyboard.type('Resum');
    await page.keyboard.press('Enter');
    await panel(page)
      .getByText(/Asks to be resumable/)
      .waitFor();
    await tabTo(page, panel(page).getByRole('tab', { name: 'Strategy' }), 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    const byte = panel(page).getByRole('textbox', { name: 'Byte to cut at' });
    await tabTo(page, byte);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('60,000');
    await expect
      .poll(() => head(page))
      .toMatch(
        /^POST \/collection HTTP\/1\.1\nHost: 127\.0\.0\.1:\d+\nContent-Length: 200000\nExpect: 100-continue\nPrefer: resume\n\n/,
      );
    await page.keyboard.press('ControlOrMeta+Enter');
    await panel(page).getByRole('button', { name: 'Stop' }).waitFor();
    await story(page)
      .getByText(/Cut as planned/)
      .waitFor();
    await opened.picture('compose-dark');
    await answer(page)
      .getByRole('button', { name: /^20\d · 3 exchanges .*: show POST \/collection in the timeline$/ })
      .waitFor();
  });

  it('writes fields in rows: adds, moves, removes, and says what a field means', async () => {
    const { page } = opened;
    await tabTo(page, panel(page).getByRole('tab', { name: 'Cut' }), 'Shift+Tab');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
    await tabTo(page, panel(page).getByRole('button', { name: 'Add a field' }));
    await page.keyboard.press('Enter');
    await page.keyboard.type('X-First');
    await page.keyboard.press('Enter');
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.keyboard.type('content-TYPE');
    await page.keyboard.press('Enter');
    await page.keyboard.type('text/plain');
    await panel(page)
      .getByText(/What the content is\. RFC 9110/)
      .waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => head(page)).toMatch(/\ncontent-TYPE: text\/plain\nX-First: 1\nContent-Length/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('no good');
    await panel(page)
      .getByText(/a field name is a token/)
      .first()
      .waitFor();
    await page.keyboard.press('ControlOrMeta+Enter');
    await panel(page).getByRole('group', { name: 'Told' }).waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await panel(page).getByRole('textbox', { name: 'Name of field 3' }).waitFor({ state: 'detached' });
  });

  it('edits the bytes themselves, and says what is wrong with them', async () => {
    const { page } = opened;
    await tabTo(page, panel(page).getByRole('radio', { name: 'Raw bytes' }), 'Shift+Tab');
    await page.keyboard.press('Space');
    const bytes = panel(page).getByRole('textbox', { name: 'Bytes to send' });
    await tabTo(page, bytes);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('GET /interims HTTP/1.1\nHost: h\\nX: 1\n\n');
    const result = panel(page).getByRole('region', { name: 'What the bytes are' });
    await result.getByText('GET /interims').waitFor();
    await result.getByRole('button', { name: /LF alone.* line 2, RFC 9112/ }).waitFor();
    await page.keyboard.press('ControlOrMeta+Enter');
    await answer(page)
      .getByRole('button', { name: /^200 · 1 interim .*: show GET \/interims in the timeline$/ })
      .waitFor();
    await opened.picture('compose-raw-dark');
  });

  it('closes by Escape, and has everything again when the page is loaded anew', async () => {
    const { page } = opened;
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('navigation', { name: 'Experiments' }).waitFor();
    await page.keyboard.press('n');
    await panel(page).getByText('GET /interims', { exact: true }).waitFor();
    await panel(page).getByRole('radio', { name: 'Request' }).click();
    await expect
      .poll(() => panel(page).getByRole('combobox', { name: 'Address' }).inputValue())
      .toBe(address);
    await expect.poll(() => panel(page).getByRole('combobox', { name: 'Method' }).inputValue()).toBe('POST');
    await panel(page).getByRole('tab', { name: 'Strategy Resumable request' }).waitFor();
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});

describe('composing with the mouse', () => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('light');
  });
  afterAll(() => host.close());

  it('sends a request with fields at hand, and jumps to it', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Compose' }).click();
    await panel(page).getByRole('button', { name: 'Methods to choose from' }).click();
    await page.getByRole('option', { name: 'PUT' }).click();
    await panel(page).getByRole('button', { name: 'Addresses to choose from' }).click();
    await page.getByRole('option', { name: /uploads\/example\.bin/ }).click();
    await panel(page).getByRole('button', { name: 'Prefer: processing' }).click();
    await panel(page).getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'Text' }).click();
    await panel(page).getByRole('textbox', { name: 'Text of the body' }).fill('Hello');
    await panel(page).getByRole('button', { name: 'Content-Type: text/plain' }).click();
    await expect
      .poll(() => head(page))
      .toMatch(
        /^PUT \/uploads\/example\.bin HTTP\/1\.1\n.*\nPrefer: processing\nContent-Type: text\/plain\nContent-Length: 5\n\nHello$/,
      );
    await panel(page).getByRole('button', { name: /^Send/ }).click();
    const jump = answer(page).getByRole('button', {
      name: /^201 · .* · 5 B up.*: show PUT \/uploads\/example\.bin in the timeline$/,
    });
    await jump.click();
    await page.getByRole('tab', { name: 'Message' }).click();
    await page.getByText('PUT /uploads/example.bin').first().waitFor();
  });

  it('composes from a captured request, and brings back what was there', async () => {
    const { page } = opened;
    await panel(page).getByRole('button', { name: 'Methods to choose from' }).click();
    await page.getByRole('option', { name: 'GET' }).click();
    await page.getByRole('button', { name: 'Compose from this' }).click();
    await panel(page).getByText('Composed from PUT /uploads/example.bin.').waitFor();
    await expect
      .poll(() => head(page))
      .toMatch(/^PUT .*\n.*\nPrefer: processing\nContent-Type: text\/plain\n.*\n\nHello$/);
    await panel(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => head(page)).toMatch(/^GET /);
  });

  it('sends a file, however long it is', async () => {
    const { page } = opened;
    await panel(page).getByRole('combobox', { name: 'Method' }).fill('PUT');
    await panel(page).getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'File' }).click();
    for (const bytes of [3, 5_000_000]) {
      const chooser = page.waitForEvent('filechooser');
      await panel(page)
        .getByRole('button', { name: /^Choose/ })
        .click();
      await (await chooser).setFiles({ name: 'a.bin', mimeType: '', buffer: Buffer.alloc(bytes, 'x') });
      await panel(page)
        .getByText(`${bytes.toLocaleString('en-US')} byte`)
        .waitFor();
    }
    await page.getByRole('button', { name: '250 kB/s' }).click();
    await page.getByRole('menuitemradio', { name: 'unpaced' }).click();
    await panel(page).getByRole('button', { name: /^Send/ }).click();
    await answer(page)
      .getByRole('button', { name: /^20\d .* · 5\.0 MB up/ })
      .waitFor();
    await panel(page).getByRole('combobox', { name: 'Method' }).fill('GET');
  });

  it('pipelines a batch on one connection', async () => {
    const { page } = opened;
    await panel(page).getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'None' }).click();
    await panel(page).getByRole('radio', { name: 'Pipelined batch' }).click();
    await panel(page).getByRole('button', { name: 'Add', exact: true }).click();
    await panel(page).getByRole('textbox', { name: 'Path' }).fill('/interims');
    await panel(page).getByRole('option', { name: 'GET /interims' }).waitFor();
    await panel(page).getByRole('button', { name: /^Send/ }).click();
    await answer(page)
      .getByRole('button', { name: /^1 200 .*: show GET \/uploads\/example\.bin / })
      .waitFor();
    await answer(page)
      .getByRole('button', { name: /^2 200 · 1 interim .*: show GET \/interims / })
      .waitFor();
    await opened.picture('compose-batch-light');
  });

  it('can be stopped', async () => {
    const { page } = opened;
    await panel(page).getByRole('radio', { name: 'Request' }).click();
    await panel(page).getByRole('combobox', { name: 'Method' }).fill('PUT');
    await panel(page).getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'Generated' }).click();
    await panel(page).getByRole('textbox', { name: 'Bytes to generate' }).fill('100 MB');
    await page.getByRole('button', { name: 'unpaced' }).click();
    await page.getByRole('menuitemradio', { name: '250 kB/s' }).click();
    await panel(page).getByRole('button', { name: /^Send/ }).click();
    await answer(page).getByText('Sending…').waitFor();
    await panel(page).getByRole('button', { name: 'Stop' }).click();
    await panel(page).getByRole('button', { name: /^Send/ }).waitFor();
    await answer(page)
      .getByText(/stopped/)
      .waitFor();
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
