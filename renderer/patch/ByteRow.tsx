// One row of the byte grid: its offset, sixteen bytes in hex, and the same as text. Renders again only for what changed
// in it. Must never keep a byte of its own.

import { memo } from 'react';
import { glyph, offsetLabel } from '../inspector/hex-rows.ts';
import { PER_ROW } from './caret.ts';
import { type Cells, MISSING } from './cells.ts';

interface ByteRowProps {
  /** Pixels from the top of the scroll area. */
  readonly top: number;
  readonly start: number;
  readonly digits: number;
  readonly cells: Cells;
  /** What the server has; where it differs, a byte is changed. */
  readonly base: Cells;
  /** Bytes of this row that are in a range to be sent, one bit a byte. */
  readonly inRange: number;
  /** Selected bytes of this row; equal: none. */
  readonly selectedFrom: number;
  readonly selectedTo: number;
  /** Where the caret stands in this row; −1: elsewhere. */
  readonly caret: number;
  readonly column: 'hex' | 'text';
  readonly half: 0 | 1;
}

export const ByteRow = memo(function ByteRow(props: ByteRowProps) {
  const { top, start, digits, cells, caret } = props;
  const places: number[] = [];
  const end = Math.min(start + PER_ROW, cells.length);
  for (let at = start; at < end; at++) places.push(at);
  // Behind the last byte there is a place to append at.
  if (end === cells.length && end < start + PER_ROW) places.push(end);
  return (
    <div
      role="row"
      aria-rowindex={start / PER_ROW + 2}
      className="byte-row"
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="rowheader" aria-colindex={1} className="byte-offset">
        {offsetLabel(start, digits)}
      </span>
      <span role="presentation" className="byte-hex">
        {places.map((at) => (
          <Cell key={at} {...props} at={at} column="hex" isCaret={at === caret} active={props.column} />
        ))}
      </span>
      <span role="presentation" className="byte-text">
        {places.map((at) => (
          <Cell key={at} {...props} at={at} column="text" isCaret={at === caret} active={props.column} />
        ))}
      </span>
    </div>
  );
});

interface CellProps extends ByteRowProps {
  readonly at: number;
  readonly isCaret: boolean;
  readonly active: 'hex' | 'text';
}

function Cell({
  at,
  start,
  cells,
  base,
  inRange,
  selectedFrom,
  selectedTo,
  column,
  isCaret,
  active,
  half,
}: CellProps) {
  const byte = cells[at];
  const isChanged = byte !== undefined && byte !== MISSING && byte !== base[at];
  const isActive = isCaret && active === column;
  return (
    <span
      role="gridcell"
      id={`byte-${column}-${at}`}
      data-at={at}
      aria-colindex={at - start + (column === 'hex' ? 2 : 2 + PER_ROW)}
      aria-selected={at >= selectedFrom && at < selectedTo}
      aria-label={isActive ? cellName(at, byte, base[at], column) : undefined}
      data-changed={isChanged || undefined}
      data-missing={byte === MISSING || undefined}
      data-in-range={((inRange >>> (at - start)) & 1) === 1 || undefined}
      data-caret={isCaret ? (isActive ? `on-${half}` : 'beside') : undefined}
    >
      {shown(byte, column)}
    </span>
  );
}

function shown(byte: number | undefined, column: 'hex' | 'text'): string {
  if (byte === undefined) return column === 'hex' ? '  ' : ' ';
  if (byte === MISSING) return column === 'hex' ? '··' : ' ';
  return column === 'hex' ? hex(byte) : glyph(byte);
}

/** `offset 496, 4a, J, was 00`: what a screen reader says of the byte under the caret. */
export function cellName(
  at: number,
  byte: number | undefined,
  before: number | undefined,
  column: 'hex' | 'text',
): string {
  if (byte === undefined) return `offset ${at}, the end`;
  const value = byte === MISSING ? 'missing' : column === 'hex' ? hex(byte) : textName(byte);
  const was =
    byte === before || byte === MISSING
      ? ''
      : before === undefined
        ? ', new'
        : before === MISSING
          ? ', was missing'
          : `, was ${hex(before)}`;
  return `offset ${at}, ${value}${was}`;
}

function textName(byte: number): string {
  return byte === 0x20 ? 'space' : byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex(byte);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
