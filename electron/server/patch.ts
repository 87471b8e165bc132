// PATCH of a request-content resource: one message/byterange part, added at the end of an upload as it arrives. What
// may be added is decided in part.ts; a broken PATCH keeps what came.

import {
  MessageByterangeReader,
  type PartFault,
  type PartHead,
} from '../../shared/byteranges/message-byterange.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import { announcedLength, expectsContinue, meetsExpectation } from './accept.ts';
import { answerByJob } from './answers.ts';
import type { ContentConsumer, Exchange } from './exchange.ts';
import { Intake } from './intake.ts';
import type { Operation } from './operations.ts';
import { decidePart } from './part.ts';
import { PLAIN_TEXT, refuse, text } from './refuse.ts';
import type { ServerCore } from './router.ts';
import type { Upload } from './uploads.ts';

const MEDIA_TYPE = 'message/byterange';

/** The exchange must hold the upload. */
export function patchUpload(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
): void {
  const patch = new Patch(exchange, core, operation, upload);
  const type = (exchange.field('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== MEDIA_TYPE) {
    // RFC 5789 §2.2, §3.1
    patch.refuse(415, `A PATCH has the type ${MEDIA_TYPE} here.`, [['Accept-Patch', MEDIA_TYPE]]);
    return;
  }
  const length = announcedLength(exchange);
  if (length === 'none') {
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
  exchange.receive(patch);
}

class Patch implements ContentConsumer {
  readonly #exchange: Exchange;
  readonly #core: ServerCore;
  readonly #operation: Operation;
  readonly #upload: Upload;
  readonly #reader: MessageByterangeReader;
  #intake: Intake | null = null;
  #head: PartHead | null = null;
  /** Bytes of the request's content so far, including those of the piece that is being read. */
  #read = 0;
  #pieceEnd = 0;
  /** Length of the whole upload that the part told. */
  #complete: number | null = null;
  #refused = false;

  constructor(exchange: Exchange, core: ServerCore, operation: Operation, upload: Upload) {
    this.#exchange = exchange;
    this.#core = core;
    this.#operation = operation;
    this.#upload = upload;
    this.#reader = new MessageByterangeReader({
      head: (head) => this.#partHead(head),
      body: (bytes, from, to, at) => this.#partBody(bytes, from, to, at),
      fault: (fault) => this.#fault(fault),
    });
  }

  content(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#refused) return;
    this.#read += to - from;
    this.#pieceEnd = at + to - from;
    this.#reader.feed(bytes, from, to, at);
  }

  end(complete: boolean): void {
    const holds = this.#upload.holds(this.#exchange);
    if (complete && holds && !this.#refused) this.#wholeMessage();
    this.#upload.release(this.#exchange);
    if (this.#refused || !holds) return;
    const { job } = this.#operation;
    if (job !== null) {
      answerByJob(this.#exchange, this.#operation, job, this.#core.clock);
      return;
    }
    if (!complete) return;
    const { have, length } = this.#upload;
    void this.#exchange.final({
      status: this.#core.incompleteStatus,
      reason: 'Incomplete Content',
      fields: [PLAIN_TEXT],
      content: text(`${have}/${length ?? '*'} bytes`),
    });
  }

  refuse(status: number, sentence: string, fields: FieldLines = []): void {
    if (this.#refused) return;
    this.#refused = true;
    this.#upload.release(this.#exchange);
    this.#operation.work.refused?.(sentence);
    refuse(this.#exchange, status, sentence, fields);
  }

  #partHead(head: PartHead): void {
    this.#head = head;
    this.#decide(head, null);
  }

  /** @param behindHead bytes of the request's content behind the part's head, once known */
  #decide(head: PartHead, behindHead: number | null): void {
    const { have, length } = this.#upload;
    const decision = decidePart(head.range, {
      have,
      length,
      limit: this.#core.uploadLimit,
      partLength: head.length,
      contentLength: behindHead,
    });
    if (decision.kind === 'refuse') this.refuse(decision.status, decision.sentence);
    else {
      this.#complete = decision.complete;
      this.#intake = new Intake(this.#exchange, this.#operation, this.#upload, {
        expected: decision.size,
        cutAfter: this.#operation.work.cutAfter?.patch ?? null,
        limit: this.#core.uploadLimit,
      });
    }
  }

  #partBody(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#refused || this.#intake === null || this.#head === null) return;
    const { framing, contentLength } = this.#exchange.head;
    if (this.#intake.stored === 0 && framing === 'content-length') {
      // Its first bytes: now it is known how long the part's head was, and so how much the request brings.
      const headLength = this.#read - (this.#pieceEnd - at);
      this.#decide(this.#head, contentLength - headLength);
      if (this.#refused) return;
    }
    if (this.#complete !== null) this.#upload.learnLength(this.#complete);
    const total = this.#upload.length;
    if (total !== null && this.#upload.have + to - from > total) {
      this.refuse(400, `The part goes on after byte ${total - 1}, which is the last one.`);
      return;
    }
    this.#intake.store(bytes, from, to, at);
  }

  #fault(fault: PartFault): void {
    this.refuse(400, fault.message);
  }

  #wholeMessage(): void {
    this.#reader.end();
    if (!this.#refused && this.#complete !== null) this.#upload.learnLength(this.#complete);
  }
}
