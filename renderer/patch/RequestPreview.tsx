// The requests exactly as they go out: heads as lines, bytes as hex beside text, binary framing with its meaning.

import { useVirtualizer } from '@tanstack/react-virtual';
import { CornerDownLeft } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { assertNever } from '../../shared/capture/records.ts';
import { glyph, offsetLabel } from '../inspector/hex-rows.ts';
import type { Cells } from './cells.ts';
import type { Base, Plan, Settings } from './forms.ts';
import { makePreview, type PreviewRow } from './preview.ts';

const ROW_HEIGHT = 18;
/** Pixels from which on sixteen bytes and their text fit a row. */
const WIDE = 540;

interface RequestPreviewProps {
  readonly plan: Plan;
  readonly base: Base;
  readonly cells: Cells;
  readonly settings: Settings;
}

export function RequestPreview({ plan, base, cells, settings }: RequestPreviewProps) {
  const scroll = useRef<HTMLDivElement>(null);
  const [perRow, setPerRow] = useState<8 | 16>(16);
  useLayoutEffect(() => {
    const box = scroll.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(() => setPerRow(box.clientWidth >= WIDE ? 16 : 8));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const preview = useMemo(
    () => makePreview(plan, base, cells, settings, perRow),
    [plan, base, cells, settings, perRow],
  );
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: preview.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    paddingStart: 8,
    paddingEnd: 10,
  });
  return (
    <div ref={scroll} className="preview mono" role="region" aria-label="Request as it is sent" tabIndex={0}>
      {plan.refusal === null ? (
        <div className="preview-space" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => (
            <div key={item.key} className="preview-row" style={{ transform: `translateY(${item.start}px)` }}>
              <Row row={preview.row(item.index)} perRow={perRow} />
            </div>
          ))}
        </div>
      ) : (
        <p className="empty">{plan.refusal}</p>
      )}
    </div>
  );
}

function Row({ row, perRow }: { readonly row: PreviewRow; readonly perRow: number }) {
  switch (row.kind) {
    case 'request':
      return (
        <span className="preview-request">
          Request {row.index + 1} of {row.of}
        </span>
      );
    case 'line':
      return (
        <>
          <HeadLine text={row.text} />
          {row.ends ? <CornerDownLeft className="crlf" size={10} role="img" aria-label="CRLF" /> : null}
        </>
      );
    case 'later':
      return (
        <span className="preview-text">
          <span className="span-field-name">{row.name}</span>: <em className="later">{row.says}</em>
        </span>
      );
    case 'bytes':
      return <Bytes at={row.at} bytes={row.bytes} columns={row.columns} says={null} tone="content" />;
    case 'annotated':
      return <Bytes at={row.at} bytes={row.bytes} columns={perRow} says={row.says} tone={row.tone} />;
    default:
      return assertNever(row);
  }
}

/** A start line, a field with its name apart, or a boundary. */
function HeadLine({ text }: { readonly text: string }) {
  const field = /^([!#$%&'*+.^_`|~\w-]+): ?(.*)$/.exec(text);
  if (field !== null)
    return (
      <span className="preview-text">
        <span className="span-field-name">{field[1]}</span>: {field[2]}
      </span>
    );
  const start = /^([A-Z]+) (\S+) (HTTP\/1\.1)$/.exec(text);
  if (start !== null)
    return (
      <span className="preview-text">
        <b className="span-method">{start[1]}</b> <span className="span-target">{start[2]}</span>{' '}
        <span className="span-version">{start[3]}</span>
      </span>
    );
  return <span className="preview-text span-version">{text}</span>;
}

interface BytesProps {
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Room for so many bytes. */
  readonly columns: number;
  /** Null: the bytes stand beside as text. */
  readonly says: string | null;
  readonly tone: string;
}

function Bytes({ at, bytes, columns, says, tone }: BytesProps) {
  return (
    <>
      <span className="hex-offset">{offsetLabel(at, 4)}</span>
      <span className={`preview-bytes tone-${tone}`} style={{ width: `${columns * 3}ch` }}>
        {Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}
      </span>
      <span className={says === null ? 'preview-glyphs' : 'preview-says'}>
        {says ?? Array.from(bytes, glyph).join('')}
      </span>
    </>
  );
}
