// Puts the chosen theme on the page and says which one holds, so that what is drawn on canvas can follow.

import { useInsertionEffect, useSyncExternalStore } from 'react';
import type { Theme } from '../stores/preferences.ts';

const LIGHT = '(prefers-color-scheme: light)';
const CONTRAST = '(prefers-contrast: more)';

/** The theme that holds now: `dark`, `light`, each perhaps with ` high-contrast`. */
export function useTheme(theme: Theme): string {
  const light = useMedia(LIGHT);
  const contrast = useMedia(CONTRAST);
  const resolved = theme === 'system' ? (light ? 'light' : 'dark') : theme;
  // Before the canvases read it: their layout effects run before those of what holds them.
  useInsertionEffect(() => {
    document.documentElement.dataset['theme'] = resolved;
  }, [resolved]);
  return contrast ? `${resolved} high-contrast` : resolved;
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
  );
}
