// The one error class of the client layer. What a server answers is never an error here: that is an outcome.

export type ClientErrorCode = 'bad-url' | 'scheme' | 'bad-option' | 'unsuited' | 'content' | 'busy';

/** A request that could not even be begun; the message says what to change. */
export class ClientError extends Error {
  readonly code: ClientErrorCode;
  constructor(code: ClientErrorCode, message: string) {
    super(message);
    this.name = 'ClientError';
    this.code = code;
  }
}
