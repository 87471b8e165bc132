// When an operation goes on after a cut, and when it has come to its end: pure decisions about what is on the wire.
// Never about what a client meant: that is for its own steps to tell.

import { assertNever } from '../capture/records.ts';
import type { OperationFacts } from './operations.ts';
import type { Running } from './running.ts';

/**
 * What a request is to an operation that was cut. `resumed`: it goes on where it stood; `again`: from the beginning;
 * `decide`: its answer will tell.
 */
export type GoingOn = 'resumed' | 'again' | 'decide';

/** Null: nothing, it only looks. @param ranged the request has a Range */
export function goingOn({ operation, method, role, follows }: Running, ranged: boolean): GoingOn | null {
  // Finding out is not going on: a HEAD alone resumes nothing. Nor does giving up.
  if (!operation.recovering || method === 'HEAD' || method === 'DELETE') return null;
  if (follows) return 'resumed';
  switch (role) {
    case null:
    case 'result':
      return ranged && method === 'GET' ? 'decide' : 'again';
    case 'target':
      if (method === 'PUT') return 'again';
      if (method !== 'PATCH') return null;
      return operation.found ? 'resumed' : 'again';
    case 'request-content':
    case 'response-message':
    case 'status':
      return 'resumed';
    default:
      return assertNever(role);
  }
}

/**
 * What a final response that came whole means for its operation. `asked-again`: the work goes on, and will be asked for
 * again; `broken`: an upload can go on where it stands; `given-up`: by the client. Null: it goes on as it was.
 */
export type Outcome = 'completed' | 'failed' | 'asked-again' | 'broken' | 'given-up' | null;

/** Why an operation failed whose upload its client deleted. */
export const GIVEN_UP = 'given up by the client';

/** Answers to a PATCH that a client of an interrupted upload can get over. */
export const PATCH_NOT_TAKEN: ReadonlySet<number> = new Set([405, 415, 501]);

export function outcomeOf(running: Running): Outcome {
  const { operation, method, role, status, again, unfinished, upload } = running;
  if (upload !== null || role === 'request-content') {
    const outcome = uploadOutcome(running);
    if (outcome !== undefined) return outcome;
  }
  // Asked again by whoever wants to know: it is not the last word.
  if (status < 400 && method === 'GET' && (again || unfinished || status === 202)) return 'asked-again';
  if (unfinished && status < 400) return null;
  if (method === 'HEAD' || status === 202 || status === 299) return null;
  // Looking at what is there so far is none of the upload's business.
  if (role === 'target' && (method === 'GET' || method === 'OPTIONS')) return null;
  if (status < 400) return method !== 'PATCH' || isWhole(operation) ? 'completed' : null;
  // What is asked for after the end may be gone.
  if (again || operation.settled) return null;
  // The client falls back to a PUT; or finds its own bytes where nothing was to be.
  if (role === 'target' && method === 'PATCH' && operation.method === 'PUT' && PATCH_NOT_TAKEN.has(status))
    return null;
  if (role === 'target' && status === 412 && operation.broke) return null;
  return 'failed';
}

/** Statuses that a client of an upload can get over: another offset, another request at work, bytes that were spoilt. */
const GOT_OVER: ReadonlySet<number> = new Set([409, 423, 460]);

/** The same of a request of a resumable upload, at the IETF or in tus. Undefined: it means what it always does. */
function uploadOutcome(running: Running): Outcome | undefined {
  const { operation, method, status, upload, completes, again } = running;
  const isOwn = operation.protocol !== null;
  if (method === 'DELETE') return status < 300 && !operation.settled ? 'given-up' : null;
  if (!isOwn || operation.settled) return undefined;
  // Who lost the last answer finds out that all is there.
  if (method === 'HEAD') return completes === true || isAll(operation) ? 'completed' : null;
  if (status < 300) {
    if (completes !== null) return completes ? 'completed' : null;
    // A byte-range PATCH may go on with it as well: what is said of those tells when it is whole.
    if (upload === null && method === 'PATCH') return undefined;
    if (upload?.last === true || upload?.concat?.kind === 'final') return 'completed';
    return isAll(operation) ? 'completed' : null;
  }
  // The answer of what the upload was for, whatever it says.
  if (completes === true || status < 400) return undefined;
  if (again || GOT_OVER.has(status)) return null;
  return status >= 500 && operation.located ? 'broken' : undefined;
}

/** tus: when all bytes are there, the upload is done; at the IETF a request or an answer says so. */
function isAll({ protocol, length, watch }: OperationFacts): boolean {
  return protocol === 'tus' && length !== -1 && watch.upload.confirmed.covered(0, length) >= length;
}

/** draft-wright-http-partial-upload: a segment that was stored is not the whole, whatever status says so. */
export function isWhole({ segmented, watch, length, method }: OperationFacts): boolean {
  if (!segmented && method !== 'PUT') return true;
  return length !== -1 && watch.upload.confirmed.covered(0, length) >= length;
}

/** Bytes of a resumable upload are not there yet: whoever only looked at it, and is done, has not completed it. */
export function isShort({ protocol, length, watch }: OperationFacts): boolean {
  return protocol !== null && length !== -1 && watch.upload.confirmed.covered(0, length) < length;
}

/** What is known to be kept of a request's content as it arrives, and not only once a 2xx says so. */
export function keeps(
  { role, operation, method, transaction, watch, upload }: Running,
  type: string | null,
): boolean {
  if (transaction !== null) return transaction === 'persist';
  // tus, "Checksum": what does not meet it is thrown away.
  if (upload !== null) return !upload.checked;
  if (role === 'request-content') return true;
  if (method === 'PATCH') return operation.segmented && isSingle(type);
  const resume = watch.prefers?.get('resume');
  return resume !== undefined && resume.value !== 'ignore-incomplete';
}

/** message/byterange: of several parts, clients expect that they are rolled back together. */
function isSingle(type: string | null): boolean {
  return type !== null && /^message\/byterange\s*(;|$)/i.test(type);
}
