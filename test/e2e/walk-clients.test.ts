// The jobs of the design, walked with the keyboard alone and with the mouse alone: somebody's own client at our server, our
// client at somebody's own server, what survives a proxy, and a resource changed byte by byte.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';
import { createPerson, type Person, WAYS } from './person.ts';

/** Bytes of what can be downloaded from the server of somebody's own. */
const SIZE = 1_000_000;
const FILE = Buffer.from('0123456789'.repeat(SIZE / 10));

/** A server that knows nothing of ours: a greeting, and a file of which it sends any range. */
function theirServer(): Server {
  return createServer((asked, answer) => {
    if (asked.url !== '/file') {
      answer.setHeader('Server', 'theirs').end('Good day.');
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(asked.headers.range ?? '')?.[1] ?? 0);
    if (from > 0) answer.writeHead(206, { 'Content-Range': `bytes ${from}-${SIZE - 1}/${SIZE}` });
    else answer.writeHead(200, { ETag: '"one"', 'Accept-Ranges': 'bytes', 'Content-Length': SIZE });
    answer.end(FILE.subarray(from));
  });
}

/** A proxy that passes 103 on, and no other interim response. */
function theirProxy(upstream: string): Server {
  return createServer((asked, answer) => {
    const { hostname, port } = new URL(upstream);
    const passed = request({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers });
    passed.on('information', ({ statusCode }) => {
      if (statusCode === 103) answer.writeEarlyHints({ link: '</style.css>; rel=preload' });
    });
    passed.on('response', (response) => {
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
}

/** A PUT by curl; where there is none, by node:http, which then calls itself another client. */
async function putByAnother(url: string, content: string): Promise<void> {
  const fields = ['--header', 'Content-Type: text/plain'];
  const curl = spawn('curl', ['--silent', '--show-error', ...fields, '--upload-file', '-', url], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const begun = await new Promise((resolve) => {
    curl.once('spawn', () => resolve(true)).once('error', () => resolve(false));
  });
  if (begun === true) {
    curl.stdin.end(content);
    await once(curl, 'close');
    return;
  }
  const headers = { 'Content-Type': 'text/plain', 'User-Agent': 'another/1' };
  const put = request(url, { method: 'PUT', headers }).end(content);
  const [response] = (await once(put, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

const experiment = (page: Page, title: string): Locator =>
  page.getByRole('navigation', { name: 'Experiments' }).getByRole('button', { name: title, exact: true });
const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' });
const story = (page: Page): Locator => page.getByRole('listbox', { name: 'Story' });
const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name, exact: true });
const panel = (page: Page): Locator => page.getByRole('region', { name: 'Compose' });

describe.each(WAYS)('with the %s alone', (way) => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let person: Person;
  let page: Page;
  /** The address of our server, as it was copied. */
  let ours = '';
  const theirs = theirServer();
  let address = '';
  beforeAll(async () => {
    address = await listening(theirs);
    host = await startInterface();
    opened = await host.open('light');
    ({ page } = opened);
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    person = await createPerson(opened, way);
    await page.getByRole('button', { name: /five-step/ }).waitFor();
  });
  afterAll(async () => {
    await host.close();
    await closed(theirs);
  });

  /** Runs an experiment against a server of somebody's own. */
  async function runAt(title: string, target: string): Promise<void> {
    const name = experiment(page, title);
    if ((await name.getAttribute('aria-expanded')) !== 'true') await person.press(name);
    const field = page.getByRole('textbox', { name: 'Your own server' });
    if ((await field.count()) === 0) await person.press(page.getByRole('button', { name: /^Target/ }));
    await person.write(field, target);
    await person.press(page.getByRole('button', { name: `Run ${title}`, exact: true }));
    await outcome(page).getByText('Completed').waitFor();
  }

  it('takes the address of our server to another client, and sees what it sends', async () => {
    await person.press(
      page
        .getByRole('region', { name: 'Server' })
        .getByRole('button', { name: /^Copy the server's address/ }),
    );
    await page.getByRole('status').getByText('The address was copied.').waitFor();
    ours = await page.evaluate(() => navigator.clipboard.readText());
    await putByAnother(`${ours}/uploads/by-curl.txt`, 'by somebody else');

    await page.getByRole('heading', { name: /by-curl\.txt$/ }).waitFor();
    await person.press(story(page).getByRole('option').filter({ hasText: 'PUT' }).first());
    await person.press(tab(page, 'Message'));
    const message = page.getByRole('tabpanel', { name: 'Message' });
    await message
      .getByText(/^(curl|another)\//)
      .first()
      .waitFor();
    await person.press(tab(page, 'Body'));
    const body = page.getByRole('tabpanel', { name: 'Body' });
    await person.press(body.getByRole('radio', { name: 'Request' }));
    await body.getByText('by somebody else').waitFor();
    await page.getByRole('region', { name: 'Server' }).getByText('by-curl.txt').waitFor();
    await person.press(tab(page, 'Story'));
  });

  it('sends a request to another server, and sees what it answers', async () => {
    await person.command({
      key: 'n',
      title: 'Compose a request',
      press: page.getByRole('button', { name: 'Compose', exact: true }),
    });
    const url = panel(page).getByRole('combobox', { name: 'Address' });
    await url.waitFor();
    await person.write(url, `${address}/hello`);
    await person.write(panel(page).getByRole('combobox', { name: 'Method' }), 'GET');
    if (way === 'keyboard') await page.keyboard.press('ControlOrMeta+Enter');
    else await person.press(panel(page).getByRole('button', { name: /^Send/ }));
    const jump = panel(page)
      .getByRole('group', { name: 'Answer' })
      .getByRole('button', { name: /^200 .*: show GET \/hello in the timeline$/ });
    await jump.waitFor();
    await person.press(jump);
    await person.leave(panel(page).getByRole('button', { name: 'Close' }));
    await panel(page).waitFor({ state: 'detached' });
    await person.press(tab(page, 'Message'));
    const message = page.getByRole('tabpanel', { name: 'Message' });
    await person.press(message.getByRole('radio', { name: '200' }));
    await message.getByText('theirs', { exact: true }).waitFor();
    await person.press(tab(page, 'Story'));
  });

  it('downloads from another server, breaks off, and goes on at its byte', async () => {
    await runAt('Resume a download', `${address}/file`);
    await story(page)
      .getByText(/Cut as planned/)
      .waitFor();
    await page
      .getByRole('region', { name: 'Coverage' })
      .getByText(/all 1,000,000 bytes/)
      .waitFor();
    await page.getByText('completed, resumed once').first().waitFor();
  });

  it('finds out which interim responses survive somebody’s proxy', async () => {
    const proxy = theirProxy(ours);
    try {
      await runAt('What survives a proxy', await listening(proxy));
      const table = page.getByRole('region', { name: 'Result' }).getByRole('table').first();
      await table.getByRole('row', { name: /^103/ }).waitFor();
      const rows = await table.getByRole('row').allInnerTexts();
      expect(
        Object.fromEntries(
          rows.map((row) => row.split(/\s/).filter((_, i, all) => i === 0 || i === all.length - 1)),
        ),
      ).toMatchObject({
        '100': 'none',
        '102': 'none',
        '103': 'all',
        '104': 'none',
      });
    } finally {
      await closed(proxy);
    }
  });

  it('changes bytes of a resource, and sees which were written', async () => {
    await person.command({
      key: 'p',
      title: 'Patch editor',
      press: page.getByRole('button', { name: 'Patch editor', exact: true }),
    });
    const editor = page.getByRole('region', { name: 'Patch editor' });
    const field = page.getByRole('combobox', { name: 'Address of the resource' });
    await expect.poll(() => field.inputValue()).toMatch(/^http/);
    await person.write(field, `${ours}/uploads/by-curl.txt`);
    await person.press(editor.getByRole('button', { name: 'Load' }).first());
    await editor.getByText('206 Partial Content: all of it').waitFor();
    const bytes = page.getByRole('grid', { name: /Bytes of/ });
    await person.goTo(way === 'keyboard' ? bytes : bytes.getByText('62', { exact: true }).first());
    await page.keyboard.type('42');
    await editor.getByText('1 byte changed', { exact: true }).waitFor();
    await person.press(editor.getByRole('button', { name: 'Send' }));
    await editor.getByText(/^Sent: the server answered 20\d/).waitFor();
    expect(await (await fetch(`${ours}/uploads/by-curl.txt`)).text()).toBe('By somebody else');
    await person.leave(page.getByRole('button', { name: 'Patch editor' }));
    await editor.waitFor({ state: 'detached' });
  });

  it('went no other way, and heard of nothing wrong', async () => {
    expect(await person.strayed()).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
