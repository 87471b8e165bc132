// Where the keys go in the patch editor when nothing else has them.

/** Focuses the bytes; where there are none, the address. */
export function focusBytes(): void {
  const target =
    document.querySelector<HTMLElement>('.patch .byte-grid') ??
    document.querySelector<HTMLElement>('.patch-address input');
  target?.focus({ preventScroll: true });
}

/** The control that had the focus went away: the keys are the bytes' again. */
export function keepFocus(): void {
  if (document.activeElement === document.body) focusBytes();
}
