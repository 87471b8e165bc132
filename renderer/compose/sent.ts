// Where in the session the composed requests are, and what the model knows of each: what the answer line shows, and jumps
// to. Pure.

import type { Exchange, Model } from '../../shared/model/model.ts';

/** How far the session had come when something was sent. */
export interface Mark {
  readonly epoch: number;
  readonly exchanges: number;
  readonly connections: number;
}

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
}

/**
 * The exchange of each request, in their order; null: it has not begun. One request is found by what it asks for, several
 * on the connection of the first. A session that took the place of the marked one has only what came after.
 */
export function sentExchanges(
  model: Model,
  epoch: number,
  mark: Mark,
  asked: readonly Asked[],
): readonly (Exchange | null)[] {
  const from = epoch === mark.epoch ? mark.exchanges : 0;
  const first = asked[0];
  if (first === undefined) return [];
  const since = model.exchanges.slice(from);
  const found =
    since.find(({ method, target }) => method === first.method && target === first.target) ??
    since.find(({ target }) => target === first.target);
  if (found === undefined) return asked.map(() => null);
  const all = model.connections[found.connection - 1]!.exchanges;
  let begin = 0;
  while (all.values[begin] !== found.id) begin++;
  return asked.map((_, index) =>
    begin + index < all.length ? model.exchanges[all.values[begin + index]!]! : null,
  );
}

/** The first connection opened since; null: none was. For bytes that are no request at all. */
export function sentConnection(model: Model, epoch: number, mark: Mark): number | null {
  const from = epoch === mark.epoch ? mark.connections : 0;
  return model.connections[from]?.id ?? null;
}
