// Keys of the whole window: calls the command whose key was struck, unless whoever has the focus needs the key itself.

import { useEffect, useLayoutEffect, useRef } from 'react';
import { type Command, matches } from './commands.ts';

const WIDGETS =
  'button, a, input, select, textarea, [role=slider], [role=option], [role=menuitem], [role=tab], [role=dialog]';
const TYPED_INTO = 'input, select, textarea, [contenteditable]';
/** Keys that a focused control uses itself. */
const CONTROL_KEYS = new Set([' ', 'Enter', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);

export function useShortcuts(commands: readonly Command[], mac: boolean): void {
  const latest = useRef(commands);
  useLayoutEffect(() => {
    latest.current = commands;
  });
  useEffect(() => {
    const struck = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const target = event.target instanceof Element ? event.target : null;
      const modified = event.ctrlKey || event.metaKey;
      if (!modified && target !== null) {
        if (target.closest(`${TYPED_INTO}, [role=dialog], [role=menu]`) !== null) return;
        if (CONTROL_KEYS.has(event.key) && target.closest(WIDGETS) !== null) return;
      }
      const command = latest.current.find(({ key }) => key !== undefined && matches(event, key, mac));
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', struck);
    return () => window.removeEventListener('keydown', struck);
  }, [mac]);
}
