// The item that several experiments add to the collection: small, so that every byte of it can be looked at.

import { bytesContent } from '../../client/content.ts';
import { runStrategy } from '../../client/run-strategy.ts';
import type { OperationResult, StrategyOptions } from '../../client/strategy.ts';
import { patienceOf } from './requests.ts';
import type { ExperimentContext } from './types.ts';

const encoder = new TextEncoder();

/** JSON of exactly 100 bytes: the offsets of the five steps depend on it. */
const ITEM = encoder.encode(
  JSON.stringify({
    title: 'A landscape at dusk',
    camera: 'Wooden pinhole',
    note: 'three steps, one cut, one resume!',
  }),
);

/** A POST of the item to the collection, or to the user's own server, that survives cuts. */
export function postItem(
  context: ExperimentContext,
  options: StrategyOptions = {},
): Promise<OperationResult> {
  const { server, target } = context;
  return runStrategy(
    'resumable-request',
    {
      method: 'POST',
      url: target ?? `${server.url}/collection`,
      fields: [['Content-Type', 'application/json']],
      content: bytesContent(ITEM),
    },
    { patience: patienceOf(context), ...options },
    context,
  );
}
