// One row of the hex view. Each byte is drawn twice, in hex and as text, in the colour of its structure.

import { glyph, offsetLabel, type Span, spanAt } from './hex-rows.ts';

interface HexRowProps {
  /** Pixels from the top of the scroll area. */
  readonly top: number;
  readonly start: number;
  readonly end: number;
  readonly perRow: number;
  readonly digits: number;
  readonly spans: readonly Span[];
  /** Bytes that are lit; −1: none. */
  readonly litFrom: number;
  readonly litTo: number;
  /** Null: on its way; undefined: not kept. */
  readonly at: (position: number) => number | null | undefined;
}

export function HexRow({ top, start, end, perRow, digits, spans, litFrom, litTo, at }: HexRowProps) {
  const hex: React.JSX.Element[] = [];
  const text: React.JSX.Element[] = [];
  let isKept = true;
  for (let position = start; position < end; position++) {
    const byte = at(position);
    isKept &&= byte !== undefined;
    const span = spans[spanAt(spans, position)];
    const lit = position >= litFrom && position < litTo;
    const kind = `byte${span === undefined ? '' : ` span-${span.kind}`}${lit ? ' lit' : ''}`;
    hex.push(
      <span key={position} data-at={position} className={kind}>
        {typeof byte === 'number' ? byte.toString(16).padStart(2, '0') : byte === null ? '··' : '  '}
      </span>,
    );
    text.push(
      <span key={position} data-at={position} className={kind}>
        {typeof byte === 'number' ? glyph(byte) : ' '}
      </span>,
    );
  }
  return (
    <div className="hex-row" style={{ transform: `translateY(${top}px)` }}>
      <span className="hex-offset">{offsetLabel(start, digits)}</span>
      {isKept ? (
        <>
          <span className="hex-bytes" style={{ width: `${perRow * 3}ch` }}>
            {hex}
          </span>
          <span className="hex-text">{text}</span>
        </>
      ) : (
        <span className="hint">counted, not kept</span>
      )}
    </div>
  );
}
