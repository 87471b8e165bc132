// The one error class of the module. What a server answers is a response, never an error.

import { type ClientErrorCode } from '../errors.ts';

export type RequestErrorCode =
  | ClientErrorCode
  /** A Content-Length that was not kept to. */
  | 'length'
  /** Nobody answered at all. */
  | 'unreachable'
  /** It gave up: the message says after what. */
  | 'gave-up'
  /** It was stopped by its signal, or destroyed. */
  | 'aborted'
  /** What was read again is not what was handed on before. */
  | 'changed'
  /** The response is longer than what is kept of it. */
  | 'truncated';

/** Why a request came to no response, or a response to no end; the message says what to do. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  constructor(code: RequestErrorCode, message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}
