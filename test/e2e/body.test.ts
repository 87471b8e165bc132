// Bodies in the inspector, by their types: what somebody else's client sent to the test server, read, copied and saved.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

describe.each(['dark', 'light'] as const)('bodies in the %s theme', (theme) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let server: string;
  let sent = 0;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open(theme);
    const label = await opened.page
      .getByRole('button', { name: /^Copy the server's address/ })
      .first()
      .getAttribute('aria-label');
    server = /http\S+/.exec(label!)![0];
  });
  afterAll(() => host.close());

  const panel = (page: Page) => page.getByRole('tabpanel', { name: 'Body' });
  const view = (page: Page, name: string) => panel(page).getByRole('radio', { name, exact: true });
  const code = (page: Page) => panel(page).getByRole('textbox', { name: 'Text of the request' });

  /** Sends content with a PUT, as another client, and waits until the panels show it. */
  async function put(contentType: string, data: string | Buffer, fields: Record<string, string> = {}) {
    const { page } = opened;
    const name = `body-${++sent}`;
    await page.request.put(`${server}/uploads/${name}`, {
      data: typeof data === 'string' ? Buffer.from(data) : data,
      headers: { 'Content-Type': contentType, ...fields },
    });
    await page.getByRole('heading', { name: new RegExp(`${name}$`) }).waitFor();
    await page.getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'Request' }).click({ force: true });
  }

  it('puts together what the exchanges of an upload brought', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: /five-step/ }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await page.getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'All pieces' }).click({ force: true });
    await panel(page)
      .getByText(/^all 100 bytes, brought by \d exchanges$/)
      .waitFor();
    await panel(page).getByRole('textbox', { name: 'Text of all pieces' }).waitFor();
    await opened.picture(`body-all-${theme}`);
  });

  it('tells what libraries would have told of the exchange', async () => {
    const { page } = opened;
    await page.getByRole('tab', { name: 'Lenses' }).click();
    const lenses = page.getByRole('tabpanel', { name: 'Lenses' });
    await lenses.getByText(/^Error UND_ERR_NOT_SUPPORTED/).waitFor();
    await lenses.getByRole('radio', { name: 'node:http' }).click({ force: true });
    await lenses
      .getByRole('region', { name: 'What node:http tells' })
      .getByText('Error ECONNRESET.')
      .waitFor();
    await lenses.getByText('100 Continue').waitFor();
    await opened.picture(`lenses-${theme}`);
  });

  it('sets JSON out, keeps its digits, and finds in it', async () => {
    const { page } = opened;
    const json = '{"name":"Zürich","id":12345678901234567890,"list":[1,2,{"deep":null}],"empty":[]}';
    await put('application/json', json);
    await code(page).getByText('"id": 12345678901234567890,').waitFor();
    await panel(page)
      .getByText(`${Buffer.byteLength(json)} bytes`, { exact: true })
      .waitFor();
    await opened.picture(`body-json-${theme}`);
    await code(page).focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('deep');
    await panel(page).locator('.cm-searchMatch').waitFor();
    await opened.picture(`body-search-${theme}`);
    await page.keyboard.press('Escape');
    await view(page, 'Text').click({ force: true });
    await code(page).getByText('{"name":"Zürich","id":12345678901234567890').waitFor();
  });

  it('shows the response of the same exchange', async () => {
    const { page } = opened;
    await panel(page).getByRole('radio', { name: 'Response' }).focus();
    await page.keyboard.press('Enter');
    await panel(page).getByRole('textbox', { name: 'Text of the response' }).waitFor();
    // Whoever goes by keyboard goes on from there.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await code(page).waitFor();
  });

  it('takes gzip off, and tells of a coding that it cannot take off', async () => {
    const { page } = opened;
    await put('text/plain', gzipSync('the words inside'), { 'Content-Encoding': 'gzip' });
    await code(page).getByText('the words inside').waitFor();
    await put('text/plain', 'what is this', { 'Content-Encoding': 'rot13' });
    await panel(page).getByText('The content is coded with rot13', { exact: false }).waitFor();
  });

  it('lists the fields of a form', async () => {
    const { page } = opened;
    await put('application/x-www-form-urlencoded', 'city=Z%C3%BCrich&note=two+words');
    const fields = panel(page).getByLabel('Fields of the form');
    await fields.getByText('Zürich').waitFor();
    await fields.getByText('two words').waitFor();
    await opened.picture(`body-form-${theme}`);
  });

  it('opens each part of a multipart as a body of its own', async () => {
    const { page } = opened;
    const part = (head: string, content: string) => `--edge\r\n${head}\r\n\r\n${content}\r\n`;
    await put(
      'multipart/form-data; boundary=edge',
      part('Content-Disposition: form-data; name="title"', 'A picture') +
        part(
          'Content-Disposition: form-data; name="meta"; filename="meta.json"\r\nContent-Type: application/json',
          '{"width":64}',
        ) +
        '--edge--\r\n',
    );
    const parts = panel(page).getByRole('list', { name: 'Parts' });
    await parts.getByRole('button', { name: /^meta/ }).click();
    await parts.getByText('"width": 64').waitFor();
    await parts.getByText('form-data; name="meta"; filename="meta.json"').waitFor();
    await opened.picture(`body-parts-${theme}`);
  });

  it('shows an image', async () => {
    const { page } = opened;
    await put('image/png', await readFile(join(import.meta.dirname, '../../build/icons/64x64.png')));
    await panel(page).getByText('64 × 64 pixels').waitFor();
    await opened.picture(`body-image-${theme}`);
    await view(page, 'Hex').click({ force: true });
    await panel(page).getByText('89 50 4e 47 0d 0a 1a 0a').waitFor();
  });

  it('opens the response inside a message/http document', async () => {
    const { page } = opened;
    await put(
      'message/http',
      'HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nmade',
    );
    const messages = panel(page).getByRole('list', { name: 'Messages' });
    await messages.getByText('HTTP/1.1 201 Created').waitFor();
    await messages.getByText('made').waitFor();
    await opened.picture(`body-message-${theme}`);
  });

  it('shows the first of long content, and more when asked', async () => {
    const { page } = opened;
    const lines = Array.from({ length: 100_000 }, (_, line) => `line ${String(line).padStart(20, '0')}`).join(
      '\n',
    );
    await put('text/plain', lines);
    await panel(page)
      .getByText(/^the first 1,0\d\d,\d\d\d of 2,599,999 bytes$/)
      .waitFor();
    await opened.picture(`body-long-${theme}`);
    const more = panel(page).getByRole('button', { name: /more$/ });
    await more.click();
    await panel(page)
      .getByText(/^the first 2,\d\d\d,\d\d\d of 2,599,999 bytes$/)
      .waitFor();
    await more.click();
    await panel(page).getByText('2,599,999 bytes', { exact: true }).waitFor();
    await more.waitFor({ state: 'detached' });
    await code(page).focus();
    await page.keyboard.press('Control+End');
    await code(page).getByText('line 00000000000000099999').waitFor();
    const saved = page.waitForEvent('download');
    await panel(page).getByRole('button', { name: 'Save the content' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe(`body-${sent}.txt`);
    expect(await readFile(await file.path(), 'utf8')).toBe(lines);
  });

  it('copies what is shown', async () => {
    const { page, context } = opened;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await put('application/octet-stream', Buffer.from([0, 1, 2, 255]));
    await panel(page).getByText('00 01 02 ff').waitFor();
    await panel(page).getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('menuitem', { name: 'As Base64' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('AAEC/w==');
  });

  it('lists the ranges of a byte-range patch', async () => {
    const { page } = opened;
    const name = `body-${sent}`;
    const range = (said: string, content: string) =>
      `--b\r\nContent-Range: bytes ${said}\r\n\r\n${content}\r\n`;
    await page.request.patch(`${server}/uploads/${name}`, {
      data: Buffer.from(`${range('0-3/*', 'ABCD')}${range('10-12/*', 'xyz')}--b--\r\n`),
      headers: { 'Content-Type': 'multipart/byteranges; boundary=b' },
    });
    await page.getByRole('tab', { name: 'Story' }).click();
    await page.getByRole('listbox', { name: 'Story' }).getByText(/PATCH/).first().click();
    await page.getByRole('tab', { name: 'Body' }).click();
    await panel(page).getByRole('radio', { name: 'Request' }).click({ force: true });
    const ranges = panel(page).getByRole('list', { name: 'Ranges' });
    await ranges.getByRole('button', { name: /^bytes 10–12/ }).click();
    await ranges.getByText('xyz').first().waitFor();
    await opened.picture(`body-ranges-${theme}`);
  });

  it('complains of nothing on the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});
