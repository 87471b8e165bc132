// Where a byte of a representation will pass on connections that are under way: what a cut armed in the middle of a
// transfer needs. Pure: reads the model.

import { type Stream, streamOf } from '../../shared/capture/records.ts';
import type { CutSpec } from '../../shared/contract.ts';
import { Layer } from '../../shared/model/events.ts';
import { BarKind, type Model } from '../../shared/model/model.ts';

/** Absolute positions, one a connection on which the byte is still to come. */
export function livePositions(
  model: Model,
  spec: CutSpec,
): { readonly connection: number; readonly at: number }[] {
  const stream: Stream = streamOf(spec.end, spec.direction);
  const layer = spec.direction === 'out' ? Layer.sent : Layer.received;
  const found: { connection: number; at: number }[] = [];
  for (const connection of model.connections) {
    const id = connection.exchanges.at(connection.exchanges.length - 1);
    if (connection.closedAt !== Infinity || id === undefined) continue;
    const exchange = model.exchanges[id];
    const operation = exchange === undefined ? undefined : model.operations[exchange.operation];
    if (exchange === undefined || operation === undefined) continue;
    const bar = exchange.bars[barOf(stream, layer)]!;
    const map = stream === 'request' ? operation.upload : operation.download;
    const run = map.stretches(layer).findLast(([, , by]) => by === id);
    if (bar === -1 || run === undefined || spec.at <= run[1]) continue;
    // The bar and the run have come to the same byte: one counts the stream, the other the representation.
    found.push({ connection: connection.id, at: model.bars.to[bar]! + spec.at - run[1] });
  }
  return found;
}

function barOf(stream: Stream, layer: 1 | 2): BarKind {
  if (stream === 'request') return layer === Layer.sent ? BarKind.requestSent : BarKind.requestReceived;
  return layer === Layer.sent ? BarKind.responseSent : BarKind.responseReceived;
}
