// PATCH of a request-content resource: byte-range parts of any of the three media types, added at the end of an upload
// as they arrive. What may be added is decided in part.ts; a broken PATCH keeps what came.

import type { PartFault, PartHead, PatchReader } from '../../../shared/byteranges/parts.ts';
import { createPatchReader, mediaType, PATCH_TYPES } from '../../../shared/byteranges/patch-reader.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { acknowledgerFor } from './accept.ts';
import { credentialsOf } from '../operations/access.ts';
import type { Acknowledger } from './acknowledger.ts';
import { answerByJob } from '../operations/answers.ts';
import { announcedLength, expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { ContentConsumer, Exchange } from '../http/exchange.ts';
import { Intake } from './intake.ts';
import type { Operation } from '../operations/operation.ts';
import { decidePart } from './part.ts';
import { refuseWithProblem } from '../files/problem.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import type { Upload } from './uploads.ts';

/** The exchange must hold the upload. */
export function patchUpload(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
): void {
  const patch = new Patch(exchange, core, operation, upload);
  if (!patch.readable) {
    // RFC 5789 §2.2, §3.1
    patch.refuse(415, `A PATCH has one of the types ${PATCH_TYPES.join(', ')} here.`, [
      ['Accept-Patch', PATCH_TYPES.join(', ')],
    ]);
    return;
  }
  if (announcedLength(exchange) === 'none') {
    patch.refuse(411, 'A PATCH needs a Content-Length here, or Transfer-Encoding: chunked.');
    return;
  }
  if (upload.complete) {
    patch.refuse(
      409,
      `All ${upload.have} bytes are here already: GET ${operation.responsePath} for the response.`,
    );
    return;
  }
  if (!meetsExpectation(exchange)) return;
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  patch.begin();
}

class Patch implements ContentConsumer {
  readonly #exchange: Exchange;
  readonly #core: ServerCore;
  readonly #operation: Operation;
  readonly #upload: Upload;
  readonly #reader: PatchReader | null;
  /** Bytes of the request's content; null: unknown. */
  readonly #length: number | null;
  #intake: Intake | null = null;
  #acknowledger: Acknowledger | null = null;
  #head: PartHead | null = null;
  /** What the head of the part says was judged. */
  #judged = false;
  #parts = 0;
  /** Bytes of the request's content so far. */
  #read = 0;
  /** Absolute position in the stream of the content's first byte. */
  #start = 0;
  /** Bytes of the part that is being read. */
  #partBytes = 0;
  /** Where the next byte of its body is, or would be, in the request's content. */
  #partAt = 0;
  /** Length of the whole upload that the part told. */
  #complete: number | null = null;
  #refused = false;

  constructor(exchange: Exchange, core: ServerCore, operation: Operation, upload: Upload) {
    this.#exchange = exchange;
    this.#core = core;
    this.#operation = operation;
    this.#upload = upload;
    const length = announcedLength(exchange);
    this.#length = length === 'none' ? 0 : length;
    this.#reader = createPatchReader(exchange.field('Content-Type') ?? '', {
      head: (head) => this.#partHead(head),
      body: (bytes, from, to, at) => this.#partBody(bytes, from, to, at),
      partEnd: (whole) => this.#partEnd(whole),
      fault: (fault) => this.#fault(fault),
    });
  }

  /** The content is of a type that can be read. */
  get readable(): boolean {
    return this.#reader !== null;
  }

  begin(): void {
    this.#acknowledger = acknowledgerFor(this.#exchange, this.#core, {
      operation: this.#operation,
      upload: this.#upload,
      expected: this.#length,
    });
    this.#exchange.receive(this);
  }

  content(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#refused) return;
    if (this.#read === 0) this.#start = at;
    const position = this.#read;
    this.#read += to - from;
    // Positions within the content, in which faults are told.
    this.#reader?.feed(bytes, from, to, position);
  }

  end(complete: boolean): void {
    const holds = this.#upload.holds(this.#exchange);
    if (complete && holds && !this.#refused) this.#finish();
    this.#upload.release(this.#exchange);
    if (this.#refused || !holds) return;
    const { job } = this.#operation;
    if (job !== null) {
      const { status } = this.#operation.locations(credentialsOf(this.#exchange));
      answerByJob(this.#exchange, this.#core, this.#operation, { job, status });
    } else if (!complete) this.#core.operations.broken(this.#operation);
    else {
      const { have, length } = this.#upload;
      void this.#exchange.final({
        status: this.#core.incompleteStatus,
        reason: 'Incomplete Content',
        fields: [PLAIN_TEXT],
        content: text(`${have}/${length ?? '*'} bytes`),
      });
    }
  }

  /** For what is known before any of the content came. */
  refuse(status: number, sentence: string, fields: FieldLines = []): void {
    this.#give(sentence);
    refuse(this.#exchange, status, sentence, fields);
  }

  /** @param at byte of the request's content at which it was found */
  #refuseAt(status: number, sentence: string, at: number): void {
    if (this.#refused) return;
    this.#give(sentence);
    const kept = (this.#intake?.stored ?? 0) > 0 ? ' What came before is kept.' : '';
    refuseWithProblem(this.#exchange, { status, sentence: `${sentence}${kept}`, at });
  }

  /** Gives the upload up: nothing more of the request is taken. */
  #give(sentence: string): void {
    this.#refused = true;
    this.#upload.release(this.#exchange);
    this.#operation.work.refused?.(sentence);
  }

  #partHead(head: PartHead): void {
    if (this.#refused) return;
    this.#head = head;
    this.#judged = false;
    this.#parts++;
    this.#partBytes = 0;
    this.#partAt = this.#read;
  }

  /**
   * The part has its first byte, or its end: now it is known how long its head was, and so how much the request brings.
   * @param at where the body begins in the request's content
   */
  #judge(head: PartHead, at: number): void {
    if (this.#judged) return;
    this.#judged = true;
    const { have, length, limit } = this.#upload;
    const contentLength = this.#endsWithContent && this.#length !== null ? this.#length - at : null;
    const decision = decidePart(head.range, { have, length, limit, partLength: head.length, contentLength });
    if (decision.kind === 'refuse') {
      this.#refuseAt(decision.status, decision.sentence, at);
      return;
    }
    this.#complete = decision.complete;
    this.#intake ??= new Intake(this.#exchange, this.#operation, this.#upload, {
      expected: decision.size,
      cutAfter: this.#operation.work.cutAfter?.patch ?? null,
      acknowledger: this.#acknowledger,
    });
  }

  #partBody(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#refused || this.#head === null) return;
    this.#judge(this.#head, at);
    if (this.#refused) return;
    this.#partBytes += to - from;
    this.#partAt = at + (to - from);
    if (this.#complete !== null) this.#upload.learnLength(this.#complete);
    const total = this.#upload.length;
    if (total !== null && this.#upload.have + to - from > total) {
      this.#refuseAt(400, `The part goes on after byte ${total - 1}, which is the last one.`, at);
      return;
    }
    this.#intake?.store(bytes, from, to, this.#start + at);
  }

  #partEnd(whole: boolean): void {
    if (this.#refused || this.#head === null) return;
    this.#judge(this.#head, this.#read);
    if (this.#refused) return;
    // What only tells the length has told it when nothing comes behind it.
    if (whole && this.#complete !== null) this.#upload.learnLength(this.#complete);
    if (whole) return;
    // The same as an interruption at the shorter length, but the client is still there to be told.
    const announced = this.#head.length ?? 'unknown';
    const sentence = `The body of the part ends after ${this.#partBytes} of ${announced} bytes.`;
    this.#refuseAt(400, sentence, this.#partAt);
  }

  #fault({ code, message, at }: PartFault): void {
    // Without a range that is known, the syntax is right and the patch still impossible.
    this.#refuseAt(code === 'missing-range' ? 422 : 400, message, at);
  }

  /** All of the request's content is there. */
  #finish(): void {
    const whole = this.#reader?.end() === true;
    if (!whole) this.#refuseAt(400, 'The patch ends before its last part does.', this.#read);
    else if (this.#parts === 0) this.#refuseAt(422, 'The patch has no part.', this.#read);
  }

  /** A message/byterange is one part, whose body is all the rest. */
  get #endsWithContent(): boolean {
    return mediaType(this.#exchange.field('Content-Type') ?? '') === 'message/byterange';
  }
}
