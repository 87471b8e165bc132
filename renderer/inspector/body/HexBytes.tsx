// Bytes that are content, in hex and as text, counted from the content's first byte. Virtual; draws, reads nothing.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import { counted } from '../../timeline/format.ts';
import { bytesPerRow, offsetDigits, ROW_HEIGHT, windowAt } from '../hex-rows.ts';
import { HexRow } from '../HexRow.tsx';

interface HexBytesProps {
  readonly bytes: Uint8Array;
  readonly label: string;
  /** What its first byte is called: the offset of a range. */
  readonly origin: number;
}

export function HexBytes({ bytes, label, origin }: HexBytesProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(372);
  const digits = offsetDigits(origin + bytes.length);
  const perRow = bytesPerRow(width, digits);
  // A scroll area has an end: what lies behind it is in the Hex tab, which has windows.
  const { end } = windowAt(0, bytes.length, perRow);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: Math.ceil(end / perRow),
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 6,
    initialRect: { width: 372, height: 300 },
  });
  useLayoutEffect(() => {
    const box = scroll.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={scroll} className="hex-rows mono" role="region" aria-label={label} tabIndex={0}>
      <div className="hex-space" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const start = item.index * perRow;
          return (
            <HexRow
              key={item.key}
              top={item.start}
              start={origin + start}
              end={origin + Math.min(start + perRow, end)}
              perRow={perRow}
              digits={digits}
              spans={[]}
              lit={-1}
              at={(position) => bytes[position - origin]}
            />
          );
        })}
      </div>
      {end < bytes.length ? (
        <p className="hint body-note">{counted(bytes.length - end, 'byte')} more are in the Hex tab.</p>
      ) : null}
    </div>
  );
}
