// PATCH of a file resource by one of the three byte-range media types: what the request must bring, its parts as they
// come, its answer. Where the bytes go is decided by the writing.

import { createPatchReader, PATCH_TYPES } from '../../../shared/byteranges/patch-reader.ts';
import type { PartFault, PartHead, PatchReader } from '../../../shared/byteranges/parts.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { ServerError } from '../errors.ts';
import { announcedLength, expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { ContentConsumer, Exchange } from '../http/exchange.ts';
import { refuseStorage } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import { AtomicWriting } from './atomic.ts';
import { PersistWriting } from './persist.ts';
import { NAME_RULE } from './names.ts';
import { refuseWithProblem } from './problem.ts';
import {
  answerChanged,
  enterTarget,
  forbidden,
  refuseError,
  refuseWith,
  RETRY,
  unkept,
  unkeptForm,
} from './request.ts';
import type { FileResource } from './resource.ts';
import { readTransaction, type Transaction } from './transaction.ts';
import type { Refusal, Writing } from './writing.ts';

/** RFC 5789 §3.1 */
export const ACCEPT_PATCH: readonly [string, string] = ['Accept-Patch', PATCH_TYPES.join(', ')];

export function patchFile(exchange: Exchange, core: ServerCore, name: string): void {
  const resource = enterTarget(exchange, core, name);
  if (resource === null) return;
  core.files.retry(resource);
  if (resource.failure !== null && resource.pending === null) {
    refuseStorage(exchange, resource.failure);
    return;
  }
  const type = exchange.field('Content-Type') ?? '';
  const transaction = readTransaction(exchange, core, usualMode(type, resource));
  try {
    const refusal = notPatched(exchange, resource, transaction);
    if (refusal !== null) {
      refuseWith(exchange, refusal);
      return;
    }
    if (!meetsExpectation(exchange)) return;
    const patch = new FilePatch({ exchange, core, resource, transaction, type });
    if (!patch.readable) {
      // RFC 5789 §2.2
      refuseWith(exchange, {
        status: 415,
        sentence: `A PATCH has one of these types here: ${PATCH_TYPES.join(', ')}.`,
        fields: [ACCEPT_PATCH],
      });
      return;
    }
    if (expectsContinue(exchange)) void exchange.interim(100, []);
    if (transaction.applied.length > 0) void exchange.interim(103, transaction.applied);
    exchange.receive(patch);
  } catch (error) {
    refuseError(exchange, error);
  }
}

/**
 * Without a preference: an upload by message/byterange keeps what arrives; parts that belong together, and changes of a
 * complete file, happen together (draft-ietf-httpapi-patch-byterange, The multipart/byteranges Media Type).
 */
function usualMode(type: string, resource: FileResource): Transaction['mode'] {
  return isSingle(type) && resource.state.kind !== 'complete' ? 'persist' : 'atomic';
}

/** Of the media type that has one part. */
function isSingle(type: string): boolean {
  return /^\s*message\/byterange\s*(?:;|$)/i.test(type);
}

function notPatched(exchange: Exchange, resource: FileResource, transaction: Transaction): Refusal | null {
  if (announcedLength(exchange) === 'none') {
    return { status: 411, sentence: 'A PATCH needs a Content-Length here, or Transfer-Encoding: chunked.' };
  }
  if (resource.state.kind === 'blocked') {
    return { status: 409, sentence: `There can be no file here: a folder is in the way. ${NAME_RULE}` };
  }
  if (resource.pending !== null && transaction.mode === 'persist') {
    return {
      status: 409,
      sentence: 'Another change of this file is being carried out: try again when it is.',
      fields: RETRY,
    };
  }
  return unkept(exchange) ?? (resource.pending === null ? forbidden(exchange, resource) : null);
}

interface PatchRequest {
  readonly exchange: Exchange;
  readonly core: ServerCore;
  readonly resource: FileResource;
  readonly transaction: Transaction;
  /** Content-Type of the patch. */
  readonly type: string;
}

class FilePatch implements ContentConsumer {
  readonly #request: PatchRequest;
  readonly #reader: PatchReader | null;
  readonly #writing: Writing;
  /** There was no complete file when it came. */
  readonly #creates: boolean;
  /** Bytes of content that came before those that are being read. */
  #read = 0;
  #part: PartHead | null = null;
  /** The writing knows of the part. */
  #begun = false;
  #partLength = 0;
  #parts = 0;
  #over = false;

  constructor(request: PatchRequest) {
    this.#request = request;
    const { exchange, core, resource, transaction, type } = request;
    this.#creates = resource.state.kind !== 'complete';
    this.#reader = createPatchReader(type, {
      head: (head) => this.#head(head),
      body: (bytes, from, to, at) => this.#body(bytes, from, to, at),
      partEnd: (whole) => this.#partEnd(whole),
      fault: (fault) => this.#fault(fault),
    });
    const Kind = transaction.mode === 'persist' ? PersistWriting : AtomicWriting;
    this.#writing = new Kind({
      store: core.files,
      resource,
      limit: core.uploadLimit,
      overtaken: () => exchange.destroy(),
    });
    if (this.#reader === null) this.#writing.stop();
  }

  /** Its media type is one that can be read. */
  get readable(): boolean {
    return this.#reader !== null;
  }

  content(bytes: Uint8Array, from: number, to: number): void {
    if (this.#done) return;
    const at = this.#read;
    this.#read += to - from;
    this.#attempt(() => this.#reader?.feed(bytes, from, to, at));
  }

  end(complete: boolean): void {
    if (this.#done) return;
    if (!complete) {
      this.#over = true;
      this.#writing.stop();
      return;
    }
    this.#attempt(() => {
      const whole = this.#reader?.end() === true;
      if (this.#done) return;
      if (!whole) this.#refuse(400, 'The patch ends before its last part does.', this.#read);
      else if (this.#parts === 0) this.#refuse(422, 'The patch has no part.', this.#read);
      else void this.#finish();
    });
  }

  get #done(): boolean {
    return this.#over || this.#writing.ended;
  }

  #head(head: PartHead): void {
    if (this.#done) return;
    this.#part = head;
    this.#begun = false;
    this.#partLength = 0;
    this.#parts++;
  }

  /**
   * The part has its first byte, or its end: what its head says can be judged.
   * @param at where the body begins in the request's content
   */
  #begin(head: PartHead, at: number): void {
    if (this.#begun) return;
    this.#begun = true;
    const { range, length, contentType, contentEncoding } = head;
    const refusal =
      unkeptForm(contentType, contentEncoding) ??
      this.#tooMuch(head, at) ??
      this.#writing.part({ range, length, contentType });
    if (refusal !== null) this.#refuse(refusal.status, refusal.sentence, at, refusal.fields);
  }

  /**
   * More content than a single part announces: found out before a byte of it is stored. Less than that is an
   * interruption, which shows in its own time.
   */
  #tooMuch({ length }: PartHead, at: number): Refusal | null {
    const { exchange, type } = this.#request;
    const { framing, contentLength } = exchange.head;
    if (!isSingle(type) || framing !== 'content-length' || length === null) return null;
    const brings = (contentLength ?? 0) - at;
    if (brings <= length) return null;
    return { status: 400, sentence: `The part brings ${brings} bytes, but announces ${length}.` };
  }

  #body(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#done || this.#part === null) return;
    this.#begin(this.#part, at);
    if (this.#done) return;
    const end = Math.min(to, from + this.#writing.room);
    this.#writing.body(bytes, from, end);
    this.#partLength += end - from;
    if (end < to) this.#refuse(400, 'The part goes on where the resource must end.', at + end - from);
  }

  #partEnd(whole: boolean): void {
    if (this.#done || this.#part === null) return;
    this.#begin(this.#part, this.#read);
    if (this.#done) return;
    this.#writing.partEnd();
    if (whole) return;
    // The same as an interruption at the shorter length, but the client is still there to be told.
    const sentence = `The body of the part ends after ${this.#partLength} of ${this.#part.length ?? 'unknown'} bytes.`;
    this.#refuse(400, sentence, this.#read);
  }

  #fault({ code, message, at }: PartFault): void {
    // Without a range that is known, the syntax is right and the patch still impossible.
    this.#refuse(code === 'missing-range' ? 422 : 400, message, at);
  }

  #refuse(status: number, sentence: string, at: number | null, fields: FieldLines = []): void {
    if (this.#done) return;
    this.#over = true;
    this.#writing.stop();
    const { exchange, transaction } = this.#request;
    const kept = transaction.mode === 'persist' && this.#partLength > 0 ? ' What came before is kept.' : '';
    refuseWithProblem(exchange, {
      status,
      sentence: `${sentence}${kept}`,
      at,
      fields: [...fields, ...transaction.applied],
    });
  }

  async #finish(): Promise<void> {
    this.#over = true;
    const { exchange, core, resource, transaction } = this.#request;
    // The exchange may be over before the commit is: the answer then goes nowhere, and the resource must stay.
    core.files.hold(resource);
    try {
      const refusal = await this.#writing.commit(() => forbidden(exchange, resource));
      if (this.#writing.ended) return;
      if (refusal !== null) refuseWith(exchange, refusal);
      else answerChanged(exchange, core, resource, { created: this.#creates, applied: transaction.applied });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      refuseStorage(exchange, error);
    } finally {
      core.files.leave(resource);
    }
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#over = true;
      this.#writing.stop();
      refuseError(this.#request.exchange, error);
    }
  }
}
