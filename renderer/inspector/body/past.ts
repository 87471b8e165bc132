// How far a message had come at the time that the playhead shows. A look-up in what was derived; pure.

import { BarKind, type Exchange, type Model } from '../../../shared/model/model.ts';
import type { Part } from '../message.ts';

export interface PartAt {
  readonly part: Part;
  /** Nothing more came of it after that time, as far as is known. */
  readonly over: boolean;
}

/** @param time nanoseconds; Infinity: now */
export function partAt(model: Model, exchange: Exchange, part: Part, time: number): PartAt {
  const kinds =
    part.stream === 'request'
      ? [BarKind.requestSent, BarKind.requestReceived]
      : [BarKind.responseSent, BarKind.responseReceived];
  const bars = kinds.map((kind) => exchange.bars[kind]!).filter((bar) => bar !== -1);
  const isLater = bars.some((bar) => model.bars.end[bar]! > time);
  if (time === Infinity || !isLater) {
    const closedAt = model.connections[exchange.connection - 1]?.closed?.at ?? Infinity;
    const endedAt = Math.min(exchange.endedAt, closedAt);
    return { part, over: part.complete || (endedAt !== Infinity && endedAt <= time) };
  }
  // At whichever end had more of it: a request is as its sender wrote it.
  const reached = Math.max(part.headEnd, ...bars.map((bar) => model.barPositionAt(bar, time)));
  return { part: { ...part, end: reached, complete: false }, over: false };
}
