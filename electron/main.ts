// The desktop host: the app's life, its rules and the way between the window and the engine. Decides nothing about HTTP,
// and denies whatever it was not told to allow.

import { join, resolve } from 'node:path';
import { app, type BrowserWindow, dialog, ipcMain, protocol, session, shell } from 'electron';
import { type CommandName, type CommandResult, commands, type Push } from '../shared/contract.ts';
import { listAssets } from './assets.ts';
import { callCommand, checkCommand, sentenceOf } from './boundary.ts';
import {
  linkAllowed,
  loadAllowed,
  permissionAllowed,
  SCHEME,
  senderAllowed,
  sessionArgument,
} from './desktop/rules.ts';
import { assetHandler } from './desktop/serve.ts';
import { createEngine } from './engine.ts';
import type { Dialogs, Engine } from './engine-types.ts';
import { installMenu } from './menu.ts';
import { PathGate } from './path-gate.ts';
import { openWindow } from './window.ts';

/** After so many crashes of the page in one run it is not loaded again. */
const CRASHES = 3;

const gate = new PathGate();
let engine: Engine | null = null;
let window: BrowserWindow | null = null;
/** A session that the system asked for before there was an engine. */
let waiting: string | null = null;
let crashes = 0;

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock()) {
  waiting = argument(process.argv, process.cwd());
  app.on('second-instance', (_event, argv, directory) => {
    show();
    const path = argument(argv, directory);
    if (path !== null) void openSession(path);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void openSession(path);
  });
  app.on('web-contents-created', (_event, contents) => {
    const deny = (event: { preventDefault(): void }): void => event.preventDefault();
    contents.on('will-navigate', deny);
    contents.on('will-frame-navigate', deny);
    contents.on('will-redirect', deny);
    contents.on('will-attach-webview', deny);
    contents.setWindowOpenHandler(({ url }) => {
      if (linkAllowed(url)) void shell.openExternal(url);
      return { action: 'deny' };
    });
  });
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    if (engine === null) return;
    // What was captured is written first; then the app quits again, without an engine.
    event.preventDefault();
    const closing = engine;
    engine = null;
    void closing
      .close()
      .catch((error: unknown) => console.error(sentenceOf(error)))
      .finally(() => app.quit());
  });
  app.whenReady().then(begin).catch(giveUp);
} else {
  app.quit();
}

async function begin(): Promise<void> {
  const assets = await listAssets(join(import.meta.dirname, 'renderer'));
  protocol.handle(SCHEME, assetHandler(assets));
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(permissionAllowed(permission, details.requestingUrl)),
  );
  own.setPermissionCheckHandler((_contents, permission, origin) => permissionAllowed(permission, origin));
  own.setDevicePermissionHandler(() => false);
  own.on('will-download', (event) => event.preventDefault());
  own.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !loadAllowed(url, !app.isPackaged) }));

  engine = await createEngine({ dataDirectory: join(app.getPath('userData'), 'laboratory'), dialogs });
  engine.attach({
    push: (push) => {
      gate.learn(push);
      tell(push);
    },
    batch: (bytes) => send('interim:batch', bytes),
  });
  for (const name of Object.keys(commands) as CommandName[])
    ipcMain.handle(`interim:${name}`, (event, args: unknown) => answer(event, name, args));
  ipcMain.on('interim:chosen', (event, path: unknown) => {
    if (senderAllowed(event, window?.webContents ?? null) && typeof path === 'string') gate.allow(path);
  });
  installMenu({
    mac: process.platform === 'darwin',
    developing: !app.isPackaged,
    act: (action) => {
      show();
      tell({ push: 'menu', action });
    },
  });
  show();
  if (waiting !== null) await openSession(waiting);
}

function giveUp(error: unknown): void {
  dialog.showErrorBox('Interim could not start', sentenceOf(error));
  app.exit(1);
}

/** Brings the window to the front; makes it where there is none. */
function show(): void {
  if (engine === null) return;
  if (window === null) {
    window = openWindow();
    window.on('closed', () => {
      window = null;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      if (++crashes <= CRASHES) window?.webContents.reload();
      else
        giveUp(
          new Error(`The page keeps ending (${reason}). What was captured is on disk; start Interim again.`),
        );
    });
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function answer(
  event: Electron.IpcMainInvokeEvent,
  name: CommandName,
  args: unknown,
): Promise<{ result: unknown } | { error: string }> {
  try {
    if (engine === null || !senderAllowed(event, window?.webContents ?? null))
      throw new Error('This command came from outside of Interim’s window and was refused.');
    gate.check(checkCommand(name, args));
    const result = await callCommand(engine, name, args);
    if (name === 'hello') gate.learn({ push: 'hello', hello: result as CommandResult<'hello'> });
    return { result };
  } catch (error) {
    return { error: sentenceOf(error) };
  }
}

function tell(push: Push): void {
  send('interim:push', push);
}

function send(channel: 'interim:push' | 'interim:batch', data: Push | Uint8Array): void {
  if (window !== null && !window.isDestroyed()) window.webContents.send(channel, data);
}

/** Opens what the user double-clicked or named on the command line. */
async function openSession(path: string): Promise<void> {
  if (engine === null) {
    waiting = path;
    return;
  }
  waiting = null;
  gate.allow(path);
  try {
    await engine.commands.openSession({ path });
  } catch (error) {
    tell({ push: 'problem', message: sentenceOf(error) });
  }
}

/** The session among the arguments of this or a second start; the first are the program and, unpackaged, the folder. */
function argument(argv: readonly string[], directory: string): string | null {
  const path = sessionArgument(argv.slice(app.isPackaged ? 1 : 2));
  return path === null ? null : resolve(directory, path);
}

const FILTERS = {
  pcapng: { name: 'Session', extensions: ['pcapng'] },
  har: { name: 'HTTP Archive', extensions: ['har'] },
  ndjson: { name: 'Events, one line each', extensions: ['ndjson'] },
  curl: { name: 'Shell script', extensions: ['sh'] },
  http: { name: 'HTTP messages', extensions: ['txt'] },
  'trace-event': { name: 'Trace', extensions: ['json'] },
} as const;

const dialogs: Dialogs = {
  async open() {
    const options: Electron.OpenDialogOptions = {
      title: 'Open a session or capture',
      properties: ['openFile'],
      filters: [
        { name: 'Sessions and captures', extensions: ['pcapng', 'pcap'] },
        { name: 'All files', extensions: ['*'] },
      ],
    };
    const chosen = await (window === null
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(window, options));
    return chosen.filePaths[0] ?? null;
  },
  async save(suggested, as) {
    const { name, extensions } = FILTERS[as];
    const options: Electron.SaveDialogOptions = {
      title: as === 'pcapng' ? 'Save the session' : 'Export the session',
      defaultPath: join(app.getPath('documents'), suggested),
      filters: [{ name, extensions: [...extensions] }],
    };
    const chosen = await (window === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(window, options));
    return chosen.canceled || chosen.filePath === '' ? null : chosen.filePath;
  },
};
