// The native menu. It does nothing by itself: its items ask the interface, or are roles of the system.

import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Push } from '../shared/contract.ts';

export type MenuAction = Extract<Push, { push: 'menu' }>['action'];

/** What the menu must know to be made. */
export interface MenuPlace {
  readonly mac: boolean;
  /** Shows the items for developers. */
  readonly developing: boolean;
  act(action: MenuAction): void;
}

/** Puts the menu in its place. */
export function installMenu(place: MenuPlace): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(place)));
}

function menuTemplate({ mac, developing, act }: MenuPlace): MenuItemConstructorOptions[] {
  // The interface hears its keys itself, also where a menu is hidden: here they are shown, not taken a second time.
  const item = (label: string, action: MenuAction, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => act(action),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('New Session', 'new', 'CmdOrCtrl+N'),
        item('Open…', 'open', 'CmdOrCtrl+O'),
        item('Save…', 'save', 'CmdOrCtrl+S'),
        item('Export…', 'export', 'CmdOrCtrl+E'),
        separator,
        item('Settings…', 'settings', ','),
        separator,
        { role: mac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        item('Command Palette…', 'palette', 'CmdOrCtrl+K'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(developing ? [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keys', 'keys', '?'), { label: 'Tour', click: () => act('tour') }] },
  ];
}
