// Focus after a click: whoever points with a mouse goes on with keys of the window, not of what was clicked.

import type { MouseEvent } from 'react';

/** Lets go of the focus if it was a pointer that clicked; a key's click keeps it. */
export function releasePointerFocus(event: MouseEvent<HTMLElement>): void {
  if (event.detail > 0) event.currentTarget.blur();
}
