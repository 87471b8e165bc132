// Below the bytes: what the caret stands on or what the last edit did, how keys write, and where to go.

import type { Ref } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { counted } from '../timeline/format.ts';
import { GoTo } from '../ui/GoTo.tsx';
import { Hint } from '../ui/Hint.tsx';
import { Key } from '../ui/Key.tsx';
import { selectionOf } from './caret.ts';
import { offsetName } from './cells.ts';
import { cellName } from './ByteRow.tsx';
import { asHex, asText } from './clipboard.ts';
import { focusBytes } from './focus.ts';

export function EditBar({ goTo }: { readonly goTo: Ref<HTMLInputElement> }) {
  const { patch } = useLaboratory();
  const caret = useStore(patch.store, (state) => state.caret);
  const { cells } = useStore(patch.store, (state) => state.history);
  const base = useStore(patch.store, (state) => state.base)!;
  const told = useStore(patch.store, (state) => state.told);
  const range = selectionOf(caret);
  const here =
    range === null
      ? cellName(caret.at, cells[caret.at], base.cells[caret.at], 'hex').replace(
          `offset ${caret.at}`,
          `offset ${offsetName(caret.at)}`,
        )
      : `${counted(range[1] - range[0], 'byte')} selected, from ${offsetName(range[0])}`;
  return (
    <div className="edit-bar">
      <span
        className="grow edit-told"
        data-told={told !== '' || undefined}
        title={told === '' ? undefined : told}
      >
        {told === '' ? here : told}
      </span>
      <CopyMenu />
      <Hint text="Whether keys type hex or text (Enter)">
        <Button
          className="button plain small"
          aria-label={`Keys type ${caret.column === 'hex' ? 'hex' : 'text'}`}
          onPress={() => patch.switchColumn()}
        >
          {caret.column === 'hex' ? 'Hex' : 'Text'}
          <Key>⏎</Key>
        </Button>
      </Hint>
      <Hint
        text={
          caret.mode === 'insert'
            ? 'Bytes are inserted and what follows moves (Insert)'
            : 'Bytes are overwritten; at the end they are appended (Insert)'
        }
      >
        <Button className="button plain small" onPress={() => patch.switchMode()}>
          {caret.mode === 'insert' ? 'Insert' : 'Overwrite'}
          <Key>Ins</Key>
        </Button>
      </Hint>
      <GoTo
        what="offset"
        input={goTo}
        onGo={(position) => {
          patch.goTo(position);
          focusBytes();
        }}
      />
    </div>
  );
}

function CopyMenu() {
  const { patch, notices } = useLaboratory();
  const copy = (as: 'hex' | 'text'): void => {
    const bytes = patch.copied();
    if (bytes === null) return;
    navigator.clipboard
      .writeText(as === 'hex' ? asHex(bytes) : asText(bytes))
      .catch(() => notices.tell('info', 'This page may not write to the clipboard: press Ctrl or ⌘ and C.'));
  };
  return (
    <MenuTrigger>
      <Button className="button plain small copy">Copy</Button>
      <Popover className="popover">
        <Menu className="menu" aria-label="Copy" onAction={(as) => copy(as === 'hex' ? 'hex' : 'text')}>
          <MenuItem id="hex" className="menu-item">
            As hex
          </MenuItem>
          <MenuItem id="text" className="menu-item">
            As text
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
