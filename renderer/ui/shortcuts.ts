// Keys of the whole window: calls the command whose key was struck, unless whoever has the focus needs the key itself.

import { useEffect, useLayoutEffect, useRef } from 'react';
import { type Command, matches } from './commands.ts';

const WIDGETS =
  'button, a, input, select, textarea, [role=slider], [role=listbox], [role=menuitem], [role=tab], [role=separator], [role=region]';
const OWN_KEYS = 'input, select, textarea, [contenteditable], [role=dialog], [role=menu]';
/** Keys that a focused control uses itself. */
const CONTROL_KEYS = new Set([' ', 'Enter', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

export function useShortcuts(commands: readonly Command[], mac: boolean): void {
  const latest = useRef(commands);
  useLayoutEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    // A button keeps the focus after a click; Space then still means play, not that button again.
    let isPointed = false;
    const pointed = (): void => {
      isPointed = true;
    };

    const call = (event: KeyboardEvent): void => {
      const command = latest.current.find(({ key }) => key !== undefined && matches(event, key, mac));
      if (command === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      command.run();
    };

    const first = (event: KeyboardEvent): void => {
      if (event.key === 'Tab') isPointed = false;
      const target = event.target instanceof Element ? event.target : null;
      const isClicked = isPointed && target?.closest('button') !== null && target?.closest(OWN_KEYS) === null;
      if (event.key === ' ' && isClicked && !event.repeat) call(event);
    };

    const struck = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const target = event.target instanceof Element ? event.target : null;
      if (!event.ctrlKey && !event.metaKey && target !== null) {
        if (target.closest(OWN_KEYS) !== null) return;
        if (CONTROL_KEYS.has(event.key) && target.closest(WIDGETS) !== null) return;
      }
      call(event);
    };

    window.addEventListener('pointerdown', pointed, true);
    window.addEventListener('keydown', first, true);
    window.addEventListener('keydown', struck);
    return () => {
      window.removeEventListener('pointerdown', pointed, true);
      window.removeEventListener('keydown', first, true);
      window.removeEventListener('keydown', struck);
    };
  }, [mac]);
}
