// PUT of a file resource: replaces all of it. Atomic by default: until the last byte is here, nothing has happened. With
// Prefer: transaction=persist it becomes an upload that a PATCH can complete.

import { Intervals } from '../../../shared/byteranges/intervals.ts';
import { ServerError } from '../errors.ts';
import { announcedLength, expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { ContentConsumer, Exchange } from '../http/exchange.ts';
import { refuse } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';
import { NAME_RULE } from './names.ts';
import {
  answerChanged,
  enterTarget,
  forbidden,
  refuseError,
  refuseWith,
  RETRY,
  stateFields,
  unkept,
} from './request.ts';
import type { FileResource } from './resource.ts';
import { emptyUpload, UNKNOWN_TYPE } from './state.ts';
import type { Stage } from './stage.ts';
import { readTransaction, type Transaction } from './transaction.ts';
import type { Refusal } from './writing.ts';
import type { Writer } from './writers.ts';

export function putFile(exchange: Exchange, core: ServerCore, name: string): void {
  const resource = enterTarget(exchange, core, name);
  if (resource === null) return;
  const length = announcedLength(exchange);
  const transaction = readTransaction(exchange, core, 'atomic');
  try {
    const refusal = notPut(exchange, core, resource, length) ?? busy(resource, transaction);
    if (refusal !== null) {
      refuseWith(exchange, refusal);
      return;
    }
    if (!meetsExpectation(exchange)) return;
    const put = new Put({ exchange, core, resource, transaction, length: length === 'none' ? 0 : length });
    if (expectsContinue(exchange)) void exchange.interim(100, []);
    if (transaction.applied.length > 0) void exchange.interim(103, transaction.applied);
    exchange.receive(put);
  } catch (error) {
    refuseError(exchange, error);
  }
}

function notPut(
  exchange: Exchange,
  core: ServerCore,
  resource: FileResource,
  length: number | null | 'none',
): Refusal | null {
  if (length === 'none') {
    return { status: 411, sentence: 'A PUT needs a Content-Length here, or Transfer-Encoding: chunked.' };
  }
  if (exchange.field('Content-Range') !== null) {
    // RFC 9110 §14.5: whoever ignores it would replace all by a part.
    return {
      status: 400,
      sentence: 'A PUT replaces all of the file. To write a part of it, PATCH it with a message/byterange.',
    };
  }
  if (length !== null && length > core.uploadLimit) {
    return { status: 413, sentence: `A file may have ${core.uploadLimit} bytes here, not ${length}.` };
  }
  if (resource.state.kind === 'blocked') {
    return { status: 409, sentence: `There can be no file here: a folder is in the way. ${NAME_RULE}` };
  }
  return unkept(exchange) ?? (resource.pending === null ? forbidden(exchange, resource) : null);
}

/** Why a file cannot be replaced now; null: it can. */
function busy(resource: FileResource, { mode }: Transaction): Refusal | null {
  if (!resource.writers.inPlace && (mode === 'atomic' || resource.pending === null)) return null;
  return {
    status: 409,
    sentence: 'Another request is writing to this file: wait for its end, or ask with HEAD where it stands.',
    fields: RETRY,
  };
}

const WHOLE = Intervals.from([[0, Number.MAX_SAFE_INTEGER]]);

interface PutRequest {
  readonly exchange: Exchange;
  readonly core: ServerCore;
  readonly resource: FileResource;
  readonly transaction: Transaction;
  /** Bytes that it brings; null: unknown. */
  readonly length: number | null;
}

class Put implements ContentConsumer {
  /** As those see it who want the resource; null: it writes beside it, and is in nobody's way. */
  readonly #writer: Writer | null;
  readonly #request: PutRequest;
  readonly #contentType: string;
  /** There was no complete file when it came. */
  readonly #creates: boolean;
  /** Null: it persists, or is over. */
  #stage: Stage | null;
  #at = 0;
  #over = false;

  /** @throws ServerError */
  constructor(request: PutRequest) {
    this.#request = request;
    const { core, resource, transaction } = request;
    this.#writer =
      transaction.mode === 'atomic'
        ? null
        : { inPlace: true, persists: true, ranges: WHOLE, end: () => this.#overtaken() };
    this.#contentType = request.exchange.field('Content-Type') ?? UNKNOWN_TYPE;
    this.#creates = resource.state.kind !== 'complete';
    this.#stage = core.files.stage();
    if (this.#writer !== null) {
      core.files.replace(resource, this.#stage, {
        state: emptyUpload(request.length),
        contentType: this.#contentType,
      });
      this.#stage = null;
    }
    core.files.hold(resource);
    if (this.#writer !== null) resource.writers.add(this.#writer);
  }

  content(bytes: Uint8Array, from: number, to: number): void {
    if (this.#over) return;
    const { core, resource, exchange } = this.#request;
    const end = Math.min(to, from + core.uploadLimit - this.#at);
    try {
      if (this.#writer !== null) {
        resource.writers.heard(this.#writer);
        resource.write(bytes, from, end, this.#at);
      } else this.#stage?.write(bytes, from, end, this.#at);
      this.#at += end - from;
    } catch (error) {
      this.#stop();
      refuseError(exchange, error);
      return;
    }
    if (end === to) return;
    this.#stop();
    refuse(exchange, 413, `A file may have ${core.uploadLimit} bytes here: this one goes on.`);
  }

  end(complete: boolean): void {
    if (this.#over) return;
    if (!complete) this.#stop();
    else this.#finish().catch((error: unknown) => refuseError(this.#request.exchange, error));
  }

  async #finish(): Promise<void> {
    const { exchange, core, resource, transaction } = this.#request;
    try {
      const refusal = await this.#commit();
      if (refusal !== null) {
        refuseWith(exchange, refusal);
        return;
      }
      // RFC 9110 §9.3.4: 201 where there was none, 204 where it was replaced.
      if (this.#creates)
        answerChanged(exchange, core, resource, { created: true, applied: transaction.applied });
      else {
        const fields = [...stateFields(resource), ...transaction.applied];
        void exchange.final({ status: 204, fields, content: new Uint8Array(0) });
      }
    } finally {
      this.#stop();
    }
  }

  async #commit(): Promise<Refusal | null> {
    const { exchange, core, resource, transaction } = this.#request;
    if (this.#writer !== null) {
      resource.learnLength(this.#at);
      resource.settle();
      return null;
    }
    await this.#stage?.sync();
    return core.files.inTurn(resource, () => {
      const stage = this.#stage;
      if (stage === null) return null;
      const refusal = busy(resource, transaction) ?? forbidden(exchange, resource);
      if (refusal !== null) return refusal;
      this.#stage = null;
      core.files.replace(resource, stage, {
        state: { kind: 'complete', size: this.#at },
        contentType: this.#contentType,
      });
      return null;
    });
  }

  /** Its connection is broken: what it holds back cannot come any more. */
  #overtaken(): void {
    this.#stop();
    this.#request.exchange.destroy();
  }

  #stop(): void {
    if (this.#over) return;
    this.#over = true;
    const { core, resource } = this.#request;
    this.#stage?.drop();
    this.#stage = null;
    try {
      if (this.#writer !== null) resource.settle();
    } catch (error) {
      // Nobody is there to be told, and what is written down is less than what is there. Whoever asks next tries again.
      if (!(error instanceof ServerError)) throw error;
    }
    if (this.#writer !== null) resource.writers.remove(this.#writer);
    core.files.leave(resource);
  }
}
