// What the test server says of a failure of its own: a code and a sentence for the user. Refusals of requests are
// no errors: they are answers (refuse.ts).

export class ServerError extends Error {
  readonly code:
    | 'bad-option'
    | 'timed-out'
    | 'no-free-port'
    | 'store-full'
    | 'store-blocked'
    | 'store-failed'
    | 'store-closed';
  constructor(code: ServerError['code'], message: string) {
    super(message);
    this.name = 'ServerError';
    this.code = code;
  }
}

/** There is no room: the disk, the user's share of it, or the longest file it takes. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** A file is where a folder is needed, or a folder where a file is. */
const BLOCKED = new Set(['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY']);

/**
 * What a failed call of the file system comes to: `store-full` where room would help, `store-blocked` where something is
 * in the way, else `store-failed`.
 * @param doing `store the upload`: completes "The test server could not …"
 */
export function diskError(error: unknown, doing: string): ServerError {
  if (error instanceof ServerError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const system = codeOf(error);
  const [code, advice] = FULL.has(system)
    ? (['store-full', 'Free some disk space.'] as const)
    : BLOCKED.has(system)
      ? ([
          'store-blocked',
          'Something else is in the way there: take it away, or choose another name.',
        ] as const)
      : (['store-failed', 'Look at the disk, and at who may write to the folder.'] as const);
  return new ServerError(code, `The test server could not ${doing}: ${why}. ${advice}`);
}

/** `ENOENT` …; '' for an error that is not the file system's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
