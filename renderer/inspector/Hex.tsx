// The bytes of a stream, as they went over the wire: offset, hex, text. Virtual, paged, so that its length does not
// matter. Hovering a structure lights its bytes, hovering a byte lights its structure.

import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Stream } from '../../shared/capture/records.ts';
import type { Exchange } from '../../shared/model/model.ts';
import { bytesText, copyText } from '../copy/copy.ts';
import { CopyRange } from '../copy/CopyRange.tsx';
import { type Chosen, useChosen } from '../copy/use-chosen.ts';
import { useLaboratory, useModel, usePlayheadTime } from '../stores/context.ts';
import { count, counted } from '../timeline/format.ts';
import { GoTo } from '../ui/GoTo.tsx';
import { Joined } from '../ui/Joined.tsx';
import { HexRow } from './HexRow.tsx';
import { bytesPerRow, offsetDigits, ROW_HEIGHT, type Span, windowAt } from './hex-rows.ts';
import { partsOf, streamLength } from './message.ts';
import { createPages } from './pages.ts';
import { Structures } from './Structures.tsx';
import { useExplained } from './use-explained.ts';

/** What the hex view should show: set from elsewhere, such as the message view. */
export interface HexPlace {
  readonly stream: Stream;
  readonly position: number;
}

interface HexProps {
  readonly exchange: Exchange | null;
  readonly place: HexPlace;
  readonly onPlace: (place: HexPlace) => void;
}

const STREAMS: readonly Stream[] = ['request', 'response'];

export function Hex({ exchange, place, onPlace }: HexProps) {
  const laboratory = useLaboratory();
  const { api } = laboratory;
  const { model } = useModel();
  const time = usePlayheadTime();
  const [, redraw] = useState(0);
  const pages = useMemo(
    () =>
      createPages(
        (connection, stream, start, end) => api.commands.bytes({ connection, stream, start, end }),
        () => redraw((times) => times + 1),
      ),
    // Another model is another session: its pages are others.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [api, model],
  );
  const scroll = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(372);
  const [lit, setLit] = useState(-1);
  const { chosen, clear, down, move } = useChosen(`${exchange?.connection} ${place.stream}`);
  const isEmpty = exchange === null;
  const connection = exchange?.connection ?? 0;
  const length = exchange === null ? 0 : streamLength(model, connection, place.stream);
  const digits = offsetDigits(length);
  const perRow = bytesPerRow(width, digits);
  const shown = windowAt(place.position, length, perRow);
  const rows = Math.ceil((shown.end - shown.start) / perRow);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: rows,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    paddingStart: 6,
    paddingEnd: 6,
  });

  useLayoutEffect(() => {
    const box = scroll.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(box.clientWidth));
    observer.observe(box);
    return () => observer.disconnect();
  }, [isEmpty]);

  useEffect(() => {
    list.scrollToIndex(Math.max(0, Math.floor((place.position - shown.start) / perRow)), { align: 'start' });
  }, [list, place, shown.start, perRow]);

  const spans = useSpans(exchange, place.stream, time);
  if (exchange === null)
    return <div className="empty">Select a request or a response in the timeline to see its bytes.</div>;
  const span: Span | undefined = spans[lit];
  const parts = partsOf(model, exchange, time).filter(({ stream }) => stream === place.stream);
  const part = parts.findLast(({ start }) => start <= place.position) ?? parts[0];
  const offered = {
    start: part?.start ?? 0,
    end: part === undefined ? length : Math.max(part.headEnd, Number.isNaN(part.end) ? 0 : part.end),
  };
  const copyChosen = (range: Chosen): void => {
    const text = bytesText(api, { connection, stream: place.stream, ...range }, 'hex');
    void copyText(laboratory, text, 'The bytes were copied as hex.');
  };

  const over = ({ target }: PointerEvent): void => {
    const index = target instanceof HTMLElement ? target.dataset['span'] : undefined;
    setLit(index === undefined ? -1 : Number(index));
  };

  return (
    <div className="hex">
      <div className="hex-bar">
        <Joined
          label="Stream"
          of={STREAMS}
          chosen={place.stream}
          onChoose={(stream) => {
            const part = partsOf(model, exchange, time).find((one) => one.stream === stream);
            onPlace({ stream, position: part?.start ?? 0 });
          }}
          name={(stream) => (stream === 'request' ? 'Request' : 'Response')}
        />
        {shown.count > 1 ? (
          <Windows
            index={shown.index}
            count={shown.count}
            onGo={(index) => onPlace({ stream: place.stream, position: index * shown.size })}
          />
        ) : null}
        <GoTo
          what="byte"
          onGo={(position) =>
            onPlace({ stream: place.stream, position: Math.min(position, Math.max(0, length - 1)) })
          }
        />
        <CopyRange connection={connection} stream={place.stream} length={length} chosen={chosen ?? offered} />
      </div>
      <Structures
        spans={spans}
        lit={lit}
        onLight={setLit}
        onGo={(position) => onPlace({ stream: place.stream, position })}
      />
      <div
        ref={scroll}
        className="hex-rows choosable mono"
        role="region"
        aria-label="Bytes"
        tabIndex={0}
        onPointerDown={down}
        onPointerMove={(event) => {
          over(event);
          move(event);
        }}
        onPointerLeave={() => setLit(-1)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') clear();
        }}
        onCopy={(event) => {
          if (chosen === null) return;
          event.preventDefault();
          copyChosen(chosen);
        }}
      >
        {length === 0 ? (
          <div className="empty">Nothing has gone this way on this connection.</div>
        ) : (
          <div className="hex-space" style={{ height: list.getTotalSize() }}>
            {list.getVirtualItems().map((item) => {
              const start = shown.start + item.index * perRow;
              return (
                <HexRow
                  key={item.key}
                  top={item.start}
                  start={start}
                  end={Math.min(start + perRow, shown.end)}
                  perRow={perRow}
                  digits={digits}
                  spans={spans}
                  lit={lit}
                  chosen={chosen}
                  at={(position) => pages.at(connection, place.stream, position, length)}
                />
              );
            })}
          </div>
        )}
      </div>
      <p className="hex-foot hint">
        <span className="grow ellipsis">
          {span === undefined
            ? 'Point at a byte or a structure.'
            : `${span.kind.replaceAll('-', ' ')}, bytes ${count(span.start)} to ${count(span.end - 1)}`}
        </span>
        <span>
          {chosen === null
            ? `connection ${connection}, ${count(length)} bytes`
            : `${counted(chosen.end - chosen.start, 'byte')} chosen, from ${count(chosen.start)}`}
        </span>
      </p>
    </div>
  );
}

/** Spans of the selected exchange in one stream, in positions of the stream. */
function useSpans(exchange: Exchange | null, stream: Stream, time: number): readonly Span[] {
  const { model } = useModel();
  const parts =
    exchange === null ? [] : partsOf(model, exchange, time).filter((part) => part.stream === stream);
  const first = parts[0];
  const last = parts.at(-1);
  const explained = useExplained(
    exchange === null || first === undefined || last === undefined
      ? null
      : {
          connection: exchange.connection,
          stream,
          start: first.start,
          end: Number.isNaN(last.end) ? last.headEnd : Math.max(last.end, last.headEnd),
          method: exchange.method,
          settled: exchange.endedAt !== Infinity,
        },
  );
  return useMemo(
    () =>
      explained === null
        ? []
        : explained.spans.map(({ kind, start, end, text }) => ({
            kind,
            start: start + explained.start,
            end: end + explained.start,
            text,
          })),
    [explained],
  );
}

interface WindowsProps {
  readonly index: number;
  readonly count: number;
  readonly onGo: (index: number) => void;
}

/** A stream too long for one scroll area is shown in windows. */
function Windows({ index, count, onGo }: WindowsProps) {
  return (
    <span className="hex-windows">
      <Button
        className="button plain icon small"
        aria-label="Previous window"
        isDisabled={index === 0}
        onPress={() => onGo(index - 1)}
      >
        <ChevronLeft size={13} aria-hidden="true" />
      </Button>
      <span className="hint">
        {index + 1} of {count}
      </span>
      <Button
        className="button plain icon small"
        aria-label="Next window"
        isDisabled={index === count - 1}
        onPress={() => onGo(index + 1)}
      >
        <ChevronRight size={13} aria-hidden="true" />
      </Button>
    </span>
  );
}
