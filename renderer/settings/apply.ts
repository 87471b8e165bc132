// Preferences that the engine must be told of, each time it is met. What was never chosen stays as the engine has it.

import type { Api } from '../api.ts';
import type { Preferences } from '../stores/preferences.ts';

/** Rejects with the engine's sentence where it refuses. */
export async function applyPreferences({ commands }: Api, { store }: Preferences): Promise<void> {
  const { pace, keptBytes } = store.getState();
  if (pace !== null) await commands.pace({ rate: pace });
  if (keptBytes !== null) await commands.keep({ bytes: keptBytes });
}
