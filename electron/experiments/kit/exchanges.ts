// Exchanges of a run as the model has them, found by what was asked for, and the moments of one at its server's end.
// Reads only.

import { Kind, Layer } from '../../../shared/model/events.ts';
import type { Exchange, Model } from '../../../shared/model/model.ts';

/** The exchanges with that target, in order. @param url absolute */
export function exchangesTo(model: Model, url: string): Exchange[] {
  const { pathname, search } = new URL(url);
  return model.exchanges.filter(({ target }) => target === pathname + search);
}

/** Bytes of content that the client sent in an exchange: handed to its kernel, whoever read them. */
export function contentSent(model: Model, { id, operation }: Exchange): number {
  return contentOf(model, id, operation, Layer.sent);
}

/** Bytes of content that the server's program read in an exchange. */
export function contentRead(model: Model, { id, operation }: Exchange): number {
  return contentOf(model, id, operation, Layer.received);
}

function contentOf(model: Model, exchange: number, operation: number, layer: Layer): number {
  const stretches = model.operations[operation]?.upload.stretches(layer) ?? [];
  return stretches.reduce((sum, [first, end, of]) => (of === exchange ? sum + end - first : sum), 0);
}

/** When the server's end wrote its final head, and read the last byte of content; milliseconds since the request began. */
export interface ServerMoments {
  /** NaN: it wrote none. */
  readonly final: number;
  /** NaN: it read none. */
  readonly lastContent: number;
}

export function serverMoments(model: Model, { id, operation, startedAt }: Exchange): ServerMoments {
  const { columns, length } = model.events;
  let final = NaN;
  for (let row = 0; row < length; row++)
    if (columns.kind[row] === Kind.finalSent && columns.exchange[row] === id) final = columns.time[row]!;
  const runs = model.operations[operation]?.upload.runs(Layer.received) ?? [];
  const ends = runs
    .filter(({ exchange, times }) => exchange === id && times.length > 0)
    .map(({ times }) => times.values[times.length - 1]!);
  const lastContent = ends.length === 0 ? NaN : Math.max(...ends);
  return { final: (final - startedAt) / 1e6, lastContent: (lastContent - startedAt) / 1e6 };
}

/** `12 ms`; what never was: `never`. */
export function inMilliseconds(time: number): string {
  return Number.isNaN(time) ? 'never' : `${Math.round(time)} ms`;
}
