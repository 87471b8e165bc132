// One row of the hex view: each run of bytes of one structure is drawn twice, in hex and as text, in its colour.

import { glyph, offsetLabel, type Span, spanAt } from './hex-rows.ts';

interface HexRowProps {
  /** Pixels from the top of the scroll area. */
  readonly top: number;
  readonly start: number;
  readonly end: number;
  readonly perRow: number;
  readonly digits: number;
  readonly spans: readonly Span[];
  /** Index of the structure that is lit; −1: none. */
  readonly lit: number;
  /** What is chosen: start inclusive, end exclusive. */
  readonly chosen?: { readonly start: number; readonly end: number } | null;
  /** Null: on its way; undefined: not kept. */
  readonly at: (position: number) => number | null | undefined;
}

interface Run {
  readonly start: number;
  /** Index of its structure; −1: none, such as the colon between name and value. */
  readonly span: number;
  readonly isChosen: boolean;
  hex: string;
  text: string;
}

export function HexRow({ top, start, end, perRow, digits, spans, lit, chosen = null, at }: HexRowProps) {
  const runs: Run[] = [];
  let isKept = true;
  for (let position = start; position < end; position++) {
    const byte = at(position);
    isKept &&= byte !== undefined;
    const span = spanAt(spans, position);
    let run = runs.at(-1);
    const isChosen = chosen !== null && position >= chosen.start && position < chosen.end;
    if (run === undefined || run.span !== span || run.isChosen !== isChosen) {
      run = { start: position, span, isChosen, hex: '', text: '' };
      runs.push(run);
    }
    run.hex +=
      typeof byte === 'number' ? `${byte.toString(16).padStart(2, '0')} ` : byte === null ? '·· ' : '   ';
    run.text += typeof byte === 'number' ? glyph(byte) : ' ';
  }
  const drawn = (of: 'hex' | 'text') =>
    runs.map((run) => (
      <span
        key={run.start}
        data-span={run.span}
        data-start={run.start}
        data-width={of === 'hex' ? 3 : 1}
        className={`${run.span === -1 ? '' : `span-${spans[run.span]!.kind}`}${run.span === lit && lit !== -1 ? ' lit' : ''}${run.isChosen ? ' chosen' : ''}`}
      >
        {run[of]}
      </span>
    ));
  return (
    <span className="hex-row" style={{ transform: `translateY(${top}px)` }}>
      <span className="hex-offset">{offsetLabel(start, digits)}</span>
      {isKept ? (
        <>
          <span className="hex-bytes" style={{ width: `${perRow * 3}ch` }}>
            {drawn('hex')}
          </span>
          <span className="hex-text">{drawn('text')}</span>
        </>
      ) : (
        <span className="hint">counted, not kept</span>
      )}
    </span>
  );
}
