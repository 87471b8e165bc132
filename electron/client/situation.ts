// The vocabulary of the decisions: what an operation knows, what can happen to it, what it can do next.
// Data only: nothing here acts or decides.

import type { StepName } from '../../shared/capture/records.ts';

/** What an operation knows of itself. Never changed in place. */
export interface Situation {
  /** Bytes of the content in all. */
  readonly length: number;
  /** Ask for a resumable request at all (Expect and `Prefer: resume`), or only follow its progress? */
  readonly resumable: boolean;
  /** May the same request be sent twice without harm (RFC 9110 §9.2.2)? */
  readonly idempotent: boolean;
  /** Ends (exclusive, ascending) of the segments in which the rest is sent; empty: all at once. */
  readonly segments: readonly number[];
  /** Acknowledge the response with a DELETE at the end. */
  readonly deleteWhenDone: boolean;
  /** Send Expect: 100-continue (until a 417 forbids it), and wait for the answer to it. */
  readonly expect: boolean;
  readonly waitForContinue: boolean;
  /** Bytes that the server is known to have. */
  readonly stored: number;
  /** The most it was ever known to have: more than this is progress. */
  readonly best: number;
  /** Absolute URLs, as far as the server named them. */
  readonly requestContent: string | null;
  readonly responseMessage: string | null;
  readonly status: string | null;
  /** The HEAD's reason was `Incomplete Resource`: the proof of concept's server. */
  readonly legacyServer: boolean;
  /** The status by which this server marks what is incomplete, once seen; never 200. */
  readonly incompleteStatus: number | null;
  /** Was a connection ever made? */
  readonly connected: boolean;
  /** Tries since the last progress. */
  readonly tries: number;
  /** Times that a document was not there or not finished yet. */
  readonly asks: number;
  /** Times that the wait for a 100 ended in silence. */
  readonly silences: number;
  /** Times that the server turned down a segment since the last progress. */
  readonly rejections: number;
  /** Times that it found out where it stood and went on. */
  readonly resumes: number;
  /** The end that was decided, while the response is still being acknowledged. */
  readonly ending: End | null;
}

/** Why an exchange took place. */
export type Purpose = 'post' | 'offset' | 'append' | 'response' | 'status' | 'delete';

/** How a connection broke under an exchange. */
export type Break = 'fin' | 'rst' | 'silence' | 'error';

/** The part of a final response that decisions rest on. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Content-Length, or null. */
  readonly contentLength: number | null;
  /** Milliseconds of Retry-After, or null. */
  readonly retryAfter: number | null;
  /** Progress: the first fraction says that something is left to do. */
  readonly unfinished: boolean;
  /** Did its content come whole? */
  readonly whole: boolean;
}

/** One exchange, as it ended. */
export interface Ended {
  readonly purpose: Purpose;
  /** Null: the response came whole (or, with an early answer, needed no more). */
  readonly broke: Break | null;
  /** A 100 Continue came. */
  readonly continued: boolean;
  /** Offset in the content up to which bytes were handed over in this exchange. */
  readonly sentTo: number;
  /** The offset in the content up to which it was to send. */
  readonly goal: number;
  readonly answer: Answer | null;
  /** Locations named by interim and final fields, resolved; null: none. */
  readonly requestContent: string | null;
  readonly responseMessage: string | null;
  readonly status: string | null;
  /** `response`: the final response inside the message/http document, as far as it came. */
  readonly document: { readonly status: number; readonly reason: string; readonly whole: boolean } | null;
  /** Something moved on that was not known before: a step of the job, more bytes of the response document. */
  readonly progressed: boolean;
}

export type Happening =
  | { readonly kind: 'begin' }
  /** No connection could be opened. */
  | { readonly kind: 'unreachable'; readonly purpose: Purpose; readonly sentence: string }
  /** The server's bytes are no HTTP; final. */
  | { readonly kind: 'nonsense'; readonly sentence: string }
  | { readonly kind: 'ended'; readonly end: Ended };

export type Action =
  | { readonly do: 'post' }
  | { readonly do: 'ask-offset' }
  | { readonly do: 'append'; readonly from: number; readonly to: number }
  /** `restart`: what was read of the document before is void; `wait`: the response may not be there yet. */
  | { readonly do: 'fetch-response'; readonly restart: boolean; readonly wait: boolean }
  | { readonly do: 'follow-status' }
  | { readonly do: 'delete' }
  | End;

export interface End {
  readonly do: 'end';
  readonly outcome: 'completed' | 'failed' | 'refused';
  readonly reason: string;
  /** Where the final response is: the last answer to the request itself, the document inside, or nowhere. */
  readonly final: 'answer' | 'document' | 'none';
}

/** A sentence for the story: about the exchange that ended (`last`) or the one to come (`next`). */
export interface Step {
  readonly about: 'last' | 'next';
  readonly name: StepName;
  readonly why: string;
}

export interface Decision {
  readonly situation: Situation;
  readonly steps: readonly Step[];
  /** Milliseconds to wait before the action. */
  readonly delay: number;
  readonly action: Action;
}

/** What is true before anything happened. */
export function beginning(
  length: number,
  options: {
    readonly resumable: boolean;
    readonly idempotent: boolean;
    readonly segments: readonly number[];
    readonly deleteWhenDone: boolean;
  },
): Situation {
  return {
    ...options,
    length,
    // RFC 9110 §10.1.1: no expectation in a request without content.
    expect: options.resumable && length > 0,
    waitForContinue: true,
    stored: 0,
    best: 0,
    requestContent: null,
    responseMessage: null,
    status: null,
    legacyServer: false,
    incompleteStatus: null,
    connected: false,
    tries: 0,
    asks: 0,
    silences: 0,
    rejections: 0,
    resumes: 0,
    ending: null,
  };
}
