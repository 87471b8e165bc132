// The messages of an exchange: WebSocket messages, server-sent events and heartbeats, in order, and the selected one in full.

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import type { Exchange } from '../../shared/model/model.ts';
import { useLaboratory, useModel, usePlayheadTime, useSelected } from '../stores/context.ts';
import { count, counted, moment } from '../timeline/format.ts';
import { isOfClient, messageName, messagesBy, messageTitle, saysSomething } from '../timeline/messages.ts';
import type { HexPlace } from './Hex.tsx';
import { useMessage } from './use-message.ts';

interface MessagesProps {
  readonly exchange: Exchange;
  readonly onHex: (place: HexPlace) => void;
}

export function Messages({ exchange, onHex }: MessagesProps) {
  const laboratory = useLaboratory();
  const { model } = useModel();
  const time = usePlayheadTime();
  const selected = useSelected();
  const { messages } = exchange;
  const shown = messagesBy(model, messages, time);
  const current = selected?.kind === 'event' ? placeOf(messages.values, shown, selected.id) : -1;
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: shown,
    getScrollElement: () => scroll.current,
    estimateSize: () => 26,
    overscan: 12,
    initialRect: { width: 360, height: 400 },
  });
  // What is selected comes into view; otherwise the newest, while the end was in view.
  const atEnd = useRef(true);
  useEffect(() => {
    if (current !== -1) list.scrollToIndex(current, { align: 'auto' });
  }, [list, current]);
  useEffect(() => {
    if (current === -1 && atEnd.current && shown > 0) list.scrollToIndex(shown - 1, { align: 'end' });
  }, [list, current, shown]);

  const select = (index: number): void => {
    if (index >= 0 && index < shown) laboratory.select({ kind: 'event', id: messages.values[index]! });
  };
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    select(Math.min(shown - 1, Math.max(0, (current === -1 ? shown : current) + by)));
  };

  return (
    <div className="messages">
      <div
        ref={scroll}
        className="message-list"
        role="listbox"
        aria-label={`Messages, ${count(shown)}`}
        tabIndex={0}
        aria-activedescendant={current === -1 ? undefined : `message-${current}`}
        onKeyDown={move}
        onScroll={({ currentTarget: box }) => {
          atEnd.current = box.scrollTop + box.clientHeight >= box.scrollHeight - 24;
        }}
      >
        <div className="story-space" role="presentation" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const row = model.events.row(messages.values[item.index]!);
            const says = saysSomething(row.code);
            return (
              <div
                key={item.key}
                id={`message-${item.index}`}
                className="message-row"
                role="option"
                aria-selected={item.index === current}
                data-tone={isOfClient(row.code) ? 'request' : 'final'}
                data-quiet={says ? undefined : ''}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
                onClick={() => select(item.index)}
              >
                <time className="mono">{moment(row.time)}</time>
                {isOfClient(row.code) ? (
                  <ArrowUp size={12} role="img" aria-label="from the client" />
                ) : (
                  <ArrowDown size={12} role="img" aria-label="from the server" />
                )}
                <span className="ellipsis mono" dir="auto">
                  {says ? row.text : `${messageName(row.code)} ${row.text}`}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {current === -1 ? (
        <p className="hint message-hint">Select a message to read all of it.</p>
      ) : (
        <Whole exchange={exchange} row={messages.values[current]!} onHex={onHex} />
      )}
    </div>
  );
}

interface WholeProps extends MessagesProps {
  readonly row: number;
}

function Whole({ exchange, row, onHex }: WholeProps) {
  const { model } = useModel();
  const { code, a, b } = model.events.row(row);
  const stream = isOfClient(code) ? 'request' : 'response';
  const read = useMessage({ connection: exchange.connection, stream, start: a, end: b, code });
  return (
    <section className="message-whole" aria-label="The selected message">
      <div className="message-bar">
        <span className="strong">{messageTitle(code)}</span>
        <span className="hint">{counted(b - a, 'byte')} on the wire</span>
        <span className="grow" />
        <Button className="button plain small" onPress={() => onHex({ stream, position: a })}>
          Show its bytes
        </Button>
      </div>
      <pre className="mono selectable" dir="auto">
        {read ?? 'Reading…'}
      </pre>
    </section>
  );
}

/** The place of a row among the first `length` of an ascending list; −1: it is not there. */
function placeOf(rows: Uint32Array, length: number, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < length && rows[low] === wanted ? low : -1;
}
