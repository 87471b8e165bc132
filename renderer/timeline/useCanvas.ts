// A canvas that is as large as its box, at the device's pixels, and drawn in the next frame after it was asked for:
// what the smaller drawn panels share. Draws nothing itself.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { Brush } from './brush.ts';
import { frames } from './frames.ts';
import { readPalette } from './palette.ts';

/** Calls back when the window moves to a screen with other pixels; returns what ends it. */
export function watchRatio(changed: () => void): () => void {
  let query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  const listen = (): void => {
    query.removeEventListener('change', listen);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', listen);
    changed();
  };
  query.addEventListener('change', listen);
  return () => query.removeEventListener('change', listen);
}

/** `draw` is called with a brush whose size is known; the returned function asks for a frame. */
export function useCanvas(
  host: RefObject<HTMLElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
  theme: string,
  draw: (brush: Brush) => void,
): () => void {
  const brush = useRef<Brush>(null);
  const latest = useRef(draw);
  const drawn = useRef(theme);
  const frame = useCallback(() => {
    if (brush.current !== null && brush.current.width > 1) latest.current(brush.current);
  }, []);
  const changed = useCallback(() => frames.request(frame), [frame]);

  useLayoutEffect(() => {
    latest.current = draw;
    if (drawn.current !== theme && canvas.current !== null)
      brush.current?.repaint(readPalette(canvas.current));
    drawn.current = theme;
    changed();
  });

  useEffect(() => {
    const element = canvas.current!;
    const box = host.current!;
    const made = new Brush(element, readPalette(element));
    brush.current = made;
    const size = (): void => {
      made.resize(box.clientWidth, box.clientHeight, window.devicePixelRatio || 1);
      frame();
    };
    const observer = new ResizeObserver(size);
    observer.observe(box);
    const stop = watchRatio(size);
    document.fonts.addEventListener('loadingdone', size);
    return () => {
      observer.disconnect();
      stop();
      document.fonts.removeEventListener('loadingdone', size);
      frames.cancel(frame);
      brush.current = null;
    };
  }, [canvas, host, frame]);

  return changed;
}
