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
export function goingOn({ operation, method, role }: Running, ranged: boolean): GoingOn | null {
  // Finding out is not going on: a HEAD alone resumes nothing.
  if (!operation.recovering || method === 'HEAD') return null;
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

/** What a final response that came whole means for its operation. Null: it goes on as it was. */
export type Outcome = 'completed' | 'failed' | null;

/** Answers to a PATCH that a client of an interrupted upload can get over. */
export const PATCH_NOT_TAKEN: ReadonlySet<number> = new Set([405, 415, 501]);

export function outcomeOf({ operation, method, role, status, again }: Running): Outcome {
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

/** draft-wright-http-partial-upload: a segment that was stored is not the whole, whatever status says so. */
export function isWhole({ segmented, watch, length, method }: OperationFacts): boolean {
  if (!segmented && method !== 'PUT') return true;
  return length !== -1 && watch.upload.confirmed.covered(0, length) >= length;
}

/** What is known to be kept of a request's content as it arrives, and not only once a 2xx says so. */
export function keeps(
  { role, operation, method, transaction, watch }: Running,
  type: string | null,
): boolean {
  if (transaction !== null) return transaction === 'persist';
  if (role === 'request-content') return true;
  if (method === 'PATCH') return operation.segmented && isSingle(type);
  const resume = watch.prefers?.get('resume');
  return resume !== undefined && resume.value !== 'ignore-incomplete';
}

/** message/byterange: of several parts, clients expect that they are rolled back together. */
function isSingle(type: string | null): boolean {
  return type !== null && /^message\/byterange\s*(;|$)/i.test(type);
}
