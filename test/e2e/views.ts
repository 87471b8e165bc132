// Every view of the interface, and how a person gets there from the one before: what is checked for accessibility and
// what pictures are made of is the same.

import type { Page } from 'playwright-core';

export interface View {
  /** The name of its picture. */
  readonly name: string;
  /** Goes there; resolves when it is to be seen. */
  readonly show: (page: Page) => Promise<void>;
  /** Goes back to where the next view begins. */
  readonly leave?: (page: Page) => Promise<void>;
}

const escape = (page: Page): Promise<void> => page.keyboard.press('Escape');

/** The command of that title, from the palette. */
async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('searchbox', { name: 'Command' }).fill(title);
  await page.getByRole('menuitem', { name: title }).first().click();
}

/** One of the inspector's tabs. */
function tab(name: string): View {
  return {
    name: `inspector-${name.toLowerCase()}`,
    show: async (page) => {
      await page.getByRole('tab', { name, exact: true }).click();
      await page.getByRole('tabpanel').waitFor();
    },
  };
}

/** In the order in which they follow each other; the first is there when the page opens. */
export const views: readonly View[] = [
  {
    name: 'first-start',
    show: (page) => page.getByRole('button', { name: /five-step/ }).waitFor(),
  },
  {
    name: 'five-steps',
    show: async (page) => {
      await page.getByRole('button', { name: /five-step/ }).click();
      await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
      await page.getByRole('region', { name: 'Coverage' }).getByText('all 100 bytes arrived').waitFor();
    },
  },
  {
    name: 'timeline-table',
    show: async (page) => {
      await page.getByRole('button', { name: 'Timeline as a table' }).click();
      await page.getByRole('row').nth(1).waitFor();
      await page.getByRole('table').first().getByRole('button').first().click();
    },
    leave: (page) => page.getByRole('button', { name: 'Timeline as a table' }).click(),
  },
  ...['Story', 'Message', 'Body', 'Hex'].map(tab),
  {
    name: 'outcome',
    show: async (page) => {
      const outcome = page.getByRole('region', { name: 'Outcome' });
      await outcome.getByRole('button').first().click();
    },
    leave: (page) => page.getByRole('region', { name: 'Outcome' }).getByRole('button').first().click(),
  },
  {
    name: 'experiment',
    show: async (page) => {
      await page
        .getByRole('navigation', { name: 'Experiments' })
        .getByRole('button', { name: 'Resume an upload', exact: true })
        .click();
      await page.getByRole('button', { name: 'Run Resume an upload', exact: true }).waitFor();
    },
  },
  {
    name: 'filter',
    show: async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('status:1xx');
    },
    leave: async (page) => {
      await escape(page);
      await escape(page);
    },
  },
  {
    name: 'palette',
    show: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').waitFor();
    },
    leave: escape,
  },
  {
    name: 'keys',
    show: async (page) => {
      await command(page, 'Show all keys');
      await page.getByRole('dialog', { name: /key/i }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'arm-fault',
    show: async (page) => {
      await command(page, 'Arm a fault');
      await page.getByRole('dialog').waitFor();
    },
    leave: escape,
  },
  {
    name: 'export',
    show: async (page) => {
      await command(page, 'Export');
      await page.getByRole('dialog').waitFor();
    },
    leave: escape,
  },
  {
    name: 'settings',
    show: async (page) => {
      await command(page, 'Settings');
      await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'copy-bytes',
    show: async (page) => {
      await page.getByRole('tab', { name: 'Hex', exact: true }).click();
      await page.getByRole('button', { name: 'Copy bytes' }).click();
      await page.getByRole('dialog', { name: 'Copy bytes' }).waitFor();
    },
    leave: escape,
  },
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
  {
    name: 'send-again',
    show: async (page) => {
      await command(page, 'Send the session again');
      await page
        .getByRole('dialog', { name: /again$/ })
        .getByRole('button', { name: 'Send' })
        .waitFor();
    },
    leave: escape,
  },
  {
    name: 'compose',
    show: async (page) => {
      await command(page, 'Compose a request');
      await page.getByRole('region', { name: 'Compose', exact: true }).waitFor();
    },
    leave: (page) => command(page, 'Compose a request'),
  },
  {
    name: 'patch-editor',
    show: async (page) => {
      await command(page, 'Patch editor');
      await page.getByRole('region', { name: 'Patch editor' }).waitFor();
    },
    leave: (page) => command(page, 'Patch editor'),
  },
  {
    name: 'settings',
    show: async (page) => {
      await command(page, 'Settings');
      await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'refused',
    show: async (page) => {
      await page
        .getByRole('navigation', { name: 'Experiments' })
        .getByRole('searchbox')
        .fill('no such thing');
      await page.getByText('No experiment is about').waitFor();
    },
    leave: (page) => page.getByRole('navigation', { name: 'Experiments' }).getByRole('searchbox').fill(''),
  },
  {
    name: 'comparison',
    show: async (page) => {
      await command(page, 'Run “A lost response”');
      await page.getByRole('region', { name: 'Outcome' }).getByText('Completed').waitFor();
      await command(page, 'Compare with another session');
      const dialog = page.getByRole('dialog', { name: /^Compar/ });
      const other = dialog.getByRole('option', { name: /five steps/ }).first();
      await other.click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('region', { name: 'Both messages' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'recording',
    show: async (page) => {
      await command(page, 'New session');
      await page
        .getByRole('region', { name: 'Sessions' })
        .getByRole('button', { name: /five steps/ })
        .click();
      await page.getByRole('button', { name: 'Play' }).first().waitFor();
    },
  },
];
