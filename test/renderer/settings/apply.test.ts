import { describe, expect, it } from 'vitest';
import type { Api } from '../../../renderer/api.ts';
import { applyPreferences } from '../../../renderer/settings/apply.ts';
import { createPreferences } from '../../../renderer/stores/preferences.ts';

function engine() {
  const asked: [string, unknown][] = [];
  const command = (name: string) => (args: unknown) => {
    asked.push([name, args]);
    return Promise.resolve(null);
  };
  const api = { commands: { pace: command('pace'), keep: command('keep') } } as unknown as Api;
  return { api, asked };
}

const preferences = () => createPreferences({ getItem: () => null, setItem: () => undefined });

describe('what the engine is told when it is met', () => {
  it('is nothing that was never chosen', async () => {
    const { api, asked } = engine();
    await applyPreferences(api, preferences());
    expect(asked).toEqual([]);
  });

  it('is the pace, also none at all, and how much is kept', async () => {
    const { api, asked } = engine();
    const chosen = preferences();
    chosen.set({ pace: 0, keptBytes: 1_048_576 });
    await applyPreferences(api, chosen);
    expect(asked).toEqual([
      ['pace', { rate: 0 }],
      ['keep', { bytes: 1_048_576 }],
    ]);
  });
});
