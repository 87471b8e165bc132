// The one window: isolated, sandboxed, remembered where it was. Must never show anything but our own page.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { MINIMUM, placeWindow, readWindowState, type WindowState } from './desktop/bounds.ts';
import { PAGE } from './desktop/rules.ts';

/** The page's own background (renderer/ui/theme.css), so that nothing flashes before it is drawn. */
const BACKGROUND = { dark: '#0f1216', light: '#f4f5f7' } as const;

/** Makes the window and begins to load the page; it appears when it is drawn. */
export function openWindow(): BrowserWindow {
  const remembered = recall();
  const bounds = placeWindow(
    remembered?.bounds ?? null,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    title: 'Interim',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  if (remembered?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => remember({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }));
  void window.loadURL(PAGE);
  return window;
}

function file(): string {
  return join(app.getPath('userData'), 'window.json');
}

function recall(): WindowState | null {
  try {
    return readWindowState(readFileSync(file(), 'utf8'));
  } catch {
    // The first start, or nothing that can be read: the usual place.
    return null;
  }
}

function remember(state: WindowState): void {
  try {
    writeFileSync(file(), JSON.stringify(state));
  } catch {
    // A full or read-only disk must not keep a window from closing.
  }
}
