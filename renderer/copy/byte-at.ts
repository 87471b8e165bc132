// Which byte of the hex view lies under the pointer. Reads the page and nothing else.

/**
 * The position in the stream of the byte at a point, where a row's run of bytes is: its `data-start` says which is its
 * first, its `data-width` how many characters each takes. Null: there is none.
 */
export function byteAt(target: EventTarget | null, x: number): number | null {
  if (!(target instanceof HTMLElement)) return null;
  const { start, width } = target.dataset;
  if (start === undefined || width === undefined) return null;
  const box = target.getBoundingClientRect();
  const bytes = Math.max(1, Math.round((target.textContent?.length ?? 0) / Number(width)));
  const index = Math.floor(((x - box.left) / box.width) * bytes);
  return Number(start) + Math.min(bytes - 1, Math.max(0, index));
}
