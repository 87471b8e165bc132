// The one error class of found programs: what they could not do, in one sentence for the user.

export type ProgramErrorCode = 'would-not-start' | 'no-answer' | 'stopped';

/** A program that is of no use now; the message holds its last words, where it had any. */
export class ProgramError extends Error {
  readonly code: ProgramErrorCode;
  constructor(code: ProgramErrorCode, message: string) {
    super(message);
    this.name = 'ProgramError';
    this.code = code;
  }
}
