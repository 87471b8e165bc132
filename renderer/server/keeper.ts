// What the user does to the test server: which dialog of it is open, whether it is at work, what the server refused. Acts
// only through the functions that it is given; has no React and no DOM.

import { createStore } from 'zustand/vanilla';
import type { EngineCommands, ServerSettings } from '../../shared/contract.ts';

export type ServerDialog =
  | { readonly kind: 'file' }
  | { readonly kind: 'job' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'delete'; readonly path: string };

/** As the menu and the palette offer them. */
export const SERVER_ACTIONS: readonly {
  readonly dialog: Exclude<ServerDialog, { kind: 'delete' }>;
  readonly title: string;
}[] = [
  { dialog: { kind: 'file' }, title: 'New file…' },
  { dialog: { kind: 'job' }, title: 'New job…' },
  { dialog: { kind: 'settings' }, title: 'Settings of the server…' },
  { dialog: { kind: 'restart' }, title: 'Restart the server…' },
];

interface KeeperState {
  readonly dialog: ServerDialog | null;
  /** What is asked for is being done. */
  readonly isBusy: boolean;
  /** Why it could not be done; one sentence. */
  readonly problem: string | null;
}

interface KeeperHost {
  readonly commands: Pick<
    EngineCommands,
    'serverCreate' | 'serverDelete' | 'serverRestart' | 'serverSettings'
  >;
  say(sentence: string): void;
}

export function createServerKeeper({ commands, say }: KeeperHost) {
  const store = createStore<KeeperState>(() => ({ dialog: null, isBusy: false, problem: null }));

  /** The dialog stays open until it is done, and says why it was not. */
  const work = async (does: () => Promise<string>): Promise<void> => {
    if (store.getState().isBusy) return;
    store.setState({ isBusy: true, problem: null });
    try {
      say(await does());
      store.setState({ dialog: null });
    } catch (error) {
      store.setState({ problem: error instanceof Error ? error.message : String(error) });
    } finally {
      store.setState({ isBusy: false });
    }
  };

  return {
    store,

    show(dialog: ServerDialog | null): void {
      store.setState({ dialog, problem: null });
    },

    createFile(name: string, text: string): Promise<void> {
      return work(async () => {
        const { path } = await commands.serverCreate({ kind: 'file', name, content: base64(text) });
        return `${path} was made.`;
      });
    },

    createJob(steps: number, stepMilliseconds: number): Promise<void> {
      return work(async () => {
        const { path } = await commands.serverCreate({ kind: 'job', steps, stepMilliseconds });
        return `The job ${path} has begun.`;
      });
    },

    remove(path: string): Promise<void> {
      return work(async () => {
        await commands.serverDelete({ path });
        return `${path} was deleted.`;
      });
    },

    restart(): Promise<void> {
      return work(() => commands.serverRestart({}));
    },

    set(settings: ServerSettings): Promise<void> {
      return work(async () => {
        await commands.serverSettings(settings);
        return 'The settings of the server hold from now on.';
      });
    },
  };
}

/** RFC 4648 §4, of UTF-8. */
function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
