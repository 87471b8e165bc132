// A stretch of bytes that is chosen by dragging over them, or by Shift and a click.

import { type PointerEvent, useRef, useState } from 'react';
import { byteAt } from './byte-at.ts';

/** Start inclusive, end exclusive. */
export interface Chosen {
  readonly start: number;
  readonly end: number;
}

/** @param key of the stream that is looked at: with another one nothing is chosen */
export function useChosen(key: string): {
  readonly chosen: Chosen | null;
  readonly clear: () => void;
  readonly down: (event: PointerEvent) => void;
  readonly move: (event: PointerEvent) => void;
} {
  const [held, setHeld] = useState<{ readonly key: string; readonly chosen: Chosen } | null>(null);
  const anchor = useRef(0);
  const chosen = held?.key === key ? held.chosen : null;
  const upTo = (position: number): void => {
    const start = Math.min(anchor.current, position);
    setHeld({ key, chosen: { start, end: Math.max(anchor.current, position) + 1 } });
  };
  return {
    chosen,
    clear: () => setHeld(null),
    down: (event) => {
      if (event.button !== 0) return;
      const position = byteAt(event.target, event.clientX);
      if (position === null) {
        setHeld(null);
        return;
      }
      if (!event.shiftKey || chosen === null) anchor.current = position;
      upTo(position);
    },
    move: (event) => {
      if ((event.buttons & 1) === 0 || chosen === null) return;
      const position = byteAt(event.target, event.clientX);
      if (position !== null) upTo(position);
    },
  };
}
