// Which connection a fault from the toolbar or a key acts on. Pure.

import type { Model } from '../../shared/model/model.ts';
import type { Selection } from '../timeline/types.ts';

/** The connection that something selected belongs to; null for none. */
export function connectionOf(model: Model, selected: Selection | null): number | null {
  if (selected === null) return null;
  switch (selected.kind) {
    case 'connection':
      return selected.id;
    case 'exchange':
      return model.exchanges[selected.id]?.connection ?? null;
    case 'event': {
      if (selected.id >= model.events.length) return null;
      const connection = model.events.columns.connection[selected.id]!;
      return connection === 0 ? null : connection;
    }
    case 'operation':
      return null;
  }
}

/**
 * The selected connection if it is open, else the youngest that is open and has an exchange under way, else the
 * youngest that is open; null when all are closed.
 */
export function liveConnection(model: Model, selected: Selection | null): number | null {
  const isOpen = (id: number): boolean => {
    const connection = model.connections[id - 1];
    return connection !== undefined && connection.closed === null;
  };
  const chosen = connectionOf(model, selected);
  if (chosen !== null && isOpen(chosen)) return chosen;
  let idle: number | null = null;
  for (let id = model.connections.length; id > 0; id--) {
    if (!isOpen(id)) continue;
    const last = model.connections[id - 1]!.exchanges.at(-1);
    if (last !== undefined && model.exchanges[last]?.endedAt === Infinity) return id;
    idle ??= id;
  }
  return idle;
}
