// The request-content resource: what has arrived of a request's content, kept so that a later request can bring the
// rest. Bytes only ever come at the end, from one exchange at a time.

import type { ContentSource } from './content-store.ts';
import type { Exchange } from '../http/exchange.ts';

/** Where the bytes go. */
export interface UploadContent extends ContentSource {
  /** @throws ServerError; nothing of it is stored then. */
  append(bytes: Uint8Array, from: number, to: number): void;
  /** SHA-256 (hex) of all bytes; null: they are gone. */
  digest(): Promise<string | null>;
  dispose(): void;
}

/**
 * How an upload comes to be complete: when it has its length (draft-wright-http-resume-request, tus), or when a request
 * says so that was read to its end (draft-ietf-httpbis-resumable-upload).
 */
export type Completion = 'by-length' | 'declared';

interface UploadOptions {
  readonly content: UploadContent;
  /** False: nobody can read its bytes, only how many there are. */
  readonly readable: boolean;
  /** Content-Type of the request that it is the content of. */
  readonly contentType: string;
  /** Bytes in all; null while unknown (a chunked request). */
  readonly length: number | null;
  /** Most bytes that it may have. */
  readonly limit: number;
  /** Sees every byte once, in order, as it is stored. */
  readonly observe?: (bytes: Uint8Array, from: number, to: number) => void;
  /** All of it has arrived; called once. */
  readonly completed: () => void;
  readonly changed: () => void;
}

export class Upload {
  readonly contentType: string;
  readonly content: UploadContent;
  readonly readable: boolean;
  /** Most bytes that it may have. */
  readonly limit: number;
  readonly #options: UploadOptions;
  #length: number | null;
  #complete = false;
  #completion: Completion = 'by-length';
  #holder: Exchange | null = null;

  constructor(options: UploadOptions) {
    this.#options = options;
    this.content = options.content;
    this.contentType = options.contentType;
    this.readable = options.readable;
    this.limit = options.limit;
    this.#length = options.length;
  }

  /** Bytes that are stored. */
  get have(): number {
    return this.content.length;
  }

  get length(): number | null {
    return this.#length;
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** An exchange brings content now. */
  get receiving(): boolean {
    return this.#holder !== null;
  }

  /**
   * A newer request for the upload: the connection of an older one that still brings content is broken, so that
   * nothing it holds back can arrive later.
   * @param completion of the protocol that brings content
   */
  take(exchange: Exchange, bringsContent: boolean, completion: Completion = 'by-length'): void {
    const older = this.#holder;
    this.#holder = null;
    this.#completion = completion;
    if (older !== null && older !== exchange) older.destroy();
    this.#options.changed();
    if (!bringsContent) return;
    this.#holder = exchange;
    exchange.whenOver(() => this.release(exchange));
  }

  holds(exchange: Exchange): boolean {
    return this.#holder === exchange;
  }

  /** The exchange brings nothing more. */
  release(exchange: Exchange): void {
    if (this.#holder !== exchange) return;
    this.#holder = null;
    this.#options.changed();
  }

  /** @throws ServerError as its content does; nothing of it is stored then. */
  append(bytes: Uint8Array, from: number, to: number): void {
    this.content.append(bytes, from, to);
    this.#options.observe?.(bytes, from, to);
    this.#options.changed();
    this.#completeIfAllThere();
  }

  /** The length has become known. It must not be less than what is there, nor differ from one known before. */
  learnLength(length: number): void {
    this.#length ??= length;
    this.#completeIfAllThere();
  }

  /** What is there is all of it: said by a request whose protocol does not leave that to the length. */
  declareComplete(): void {
    this.#length ??= this.have;
    this.#finish();
  }

  #completeIfAllThere(): void {
    if (this.#completion === 'by-length' && this.#length !== null && this.have >= this.#length)
      this.#finish();
  }

  #finish(): void {
    if (this.#complete) return;
    this.#complete = true;
    this.#options.completed();
    this.#options.changed();
  }
}
