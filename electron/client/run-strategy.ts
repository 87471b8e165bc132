// The one entrance to the client: a strategy by its name. Never throws for what a server does: that is the result.

import { ClientError } from './errors.ts';
import { followProgress } from './follow-progress.ts';
import { Operation } from './operation.ts';
import { plain } from './plain.ts';
import { resumableRequest } from './resumable-request.ts';
import type {
  OperationRequest,
  OperationResult,
  Strategy,
  StrategyContext,
  StrategyName,
  StrategyOptions,
} from './strategy.ts';

const STRATEGIES: Readonly<Record<StrategyName, Strategy>> = {
  plain,
  'resumable-request': resumableRequest,
  'follow-progress': followProgress,
};

/** Every strategy, in the order in which they are listed for the user. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

/**
 * Carries out one request by a strategy, to its end. Whatever the server or the network does is a result; so are a
 * URL that cannot be used and content that cannot be read (`failed`, with a sentence).
 */
export async function runStrategy(
  name: StrategyName,
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  try {
    return await new Operation(request, options, context, STRATEGIES[name]).run();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return {
      outcome: 'failed',
      reason: error.message,
      final: null,
      locations: { requestContent: null, responseMessage: null, status: null },
      payloadDigest: null,
      resumes: 0,
      acknowledged: 0,
    };
  }
}
