// A stand-in for the `electron` module: remembers what the app registered, so that tests can play the system and the
// page. Must decide nothing that Electron decides.

import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

type Handler = (...args: never[]) => unknown;

export class WebContents extends EventEmitter {
  static next = 1;
  readonly id = WebContents.next++;
  readonly sent: { readonly channel: string; readonly data: unknown }[] = [];
  readonly mainFrame = { url: 'app://interim/index.html' };
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  reloads = 0;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  send(channel: string, data: unknown): void {
    this.sent.push({ channel, data });
  }
  reload(): void {
    this.reloads++;
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly made: BrowserWindow[] = [];
  readonly webContents = new WebContents();
  readonly loaded: string[] = [];
  shown = 0;
  focused = 0;
  maximized = false;
  minimized = false;
  bounds = { x: 1, y: 2, width: 1200, height: 800 };
  readonly options: Record<string, unknown>;
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    BrowserWindow.made.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }
  show(): void {
    this.shown++;
  }
  focus(): void {
    this.focused++;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  isDestroyed(): boolean {
    return false;
  }
  getNormalBounds(): unknown {
    return this.bounds;
  }
}

class App extends EventEmitter {
  isPackaged = true;
  lock = true;
  sandboxed = false;
  quits = 0;
  exits: number[] = [];
  userData = '';
  ready: () => void = () => undefined;
  readonly #ready = new Promise<void>((resolve) => {
    this.ready = resolve;
  });
  enableSandbox(): void {
    this.sandboxed = true;
  }
  requestSingleInstanceLock(): boolean {
    return this.lock;
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  getPath(name: string): string {
    return name === 'userData' ? this.userData : `/home/a/${name}`;
  }
  /** As Electron does: asks first, and quits when nobody objects. */
  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.quits++;
  }
  exit(code: number): void {
    this.exits.push(code);
  }
}

export const app = new App();
export const handlers = new Map<string, Handler>();
export const listeners = new Map<string, Handler>();
export const ipcMain = {
  handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
  on: (channel: string, handler: Handler) => void listeners.set(channel, handler),
};
export const protocol = { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() };

class Session extends EventEmitter {
  setPermissionRequestHandler = vi.fn();
  setPermissionCheckHandler = vi.fn();
  setDevicePermissionHandler = vi.fn();
  webRequest = { onBeforeRequest: vi.fn() };
}
export const session = { defaultSession: new Session() };
export const shell = { openExternal: vi.fn(async () => undefined) };
export const dialog = {
  showErrorBox: vi.fn(),
  showOpenDialog: vi.fn(async () => ({ canceled: false, filePaths: ['/chosen/in.pcapng'] })),
  showSaveDialog: vi.fn(async () => ({ canceled: false, filePath: '/chosen/out.har' })),
};
export const nativeTheme = { shouldUseDarkColors: true };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] };
export const Menu = {
  buildFromTemplate: vi.fn((template: unknown) => template),
  setApplicationMenu: vi.fn(),
};
