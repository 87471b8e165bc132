// A view of the interface, and how a person gets there from the one before: what is checked for accessibility and what
// pictures are made of is the same.

import type { Locator, Page } from 'playwright-core';

export interface View {
  /** The name of its picture. */
  readonly name: string;
  /** Goes there; resolves when it is to be seen. */
  readonly show: (page: Page) => Promise<void>;
  /** Goes back to where the next view begins. */
  readonly leave?: (page: Page) => Promise<void>;
}

export const outcome = (page: Page): Locator => page.getByRole('region', { name: 'Outcome' });
export const story = (page: Page): Locator => page.getByRole('listbox', { name: 'Story' });
export const compose = (page: Page): Locator => page.getByRole('region', { name: 'Compose', exact: true });

export const escape = (page: Page): Promise<void> => page.keyboard.press('Escape');

/** The command of that title, from the palette. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find a command' });
  await page.getByRole('searchbox', { name: 'Command' }).fill(title);
  await page.getByRole('menuitem', { name: title }).first().click();
  await palette.waitFor({ state: 'detached' });
}

/** Runs an experiment of that title, and waits for how it ends. */
export async function runs(page: Page, title: string): Promise<void> {
  await command(page, `Run “${title}”`);
  // That of a run before is gone as soon as this one begins.
  await page.getByRole('button', { name: new RegExp(`^Session ${title}`) }).waitFor();
  await outcome(page)
    .getByText(/^(Completed|Failed|Refused)/)
    .first()
    .waitFor();
}

/** A dialog that a command opens, and Escape leaves. */
export function dialog(name: string, title: string, called: string | RegExp): View {
  return {
    name,
    show: async (page) => {
      await command(page, title);
      await page
        .getByRole('dialog', { name: called })
        .or(page.getByRole('alertdialog', { name: called }))
        .waitFor();
    },
    leave: async (page) => {
      await escape(page);
      await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor({ state: 'detached' });
    },
  };
}

/** One of the inspector's tabs. */
export function tab(name: string, shown: (page: Page) => Promise<void> = () => Promise.resolve()): View {
  return {
    name: `inspector-${name.toLowerCase()}`,
    show: async (page) => {
      await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
      await page.getByRole('tabpanel', { name: new RegExp(`^${name}`) }).waitFor();
      await shown(page);
    },
  };
}
