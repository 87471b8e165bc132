// The bytes of the resource: hex beside text, sixteen a row, edited in place. Only rows in view are there; the focus is
// the grid's, and the byte under the caret is its active descendant.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type ClipboardEvent, type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { assertNever } from '../../shared/capture/records.ts';
import { useLaboratory } from '../stores/context.ts';
import { ByteRow } from './ByteRow.tsx';
import { dragged, moved, PER_ROW, placed, selectionOf } from './caret.ts';
import { asHex, asText, readHex } from './clipboard.ts';
import type { Range } from './differences.ts';
import { type KeyAction, readKey } from './keys.ts';
import { erase, type Place, typeBytes, typeDigit } from './typing.ts';

const ROW_HEIGHT = 20;

interface ByteGridProps {
  readonly ranges: readonly Range[];
  /** Ctrl or Command and G: an offset is to be asked for. */
  readonly onGoTo: () => void;
}

export function ByteGrid({ ranges, onGoTo }: ByteGridProps) {
  const { patch, api } = useLaboratory();
  const { cells } = useStore(patch.store, (state) => state.history);
  const base = useStore(patch.store, (state) => state.base)!;
  const caret = useStore(patch.store, (state) => state.caret);
  const scroll = useRef<HTMLDivElement>(null);
  /** The byte on which the pointer was pressed. */
  const pressed = useRef<number | null>(null);
  const rows = Math.floor(cells.length / PER_ROW) + 1;
  const digits = cells.length > 0x1_0000 ? 6 : 4;
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: rows,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    paddingStart: 4,
    paddingEnd: 8,
  });
  const row = Math.floor(caret.at / PER_ROW);
  useEffect(() => list.scrollToIndex(row, { align: 'auto' }), [list, row]);
  useEffect(() => scroll.current?.focus({ preventScroll: true }), [base.url]);

  const place = (): Place => {
    const { history, caret } = patch.store.getState();
    return { history, caret };
  };
  const page = (): number => Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);

  const carryOut = (action: KeyAction): void => {
    const { history, caret } = place();
    const { length } = history.cells;
    switch (action.do) {
      case 'move':
        return patch.setCaret(moved(caret, action.move, length, page(), action.extend));
      case 'digit':
        return patch.type(typeDigit(place(), action.digit));
      case 'text':
        return patch.type(typeBytes(place(), new TextEncoder().encode(action.text)));
      case 'erase':
        return patch.type(erase(place(), action.key));
      case 'mode':
        return patch.switchMode();
      case 'column':
        return patch.switchColumn();
      case 'undo':
        return patch.undo();
      case 'redo':
        return patch.redo();
      case 'select-all':
        return patch.setCaret({ ...placed(caret, length, length), anchor: 0 });
      case 'go-to':
        return onGoTo();
      case 'no-digit':
        return patch.hint('Hex is typed with 0–9 and a–f. Press Enter to type text.');
      default:
        return assertNever(action);
    }
  };
  const key = (event: KeyboardEvent): void => {
    const action = readKey(event, caret.column, api.platform === 'darwin');
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    carryOut(action);
  };

  const copy = (event: ClipboardEvent, cuts: boolean): void => {
    event.preventDefault();
    const bytes = patch.copied();
    if (bytes === null) return;
    event.clipboardData.setData('text/plain', caret.column === 'hex' ? asHex(bytes) : asText(bytes));
    if (cuts) patch.type(erase(place(), 'Delete'));
  };
  const paste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const text = event.clipboardData.getData('text/plain');
    if (text === '') return;
    const bytes = caret.column === 'hex' ? readHex(text) : null;
    patch.type(typeBytes(place(), bytes ?? new TextEncoder().encode(text)));
    if (caret.column === 'hex' && bytes === null) patch.hint('That was no hex: it was pasted as text.');
  };

  const down = (event: PointerEvent): void => {
    const hit = cellUnder(event);
    if (event.button !== 0 || hit === null) return;
    const { history, caret } = place();
    const here = { ...caret, column: hit.column };
    const { length } = history.cells;
    pressed.current = event.shiftKey ? caret.anchor : hit.at;
    patch.setCaret(
      event.shiftKey ? dragged(here, caret.anchor, hit.at, length) : placed(here, hit.at, length),
    );
  };
  const drag = (event: PointerEvent): void => {
    const from = pressed.current;
    if (from === null || (event.buttons & 1) === 0) return;
    const hit = cellUnder(event);
    const { history, caret } = place();
    if (hit === null || (hit.at === from && caret.anchor === caret.at)) return;
    patch.setCaret(dragged(caret, from, hit.at, history.cells.length));
  };

  const selection = selectionOf(caret) ?? [0, 0];
  return (
    <div
      ref={scroll}
      className="byte-grid mono"
      data-mode={caret.mode}
      role="grid"
      tabIndex={0}
      aria-label={`Bytes of ${new URL(base.url).pathname}`}
      aria-rowcount={rows + 1}
      aria-colcount={1 + 2 * PER_ROW}
      aria-multiselectable
      aria-activedescendant={`byte-${caret.column}-${caret.at}`}
      onKeyDown={key}
      onCopy={(event) => copy(event, false)}
      onCut={(event) => copy(event, true)}
      onPaste={paste}
      onPointerDown={down}
      onPointerMove={drag}
      onPointerUp={() => (pressed.current = null)}
    >
      <ColumnHeads digits={digits} />
      <div role="presentation" className="byte-space" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const start = item.index * PER_ROW;
          const end = start + PER_ROW;
          return (
            <ByteRow
              key={item.key}
              top={item.start}
              start={start}
              digits={digits}
              cells={cells}
              base={base.cells}
              inRange={rangeBits(ranges, start)}
              selectedFrom={Math.min(Math.max(selection[0], start), end)}
              selectedTo={Math.min(Math.max(selection[1], start), end)}
              caret={item.index === row ? caret.at : -1}
              column={caret.column}
              half={caret.half}
            />
          );
        })}
      </div>
    </div>
  );
}

function ColumnHeads({ digits }: { readonly digits: number }) {
  const columns = Array.from({ length: PER_ROW }, (_, i) => i);
  return (
    <div role="row" aria-rowindex={1} className="byte-heads">
      <span role="columnheader" aria-colindex={1} className="byte-offset" style={{ width: `${digits}ch` }}>
        <span className="visually-hidden">Offset</span>
      </span>
      <span role="presentation" className="byte-hex">
        {columns.map((i) => (
          <span key={i} role="columnheader" aria-colindex={2 + i}>
            {i.toString(16).padStart(2, '0')}
          </span>
        ))}
      </span>
      <span role="columnheader" aria-colindex={2 + PER_ROW} className="byte-text">
        text
      </span>
    </div>
  );
}

/** Which of the sixteen bytes from `start` on are in a range, one bit each. */
function rangeBits(ranges: readonly Range[], start: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end <= start) low = middle + 1;
    else high = middle;
  }
  let bits = 0;
  for (let i = low; i < ranges.length && ranges[i]!.first < start + PER_ROW; i++) {
    const { first, end } = ranges[i]!;
    for (let at = Math.max(first, start); at < Math.min(end, start + PER_ROW); at++)
      bits |= 1 << (at - start);
  }
  return bits;
}

/** The byte under the pointer, also while another element has it captured. */
function cellUnder(event: PointerEvent): { at: number; column: 'hex' | 'text' } | null {
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-at]');
  if (under === null || under === undefined) return null;
  return { at: Number(under.dataset['at']), column: under.id.startsWith('byte-text') ? 'text' : 'hex' };
}
