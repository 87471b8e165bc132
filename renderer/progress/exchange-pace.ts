// How fast one exchange moved its content, and how long it may still take: the longer of its two messages, at the end
// that reads where that is ours. Pure.

import { BarKind, type Exchange, type Model } from '../../shared/model/model.ts';
import { contentBytes } from '../timeline/bars.ts';

export interface ExchangePace {
  /** Bytes of content, and the nanoseconds that they took. */
  readonly bytes: number;
  readonly nanoseconds: number;
  /** Bytes that are still to come; null: it is over, or nobody has said how many there are. */
  readonly left: number | null;
}

/** As of `time` (nanoseconds; Infinity: now). Null: it has moved no content. */
export function exchangePace(model: Model, exchange: Exchange, time: number): ExchangePace | null {
  const request = moved(model, exchange, BarKind.requestReceived, BarKind.requestSent, time);
  const response = moved(model, exchange, BarKind.responseReceived, BarKind.responseSent, time);
  const isUpload = (request?.bytes ?? 0) >= (response?.bytes ?? 0);
  const found = isUpload ? request : response;
  if (found === null || found.bytes === 0) return null;
  return { ...found, left: exchange.endedAt <= time ? null : leftOf(model, exchange, isUpload, time) };
}

function moved(
  model: Model,
  exchange: Exchange,
  read: BarKind,
  written: BarKind,
  time: number,
): Omit<ExchangePace, 'left'> | null {
  const kind = exchange.bars[read]! >= 0 ? read : written;
  const bar = exchange.bars[kind]!;
  if (bar < 0 || model.bars.start[bar]! > time) return null;
  return {
    bytes: contentBytes({ model, time }, exchange, bar, kind),
    nanoseconds: Math.min(model.bars.end[bar]!, time) - model.bars.start[bar]!,
  };
}

/** What is missing at the end of the representation: an exchange may leave some of it to another. */
function leftOf(model: Model, exchange: Exchange, isUpload: boolean, time: number): number | null {
  const operation = model.operations[exchange.operation];
  const coverage = isUpload ? operation?.upload : operation?.download;
  const length = coverage?.lengthAt(time) ?? null;
  if (coverage === undefined || length === null) return null;
  const reached = ([1, 2] as const).map((layer) =>
    coverage
      .stretches(layer, time)
      .reduce((most, [, end, by]) => (by === exchange.id ? Math.max(most, end) : most), 0),
  );
  const left = length - Math.max(...reached);
  return left > 0 ? left : null;
}
