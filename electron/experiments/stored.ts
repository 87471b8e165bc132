// What the embedded server ended up with, by its digest; a foreign server's storage cannot be looked into.

import type { OperationResult } from '../client/strategy.ts';
import type { ExperimentContext } from './types.ts';

/** SHA-256 (hex) of the content that the server keeps for this operation; null where unknowable. */
export function storedDigest(context: ExperimentContext, result: OperationResult): Promise<string | null> {
  const location = result.locations.requestContent;
  if (context.target !== null || location === null) return Promise.resolve(null);
  return context.server.digest(new URL(location).pathname);
}
