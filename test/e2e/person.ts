// Somebody at the interface who has the keyboard alone, or the mouse alone (and types into fields). The page itself counts
// what it is given, so that a test which takes the other way fails; and whoever goes by keyboard sees where they are.

import type { Locator, Page } from 'playwright-core';
import type { OpenedInterface } from './interface-host.ts';

export type Way = 'keyboard' | 'mouse';
export const WAYS: readonly Way[] = ['keyboard', 'mouse'];

/** Stops of the Tab key on the way to anything in the window. */
const MOST_STOPS = 160;
/** Strokes of an arrow key within a list, a group of tabs, a menu. */
const MOST_ARROWS = 80;

export interface Person {
  readonly way: Way;
  /** Only to look at, and to wait. */
  readonly page: Page;
  /** Goes to what then has the keys. */
  goTo(target: Locator): Promise<void>;
  /** Presses a button, chooses an option, a tab, a radio button, an item. */
  press(target: Locator): Promise<void>;
  /** Writes in a field, in place of what stands there. */
  write(field: Locator, text: string): Promise<void>;
  /** Opens what the button opens, and chooses there. */
  choose(button: Locator, item: Locator): Promise<void>;
  /** A command: by its key or the palette; by what is there to be clicked. */
  command(by: { readonly key?: string; readonly title: string; readonly press: Locator }): Promise<void>;
  /** Leaves a dialog, a list or a panel: by Escape; by its button. */
  leave(button: Locator): Promise<void>;
  /** Lets go of what lies over the window: by Escape; by a click beside it. */
  away(): Promise<void>;
  /** What went the other way: `pointerdown on button.run`. */
  strayed(): Promise<readonly string[]>;
}

export async function createPerson({ page }: OpenedInterface, way: Way): Promise<Person> {
  await page.evaluate(watch, way);
  const person = way === 'keyboard' ? atKeyboard(page) : atMouse(page);
  return {
    ...person,
    way,
    page,
    strayed: () => page.evaluate(() => (window as unknown as { strayed: string[] }).strayed),
  };
}

type Hands = Pick<Person, 'goTo' | 'press' | 'write' | 'choose' | 'command' | 'leave' | 'away'>;

function atMouse(page: Page): Hands {
  const press = async (target: Locator): Promise<void> => {
    await target.waitFor();
    // What is drawn of a radio button or a box is its label.
    const isHidden = await target.evaluate((element) =>
      element.matches('label input[type=radio], label input[type=checkbox]'),
    );
    await (isHidden ? target.locator('xpath=ancestor::label[1]') : target).click();
  };
  return {
    goTo: press,
    press,
    async write(field, text) {
      await field.click({ clickCount: 3 });
      await page.keyboard.type(text);
    },
    async choose(button, item) {
      await press(button);
      await press(item);
    },
    command: ({ press: target }) => press(target),
    leave: press,
    // On the name of the program, where nothing is pressed.
    away: () => page.mouse.click(48, 20),
  };
}

function atKeyboard(page: Page): Hands {
  const { keyboard } = page;

  /** Goes on by Tab, or back, and then by arrows where the target is one of many, until it has the keys. */
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      const where = await target.evaluate(whereIs);
      if (where === 'there') return seen(page);
      if (where === 'beside') {
        await along(target);
        return seen(page);
      }
      await keyboard.press(where === 'behind' ? 'Shift+Tab' : 'Tab');
    }
    throw new Error(`No ${MOST_STOPS} strokes of Tab lead to ${String(target)}.`);
  };

  /** By arrows, within what has the keys. */
  const along = async (target: Locator): Promise<void> => {
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft']) {
      // A list that is still being narrowed may not have heard of the first one.
      let idle = 0;
      for (let stroke = 0; stroke < MOST_ARROWS && idle < 3; stroke++) {
        if ((await target.evaluate(whereIs)) === 'there') return;
        const before = await page.evaluate(activeStop);
        await keyboard.press(key);
        idle = (await page.evaluate(activeStop)) === before ? idle + 1 : 0;
      }
    }
    throw new Error(`No arrow leads to ${String(target)}.`);
  };

  const press = async (target: Locator): Promise<void> => {
    await reach(target);
    // A tab, and a radio button, is chosen where the keys stand; so is a sentence.
    if (await target.evaluate((element) => element.matches('[aria-selected=true], input:checked'))) return;
    const isBox = await target.evaluate((element) =>
      element.matches('input[type=checkbox], input[type=radio]'),
    );
    await keyboard.press(isBox ? 'Space' : 'Enter');
  };

  return {
    goTo: reach,
    press,
    async write(field, text) {
      await reach(field);
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type(text);
    },
    async choose(button, item) {
      await press(button);
      await press(item);
    },
    async command({ key, title }) {
      if (key !== undefined) return keyboard.press(key);
      await keyboard.press('ControlOrMeta+k');
      await page.getByRole('searchbox', { name: 'Command' }).waitFor();
      await keyboard.type(title);
      const item = page.getByRole('menuitem', { name: title });
      await item.first().waitFor();
      await along(item.first());
      await keyboard.press('Enter');
    },
    leave: () => keyboard.press('Escape'),
    away: () => keyboard.press('Escape'),
  };
}

/** Fails where the keys are and nothing shows it: not in view, or without a ring. WCAG 2.2, 2.4.7 and 2.4.11. */
export async function seen(page: Page): Promise<void> {
  const wrong = await page.evaluate(unseen);
  if (wrong !== null) throw new Error(wrong);
}

// ── in the page ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Writes down what a person with that way cannot have done. */
function watch(way: Way): void {
  const strayed: string[] = [];
  (window as unknown as { strayed: string[] }).strayed = strayed;
  const note = (event: Event): void => {
    const { target } = event;
    if (!event.isTrusted || !(target instanceof Element)) return;
    const types = 'input, textarea, [contenteditable], [role=grid], [role=grid] *';
    if (way === 'mouse' && target.matches(types)) return;
    strayed.push(`${event.type} on ${target.outerHTML.slice(0, 120)}`);
  };
  const others =
    way === 'mouse' ? ['keydown'] : ['pointerdown', 'pointermove', 'mousedown', 'wheel', 'touchstart'];
  for (const type of others) window.addEventListener(type, note, { capture: true, passive: true });
}

/** Where an element is from what has the keys: there, one of the same list or group, or on or back by Tab. */
function whereIs(element: Element): 'there' | 'beside' | 'on' | 'behind' {
  const active = document.activeElement;
  if (active === null || active === document.body) return 'on';
  if (active === element || active.getAttribute('aria-activedescendant') === element.id) {
    if (element.id !== '' || active === element) return 'there';
  }
  const group = element.closest(
    '[role=tablist], [role=radiogroup], [role=listbox], [role=menu], [role=toolbar]',
  );
  if (
    group !== null &&
    element.getAttribute('role') !== 'listbox' &&
    group !== element &&
    (group.contains(active) || active.getAttribute('aria-controls') === group.id)
  )
    return 'beside';
  const isBefore = (active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
  return isBefore && !element.contains(active) ? 'behind' : 'on';
}

/** What has the keys, so that two can be told apart. */
function activeStop(): string {
  const active = document.activeElement!;
  const stops = (window as unknown as { stops?: Map<Element, number> }).stops ?? new Map<Element, number>();
  (window as unknown as { stops: Map<Element, number> }).stops = stops;
  if (!stops.has(active)) stops.set(active, stops.size);
  return `${stops.get(active)} ${active.getAttribute('aria-activedescendant') ?? ''}`;
}

/** What is wrong with how the focus shows; null: it is seen. */
function unseen(): string | null {
  const active = document.activeElement;
  const name = active?.outerHTML.slice(0, 200) ?? 'nothing';
  if (active === null || active === document.body) return 'The keys are nowhere.';
  const label = active.matches('input') ? (active.closest('label') ?? active) : active;
  const box = label.getBoundingClientRect();
  const isIn = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
  if (!isIn || box.width === 0 || box.height === 0) return `The keys are out of view: ${name}`;
  const pointed = active.getAttribute('aria-activedescendant');
  const shown = pointed === null ? null : document.getElementById(pointed);
  const ringed = (element: Element | null, pseudo?: string): boolean => {
    if (element === null) return false;
    const style = getComputedStyle(element, pseudo);
    // What lies over an element to ring it may have a border; the element itself has one for other reasons.
    return (
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) ||
      (pseudo !== undefined && style.content !== 'none' && parseFloat(style.borderTopWidth) > 0)
    );
  };
  const around = [active, shown, ...label.querySelectorAll('*')];
  for (let up = active.parentElement, i = 0; up !== null && i < 3; up = up.parentElement, i++)
    around.push(up);
  if (around.some((element) => ringed(element)) || ringed(active, '::after') || ringed(active, '::before'))
    return null;
  // A menu shows the item that has the keys by its ground, as does what is dragged; a field of text, and a grid of
  // bytes, by its caret.
  if (
    active.matches(
      '[role=menuitem], [role=menuitemradio], [role=option], [role=grid], [role=separator], input, textarea, [contenteditable]',
    )
  )
    return null;
  return `The keys are here, and nothing shows it: ${name}`;
}
