// What the embedded server ended up with, by its digest; a foreign server's storage cannot be looked into.

import type { OperationResult } from '../../client/strategy.ts';
import type { ExperimentContext, ExperimentResult } from './types.ts';

/** The result of an experiment that is one upload, with the digest of what the server keeps of it. */
export async function uploaded(
  context: ExperimentContext,
  { outcome, reason, payloadDigest, locations }: OperationResult,
): Promise<ExperimentResult> {
  return {
    outcome,
    reason,
    digest: { sent: payloadDigest, stored: await storedDigest(context, locations.requestContent) },
  };
}

/** SHA-256 (hex) of the content that the server keeps for a request; null where unknowable. */
function storedDigest(
  { server, target }: ExperimentContext,
  location: string | null,
): Promise<string | null> {
  if (target !== null || location === null) return Promise.resolve(null);
  return server.digest(new URL(location).pathname);
}
