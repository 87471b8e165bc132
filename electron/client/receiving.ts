// The responses of one operation as they come in: which answer is the final one, what of its content is here, and the
// document that keeps a lost one. Takes what it is given; what to ask for next is decided elsewhere.

import { assertNever } from '../../shared/capture/records.ts';
import type { Head } from '../../shared/http1/types.ts';
import type { Errand, Fetched } from './errands.ts';
import { completeOf, isFinal, readingOf, receptionOf } from './reading.ts';
import { ReceivedResponse, ResponseDocument } from './received-response.ts';
import { type End, NOTHING_RECEIVED, type Reading, type Reception, type Situation } from './situation.ts';
import type { Observer } from './strategy.ts';

export class Receiving {
  readonly #method: string;
  readonly #exchanges: 'single' | 'several';
  readonly #observer: Observer | null;
  /** The last answer to the request itself, and what is being put together of it over several of them. */
  #answer = new ReceivedResponse();
  #response = this.#answer;
  #document: ResponseDocument;
  #etag: string | null = null;
  #furthest = 0;
  #reception: Reception = NOTHING_RECEIVED;

  /**
   * @param method of the user's request, which tells how a kept response is read
   * @param exchanges a single one: its answer is final whatever it says, and no digest is taken of it
   */
  constructor(method: string, exchanges: 'single' | 'several', observer: Observer | null) {
    this.#method = method;
    this.#exchanges = exchanges;
    this.#observer = observer;
    this.#document = this.#newDocument();
  }

  get fetched(): Fetched {
    return { position: this.#document.position, etag: this.#etag };
  }

  get reception(): Reception {
    return this.#reception;
  }

  /** What was read of the document is void. */
  restartDocument(): void {
    this.#document = this.#newDocument();
  }

  /** One exchange, to be told of its final head and content. */
  begin(errand: Errand, base: string, situation: Situation): Heard {
    if (errand.purpose === 'download' && errand.asks === 0) this.#reception = NOTHING_RECEIVED;
    const before = this.#document.position;
    let sink: ReceivedResponse | ResponseDocument | null = null;
    let reading: Reading | null = null;
    return {
      final: (head) => {
        reading = readingOf(errand.purpose, head, this.#reception);
        sink =
          errand.purpose === 'response'
            ? this.#documentOf(head)
            : this.#sinkFor(reading, head, errand, base, situation);
        return reading;
      },
      content: (bytes, from, to) => {
        if (sink === null) return null;
        return sink instanceof ResponseDocument ? sink.feed(bytes, from, to) : sink.content(bytes, from, to);
      },
      end: (whole) => {
        if (reading === 'anew' || reading === 'continues')
          this.#reception = { ...this.#reception, have: this.#response.length };
        const reads = errand.purpose === 'download' || errand.purpose === 'rest';
        const further = reads && this.#reception.have > this.#furthest;
        if (reads) this.#furthest = Math.max(this.#furthest, this.#reception.have);
        const document = sink instanceof ResponseDocument ? sink : null;
        const complete = document !== null && whole && document.end();
        const inside = document?.response.get() ?? null;
        return {
          reading,
          document:
            inside === null ? null : { status: inside.status, reason: inside.reason, whole: complete },
          further: further || this.#document.position > before,
        };
      },
    };
  }

  /** The response that an end names; null: none. */
  chosen(final: End['final']): ReceivedResponse | null {
    switch (final) {
      case 'answer':
        return this.#answer;
      case 'reception':
        return this.#response;
      case 'document':
        return this.#document.response;
      case 'none':
        return null;
      default:
        return assertNever(final);
    }
  }

  #sinkFor(
    reading: Reading | null,
    head: Head,
    errand: Errand,
    base: string,
    situation: Situation,
  ): ReceivedResponse | null {
    switch (reading) {
      case null:
        return null;
      case 'continues':
        this.#reception = { ...this.#reception, complete: this.#reception.complete ?? completeOf(head) };
        this.#answer = this.#response;
        return this.#response;
      case 'ignored':
        this.#answer = new ReceivedResponse();
        this.#answer.head(head);
        return this.#answer;
      case 'anew':
        if (errand.purpose === 'rest') {
          // The same representation once more: the response that it is the content of keeps its own head.
          this.#response.restart();
          return this.#response;
        }
        this.#response =
          this.#exchanges === 'single'
            ? new ReceivedResponse('none', this.#observer)
            : new ReceivedResponse(
                'sha-256',
                isFinal(errand.purpose, head, errand.goal, situation) ? this.#observer : null,
              );
        this.#response.head(head);
        this.#answer = this.#response;
        this.#reception = receptionOf(head, base);
        return this.#response;
      default:
        return assertNever(reading);
    }
  }

  /** Whether this answer is the response document, from where we want it on; if so, what reads it. */
  #documentOf(head: Head): ResponseDocument | null {
    if (head.status !== 200 && head.status !== 206) return null;
    if (head.status === 206) {
      if (!(head.field('content-range') ?? '').startsWith(`bytes ${this.#document.position}-`)) return null;
      return this.#document;
    }
    if (!/^message\/http\s*(;|$)/i.test(head.field('content-type') ?? '')) return null;
    if (this.#document.position > 0) this.restartDocument();
    const etag = head.field('etag');
    this.#etag = etag !== null && !etag.startsWith('W/') ? etag : null;
    return this.#document;
  }

  #newDocument(): ResponseDocument {
    return new ResponseDocument(this.#method, this.#observer);
  }
}

/** One exchange as it is heard. */
export interface Heard {
  /** The final head: what its content is to the final response. */
  final(head: Head): Reading | null;
  /** @returns a promise until which no more is to be read, or null */
  content(bytes: Uint8Array, from: number, to: number): Promise<void> | null;
  /** @param whole the answer came whole */
  end(whole: boolean): {
    readonly reading: Reading | null;
    readonly document: { readonly status: number; readonly reason: string; readonly whole: boolean } | null;
    /** More of the final response or its document is here than ever before. */
    readonly further: boolean;
  };
}
