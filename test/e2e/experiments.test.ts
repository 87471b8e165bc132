// Every experiment from the interface, once, as it is: by a click on its name and on Run. And a browser's own EventSource
// against the test server.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

interface Listed {
  readonly id: string;
  readonly title: string;
}

const cli = join(import.meta.dirname, '../../dist/cli.js');
const listed = await promisify(execFile)(process.execPath, [cli, 'list', '--json']);
const { experiments } = JSON.parse(listed.stdout) as { experiments: Listed[] };

let host: InterfaceHost;
let opened: OpenedInterface;
beforeAll(async () => {
  host = await startInterface();
  opened = await host.open('dark');
  await opened.page.getByRole('navigation', { name: 'Experiments' }).waitFor();
});
afterAll(() => host.close());

async function run(page: Page, title: string): Promise<string> {
  const name = page
    .getByRole('navigation', { name: 'Experiments' })
    .getByRole('button', { name: title, exact: true });
  if ((await name.getAttribute('aria-expanded')) !== 'true') await name.click();
  const outcome = page.getByRole('region', { name: 'Outcome' });
  // That of the run before must not be taken for this one's.
  const dismiss = outcome.getByRole('button', { name: 'Dismiss the outcome' });
  if ((await dismiss.count()) > 0) await dismiss.click();
  await page.getByRole('button', { name: `Run ${title}`, exact: true }).click();
  await outcome
    .getByText(/^(Completed|Refused|Failed)/)
    .first()
    .waitFor({ timeout: 90_000 });
  return outcome.innerText();
}

describe('from the interface', () => {
  it.each(experiments)('$id completes, and says so', async ({ id, title }) => {
    const { page, complaints } = opened;
    const outcome = await run(page, title);
    await page.keyboard.press('0');
    await opened.picture(`experiment-${id}`);
    expect(outcome).toMatch(/^Completed\n/);
    expect(complaints).toEqual([]);
  });
});

describe('EventSource of the browser', () => {
  let server: ChildProcess;
  let url: string;
  beforeAll(async () => {
    // The cut is in the content of the stream: nothing else that is asked for here has as many bytes.
    server = spawn(process.execPath, [cli, 'server', '--port', '0', '--cut', 'server:out:content:300:rst'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = (await once(server.stdout!, 'data')) as [Buffer];
    url = first.toString().split('\n', 1)[0]!;
  });
  afterAll(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  });

  it('hears of every step once, goes on behind the cut, and stays away in the end', async () => {
    const tab = await opened.context.newPage();
    // A page of the server's own origin.
    await tab.goto(`${url}/waiting/jobs/1`);
    const heard = await tab.evaluate(async () => {
      const begun = await fetch('/waiting/jobs?steps=6&step=100', { method: 'POST' });
      const source = new EventSource(`${begun.headers.get('location')}/events?retry=20`);
      const ids: string[] = [];
      return new Promise<{ ids: string[]; opened: number }>((resolve) => {
        let opened = 0;
        source.addEventListener('open', () => opened++);
        for (const type of ['progress', 'done'])
          source.addEventListener(type, (event) => void ids.push((event as MessageEvent).lastEventId));
        // The stream ends with the job, and whoever comes back is answered with 204: then the source is closed for good.
        source.addEventListener('error', () => {
          if (source.readyState === EventSource.CLOSED) resolve({ ids, opened });
        });
      });
    });
    expect(heard).toEqual({ ids: ['1', '2', '3', '4', '5', '6'], opened: 2 });
    await tab.close();
  });
});
