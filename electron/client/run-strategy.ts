// The one entrance to the client: a strategy by its name. Never throws for what a server does: that is the result.

import { ClientError } from './errors.ts';
import { followProgress } from './follow-progress.ts';
import { Operation } from './operation.ts';
import { wrongOption } from './option-bounds.ts';
import { plain } from './plain.ts';
import { putThenPatch } from './put-then-patch.ts';
import { repeat } from './repeat.ts';
import { resumableRequest } from './resumable-request.ts';
import { resumeDownload } from './resume-download.ts';
import { segmentedUpload } from './segmented-upload.ts';
import { sparseUpload } from './sparse-upload.ts';
import {
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyName,
  type StrategyOptions,
  failedAtOnce,
} from './strategy.ts';

type Run = (
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
) => Promise<OperationResult>;

const by =
  (strategy: Strategy): Run =>
  (request, options, context) =>
    new Operation(request, options, context, strategy).run();

const STRATEGIES: Readonly<Record<StrategyName, Run>> = {
  plain: by(plain),
  repeat: by(repeat),
  'resumable-request': by(resumableRequest),
  'follow-progress': by(followProgress),
  'segmented-upload': by(segmentedUpload),
  'sparse-upload': sparseUpload,
  'put-then-patch': by(putThenPatch),
  'resume-download': by(resumeDownload),
};

/** Every strategy, in the order in which they are listed for the user. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

/**
 * Carries out one request by a strategy, to its end. Whatever the server or the network does is a result; so are a
 * URL, a method or an option that cannot be used and content that cannot be read (`failed`, with a sentence).
 */
export async function runStrategy(
  name: StrategyName,
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  try {
    const wrong = wrongOption(options);
    if (wrong !== null) throw new ClientError('bad-option', wrong);
    return await STRATEGIES[name](request, options, context);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return failedAtOnce(error.message);
  }
}
