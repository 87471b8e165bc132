// One operation by an upload protocol, and after it the DELETE of what a stop has left at the server, where that is wished.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Line } from '../line.ts';
import { Operation } from '../operation.ts';
import { plain } from '../plain.ts';
import type {
  OperationRequest,
  OperationResult,
  Strategy,
  StrategyContext,
  StrategyOptions,
} from '../strategy.ts';

/**
 * Runs it to its end.
 * @param always fields that every request of the protocol has
 * @throws {ClientError} for a URL that cannot be used, or a request that the strategy is not for
 */
export async function runUpload(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
  strategy: Strategy,
  always: FieldLines,
  line?: Line,
): Promise<OperationResult> {
  const result = await new Operation(request, options, context, strategy, line).run();
  const url = result.locations.requestContent;
  if (options.cancel !== true || !context.signal.aborted || result.outcome === 'completed' || url === null)
    return result;
  const { recorder, board, clock, random } = context;
  const deleted = await new Operation(
    { method: 'DELETE', url, fields: always, content: null },
    options.patience === undefined ? {} : { patience: options.patience },
    // The signal has done what it was for: this is one exchange, which ends by itself.
    { recorder, board, clock, random, signal: new AbortController().signal },
    plain,
  ).run();
  const status = deleted.final?.status ?? null;
  return {
    ...result,
    reason: `${result.reason} The server ${status === null ? 'did not answer the DELETE' : `answered the DELETE with ${status}`}.`,
  };
}
