// What a screen reader is given of the timeline: every row and every mark has a name, in the table, and where the keys go.

import type { CDPSession, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InterfaceHost, type OpenedInterface, startInterface } from './interface-host.ts';

interface Node {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly childIds?: readonly string[];
}

describe('the tree of a screen reader', () => {
  let host: InterfaceHost;
  let opened: OpenedInterface;
  let page: Page;
  let devtools: CDPSession;
  beforeAll(async () => {
    host = await startInterface();
    opened = await host.open('dark');
    ({ page } = opened);
    devtools = await opened.context.newCDPSession(page);
    await page.getByRole('button', { name: /five-step/ }).click();
    await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
    await page.getByRole('button', { name: 'Leave the tour' }).click();
  });
  afterAll(() => host.close());

  const timeline = (): Locator => page.getByRole('group', { name: /^Timeline/ });

  /** Every node that is told of, as `role name`. */
  async function tree(): Promise<readonly string[]> {
    const { nodes } = (await devtools.send('Accessibility.getFullAXTree')) as { nodes: Node[] };
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => `${role?.value ?? ''} ${name?.value ?? ''}`.trim());
  }

  it('has a row for each exchange, with its connection, its interim responses, what broke it and from where it goes on', async () => {
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    const table = page.getByRole('region', { name: 'Timeline as a table' });
    await table.getByRole('row').nth(6).waitFor();
    const columns = await table.getByRole('columnheader').allInnerTexts();
    const rows = await Promise.all(
      (await table.getByRole('row').all()).slice(1).map((row) => row.locator('th, td').allInnerTexts()),
    );
    const told = rows.map((cells) => Object.fromEntries(columns.map((column, at) => [column, cells[at]!])));
    expect(told.map(({ Request: request }) => request!.split(' ')[0])).toEqual([
      'POST',
      'HEAD',
      'PATCH',
      'PATCH',
      'GET',
      'GET',
    ]);
    expect(told[0]).toMatchObject({ Connection: '1', Final: '', 'What broke it': 'RST as planned' });
    expect(told[0]!['Interim']).toMatch(/^100 \/job\//);
    expect(told[1]).toMatchObject({ Connection: '2', 'Goes on from': 'POST /collection on connection 1' });
    const followed = told.find(({ Interim: interim }) => interim!.startsWith('102'))!;
    expect(followed['Interim']).toMatch(/^102 0\/\d+.*, 102 1\/\d+/);
    const heard = await tree();
    expect(heard).toContain('rowheader POST /collection');
    expect(heard.some((node) => /^(cell|gridcell) RST as planned$/.test(node))).toBe(true);
    expect(heard.some((node) => /^(cell|gridcell) 102 0\/\d+.*102 1\/\d+/.test(node))).toBe(true);
    expect(heard).toContain('cell POST /collection on connection 1');
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
  });

  it('names every row, and every mark of it, that the arrow keys reach', async () => {
    await timeline().focus();
    const said = timeline().getByRole('status');
    const words: string[] = [];
    const press = async (key: string): Promise<string> => {
      const before = words.at(-1) ?? '';
      await page.keyboard.press(key);
      // At the end of a row the keys stay where they are.
      for (let look = 0; look < 20; look++) {
        const now = await said.innerText();
        if (now !== before) break;
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      }
      const now = await said.innerText();
      words.push(now);
      return now;
    };
    await press('ArrowDown');
    await said.getByText(/^Connection 1, POST \/collection, 1 exchange, RST as planned$/).waitFor();
    const marks: string[] = [];
    for (let last = '', now = await press('ArrowRight'); now !== last; now = await press('ArrowRight')) {
      marks.push(now);
      last = now;
    }
    expect(marks[0]).toMatch(/^100 \/job\/.*, POST \/collection, interim response, received at /);
    expect(marks.some((mark) => /^RST as planned, at the server, bytes coming in, byte \d+/.test(mark))).toBe(
      true,
    );
    await press('ArrowDown');
    await said.getByText(/^Connection 2, HEAD, PATCH.*, [45] exchanges/).waitFor();
    const more: string[] = [];
    for (let last = '', now = await press('ArrowRight'); now !== last; now = await press('ArrowRight')) {
      more.push(now);
      last = now;
    }
    for (const mark of [
      /^299 Incomplete Content, PATCH|^20\d .*HEAD/,
      /^102 0\/\d+/,
      /^102 1\/\d+/,
      /^200 OK, GET/,
    ])
      expect(
        more.some((one) => mark.test(one)),
        `${String(mark)} in ${more.join('\n')}`,
      ).toBe(true);
  });

  it('says who resumes whom of the exchange that is chosen', async () => {
    await page.getByRole('listbox', { name: 'Story' }).getByText(/HEAD/).first().click();
    await timeline()
      .getByRole('status')
      .getByText(
        /^Exchange HEAD \S+, on connection 2, goes on from POST \/collection on connection 1, 2\d\d /,
      )
      .waitFor();
  });

  it('has names for the panels, the maps and what is in them', async () => {
    const heard = await tree();
    for (const node of [
      /^(main|application|RootWebArea) ?/,
      /^navigation Experiments$/,
      /^region Server$/,
      /^region Sessions$/,
      /^region Outcome$/,
      /^region Coverage$/,
      /^region Progress$/,
      /^group Timeline/,
      /^tablist Inspector$/,
      /^listbox Story$/,
      /^slider Scissors/,
    ])
      expect(
        heard.some((one) => node.test(one)),
        String(node),
      ).toBe(true);
    // Nothing that can be pressed is without a name.
    const nameless = heard.filter((node) =>
      /^(button|link|tab|textbox|combobox|checkbox|slider|menuitem|option)$/.test(node),
    );
    expect(nameless).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
