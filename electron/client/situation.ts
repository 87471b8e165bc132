// The vocabulary of the decisions: what an operation knows, what can happen to it, what it can do next.
// Data only: nothing here acts or decides.

import type { StepName } from '../../shared/capture/records.ts';
import type { ContentRange } from '../../shared/fields/content-range.ts';
import type { UploadLimit } from '../../shared/fields/upload-limit.ts';

/** What an operation knows of itself. Never changed in place. */
export interface Situation {
  /** Bytes of the content in all. */
  readonly length: number;
  /** Ask for a resumable request at all (Expect and `Prefer: resume`), or only follow its progress? */
  readonly resumable: boolean;
  /** May the same request be sent twice without harm (RFC 9110 §9.2.2)? */
  readonly idempotent: boolean;
  /** It asks for no change (RFC 9110 §9.2.1): whatever is different afterwards is not of its doing. */
  readonly safe: boolean;
  /** Ends (exclusive, ascending) of the segments in which the rest is sent; empty: all at once. */
  readonly segments: readonly number[];
  /** Acknowledge response and status document with a DELETE at the end. */
  readonly deleteWhenDone: boolean;
  /** What is known of the target, by the strategies that write it themselves. */
  readonly target: TargetState;
  /** What is known of the upload resource, by the strategies that have one; null: they have none. */
  readonly upload: UploadState | null;
  /** Send Expect: 100-continue (until a 417 forbids it), and wait for the answer to it. */
  readonly expect: boolean;
  readonly waitForContinue: boolean;
  /** Bytes that the server is known to have. */
  readonly stored: number;
  /** The most it was ever known to have: more than this is progress. */
  readonly best: number;
  /** Bytes of the content that were let go of because they were acknowledged: they cannot be sent again. */
  readonly released: number;
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
  /** The final response as far as it came; a broken one goes on from there. */
  readonly reception: Reception;
  /** Where a status document sent us for the result (303 See Other), once it did. */
  readonly result: string | null;
  /** The end that was decided, while what is kept for us is still being deleted. */
  readonly ending: End | null;
  /** Absolute URLs that are still to be deleted then. */
  readonly toDelete: readonly string[];
}

export interface TargetState {
  /** Bytes of one PATCH at most. */
  readonly segmentSize: number;
  /**
   * `absent`: to be created, under If-None-Match: *; `doubt`: a request that was to create or change it broke, so that
   * what is there may be ours; `ours`: it is.
   */
  readonly standing: 'absent' | 'doubt' | 'ours';
  /** Offset up to which content may have reached the server, over all requests. */
  readonly sentMost: number;
  /** The last segment was answered by a 2xx: that is the final response once HEAD tells that nothing is missing. */
  readonly answered: boolean;
  /** It takes no PATCH (405, 415, 501): only PUT is left. */
  readonly putOnly: boolean;
}

/** An upload resource and the requests to it (draft-ietf-httpbis-resumable-upload, tus); its URL is requestContent. */
export interface UploadState {
  /** Where the request goes that creates it: the user's URL, or where a 307 or 308 led. */
  readonly creation: string;
  /** The creating request carries content, as much as one request may, or none. */
  readonly first: 'whole' | 'empty';
  /** Bytes of content in one request that the user wishes; Infinity: all of it. */
  readonly wish: number;
  /** Bytes of content in one request that the server takes at most and at least, as far as is known. */
  readonly most: number;
  readonly least: number;
  /** The largest offset that the server told of it: one never decreases. */
  readonly told: number;
  /** The server answered in the words of the protocol: it speaks it. */
  readonly spoken: boolean;
  /** The server calls it complete: only its answer is missing. */
  readonly complete: boolean;
  /** Is the server to be asked by OPTIONS what it takes, or was it? */
  readonly discovery: 'none' | 'wanted' | 'done';
  /** Bytes of content in the request that was too large for it (413); null: none was. */
  readonly tooLarge: number | null;
  /** Milliseconds since the operation began up to which the server keeps it (max-age). */
  readonly until: number;
  /** Times that a redirect was followed, and that the resource was created anew. */
  readonly redirects: number;
  readonly anew: number;
  /** DELETE it where the upload does not complete. */
  readonly cancel: boolean;
}

export interface Reception {
  /** Bytes of content that are here. */
  readonly have: number;
  /** Length of the whole representation, once known. */
  readonly complete: number | null;
  /** For If-Range: a strong entity tag, or a date that is as good (RFC 9110 §8.8.2.2). Null: none. */
  readonly validator: string | null;
  /** Where the same representation can be read (Content-Location), absolute; null: not told. */
  readonly at: string | null;
}

export const NOTHING_RECEIVED: Reception = { have: 0, complete: null, validator: null, at: null };

/** Why an exchange took place. */
export type Purpose =
  | 'post'
  | 'offset'
  | 'append'
  | 'response'
  | 'status'
  | 'delete'
  /** OPTIONS of the target of an upload. */
  | 'discover'
  /** PUT of the whole target, PATCH of a segment of it, HEAD of it. */
  | 'put'
  | 'segment'
  | 'size'
  /** GET of the target, the rest of a broken final response, the result that a status document names. */
  | 'download'
  | 'rest'
  | 'result';

/** How a connection broke under an exchange. */
export type Break = 'fin' | 'rst' | 'silence' | 'error' | Endless;

/**
 * Why we ended what the server did not come to an end with: it kept us waiting and told nothing new; it sent too many
 * interim responses, or too much of a document about the operation.
 */
export type Endless = 'endless' | 'flood' | 'overlong';

/** The part of a final response that decisions rest on. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Content-Length, or null. */
  readonly contentLength: number | null;
  /** Milliseconds of Retry-After, or null. */
  readonly retryAfter: number | null;
  readonly contentRange: ContentRange | null;
  /** Location, resolved; null: none. */
  readonly location: string | null;
  /** Milliseconds from Last-Modified to Date, both by the server's clock; null without either. */
  readonly age: number | null;
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
  /** The same for bytes that were on their way to the kernel: some of them may have arrived. */
  readonly issuedTo: number;
  /** The offset in the content up to which it was to send. */
  readonly goal: number;
  /** Milliseconds since the operation began. */
  readonly elapsed: number;
  readonly answer: Answer | null;
  /** Locations named by interim and final fields, resolved; null: none. */
  readonly requestContent: string | null;
  readonly responseMessage: string | null;
  readonly status: string | null;
  /** What the fields of an upload protocol told; null: the strategy speaks none. */
  readonly upload: UploadTold | null;
  /** `response`: the final response inside the message/http document, as far as it came. */
  readonly document: { readonly status: number; readonly reason: string; readonly whole: boolean } | null;
  /** `response`: the answer came whole, and there is more of the document than is here. */
  readonly missing: boolean;
  /** Something moved on that was not known before: a step of the job, more bytes of a response or its document. */
  readonly progressed: boolean;
  /** Bytes of the content that were let go of so far. */
  readonly released: number;
  readonly reception: Reception;
  /** The byte of the final response's content from which this exchange asked for it. */
  readonly askedFrom: number;
  /** What became of the content of this answer: see {@link Reading}. Null: it is no part of the final response. */
  readonly reading: Reading | null;
}

/** What one exchange told in the words of an upload protocol. */
export interface UploadTold {
  /** Something was said that only a server that speaks it says. */
  readonly spoken: boolean;
  /** The upload resource that it named, where it is on the host that the user named; an interim response did so. */
  readonly location: string | null;
  readonly announced: boolean;
  /** One that it named on another host, or one other than before: not to be trusted. */
  readonly foreign: string | null;
  readonly second: string | null;
  /** The largest offset of the interim responses; the one of the final response. */
  readonly interimOffset: number | null;
  readonly offset: number | null;
  /** The final response's word for whether the upload is complete. */
  readonly complete: boolean | null;
  /** Bytes that the whole upload is to have. */
  readonly length: number | null;
  readonly limits: UploadLimit | null;
  /** tus: the versions, extensions and checksum algorithms that the server names, as it writes them. */
  readonly versions: string | null;
  readonly extensions: string | null;
  readonly algorithms: string | null;
}

/**
 * What the content of an answer is to the final response: all of it `anew`, what `continues` the bytes that are here,
 * or neither, and `ignored`.
 */
export type Reading = 'anew' | 'continues' | 'ignored';

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
  /** OPTIONS: what does the target of an upload take? */
  | { readonly do: 'discover' }
  | { readonly do: 'append'; readonly from: number; readonly to: number }
  /** `restart`: what was read of the document before is void; `wait`: the response may not be there yet. */
  | { readonly do: 'fetch-response'; readonly restart: boolean; readonly wait: boolean }
  | { readonly do: 'follow-status' }
  /** GET of what the status document's 303 names. */
  | { readonly do: 'fetch-result'; readonly url: string }
  | { readonly do: 'delete'; readonly url: string }
  /** PUT of the whole content; `create`: only if there is nothing yet. */
  | { readonly do: 'put'; readonly create: boolean }
  | { readonly do: 'segment'; readonly from: number; readonly to: number; readonly create: boolean }
  | { readonly do: 'ask-size' }
  /** GET of the target, or (`rest`) of the representation that a broken final response held, from a byte on. */
  | { readonly do: 'download'; readonly from: number }
  | { readonly do: 'fetch-rest'; readonly from: number }
  | End;

export interface End {
  readonly do: 'end';
  readonly outcome: 'completed' | 'failed' | 'refused';
  readonly reason: string;
  /**
   * Where the final response is: the last answer to the request itself, what was put together over several of them,
   * the document inside, or nowhere.
   */
  readonly final: 'answer' | 'reception' | 'document' | 'none';
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
    /** Default false. */
    readonly safe?: boolean;
    readonly segments: readonly number[];
    readonly deleteWhenDone: boolean;
    /** Bytes; without it the target is written in one piece. */
    readonly segmentSize?: number;
  },
): Situation {
  const { resumable, idempotent, safe = false, segments, deleteWhenDone, segmentSize = Infinity } = options;
  return {
    resumable,
    idempotent,
    safe,
    segments,
    deleteWhenDone,
    target: { segmentSize, standing: 'absent', sentMost: 0, answered: false, putOnly: false },
    upload: null,
    length,
    // RFC 9110 §10.1.1: no expectation in a request without content.
    expect: resumable && length > 0,
    waitForContinue: true,
    stored: 0,
    best: 0,
    released: 0,
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
    reception: NOTHING_RECEIVED,
    result: null,
    ending: null,
    toDelete: [],
  };
}
