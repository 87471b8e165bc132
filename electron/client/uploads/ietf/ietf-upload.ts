// The strategy `ietf-upload` (draft-ietf-httpbis-resumable-upload): any request with content, upgraded to one that can be
// resumed where the server offers that by a 104; or in parts, where it is known to.

import { CURRENT_INTEROP_VERSION } from '../../../../shared/fields/upload-draft-interop-version.ts';
import { decide } from './upload-decisions.ts';
import { ietfProtocol } from './protocol.ts';
import type {
  OperationRequest,
  OperationResult,
  Strategy,
  StrategyContext,
  StrategyOptions,
} from '../../strategy.ts';
import { runUpload } from '../upload-operation.ts';

/** Methods whose requests have no content that could be uploaded (RFC 9110 §9.3). */
const WITHOUT_CONTENT: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'CONNECT'];

/** Why the strategy is not for a request; null: it is. */
export function unsuitedForIetf({ method }: Pick<OperationRequest, 'method'>): string | null {
  return WITHOUT_CONTENT.includes(method)
    ? `This strategy is not for ${method}: an upload is a request with content. Use POST, PUT or PATCH.`
    : null;
}

const strategy: Strategy = { resumable: false, unsuited: unsuitedForIetf, protocol: ietfProtocol, decide };

/** Whatever the server does is a result. @throws {ClientError} for a URL or a method that cannot be used */
export function ietfUpload(
  request: OperationRequest,
  options: StrategyOptions,
  context: StrategyContext,
): Promise<OperationResult> {
  const version = options.interopVersion ?? CURRENT_INTEROP_VERSION;
  return runUpload(request, options, context, strategy, [['Upload-Draft-Interop-Version', String(version)]]);
}
