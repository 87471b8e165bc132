// Where a message of an exchange ends, also in a session that stops in the middle of it.
// It must never tell of bytes that nobody sent.

import type { Stream } from '../capture/records.ts';
import { BarKind, type Exchange, type Model } from '../model/model.ts';

/**
 * Absolute position behind the last byte of a request or final response. Where the records never tell its end (the
 * process was killed, the disk was full), that is how far it had come. NaN while its head is not known.
 */
export function messageEnd({ bars, connections }: Model, exchange: Exchange, stream: Stream): number {
  const [headEnd, end] =
    stream === 'request'
      ? [exchange.requestHeadEnd, exchange.requestEnd]
      : [exchange.responseHeadEnd, exchange.responseEnd];
  if (Number.isNaN(headEnd) || !Number.isNaN(end)) return end;
  const sent = exchange.bars[stream === 'request' ? BarKind.requestSent : BarKind.responseSent]!;
  const received = exchange.bars[stream === 'request' ? BarKind.requestReceived : BarKind.responseReceived]!;
  let bar = received;
  // The client's word counts, as it does for the ends in the records.
  if (stream === 'request') bar = sent === -1 ? received : sent;
  else if (connections[exchange.connection - 1]?.client === false) bar = sent;
  return bar === -1 ? headEnd : Math.max(headEnd, bars.to[bar]!);
}
