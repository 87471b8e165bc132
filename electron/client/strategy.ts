// What every strategy takes and gives. A strategy turns one wish of the user into as many exchanges as it needs.
// It must not know how any strategy works.

import type { StepName } from '../../shared/capture/records.ts';
import type { InteropVersion } from '../../shared/fields/upload-draft-interop-version.ts';
import type { Head } from '../../shared/http1/types.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import type { WireContext } from '../wire/types.ts';
import type { ContentSource } from './content.ts';
import type { StreamEvent } from './waiting/event-stream.ts';
import type { Decision, Happening, Situation } from './situation.ts';
import type { UploadProtocol } from './uploads/upload-protocol.ts';

export type StrategyName =
  | 'plain'
  | 'repeat'
  | 'idempotency-key'
  | 'resumable-request'
  | 'follow-progress'
  | 'follow-operation'
  | 'poll'
  | 'server-sent-events'
  | 'segmented-upload'
  | 'sparse-upload'
  | 'put-then-patch'
  | 'ietf-upload'
  | 'tus-upload'
  | 'resume-download';

/** What makes a strategy: what it asks for, and what it decides. */
export interface Strategy {
  /** Ask for resumability (Expect and `Prefer: resume`)? */
  readonly resumable: boolean;
  /** Why it is not for this request: one sentence that says what is; null: it is. Default: any request. */
  readonly unsuited?: (request: Pick<OperationRequest, 'method' | 'fields'>) => string | null;
  /** One exchange, whose answer is final whatever it says; the digest of its content is not taken. */
  readonly single?: true;
  /** It may have to send all of the content once more: none of it is let go of before the end. */
  readonly startsOver?: true;
  /** Bytes of a segment where the user names no size; without it, the target is written in one piece. */
  readonly segmentSize?: number;
  /** The words of an upload protocol, for the requests that make an upload and what is read of the answers. */
  readonly protocol?: (options: StrategyOptions) => UploadProtocol;
  /** Pure; `random`: 0 ≤ x < 1. */
  readonly decide: (before: Situation, happening: Happening, random: number) => Decision;
}

export interface OperationRequest {
  readonly method: string;
  /** Absolute http or https URL; a userinfo part becomes Authorization. */
  readonly url: string;
  /** The user's own fields; Host, Content-Length, Expect and Prefer are added where they are missing. */
  readonly fields: FieldLines;
  readonly content: ContentSource | null;
}

/** For strategies that are good for some methods only. @param why with what to use instead, and a full stop */
export function onlyFor(methods: readonly string[], why: string): NonNullable<Strategy['unsuited']> {
  return ({ method }) => (methods.includes(method) ? null : `This strategy is not for ${method}: ${why}`);
}

export interface StrategyOptions {
  /** Milliseconds without a byte either way after which the server is taken for dead. Default 5,000. */
  readonly patience?: number;
  /**
   * Preferences beyond the strategy's own, as they are written: `processing`, `respond-async`, `wait=1`. What a Prefer
   * field of the request says goes before them.
   */
  readonly preferences?: readonly string[];
  /** Ends (exclusive, ascending) of the segments in which a resumed upload goes on; default: all at once. */
  readonly segments?: readonly number[];
  /** Write Content-Range without its unit whatever the server seems to be. */
  readonly legacyRange?: boolean;
  /** DELETE the response-message resource and the status document at the end; of upload protocols, the upload resource. */
  readonly deleteWhenDone?: boolean;
  /** Bytes of a segment at most, 1 or more; default 256 KiB where the strategy has segments. */
  readonly segmentSize?: number;
  /** Connections of `sparse-upload`, 1 … 100, default 3; partial uploads of `tus-upload`, default 1: no concatenation. */
  readonly parallel?: number;
  /** `ietf-upload`: interop version of the draft, 3 … 8; default 8. */
  readonly interopVersion?: InteropVersion;
  /**
   * What the request that creates an upload resource carries: as much as one request may, or nothing. Default `whole`
   * for `ietf-upload`, `empty` for `tus-upload`.
   */
  readonly first?: 'whole' | 'empty';
  /** `ietf-upload`: digests (RFC 9530, sha-256) of each request's content, of the whole representation, or both. */
  readonly digests?: 'content' | 'representation' | 'both';
  /** `tus-upload`: checksum of the content of each PATCH. */
  readonly checksum?: 'sha1' | 'sha256';
  /** `tus-upload`: what the upload is created with; keys of printable ASCII without space and comma, values in UTF-8. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Upload protocols: ask by OPTIONS first what the server takes. */
  readonly discover?: boolean;
  /** Upload protocols: DELETE the upload resource where the upload does not complete, or is stopped. */
  readonly cancel?: boolean;
  /** `poll`: milliseconds from one question to the next, whatever the server names. Default: what it names, else 1,000. */
  readonly interval?: number;
  /** `server-sent-events`: the name of the event after which no more is wanted. Default: until the server says 204. */
  readonly lastEvent?: string;
  /** What the target is to do with a request that breaks; the strategies that write the target have defaults. */
  readonly transaction?: 'atomic' | 'persist';
  /**
   * Milliseconds that a server may go on sending what tells nothing new: interim responses, or the drops of a document
   * about the request. Default 720 × patience (one hour); never more than 10,000 interim responses to a request, and 64 MiB
   * of such a document.
   */
  readonly longest?: number;
}

/**
 * Told of responses while they come, for whoever streams them on. Steps are on record already. Everything is valid
 * during the call only.
 */
export interface Observer {
  step?(name: StepName, why: string): void;
  /** An interim response, to any request of the operation. */
  interim?(head: Head): void;
  /** The head of what will be the final response, if all goes well. Told again when another took its place. */
  final?(response: Omit<FinalResponse, 'content'>): void;
  /** Its content from now on begins at byte 0 again: what was told before is void, or comes once more. */
  restart?(): void;
  /** A server-sent event. */
  event?(event: StreamEvent): void;
  /** @returns a promise until which no more is read, null to go on */
  content?(bytes: Uint8Array, from: number, to: number): Promise<void> | null;
}

export interface StrategyContext extends WireContext {
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly observer?: Observer;
  /** Bytes of content that are kept of a response which the observer is not told of as it comes; default 1 MiB. */
  readonly keep?: number;
}

/** A response as the user of a strategy gets it; content beyond {@link StrategyContext.keep} is left out. */
export interface FinalResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
  readonly content: Uint8Array;
}

export interface OperationResult {
  readonly outcome: 'completed' | 'failed' | 'refused';
  /** One sentence, for a person. */
  readonly reason: string;
  readonly final: FinalResponse | null;
  /** Absolute URLs that the server named, as far as it did. */
  readonly locations: {
    readonly requestContent: string | null;
    readonly responseMessage: string | null;
    readonly status: string | null;
  };
  /** SHA-256 (hex) of the content that the client had; null if it could not be read, or was not because of a stop, or in vain. */
  readonly payloadDigest: string | null;
  /** Times that it found out where it stood and went on. */
  readonly resumes: number;
  /** Largest offset that the server told by Acknowledge; 0 without. */
  readonly acknowledged: number;
  /** Length and SHA-256 (hex) of the content of {@link final}, all of it; null if it is not whole, or not counted (`plain`). */
  readonly download: { readonly length: number; readonly digest: string } | null;
  /** The content of {@link final} broke off, and its status is the outcome all the same. */
  readonly cutShort: boolean;
  /** Most bytes of the request's content that had to be kept because the server had not told that they are safe. */
  readonly heldMost: number;
}

/** What is true of an operation that could not even begin. */
export function failedAtOnce(reason: string): OperationResult {
  return {
    outcome: 'failed',
    reason,
    final: null,
    locations: { requestContent: null, responseMessage: null, status: null },
    payloadDigest: null,
    resumes: 0,
    acknowledged: 0,
    download: null,
    cutShort: false,
    heldMost: 0,
  };
}

export const DEFAULT_PATIENCE = 5_000;
/** {@link StrategyOptions.longest}, in patiences. */
export const DEFAULT_LONGEST = 720;
