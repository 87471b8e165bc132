// Lights what belongs to the exchange that is pointed at, in a list whose items name theirs (`data-exchange`), and tells
// of the one that the pointer is on. Touches attributes only: nothing renders.

import { type RefObject, useEffect } from 'react';
import { useLaboratory } from '../stores/context.ts';

export function useLit(list: RefObject<HTMLElement | null>): void {
  const { pointed } = useLaboratory();
  // After every render: its items may be others, and so may the list itself.
  useEffect(() => {
    const { current } = list;
    if (current === null) return;
    const light = (): void => {
      const wanted = pointed.exchange();
      for (const item of current.querySelectorAll<HTMLElement>('[data-exchange]'))
        item.toggleAttribute('data-lit', wanted !== null && item.dataset['exchange'] === String(wanted));
    };
    const over = ({ target }: PointerEvent): void => {
      const item = target instanceof Element ? target.closest<HTMLElement>('[data-exchange]') : null;
      pointed.point(item === null ? null : Number(item.dataset['exchange']));
    };
    const leave = (): void => pointed.point(null);
    light();
    current.addEventListener('pointerover', over);
    current.addEventListener('pointerleave', leave);
    const stop = pointed.subscribe(light);
    return () => {
      stop();
      current.removeEventListener('pointerover', over);
      current.removeEventListener('pointerleave', leave);
    };
  });
}
