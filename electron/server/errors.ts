// What the test server says of a failure of its own: a code and a sentence for the user. Refusals of requests are
// no errors: they are answers (refuse.ts).

export class ServerError extends Error {
  readonly code: 'bad-option' | 'no-free-port' | 'store-full' | 'store-failed' | 'store-closed';
  constructor(code: ServerError['code'], message: string) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
  }
}
