// Every command, experiment and recent session behind one field: Ctrl or Command and K.

import { Search } from 'lucide-react';
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components';
import type { Command } from './commands.ts';
import { keyLabel } from './commands.ts';
import { Key } from './Key.tsx';

interface CommandPaletteProps {
  readonly commands: readonly Command[];
  readonly mac: boolean;
  readonly isOpen: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const GROUPS: readonly Command['group'][] = [
  'Run',
  'Faults',
  'Server',
  'Experiments',
  'View',
  'Session',
  'Recent sessions',
];

export function CommandPalette({ commands, mac, isOpen, onOpenChange }: CommandPaletteProps) {
  const { contains } = useFilter({ sensitivity: 'base' });
  // What is looked for is seldom remembered in the order of its words.
  const matches = (title: string, typed: string): boolean =>
    typed.split(/\s+/).every((word) => contains(title, word));
  const run = (id: string): void => {
    onOpenChange(false);
    // What a command opens gives the keys back to where they were: they are there again a frame after this one is gone.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => commands.find((command) => command.id === id)?.run()),
    );
  };
  return (
    <ModalOverlay className="scrim" isDismissable isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal className="popover palette">
        <Dialog className="palette-dialog" aria-label="Find a command">
          <Autocomplete filter={matches}>
            <SearchField className="palette-field" aria-label="Command" autoFocus>
              <Search size={15} aria-hidden="true" />
              <Input placeholder="Type what you want to do" />
            </SearchField>
            <Menu
              className="menu palette-menu"
              aria-label="Commands"
              onAction={(id) => run(String(id))}
              renderEmptyState={() => (
                <p className="empty">Nothing is called that. Try “run”, “cut” or “theme”.</p>
              )}
            >
              {GROUPS.map((group) => {
                const members = commands.filter(
                  (command) => command.group === group && command.id !== 'palette',
                );
                if (members.length === 0) return null;
                return (
                  <MenuSection key={group} className="menu-section">
                    <Header>{group}</Header>
                    {members.map((command) => (
                      <MenuItem
                        key={command.id}
                        id={command.id}
                        className="menu-item"
                        textValue={command.title}
                      >
                        <span className="ellipsis">{command.title}</span>
                        {command.key === undefined ? null : <Key>{keyLabel(command.key, mac)}</Key>}
                      </MenuItem>
                    ))}
                  </MenuSection>
                );
              })}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
