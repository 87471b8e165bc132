// The structures that the bytes of a message are made of, as a list beside the hex view.

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { count } from '../timeline/format.ts';
import type { Span } from './hex-rows.ts';

interface StructuresProps {
  readonly spans: readonly Span[];
  /** Index of the structure that is lit; −1: none. */
  readonly lit: number;
  readonly onLight: (index: number) => void;
  readonly onGo: (position: number) => void;
}

const ROW = 20;

export function Structures({ spans, lit, onLight, onGo }: StructuresProps) {
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: spans.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const pointed = useRef(false);
  useEffect(() => {
    // What is lit from the bytes comes into view; what is pointed at here is in view already.
    if (lit !== -1 && !pointed.current) list.scrollToIndex(lit, { align: 'auto' });
  }, [list, lit]);
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      onLight(Math.min(spans.length - 1, Math.max(0, lit + by)));
    } else if (event.key === 'Enter' && spans[lit] !== undefined) onGo(spans[lit].start);
  };
  if (spans.length === 0) return null;
  return (
    <div
      ref={scroll}
      className="structures"
      role="listbox"
      aria-label="Structures"
      tabIndex={0}
      aria-activedescendant={lit === -1 ? undefined : `structure-${lit}`}
      onKeyDown={move}
      onPointerEnter={() => {
        pointed.current = true;
      }}
      onPointerLeave={() => {
        pointed.current = false;
        onLight(-1);
      }}
    >
      <div className="hex-space" role="presentation" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const span = spans[item.index]!;
          return (
            <div
              key={item.key}
              id={`structure-${item.index}`}
              className={`structure${item.index === lit ? ' lit' : ''}`}
              role="option"
              aria-selected={item.index === lit}
              style={{ transform: `translateY(${item.start}px)` }}
              onPointerMove={() => onLight(item.index)}
              onClick={() => onGo(span.start)}
            >
              <span className="structure-kind">{span.kind.replaceAll('-', ' ')}</span>
              <span className={`mono ellipsis grow span-${span.kind}`}>
                {span.text ?? `${count(span.end - span.start)} bytes`}
              </span>
              <span className="hint mono">{count(span.start)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
