// The one entrance to the client: a strategy by its name. Never throws for what a server does: that is the result.

import { ClientError } from './errors.ts';
import { followOperation } from './waiting/follow-operation.ts';
import { followProgress } from './follow-progress.ts';
import { idempotencyKey, named } from './idempotency-key.ts';
import { ietfUpload, unsuitedForIetf } from './uploads/ietf/ietf-upload.ts';
import { Operation } from './operation.ts';
import { wrongOption } from './option-bounds.ts';
import { plain } from './plain.ts';
import { poll, unsuitedForPolling } from './waiting/poll.ts';
import { putThenPatch } from './patches/put-then-patch.ts';
import { repeat } from './repeat.ts';
import { resumableRequest } from './resumable-request.ts';
import { resumeDownload } from './resume-download.ts';
import { segmentedUpload } from './patches/segmented-upload.ts';
import { serverSentEvents, unsuitedForEvents } from './waiting/server-sent-events.ts';
import { sparseUpload } from './patches/sparse-upload.ts';
import {
  type OperationRequest,
  type OperationResult,
  type Strategy,
  type StrategyContext,
  type StrategyName,
  type StrategyOptions,
  failedAtOnce,
} from './strategy.ts';
import { tusUpload, unsuitedForTus } from './uploads/tus/tus-upload.ts';

type Run = (
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
) => Promise<OperationResult>;

interface Entry {
  readonly run: Run;
  readonly unsuited: Strategy['unsuited'];
}

const by = (strategy: Strategy): Entry => ({
  run: (request, options, context) => new Operation(request, options, context, strategy).run(),
  unsuited: strategy.unsuited,
});

const STRATEGIES: Readonly<Record<StrategyName, Entry>> = {
  plain: by(plain),
  repeat: by(repeat),
  'idempotency-key': {
    run: (request, options, context) => new Operation(named(request), options, context, idempotencyKey).run(),
    unsuited: idempotencyKey.unsuited,
  },
  'resumable-request': by(resumableRequest),
  'follow-progress': by(followProgress),
  'follow-operation': { run: followOperation, unsuited: undefined },
  poll: { run: poll, unsuited: unsuitedForPolling },
  'server-sent-events': { run: serverSentEvents, unsuited: unsuitedForEvents },
  'segmented-upload': by(segmentedUpload),
  // Its first operation is one in segments.
  'sparse-upload': { run: sparseUpload, unsuited: segmentedUpload.unsuited },
  'put-then-patch': by(putThenPatch),
  'ietf-upload': { run: ietfUpload, unsuited: unsuitedForIetf },
  'tus-upload': { run: tusUpload, unsuited: unsuitedForTus },
  'resume-download': by(resumeDownload),
};

/** Every strategy, in the order in which they are listed for the user. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly StrategyName[];

/** Why a strategy is not for a request, before anything is opened; null: it is. */
export function unsuitedFor(
  name: StrategyName,
  request: Pick<OperationRequest, 'method' | 'fields'>,
): string | null {
  return STRATEGIES[name].unsuited?.(request) ?? null;
}

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
    return await STRATEGIES[name].run(request, options, context);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return failedAtOnce(error.message);
  }
}
