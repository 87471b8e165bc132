import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { commands, type Push } from '../../shared/contract.ts';

const { exposed, ipcRenderer } = vi.hoisted(() => ({
  exposed: {} as Record<string, Record<string, (...args: unknown[]) => unknown>>,
  ipcRenderer: { invoke: vi.fn(), send: vi.fn(), on: vi.fn() },
}));
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, api: never) => (exposed[name] = api) },
  ipcRenderer,
  webUtils: { getPathForFile: (file: { path: string }) => file.path },
}));

const bus = new EventEmitter();
beforeEach(async () => {
  vi.resetModules();
  vi.clearAllMocks();
  bus.removeAllListeners();
  ipcRenderer.on.mockImplementation((channel: string, listener: (...args: unknown[]) => void) =>
    bus.on(channel, listener),
  );
  await import('../../electron/preload.ts');
});

const api = () => exposed['interim'] as Record<string, (...args: unknown[]) => unknown>;

describe('preload', () => {
  it('shows the page one method for each command and nothing that takes a channel', () => {
    expect(Object.keys(exposed)).toEqual(['interim']);
    expect(Object.keys(api()).toSorted()).toEqual(
      [...Object.keys(commands), 'kind', 'platform', 'onPush', 'onBatch', 'pathOf'].toSorted(),
    );
    expect(api()['kind']).toBe('desktop');
  });

  it.each(Object.keys(commands))('sends %s on its own channel', async (name) => {
    ipcRenderer.invoke.mockResolvedValue({ result: 5 });
    await expect(api()[name]?.({ a: 1 })).resolves.toBe(5);
    expect(ipcRenderer.invoke).toHaveBeenCalledExactlyOnceWith(`interim:${name}`, { a: 1 });
  });

  it('turns a refusal into an error with just the sentence', async () => {
    ipcRenderer.invoke.mockResolvedValue({ error: 'Nothing is running.' });
    await expect(api()['stop']?.({})).rejects.toThrow(/^Nothing is running\.$/);
  });

  it('hands on pushes and batches, never the event that carried them', () => {
    const pushed = vi.fn();
    const batched = vi.fn();
    api()['onPush']?.(pushed);
    api()['onBatch']?.(batched);
    const push: Push = { push: 'problem', message: 'x' };
    bus.emit('interim:push', { sender: 'secret' }, push);
    bus.emit('interim:batch', { sender: 'secret' }, new Uint8Array([1]));
    expect(pushed.mock.calls).toEqual([[push]]);
    expect(batched.mock.calls).toEqual([[new Uint8Array([1])]]);
  });

  it('tells the main process which file was chosen; a file made by a page has no path', () => {
    expect(api()['pathOf']?.({ path: '/a/b.pcapng' })).toBe('/a/b.pcapng');
    expect(api()['pathOf']?.({ path: '' })).toBe('');
    expect(ipcRenderer.send.mock.calls).toEqual([['interim:chosen', '/a/b.pcapng']]);
  });
});
