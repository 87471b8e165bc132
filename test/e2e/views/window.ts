// The views of the window itself, from the first start on: the tour, the timeline and its table, the rail, filter, playback.

import type { Page } from 'playwright-core';
import { command, compose, escape, outcome, runs, type View } from './view.ts';

const experiments = (page: Page) => page.getByRole('navigation', { name: 'Experiments' });
const tour = (page: Page) => page.getByRole('region', { name: 'Tour' });
const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter the session' });

/** The next stop of the tour. */
function stop(place: string): View {
  return {
    name: `tour-${place}`,
    show: async (page) => {
      await tour(page).getByRole('button', { name: 'Next' }).click();
      await page.locator(`html[data-tour=${place}]`).waitFor();
    },
  };
}

/** The filter with that text. */
function filtered(name: string, text: string, says: string | RegExp): View {
  return {
    name,
    show: async (page) => {
      await filter(page).fill(text);
      await page.getByText(says).first().waitFor();
    },
    leave: async (page) => {
      await filter(page).fill('');
      await escape(page);
      await escape(page);
    },
  };
}

/** In the order in which they follow each other; the first is there when the page opens. */
export const windowViews: readonly View[] = [
  {
    name: 'first-start',
    show: (page) => page.getByRole('button', { name: /five-step/ }).waitFor(),
  },
  {
    name: 'tour-timeline',
    show: async (page) => {
      await page.getByRole('button', { name: /five-step/ }).click();
      await tour(page).getByRole('heading', { name: 'Every connection has a row' }).waitFor();
      await page.getByRole('region', { name: 'Coverage' }).getByText('all 100 bytes arrived').waitFor();
    },
  },
  ...['interim', 'cut', 'coverage', 'story'].map(stop),
  {
    name: 'five-steps',
    show: async (page) => {
      await tour(page).getByRole('button', { name: 'Done' }).click();
      await tour(page).waitFor({ state: 'detached' });
      await outcome(page).getByText('Completed').waitFor();
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
  {
    name: 'outcome',
    show: (page) => outcome(page).getByRole('button').first().click(),
    leave: (page) => outcome(page).getByRole('button').first().click(),
  },
  filtered('filter', 'status:1xx', /^\d of 6 exchanges$/),
  filtered('filter-wrong', 'status:4xy', 'A status is a number, a class or a comparison'),
  filtered('filter-nothing', 'status:599', 'Nothing matches the filter.'),
  {
    name: 'experiment',
    show: async (page) => {
      await experiments(page).getByRole('button', { name: 'Resume an upload', exact: true }).click();
      for (const part of [/^Parameters/, /^Target/]) await page.getByRole('button', { name: part }).click();
      await page.getByRole('textbox', { name: 'Your own server' }).fill('no server');
      await page.getByText('An http or https URL is needed here').waitFor();
    },
    leave: async (page) => {
      await page.getByRole('textbox', { name: 'Your own server' }).fill('');
      await experiments(page).getByRole('button', { name: 'Resume an upload', exact: true }).click();
    },
  },
  {
    name: 'no-experiment',
    show: async (page) => {
      await experiments(page).getByRole('searchbox').fill('no such thing');
      await page.getByText('No experiment is about').waitFor();
    },
    leave: (page) => experiments(page).getByRole('searchbox').fill(''),
  },
  {
    name: 'running',
    show: async (page) => {
      await command(page, 'Run “Resume an upload”');
      await page.getByRole('heading', { name: /1,000,000 bytes/ }).waitFor();
      // It stays as it is while it is looked at.
      const faults = page.getByRole('group', { name: 'Faults' });
      await faults.getByRole('button', { name: 'Stall', exact: true }).click();
      await faults.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    },
    leave: (page) => page.getByRole('group', { name: 'Run' }).getByRole('button', { name: 'Stop' }).click(),
  },
  {
    name: 'result-table',
    show: async (page) => {
      await runs(page, 'Pipelining: who waits');
      await page.getByRole('region', { name: 'Result' }).getByRole('table').first().waitFor();
    },
  },
  {
    name: 'error-notice',
    show: async (page) => {
      const choosing = page.waitForEvent('filechooser');
      await page.keyboard.press('Control+o');
      await (
        await choosing
      ).setFiles({ name: 'no.pcapng', mimeType: '', buffer: Buffer.from('no capture at all') });
      await page
        .getByRole('list', { name: 'Messages' })
        .getByText(/pcapng/)
        .waitFor();
    },
    leave: (page) => page.getByRole('button', { name: 'Dismiss', exact: true }).first().click(),
  },
  {
    name: 'recording',
    show: async (page) => {
      await command(page, 'New session');
      await page.getByRole('button', { name: /five-step/ }).waitFor();
      await page
        .getByRole('region', { name: 'Sessions' })
        .getByRole('button', { name: /five steps/ })
        .first()
        .click();
      await page.getByRole('group', { name: 'Playback' }).waitFor();
    },
  },
  {
    name: 'playback',
    show: async (page) => {
      await page.getByRole('group', { name: 'Playback' }).getByRole('slider').focus();
      for (const key of ['Home', 'PageUp', 'PageUp', 'PageUp']) await page.keyboard.press(key);
      await page.getByRole('button', { name: /^Speed/ }).click();
      await page.getByRole('menuitemradio', { name: '10×', exact: true }).waitFor();
    },
    leave: escape,
  },
];

/** Those that are looked at in the colours of the system, too. */
export const mainViews: readonly View[] = [
  ...windowViews.filter(({ name }) => name === 'first-start'),
  {
    name: 'five-steps',
    show: async (page) => {
      await page.getByRole('button', { name: /five-step/ }).click();
      await outcome(page).getByText('Completed').waitFor();
    },
  },
  {
    name: 'compose',
    show: async (page) => {
      await command(page, 'Compose a request');
      await compose(page).waitFor();
    },
    leave: (page) => command(page, 'Compose a request'),
  },
  {
    name: 'palette',
    show: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Find a command' }).waitFor();
    },
    leave: escape,
  },
];
