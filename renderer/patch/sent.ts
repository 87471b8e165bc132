// Where in the session the editor's own requests are: the operation whose coverage shows what was written. Pure.

import type { Model } from '../../shared/model/model.ts';
import type { Mark } from './editor.ts';

/**
 * The operation of the newest PUT or PATCH of a resource since the mark; null before there is one. A session that took
 * the place of the marked one has only what came after.
 */
export function sentOperation(model: Model, epoch: number, mark: Mark, url: string): number | null {
  const { pathname, search } = new URL(url);
  const from = epoch === mark.epoch ? mark.exchanges : 0;
  for (let id = model.exchanges.length - 1; id >= from; id--) {
    const exchange = model.exchanges[id]!;
    if (exchange.target !== pathname + search) continue;
    if (exchange.method === 'PUT' || exchange.method === 'PATCH') return exchange.operation;
  }
  return null;
}
