// The responses of one operation as they come in: which answer is the final one, what of its content is here, and the
// document that keeps a lost one. Takes what it is given; what to ask for next is decided elsewhere.

import { assertNever } from '../../shared/capture/records.ts';
import type { Head } from '../../shared/http1/types.ts';
import type { Errand, Fetched } from './errands.ts';
import { completeOf, isFinal, isNothingBehind, readingOf, receptionOf, roomOf } from './reading.ts';
import { ReceivedResponse, ResponseDocument, USUALLY_KEPT } from './received-response.ts';
import { type End, NOTHING_RECEIVED, type Reading, type Reception, type Situation } from './situation.ts';
import type { Observer } from './strategy.ts';

export class Receiving {
  readonly #method: string;
  readonly #exchanges: 'single' | 'several';
  readonly #observer: Observer | null;
  readonly #keep: number;
  /** The last answer to the request itself, and what is being put together of it over several of them. */
  #answer = new ReceivedResponse();
  #response = this.#answer;
  #document: ResponseDocument;
  /** What the answers that brought the document told of it. */
  #kept: Reception = NOTHING_RECEIVED;
  #furthest = 0;
  #furthestOfDocument = 0;
  /** The last answer that brought the document was a 206. */
  #inParts = false;
  #reception: Reception = NOTHING_RECEIVED;

  /**
   * @param method of the user's request, which tells how a kept response is read
   * @param exchanges a single one: its answer is final whatever it says, and no digest is taken of it
   * @param told who is told of the final response; how much is kept of one that nobody is told of
   */
  constructor(
    method: string,
    exchanges: 'single' | 'several',
    { observer = null, keep = USUALLY_KEPT }: { readonly observer?: Observer | null; readonly keep?: number },
  ) {
    this.#keep = keep;
    this.#method = method;
    this.#exchanges = exchanges;
    this.#observer = observer;
    this.#document = this.#newDocument();
  }

  get fetched(): Fetched {
    return { position: this.#document.position, validator: this.#kept.validator };
  }

  get reception(): Reception {
    return this.#reception;
  }

  /** What was read of the document is void. */
  restartDocument(): void {
    this.#document = this.#newDocument();
    this.#kept = NOTHING_RECEIVED;
  }

  /**
   * One exchange, to be told of its final head and content.
   * @param stop ends it: the rest of the answer is of no use
   */
  begin(errand: Errand, base: string, situation: Situation, stop: () => void): Heard {
    if (errand.purpose === 'download' && errand.asks === 0) this.#reception = NOTHING_RECEIVED;
    let sink: ReceivedResponse | ResponseDocument | null = null;
    let reading: Reading | null = null;
    let room = Infinity;
    return {
      final: (head) => {
        const ofDocument = errand.purpose === 'response';
        reading = readingOf(errand.purpose, head, ofDocument ? this.#ofDocument : this.#reception);
        sink = ofDocument
          ? this.#documentOf(reading, head, base)
          : this.#sinkFor(reading, head, errand, base, situation);
        room = roomOf(head);
        if (reading === 'ignored' && head.status < 300 && errand.method !== 'HEAD') stop();
      },
      content: (bytes, from, to) => {
        // A 416 that tells the end of the document has content of its own.
        if (sink === null || (sink instanceof ResponseDocument && reading === null)) return null;
        const end = Math.min(to, from + room);
        room -= to - from;
        if (room < 0) stop();
        if (end <= from) return null;
        return sink instanceof ResponseDocument
          ? sink.feed(bytes, from, end)
          : sink.content(bytes, from, end);
      },
      end: (whole) => {
        const told = sink instanceof ResponseDocument ? this.#endOfDocument(sink, whole) : NO_DOCUMENT;
        if (!(sink instanceof ResponseDocument) && (reading === 'anew' || reading === 'continues'))
          this.#reception = { ...this.#reception, have: this.#response.length };
        if (sink instanceof ReceivedResponse) sink.broken = !whole;
        return { reading: room < 0 ? 'ignored' : reading, ...told, further: this.#isFurther(errand) };
      },
    };
  }

  /** Is more of the final response here, or of its document, than ever before? */
  #isFurther({ purpose }: Errand): boolean {
    if (purpose === 'response') {
      const before = this.#furthestOfDocument;
      this.#furthestOfDocument = Math.max(before, this.#document.position);
      return this.#document.position > before;
    }
    if (purpose !== 'download' && purpose !== 'rest') return false;
    const before = this.#furthest;
    this.#furthest = Math.max(before, this.#reception.have);
    return this.#reception.have > before;
  }

  get #ofDocument(): Reception {
    return { ...this.#kept, have: this.#document.position };
  }

  #endOfDocument(document: ResponseDocument, whole: boolean): Pick<Told, 'document' | 'missing'> {
    const { complete } = this.#kept;
    // Without a length, only the response itself can tell its end, or a 416 to the next question.
    const missing =
      whole && !document.done && (complete === null ? this.#inParts : document.position < complete);
    const over = whole && !missing && document.end();
    const inside = document.response.get();
    return {
      document: inside === null ? null : { status: inside.status, reason: inside.reason, whole: over },
      missing,
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
            : isFinal(errand.purpose, head, errand.goal, situation)
              ? new ReceivedResponse('sha-256', this.#observer)
              : new ReceivedResponse('sha-256', null, this.#keep);
        this.#response.head(head);
        this.#answer = this.#response;
        this.#reception = receptionOf(head, base);
        return this.#response;
      default:
        return assertNever(reading);
    }
  }

  /** What reads this answer, if it is the response document from where we want it on, or tells that this is its end. */
  #documentOf(reading: Reading | null, head: Head, base: string): ResponseDocument | null {
    this.#inParts = head.status === 206;
    if (reading === 'anew') {
      if (this.#document.position > 0) this.restartDocument();
      this.#kept = receptionOf(head, base);
      return this.#document;
    }
    if (reading === 'continues') {
      this.#kept = { ...this.#kept, complete: this.#kept.complete ?? completeOf(head) };
      return this.#document;
    }
    const { status } = head;
    return isNothingBehind({ status, complete: completeOf(head) }, this.#ofDocument) ? this.#document : null;
  }

  #newDocument(): ResponseDocument {
    return new ResponseDocument(this.#method, this.#observer);
  }
}

/** What one exchange came to. */
interface Told {
  readonly reading: Reading | null;
  readonly document: { readonly status: number; readonly reason: string; readonly whole: boolean } | null;
  /** There is more of the document than came. */
  readonly missing: boolean;
  /** More of the final response or its document is here than ever before. */
  readonly further: boolean;
}

const NO_DOCUMENT = { document: null, missing: false } as const;

/** One exchange as it is heard. */
export interface Heard {
  final(head: Head): void;
  /** @returns a promise until which no more is to be read, or null */
  content(bytes: Uint8Array, from: number, to: number): Promise<void> | null;
  /** @param whole the answer came whole */
  end(whole: boolean): Told;
}
