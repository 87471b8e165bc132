// The timeline as a table: the same rows and events for whoever reads rather than looks. Only the rows in view exist in
// the page, whatever the session's length.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Uint32List } from '../../shared/model/growable.ts';
import { BarKind, type Exchange, type Model } from '../../shared/model/model.ts';
import { contentBytes } from './bars.ts';
import { closingWords, faultWords } from './cuts.ts';
import { count, moment } from './format.ts';
import { remarkWords } from './remarks.ts';
import { interimWords, resumedWords } from './heard.ts';
import { messagesBy } from './messages.ts';
import type { Selection } from './types.ts';

const ROW = 26;

export interface TimelineTableProps {
  readonly model: Model;
  /** Grows with every fold: the reason to render again. */
  readonly revision: number;
  readonly playhead: number;
  readonly selection: Selection | null;
  /** Exchanges that match are listed; null: all. */
  readonly filter: Matcher | null;
  readonly onSelect: (selection: Selection) => void;
}

export function TimelineTable(props: TimelineTableProps): React.JSX.Element {
  const { model, playhead, selection, filter, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  // Exchanges are numbered in the order in which they began.
  const matching = filter?.list() ?? null;
  const shown = exchangesBy(model, playhead, matching);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by hand
  const rows = useVirtualizer({
    count: shown,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialRect: { width: 800, height: 400 },
  });
  const items = rows.getVirtualItems();
  const hasRemarks = model.remarks.size > 0;
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div
      className="timeline-table"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Timeline as a table"
    >
      <table aria-rowcount={shown + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Connection</th>
            <th scope="col">Request</th>
            <th scope="col">Began</th>
            <th scope="col">Sent</th>
            <th scope="col">Read</th>
            <th scope="col">Interim</th>
            <th scope="col">Messages</th>
            <th scope="col">Final</th>
            <th scope="col">Ended</th>
            <th scope="col">What broke it</th>
            <th scope="col">Goes on from</th>
            {hasRemarks ? <th scope="col">Your notes</th> : null}
          </tr>
        </thead>
        <tbody>
          <tr style={{ height: before }} aria-hidden="true" />
          {items.map((item) => {
            const exchange = model.exchanges[matching === null ? item.index : matching.values[item.index]!]!;
            const selected = selection?.kind === 'exchange' && selection.id === exchange.id;
            return (
              <tr
                key={exchange.id}
                aria-rowindex={item.index + 2}
                aria-selected={selected}
                onClick={() => onSelect({ kind: 'exchange', id: exchange.id })}
              >
                {cells(model, exchange, playhead).map((cell, column) =>
                  column === 1 ? (
                    <th scope="row" key="request">
                      <button type="button" onClick={() => onSelect({ kind: 'exchange', id: exchange.id })}>
                        {cell}
                      </button>
                    </th>
                  ) : (
                    // The columns never move.
                    // oxlint-disable-next-line react/no-array-index-key
                    <td key={column}>{cell}</td>
                  ),
                )}
              </tr>
            );
          })}
          <tr style={{ height: after }} aria-hidden="true" />
        </tbody>
      </table>
      {shown === 0 && (
        <p>{filter === null ? 'No exchange so far.' : 'No exchange matches the filter so far.'}</p>
      )}
    </div>
  );
}

/** How many exchanges, of these or of all, had begun by `time`. */
function exchangesBy(model: Model, time: number, of: Uint32List | null): number {
  let low = 0;
  let high = of?.length ?? model.exchanges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (model.exchanges[of?.values[middle] ?? middle]!.startedAt <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cells(model: Model, exchange: Exchange, time: number): string[] {
  const bytes = (kind: BarKind): string => {
    const bar = exchange.bars[kind]!;
    return bar < 0 || model.bars.start[bar]! > time
      ? ''
      : count(contentBytes({ model, time }, exchange, bar, kind));
  };
  const status =
    exchange.status !== null && exchange.statusAt <= time ? `${exchange.status} ${exchange.reason}` : '';
  const counted = messagesBy(model, exchange.messages, time);
  return [
    String(exchange.connection),
    `${exchange.method} ${exchange.target}`,
    moment(exchange.startedAt),
    bytes(BarKind.requestSent),
    bytes(BarKind.requestReceived),
    interimWords(model, exchange, time),
    counted === 0 ? '' : count(counted),
    status,
    endedWords(model, exchange, time),
    broken(model, exchange, time),
    resumedWords(model, exchange),
    ...(model.remarks.size > 0 ? [remarkWords(model, exchange, time)] : []),
  ];
}

/** When nothing more came of it: its own end, or that of its connection. */
function endedWords(model: Model, exchange: Exchange, time: number): string {
  const closed = model.connections[exchange.connection - 1]?.closed;
  const at = Math.min(exchange.endedAt, closed?.at ?? Infinity);
  return at !== Infinity && at <= time ? moment(at) : '';
}

function broken(model: Model, exchange: Exchange, time: number): string {
  const connection = model.connections[exchange.connection - 1];
  if (connection === undefined || exchange.complete) return '';
  const { columns } = model.events;
  const words: string[] = [];
  for (let place = 0; place < connection.faults.length; place++) {
    const event = connection.faults.values[place]!;
    if (columns.exchange[event] === exchange.id && columns.time[event]! <= time)
      words.push(faultWords(columns.code[event]!, model.events.row(event).text));
  }
  const ended =
    connection.closed !== null && connection.closed.at <= time && connection.exchanges.at(-1) === exchange.id;
  const closing = ended ? closingWords(connection, false) : '';
  if (closing !== '') words.push(closing);
  return words.join(', ');
}
