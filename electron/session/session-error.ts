// What session files can fail with: a code for programs, a sentence for the user. It must never carry a stack to one.

export class SessionError extends Error {
  readonly code: 'not-found' | 'not-readable' | 'empty' | 'not-a-capture' | 'not-writable' | 'in-use';
  constructor(code: SessionError['code'], message: string) {
    super(message);
    this.name = 'SessionError';
    this.code = code;
  }
}

/** The operating system's word for a failure, for the end of a sentence. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'its folder does not exist';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EROFS':
      return 'the disk is read-only';
    case '':
      return error instanceof Error ? error.message : String(error);
    default:
      return code;
  }
}
