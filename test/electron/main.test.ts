import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as assets from '../../electron/assets.ts';
import type { EngineOptions } from '../../electron/engine-types.ts';
import { commands } from '../../shared/contract.ts';
import { type FakeEngine, fakeEngine } from './browser-host/fake-engine.ts';
import type * as standIn from './desktop/electron-stand-in.ts';

type StandIn = typeof standIn;

// The app as it lies in dist/: main.ts looks for the page beside itself.
const renderer = join(import.meta.dirname, '../../electron/renderer');

let electron: StandIn;
let fake: FakeEngine;
let options: EngineOptions;
let userData: string;
let starts: () => Promise<FakeEngine>;

vi.mock('../../electron/assets.ts', async (original) => ({
  ...(await original<typeof assets>()),
  listAssets: async (directory: string) => {
    expect(directory).toBe(renderer);
    return new Map([['/', { file: join(userData, 'page.html'), type: 'text/html' }]]);
  },
}));
vi.mock('../../electron/engine.ts', () => ({
  createEngine: async (given: EngineOptions) => {
    options = given;
    return (await starts()).engine;
  },
}));

beforeEach(() => {
  vi.resetModules();
  fake = fakeEngine();
  starts = async () => fake;
  electron = undefined as never;
  userData = mkdtempSync(join(tmpdir(), 'interim-main-'));
  made.push(userData);
  mkdirSync(userData, { recursive: true });
  writeFileSync(join(userData, 'page.html'), '<p>page</p>');
});
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Starts the app as the system does; `before` sets the scene. */
async function start(before: (electron: StandIn) => void = () => undefined): Promise<void> {
  electron = await import('./desktop/electron-stand-in.ts');
  vi.doMock('electron', () => electron);
  electron.app.userData = userData;
  before(electron);
  await import('../../electron/main.ts');
  electron.app.ready();
  if (electron.app.lock)
    await until(() => electron.BrowserWindow.made.length > 0 || electron.app.exits.length > 0);
}

/** Lets the event loop turn until it is so; the test's own limit ends it otherwise. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setImmediate(resolve));
}

function theWindow() {
  const [window] = electron.BrowserWindow.made;
  if (window === undefined) throw new Error('no window was made');
  return window;
}

/** Calls a command as a frame of the page does. */
async function invoke(name: string, args: unknown, event?: object): Promise<unknown> {
  const handler = electron.handlers.get(`interim:${name}`);
  const { webContents } = theWindow();
  const own = { sender: webContents, senderFrame: webContents.mainFrame };
  return handler?.((event ?? own) as never, args as never);
}

describe('the window', () => {
  it('is isolated, sandboxed and without Node', async () => {
    await start();
    expect(electron.app.sandboxed).toBe(true);
    const { options: window, loaded } = theWindow();
    expect(window).toMatchObject({ minWidth: 1024, minHeight: 700, show: false, backgroundColor: '#0f1216' });
    expect(window['webPreferences']).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      devTools: false,
    });
    expect(String((window['webPreferences'] as { preload: string }).preload)).toMatch(/preload\.cjs$/);
    expect(loaded).toEqual(['app://interim/index.html']);
  });

  it('takes the light background in a light system', async () => {
    await start((stand) => (stand.nativeTheme.shouldUseDarkColors = false));
    expect(theWindow().options['backgroundColor']).toBe('#f4f5f7');
  });

  it('appears when it is drawn, and not before', async () => {
    await start();
    expect(theWindow().shown).toBe(0);
    theWindow().emit('ready-to-show');
    expect(theWindow().shown).toBe(1);
  });

  it('remembers where it was', async () => {
    await start();
    theWindow().maximized = true;
    theWindow().emit('close');
    const file = join(userData, 'window.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      bounds: { x: 1, y: 2, width: 1200, height: 800 },
      maximized: true,
    });
    vi.resetModules();
    await start();
    expect(theWindow().options).toMatchObject({ x: 1, y: 2, width: 1200, height: 800 });
    expect(theWindow().maximized).toBe(true);
  });

  it('opens in the usual place when its file is broken, and closes when it cannot be written', async () => {
    mkdirSync(join(userData, 'window.json'));
    await start();
    expect(theWindow().options).toMatchObject({ x: 240, y: 70, width: 1440, height: 900 });
    expect(() => theWindow().emit('close')).not.toThrow();
  });

  it('loads its page again after a crash, but not for ever', async () => {
    await start();
    const { webContents } = theWindow();
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(webContents.reloads).toBe(0);
    for (let i = 0; i < 4; i++) webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(webContents.reloads).toBe(3);
    expect(electron.app.exits).toEqual([1]);
  });
});

describe('what is denied', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    '%s',
    async (name) => {
      await start();
      const preventDefault = vi.fn();
      theWindow().webContents.emit(name, { preventDefault, url: 'https://github.com/' });
      expect(preventDefault).toHaveBeenCalledOnce();
    },
  );

  it('windows; only known links go to the system’s browser', async () => {
    await start();
    const { openHandler } = theWindow().webContents;
    expect(openHandler?.({ url: 'https://www.rfc-editor.org/rfc/rfc9110' })).toEqual({ action: 'deny' });
    expect(openHandler?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' });
    expect(openHandler?.({ url: 'file:///etc/passwd' })).toEqual({ action: 'deny' });
    expect(electron.shell.openExternal.mock.calls).toEqual([['https://www.rfc-editor.org/rfc/rfc9110']]);
  });

  it('permissions, devices, downloads and the network', async () => {
    await start();
    const own = electron.session.defaultSession;
    const [request] = own.setPermissionRequestHandler.mock.calls[0] as [
      (contents: unknown, permission: string, answer: (yes: boolean) => void, details: object) => void,
    ];
    const [check] = own.setPermissionCheckHandler.mock.calls[0] as [
      (contents: unknown, permission: string, origin: string) => boolean,
    ];
    for (const permission of ['media', 'geolocation', 'clipboard-read', 'notifications']) {
      const answer = vi.fn();
      request(null, permission, answer, { requestingUrl: 'app://interim/index.html' });
      expect(answer.mock.calls).toEqual([[false]]);
      expect(check(null, permission, 'app://interim')).toBe(false);
    }
    const [device] = own.setDevicePermissionHandler.mock.calls[0] as [() => boolean];
    expect(device()).toBe(false);
    const preventDefault = vi.fn();
    own.emit('will-download', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    const [before] = own.webRequest.onBeforeRequest.mock.calls[0] as [
      (details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void,
    ];
    const cancelled = (url: string) => {
      const answer = vi.fn<(verdict: { cancel: boolean }) => void>();
      before({ url }, answer);
      return answer.mock.calls[0]?.[0].cancel;
    };
    expect(cancelled('https://github.com/')).toBe(true);
    expect(cancelled('devtools://devtools/x')).toBe(true);
    expect(cancelled('app://interim/index.html')).toBe(false);
  });
});

describe('the app’s own scheme', () => {
  it('is standard and secure, and serves the built page only', async () => {
    await start();
    expect(electron.protocol.registerSchemesAsPrivileged.mock.calls).toEqual([
      [[{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]],
    ]);
    const [scheme, handle] = electron.protocol.handle.mock.calls[0] as [
      string,
      (request: { method: string; url: string }) => Promise<Response>,
    ];
    expect(scheme).toBe('app');
    const page = await handle({ method: 'GET', url: 'app://interim/' });
    expect(await page.text()).toBe('<p>page</p>');
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const statuses = await Promise.all(
      [
        { method: 'GET', url: 'app://interim/../../../etc/passwd' },
        { method: 'GET', url: 'app://interim/..%2f..%2fetc%2fpasswd' },
        { method: 'GET', url: 'app://interim/%2e%2e/main.js' },
        { method: 'GET', url: 'app://other/' },
        { method: 'GET', url: 'file:///etc/passwd' },
        { method: 'POST', url: 'app://interim/' },
        { method: 'HEAD', url: 'app://interim/' },
      ].map(async (request) => (await handle(request)).status),
    );
    expect(statuses).toEqual([404, 404, 404, 403, 403, 405, 200]);
  });
});

describe('commands', () => {
  it('have one channel each, and no other exists', async () => {
    await start();
    expect([...electron.handlers.keys()].toSorted()).toEqual(
      Object.keys(commands)
        .map((name) => `interim:${name}`)
        .toSorted(),
    );
    expect([...electron.listeners.keys()]).toEqual(['interim:chosen']);
  });

  it('reach the engine with checked arguments and come back with its result', async () => {
    await start();
    fake.answers.arm = { id: 4 };
    const cut = { end: 'server', direction: 'in', at: 3, content: true, cut: 'rst' };
    expect(await invoke('arm', cut)).toEqual({ result: { id: 4 } });
    expect(fake.calls).toEqual([{ name: 'arm', args: cut }]);
  });

  it('that the engine refuses come back as a sentence', async () => {
    await start();
    fake.answers.stop = () => Promise.reject(new Error('Nothing is running.'));
    expect(await invoke('stop', {})).toEqual({ error: 'Nothing is running.' });
  });

  it.each([
    ['pace', { rate: -1 }],
    ['pace', undefined],
    ['hello', { more: 1 }],
    ['cut', { connection: 'x' }],
  ])('with wrong arguments are refused: %s', async (name, args) => {
    await start();
    expect(await invoke(name, args)).toEqual({ error: expect.stringContaining('was given a wrong') });
    expect(fake.calls).toEqual([]);
  });

  it('from any other sender are refused', async () => {
    await start();
    const { webContents } = theWindow();
    const senders = [
      { sender: webContents, senderFrame: null },
      { sender: webContents, senderFrame: { url: 'app://interim/index.html' } },
      { sender: webContents, senderFrame: { url: 'https://evil.example/' } },
      { sender: new electron.WebContents(), senderFrame: webContents.mainFrame },
    ];
    for (const event of senders)
      expect(await invoke('stop', {}, event)).toEqual({ error: expect.stringContaining('refused') });
    webContents.mainFrame.url = 'https://evil.example/';
    expect(await invoke('stop', {})).toEqual({ error: expect.stringContaining('refused') });
    expect(fake.calls).toEqual([]);
  });

  it('name no file that the user has not chosen', async () => {
    await start();
    fake.answers.openSession = true;
    expect(await invoke('openSession', { path: '/a/b.pcapng' })).toEqual({
      error: expect.stringContaining('not chosen'),
    });
    expect(await invoke('saveSession', { path: '/a/.profile' })).toEqual({
      error: expect.stringContaining('dialog'),
    });
    expect(fake.calls).toEqual([]);
    const chosen = electron.listeners.get('interim:chosen');
    const { webContents } = theWindow();
    chosen?.({ sender: webContents, senderFrame: null } as never, '/a/b.pcapng' as never);
    expect(await invoke('openSession', { path: '/a/b.pcapng' })).toHaveProperty('error');
    chosen?.(
      { sender: webContents, senderFrame: webContents.mainFrame } as never,
      { not: 'a path' } as never,
    );
    chosen?.({ sender: webContents, senderFrame: webContents.mainFrame } as never, '/a/b.pcapng' as never);
    expect(await invoke('openSession', { path: '/a/b.pcapng' })).toEqual({ result: true });
  });

  it('may name recent sessions', async () => {
    await start();
    fake.answers.hello = { recents: [{ path: '/r/1.pcapng', name: '1', modifiedAt: 0, bytes: 1 }] };
    fake.answers.openSession = true;
    await invoke('hello', {});
    expect(await invoke('openSession', { path: '/r/1.pcapng' })).toEqual({ result: true });
  });
});

describe('pushes and batches', () => {
  it('go to the window', async () => {
    await start();
    fake.push({ push: 'problem', message: 'x' });
    fake.batch(new Uint8Array([1]));
    expect(theWindow().webContents.sent).toEqual([
      { channel: 'interim:push', data: { push: 'problem', message: 'x' } },
      { channel: 'interim:batch', data: new Uint8Array([1]) },
    ]);
  });

  it('are dropped while there is no window', async () => {
    await start();
    const window = theWindow();
    window.emit('closed');
    fake.push({ push: 'problem', message: 'x' });
    expect(window.webContents.sent).toEqual([]);
  });
});

describe('dialogs', () => {
  it('ask for a session to open and say null when nobody chose', async () => {
    await start();
    expect(await options.dialogs?.open()).toBe('/chosen/in.pcapng');
    electron.dialog.showOpenDialog.mockResolvedValueOnce({ canceled: true, filePaths: [] });
    expect(await options.dialogs?.open()).toBeNull();
  });

  it('ask where to save, with the name to begin with', async () => {
    await start();
    expect(await options.dialogs?.save('Five steps.har', 'har')).toBe('/chosen/out.har');
    expect(electron.dialog.showSaveDialog.mock.calls[0]).toEqual([
      theWindow(),
      expect.objectContaining({
        defaultPath: join('/home/a/documents', 'Five steps.har'),
        filters: [{ name: 'HTTP Archive', extensions: ['har'] }],
      }),
    ]);
    electron.dialog.showSaveDialog.mockResolvedValueOnce({ canceled: true, filePath: '' });
    expect(await options.dialogs?.save('a.pcapng', 'pcapng')).toBeNull();
  });
});

describe('the app’s life', () => {
  it('is a single one: a second start quits at once', async () => {
    await start((stand) => (stand.app.lock = false));
    expect(electron.app.quits).toBe(1);
    expect(electron.BrowserWindow.made).toEqual([]);
  });

  it('opens the session that a second start names, and comes to the front', async () => {
    await start();
    theWindow().minimized = true;
    electron.app.emit('second-instance', {}, ['interim', 'two.pcapng'], '/home/b');
    await until(() => fake.calls.length > 0);
    expect(fake.calls).toEqual([{ name: 'openSession', args: { path: '/home/b/two.pcapng' } }]);
    expect([theWindow().minimized, theWindow().focused]).toEqual([false, 1]);
    expect(electron.BrowserWindow.made).toHaveLength(1);
  });

  it('opens the session of a double-click, before and after it is ready', async () => {
    const preventDefault = vi.fn();
    let ready: (engine: FakeEngine) => void = () => undefined;
    const engine = new Promise<FakeEngine>((resolve) => (ready = resolve));
    starts = () => engine;
    const started = start();
    await until(() => electron?.app.listenerCount('open-file') === 1);
    electron.app.emit('open-file', { preventDefault }, '/x/early.pcapng');
    ready(fake);
    await started;
    await until(() => fake.calls.length === 1);
    electron.app.emit('open-file', { preventDefault }, '/x/late.pcapng');
    await until(() => fake.calls.length === 2);
    expect(fake.calls.map(({ args }) => args)).toEqual([
      { path: '/x/early.pcapng' },
      { path: '/x/late.pcapng' },
    ]);
    expect(preventDefault).toHaveBeenCalledTimes(2);
  });

  it('tells the interface when such a session cannot be opened', async () => {
    await start();
    fake.answers.openSession = () => Promise.reject(new Error('This is no session.'));
    electron.app.emit('open-file', { preventDefault: () => undefined }, '/x/a.pcapng');
    await until(() => theWindow().webContents.sent.length > 0);
    expect(theWindow().webContents.sent).toEqual([
      { channel: 'interim:push', data: { push: 'problem', message: 'This is no session.' } },
    ]);
  });

  it('closes the engine before it quits', async () => {
    await start();
    electron.app.quit();
    expect(electron.app.quits).toBe(0);
    await until(() => electron.app.quits === 1);
    expect(fake.closed).toBe(true);
  });

  it('says in one line why it cannot start', async () => {
    starts = () => Promise.reject(new Error('No port is free.'));
    await start();
    expect(electron.dialog.showErrorBox.mock.calls).toEqual([
      ['Interim could not start', 'No port is free.'],
    ]);
    expect(electron.app.exits).toEqual([1]);
  });

  it('keeps what it captures in a folder of its own', async () => {
    await start();
    expect(options.dataDirectory).toBe(join(userData, 'laboratory'));
    expect(existsSync(options.dataDirectory)).toBe(false);
  });
});

describe('the menu', () => {
  interface Item {
    readonly label?: string;
    readonly role?: string;
    readonly click?: () => void;
    readonly submenu?: readonly Item[];
  }

  it('asks the interface, and shows developers’ items to developers only', async () => {
    await start();
    const template = electron.Menu.buildFromTemplate.mock.calls[0]?.[0] as readonly Item[];
    const items = template.flatMap((menu) => menu.submenu ?? []);
    expect(items.some((item) => item.role === 'toggleDevTools')).toBe(false);
    for (const item of items) item.click?.();
    expect(theWindow().webContents.sent.map(({ data }) => data)).toEqual(
      ['new', 'open', 'save', 'export', 'settings', 'palette', 'keys', 'tour'].map((action) => ({
        push: 'menu',
        action,
      })),
    );
    vi.resetModules();
    await start((stand) => (stand.app.isPackaged = false));
    const developing = electron.Menu.buildFromTemplate.mock.calls[0]?.[0] as readonly Item[];
    expect(
      developing.flatMap((menu) => menu.submenu ?? []).some((item) => item.role === 'toggleDevTools'),
    ).toBe(true);
  });
});
