// Puts the chosen theme on the page and says which one holds, so that what is drawn on canvas can follow.

import { useInsertionEffect, useSyncExternalStore } from 'react';
import type { Contrast, Motion, Theme } from '../stores/preferences.ts';

const LIGHT = '(prefers-color-scheme: light)';
const CONTRAST = '(prefers-contrast: more)';
const MOTION = '(prefers-reduced-motion: reduce)';

/** What was chosen, by the user or by the system. */
interface Looks {
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly motion: Motion;
}

/** The theme that holds now: `dark`, `light`, each perhaps with ` high-contrast`. */
export function useTheme({ theme, contrast, motion }: Looks): string {
  const light = useMedia(LIGHT);
  const contrasted = useMedia(CONTRAST) || contrast === 'more';
  const still = useMedia(MOTION) || motion === 'less';
  const resolved = theme === 'system' ? (light ? 'light' : 'dark') : theme;
  // Before the canvases read it: their layout effects run before those of what holds them.
  useInsertionEffect(() => {
    const { dataset } = document.documentElement;
    dataset['theme'] = resolved;
    dataset['contrast'] = contrasted ? 'more' : 'usual';
    dataset['motion'] = still ? 'none' : 'usual';
  }, [resolved, contrasted, still]);
  return contrasted ? `${resolved} high-contrast` : resolved;
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
