// The bar at the top: whose session, run and stop, faults, and what concerns the whole window.

import { CircleStop, Keyboard, Monitor, Moon, Play, Search, Square, Sun } from 'lucide-react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { FaultControls } from '../faults/FaultControls.tsx';
import { useEngine, useLaboratory } from '../stores/context.ts';
import type { Theme } from '../stores/preferences.ts';
import type { Command } from './commands.ts';
import { keyLabel } from './commands.ts';
import { Hint } from './Hint.tsx';
import { Key } from './Key.tsx';
import { Logo } from './Logo.tsx';

interface TopBarProps {
  readonly commands: readonly Command[];
  readonly onPalette: () => void;
  readonly onKeys: () => void;
  readonly onTheme: () => void;
}

export function TopBar({ commands, onPalette, onKeys, onTheme }: TopBarProps) {
  const { api, desk } = useLaboratory();
  const isSending = useStore(desk.store, (state) => state.busy === 'sending');
  const running = useEngine((state) => state.run.state === 'running') || isSending;
  const ready = useEngine((state) => state.ready && state.link === 'connected');
  const call = (id: string): void => commands.find((command) => command.id === id)?.run();
  const mac = api.platform === 'darwin';
  return (
    <header className="top-bar">
      <div className="brand">
        <Logo />
        <h1>Interim</h1>
      </div>
      <SessionMenu commands={commands} mac={mac} />
      <span className="rule" />
      <div className="toolbar-group" role="group" aria-label="Run">
        <Hint text="Runs the chosen experiment (R)">
          <Button className="button primary" isDisabled={!ready || running} onPress={() => call('run')}>
            <Play size={13} fill="currentColor" aria-hidden="true" />
            Run
          </Button>
        </Hint>
        <Hint text="Ends the running experiment and what it has open">
          <Button className="button" isDisabled={!running} onPress={() => call('stop')}>
            {running ? (
              <CircleStop size={14} aria-hidden="true" />
            ) : (
              <Square size={11} fill="currentColor" aria-hidden="true" />
            )}
            Stop
          </Button>
        </Hint>
      </div>
      <span className="rule" />
      <FaultControls />
      <span className="grow" />
      <Button className="button palette-button" onPress={onPalette}>
        <Search size={13} aria-hidden="true" />
        <span className="palette-words">Find a command</span>
        <Key>{keyLabel('Mod+K', mac)}</Key>
      </Button>
      <ThemeButton onTheme={onTheme} />
      <Hint text="All keys (?)">
        <Button className="button plain icon" aria-label="Show all keys" onPress={onKeys}>
          <Keyboard size={16} aria-hidden="true" />
        </Button>
      </Hint>
    </header>
  );
}

const SESSION_ITEMS = ['new', 'open', 'save', 'export', 'again', 'compare'];

function SessionMenu({ commands, mac }: { readonly commands: readonly Command[]; readonly mac: boolean }) {
  const name = useEngine((state) => state.session.name);
  const unsaved = useEngine((state) => !state.session.saved && state.session.records > 0);
  const find = (id: string): Command | undefined => commands.find((command) => command.id === id);
  const items = (ids: readonly string[]) =>
    ids.map((id) => {
      const command = find(id);
      if (command === undefined) return null;
      return (
        <MenuItem key={id} id={id} className="menu-item" textValue={command.title}>
          {command.title}
          {command.key === undefined ? null : <Key>{keyLabel(command.key, mac)}</Key>}
        </MenuItem>
      );
    });
  return (
    <MenuTrigger>
      <Button className="button session-button" aria-label={`Session ${name}${unsaved ? ', not saved' : ''}`}>
        <span className="ellipsis" title={name}>
          {name === '' ? 'No session' : name}
        </span>
        {unsaved ? <span className="dot" data-tone="cut" /> : null}
      </Button>
      <Popover className="popover" offset={4}>
        <Menu className="menu" aria-label="Session" onAction={(id) => find(String(id))?.run()}>
          <MenuSection className="menu-section">
            <Header>Session</Header>
            {items(SESSION_ITEMS)}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

const THEME_NAMES: Record<Theme, string> = { system: 'as the system', dark: 'dark', light: 'light' };

function ThemeButton({ onTheme }: { readonly onTheme: () => void }) {
  const { preferences } = useLaboratory();
  const theme = useStore(preferences.store, (state) => state.theme);
  const label = `Theme: ${THEME_NAMES[theme]}`;
  return (
    <Hint text={label}>
      <Button className="button plain icon" aria-label={label} onPress={onTheme}>
        {theme === 'dark' ? (
          <Moon size={16} />
        ) : theme === 'light' ? (
          <Sun size={16} />
        ) : (
          <Monitor size={16} />
        )}
      </Button>
    </Hint>
  );
}
