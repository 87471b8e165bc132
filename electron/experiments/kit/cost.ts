// What a way to do something cost: its requests, and the bytes of the connections that they used. Read from the model alone.

import { BarKind, type Exchange, type Model } from '../../../shared/model/model.ts';

export interface Cost {
  readonly requests: number;
  /** Of both directions, heads and framing included, as the client's end saw them. */
  readonly bytes: number;
}

/** The cost of the exchanges that are meant; their connections must carry no others. */
export function costOf(model: Model, isMeant: (exchange: Exchange) => boolean): Cost {
  let requests = 0;
  const connections = new Set<number>();
  for (const exchange of model.exchanges) {
    if (!isMeant(exchange)) continue;
    requests++;
    connections.add(exchange.connection);
  }
  const reached = new Map<string, number>();
  const { bars } = model;
  for (let bar = 0; bar < bars.length; bar++) {
    const kind = bars.kind[bar];
    if (kind !== BarKind.requestSent && kind !== BarKind.responseReceived) continue;
    const connection = bars.connection[bar]!;
    if (!connections.has(connection)) continue;
    const key = `${connection} ${kind}`;
    reached.set(key, Math.max(reached.get(key) ?? 0, bars.to[bar]!));
  }
  return { requests, bytes: Array.from(reached.values()).reduce((sum, bytes) => sum + bytes, 0) };
}
