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

/** There is no room: the disk, the user's share of it, or the longest file it takes. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * What a failed call of the file system comes to: `store-full` where room would help, else `store-failed`.
 * @param doing `store the upload`: completes "The test server could not …"
 */
export function diskError(error: unknown, doing: string): ServerError {
  if (error instanceof ServerError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const full = FULL.has(codeOf(error));
  const advice = full ? 'Free some disk space.' : 'Look at the disk, and at who may write to the folder.';
  return new ServerError(
    full ? 'store-full' : 'store-failed',
    `The test server could not ${doing}: ${why}. ${advice}`,
  );
}

/** `ENOENT` …; '' for an error that is not the file system's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
