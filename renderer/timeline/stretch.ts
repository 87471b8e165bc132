// Which stretch of time something selected takes: what a zoom to it shows. Pure.

import type { Exchange, Model } from '../../shared/model/model.ts';
import type { Selection } from './types.ts';
import type { Extent } from './viewport.ts';

/** The shortest stretch, so that a single moment can be shown, in nanoseconds. */
const SHORTEST = 1000;

/**
 * From its first byte to its last, in nanoseconds; to `now` (the present) where it goes on. Of an event its exchange,
 * else its connection. Null: the session does not have it, or it begins after `now`.
 */
export function stretchOf(model: Model, { kind, id }: Selection, now: number): Extent | null {
  switch (kind) {
    case 'exchange':
      return of(model.exchanges[id], model, now);
    case 'connection': {
      const connection = model.connections[id - 1];
      return connection === undefined ? null : between(connection.openedAt, connection.closedAt, now);
    }
    case 'operation': {
      const operation = model.operations[id];
      if (operation === undefined) return null;
      let last = operation.states.at(-1)?.at ?? operation.startedAt;
      for (let place = 0; place < operation.exchanges.length; place++) {
        const exchange = of(model.exchanges[operation.exchanges.values[place]!], model, now);
        if (exchange !== null) last = Math.max(last, exchange.last);
      }
      return between(operation.startedAt, last, now);
    }
    case 'event': {
      if (id >= model.folded) return null;
      const { exchange, connection, time } = model.events.columns;
      return (
        of(model.exchanges[exchange[id]!], model, now) ??
        stretchOf(model, { kind: 'connection', id: connection[id]! }, now) ??
        between(time[id]!, time[id]!, now)
      );
    }
  }
}

function of(exchange: Exchange | undefined, model: Model, now: number): Extent | null {
  if (exchange === undefined) return null;
  let last = exchange.endedAt;
  for (const bar of exchange.bars) if (bar >= 0) last = Math.max(last, model.bars.end[bar]!);
  return between(exchange.startedAt, last, now);
}

function between(first: number, last: number, now: number): Extent | null {
  return first > now ? null : { first, last: Math.max(Math.min(last, now), first + SHORTEST) };
}
