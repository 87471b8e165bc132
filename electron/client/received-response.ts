// A response as it comes in, kept for its reader: the head, and the content up to a bound.
// Also reads the response inside a message/http document, by the same parser as any response.

import { createHash, type Hash } from 'node:crypto';
import { createParser } from '../../shared/http1/parser.ts';
import type { Head, Http1Parser } from '../../shared/http1/types.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import type { FinalResponse, Observer, OperationResult } from './strategy.ts';

/** Content that is kept for the user of a strategy, in bytes, where no other number is named. */
export const USUALLY_KEPT = 1024 * 1024;

/** All field lines of a head, in order. */
export function fieldsOf(head: Head): FieldLines {
  return Array.from({ length: head.fieldCount }, (_, i) => [head.fieldName(i), head.fieldValue(i)] as const);
}

/** One final response, growing: over several exchanges if its content broke off. */
export class ReceivedResponse {
  #head: Omit<FinalResponse, 'content'> | null = null;
  #pieces: Uint8Array[] = [];
  #kept = 0;
  #hash: Hash | null = null;
  readonly #observer: Observer | null;
  readonly #most: number;
  /** The last exchange that brought content of it broke. */
  broken = false;
  /** Bytes of content in all, kept or not. */
  length = 0;

  /**
   * @param digest take it of the content as it comes
   * @param observer told of head and content, where this is what the user will get
   * @param most bytes of content that are kept
   */
  constructor(
    digest: 'sha-256' | 'none' = 'none',
    observer: Observer | null = null,
    most: number = USUALLY_KEPT,
  ) {
    this.#most = most;
    this.#hash = digest === 'none' ? null : createHash('sha256');
    this.#observer = observer;
  }

  get begun(): boolean {
    return this.#head !== null;
  }

  head(head: Head): void {
    this.#head = { status: head.status, reason: head.reason, fields: fieldsOf(head) };
    this.#observer?.final?.(this.#head);
  }

  /** The content begins again; the head stays. */
  restart(): void {
    this.#pieces = [];
    this.#kept = 0;
    this.length = 0;
    if (this.#hash !== null) this.#hash = createHash('sha256');
    this.#observer?.restart?.();
  }

  /** @returns a promise until which no more is to be read, or null */
  content(bytes: Uint8Array, from: number, to: number): Promise<void> | null {
    this.length += to - from;
    this.#hash?.update(bytes.subarray(from, to));
    const room = this.#most - this.#kept;
    if (room > 0) {
      // A Buffer's slice() would be a view of what is used again.
      const piece = new Uint8Array(bytes.subarray(from, Math.min(to, from + room)));
      this.#pieces.push(piece);
      this.#kept += piece.length;
    }
    return this.#observer?.content?.(bytes, from, to) ?? null;
  }

  /** Length and SHA-256 (hex) of all of the content so far; null without digest. */
  summary(): OperationResult['download'] {
    return this.#hash === null ? null : { length: this.length, digest: this.#hash.copy().digest('hex') };
  }

  get(): FinalResponse | null {
    if (this.#head === null) return null;
    const content = new Uint8Array(this.#kept);
    let at = 0;
    for (const piece of this.#pieces) {
      content.set(piece, at);
      at += piece.length;
    }
    return { ...this.#head, content };
  }
}

/** The final response inside a message/http document (RFC 9112 §10.1); fed piece by piece, over several fetches. */
export class ResponseDocument {
  readonly response: ReceivedResponse;
  readonly #parser: Http1Parser;
  #whole = false;
  #hold: Promise<void> | null = null;

  /** @param method of the request that the response answers */
  constructor(method: string, observer: Observer | null) {
    this.response = new ReceivedResponse('sha-256', observer);
    this.#parser = createParser('response', {
      head: (head) => {
        if (head.status >= 200) this.response.head(head);
      },
      content: (bytes, from, to) => (this.#hold = this.response.content(bytes, from, to)),
      messageEnd: (_end, complete) => (this.#whole = complete),
    });
    this.#parser.expect(method);
  }

  /** The response inside has come to its end. */
  get done(): boolean {
    return this.#whole;
  }

  /** Bytes of the document so far: where a Range request goes on. */
  get position(): number {
    return this.#parser.position;
  }

  /** @returns a promise until which no more is to be read, or null */
  feed(bytes: Uint8Array, from: number, to: number): Promise<void> | null {
    this.#hold = null;
    this.#parser.feed(bytes, from, to);
    return this.#hold;
  }

  /** The document is complete. False if its response is cut short; a response without its content is whole. */
  end(): boolean {
    this.#parser.end();
    // A copy without the content (HEAD, or a server that keeps heads only) ends where the content would begin.
    const failure = this.#parser.failed;
    const headOnly = this.response.begun && this.response.length === 0;
    return this.#whole || (headOnly && (failure === null || failure.code === 'closed-in-body'));
  }
}
