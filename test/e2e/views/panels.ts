// The views that lie over the window or take its place: menus and dialogs, the composer, the patch editor, comparisons.

import type { Page } from 'playwright-core';
import { command, compose, dialog, escape, outcome, runs, type View } from './view.ts';

const editor = (page: Page) => page.getByRole('region', { name: 'Patch editor' });
const comparison = (page: Page) => page.getByRole('region', { name: 'Comparison' });

/** A menu, by the name of its button. */
function menu(name: string, button: RegExp): View {
  return {
    name,
    show: async (page) => {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('menu').waitFor();
    },
    leave: escape,
  };
}

/** A tab of the composer's request. */
function part(name: string, show: (page: Page) => Promise<void>): View {
  return {
    name: `compose-${name.toLowerCase()}`,
    show: async (page) => {
      await compose(page)
        .getByRole('tab', { name: new RegExp(`^${name}`) })
        .click();
      await show(page);
    },
  };
}

export const panelViews: readonly View[] = [
  {
    name: 'palette',
    show: async (page) => {
      await page.getByRole('button', { name: /five-step/ }).waitFor();
      await runs(page, 'The five steps');
      await page.getByRole('button', { name: 'Leave the tour' }).click();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Find a command' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'palette-nothing',
    show: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('searchbox', { name: 'Command' }).fill('no such thing');
      await page.getByText('Nothing is called that.').waitFor();
    },
    leave: async (page) => {
      await page.getByRole('searchbox', { name: 'Command' }).fill('');
      await escape(page);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
  },
  menu('menu-session', /^Session /),
  menu('menu-cut', /^How to cut/),
  menu('menu-pace', /^Pace/),
  menu('menu-server', /^Server: /),
  dialog('keys', 'Show all keys', 'Keys'),
  dialog('export', 'Export…', 'Export'),
  dialog('settings', 'Settings…', 'Settings'),
  {
    name: 'note',
    show: async (page) => {
      await command(page, 'Note on what is selected');
      await page.getByRole('dialog', { name: 'New note' }).getByRole('textbox').fill('What this shows.');
    },
    leave: (page) => page.keyboard.press('Control+Enter'),
  },
  {
    name: 'notes',
    show: (page) => page.getByRole('tab', { name: 'Notes 1' }).click(),
    leave: (page) => page.getByRole('tab', { name: 'Story', exact: true }).click(),
  },
  dialog('server-new-file', 'New file…', 'New file'),
  dialog('server-new-job', 'New job…', 'New job'),
  dialog('server-settings', 'Settings of the server…', 'Settings of the server'),
  dialog('server-restart', 'Restart the server…', 'Restart the server?'),
  {
    name: 'faults-armed',
    show: async (page) => {
      await page.keyboard.press('b');
      const armed = page.getByRole('dialog', { name: 'Armed faults' });
      await armed.getByRole('button', { name: 'Arm', exact: true }).click();
      await armed.getByRole('listitem').first().waitFor();
    },
    leave: async (page) => {
      await escape(page);
      await command(page, 'Take back every armed fault');
    },
  },
  dialog('send-again', 'Send the session again', /again$/),
  {
    name: 'sent-again',
    show: async (page) => {
      await command(page, 'Send the session again');
      await page
        .getByRole('dialog', { name: /again$/ })
        .getByRole('button', { name: /^Send/ })
        .click();
      await comparison(page)
        .getByText(/^Sent again, and the same/)
        .waitFor();
    },
    leave: escape,
  },
  {
    name: 'compare-with',
    show: async (page) => {
      await runs(page, 'A lost response');
      await command(page, 'Compare with another session');
      await page
        .getByRole('dialog', { name: /^Compare/ })
        .getByRole('option')
        .first()
        .waitFor();
    },
  },
  {
    name: 'comparison',
    show: async (page) => {
      await page
        .getByRole('dialog', { name: /^Compare/ })
        .getByRole('option')
        .first()
        .click();
      await comparison(page).getByRole('option').first().click();
      await comparison(page).getByRole('region', { name: 'Both messages' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'compose-fields',
    show: async (page) => {
      await command(page, 'Compose a request');
      await compose(page).getByRole('button', { name: 'Add a field' }).click();
      await page.keyboard.type('Content-Type');
      await page.keyboard.press('Enter');
      await page.keyboard.type('text/plain');
    },
  },
  part('Body', async (page) => {
    await compose(page).getByRole('radio', { name: 'Text' }).click();
    await compose(page).getByRole('textbox', { name: 'Text of the body' }).fill('Hello');
  }),
  part('Strategy', () => Promise.resolve()),
  part('Cut', () => Promise.resolve()),
  {
    name: 'compose-batch',
    show: async (page) => {
      await compose(page).getByRole('radio', { name: 'Pipelined batch' }).click();
      await compose(page).getByRole('button', { name: 'Add', exact: true }).click();
      await compose(page).getByRole('textbox', { name: 'Path' }).fill('/interims');
    },
  },
  {
    name: 'compose-raw',
    show: async (page) => {
      await compose(page).getByRole('radio', { name: 'Raw bytes' }).click();
      const bytes = compose(page).getByRole('textbox', { name: 'Bytes to send' });
      await bytes.fill('GET /interims HTTP/1.1\nHost: h\\nX: 1\n\n');
      await compose(page)
        .getByRole('region', { name: 'What the bytes are' })
        .getByText('GET /interims')
        .waitFor();
    },
    leave: async (page) => {
      await compose(page).getByRole('radio', { name: 'Request' }).click();
      await command(page, 'Compose a request');
    },
  },
  {
    name: 'patch-absent',
    show: async (page) => {
      await command(page, 'Patch editor');
      await editor(page).getByRole('button', { name: 'Load' }).first().click();
      await editor(page).getByText('There is nothing at this address yet.').waitFor();
    },
  },
  {
    name: 'patch-editor',
    show: async (page) => {
      await editor(page).getByRole('button', { name: 'Begin with 64 bytes' }).click();
      const bytes = page.getByRole('grid', { name: /Bytes of/ });
      await bytes.focus();
      await page.keyboard.type('48656c6c6f');
      await page.getByRole('region', { name: 'Request as it is sent' }).waitFor();
    },
    leave: async (page) => {
      await command(page, 'Patch editor');
      await outcome(page).waitFor();
    },
  },
];
