// The views of the inspector: the story, messages, bodies of every kind, bytes, notes, lenses.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { escape, runs, story, tab, type View } from './view.ts';

const ICON = join(import.meta.dirname, '../../../build/icons/64x64.png');

const body = (page: Page) => page.getByRole('tabpanel', { name: 'Body' });

/** A body that somebody else's client puts on the test server. */
function put(name: string, contentType: string, content: () => Promise<Buffer> | Buffer, says: string): View {
  return {
    name: `body-${name}`,
    show: async (page) => {
      const address = page.getByRole('button', { name: /^Copy the server's address/ }).first();
      const server = /http\S+/.exec((await address.getAttribute('aria-label'))!)![0];
      const headers = { 'Content-Type': contentType };
      await page.request.put(`${server}/uploads/${name}`, { data: await content(), headers });
      await page.getByRole('heading', { name: new RegExp(`/uploads/${name}$`) }).waitFor();
      await page.getByRole('tab', { name: 'Body' }).click();
      await body(page).getByRole('radio', { name: 'Request' }).click({ force: true });
      await body(page).getByText(says).first().waitFor();
    },
  };
}

const multipart = [
  '--edge\r\nContent-Disposition: form-data; name="title"\r\n\r\nA picture\r\n',
  '--edge\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"width":64}\r\n',
  '--edge--\r\n',
].join('');

/** What was selected is let go of: the panels show what comes next. */
const unselected = async (page: Page): Promise<void> => {
  await page.getByRole('group', { name: /^Timeline/ }).focus();
  await escape(page);
};

export const inspectorViews: readonly View[] = [
  {
    name: 'inspector-empty',
    show: async (page) => {
      await page.getByRole('button', { name: /five-step/ }).waitFor();
      await page.getByText('What happens, and why, is told here').waitFor();
    },
  },
  {
    name: 'inspector-story',
    show: async (page) => {
      await runs(page, 'The five steps');
      await page.getByRole('button', { name: 'Leave the tour' }).click();
      await story(page)
        .getByText(/begins to send/)
        .first()
        .click();
    },
  },
  tab('Message', (page) => page.getByText('Host', { exact: true }).first().waitFor()),
  tab('Body'),
  {
    name: 'body-all-pieces',
    show: async (page) => {
      await body(page).getByRole('radio', { name: 'All pieces' }).click({ force: true });
      await body(page)
        .getByText(/^all 100 bytes, brought by \d exchanges$/)
        .waitFor();
    },
  },
  tab('Hex', (page) => page.getByRole('region', { name: 'Bytes' }).getByText('50 4f 53 54').waitFor()),
  {
    name: 'copy-bytes',
    show: async (page) => {
      await page.getByRole('button', { name: 'Copy bytes' }).click();
      await page.getByRole('dialog', { name: 'Copy bytes' }).waitFor();
    },
    leave: async (page) => {
      await escape(page);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // What the button then says of itself lies over the tabs.
      await escape(page);
    },
  },
  tab('Lenses', (page) =>
    page
      .getByRole('tabpanel', { name: 'Lenses' })
      .getByText(/^Error UND_ERR_NOT_SUPPORTED/)
      .waitFor(),
  ),
  {
    name: 'inspector-messages',
    show: async (page) => {
      await runs(page, 'Server-sent events');
      await page.getByRole('tab', { name: 'Story' }).click();
      await story(page)
        .getByText(/events/)
        .first()
        .click();
      await page.getByRole('tab', { name: 'Messages' }).click();
      await page
        .getByRole('listbox', { name: /^Messages/ })
        .getByRole('option')
        .first()
        .click();
    },
    leave: unselected,
  },
  {
    name: 'inspector-notes',
    show: async (page) => {
      await runs(page, 'What survives a proxy');
      await page.getByRole('tab', { name: /^Notes/ }).click();
      await page.getByRole('list', { name: 'Notes' }).getByRole('button').first().click();
    },
    leave: unselected,
  },
  put(
    'json',
    'application/json',
    () => Buffer.from('{"name":"Zürich","list":[1,2,{"deep":null}]}'),
    '"name"',
  ),
  put('form', 'application/x-www-form-urlencoded', () => Buffer.from('city=Z%C3%BCrich&n=1'), 'Zürich'),
  put('parts', 'multipart/form-data; boundary=edge', () => Buffer.from(multipart), 'meta'),
  put('image', 'image/png', () => readFile(ICON), '64 × 64 pixels'),
  put('binary', 'application/octet-stream', () => Buffer.from([0, 1, 2, 255]), '00 01 02 ff'),
  put('right-to-left', 'text/plain', () => Buffer.from('שלום עולם and back'), 'and back'),
];
