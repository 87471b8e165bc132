// The response as its reader gets it: a stream of the content, with status and fields as node:http has them.
// It holds no more content than its high-water mark, and one read of the socket.

import { Readable } from 'node:stream';
import type { FieldLines } from '../../../shared/http1/writer.ts';

/** Status and fields of a response, interim or final. */
export interface Information {
  readonly httpVersion: string;
  readonly statusCode: number;
  readonly statusMessage: string;
  /** Names in lower case; several of one name joined by ", ", but for Set-Cookie. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

export function informationOf(status: number, reason: string, fields: FieldLines, minor = 1): Information {
  // Without a prototype: names are the peer's.
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const known = headers[key];
    if (key === 'set-cookie') headers[key] = [...(Array.isArray(known) ? known : []), value];
    else if (typeof known === 'string') headers[key] = `${known}, ${value}`;
    else headers[key] = value;
  }
  return {
    httpVersion: `1.${minor}`,
    statusCode: status,
    statusMessage: reason,
    headers,
    rawHeaders: fields.flat(),
  };
}

export class ResumableResponse extends Readable implements Information {
  readonly httpVersion: string;
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Information['headers'];
  readonly rawHeaders: readonly string[];
  /** All of the content has come. */
  complete = false;
  #resume: (() => void) | null = null;
  readonly #left: () => void;

  /** @param left called when the reader destroys it before its end */
  constructor(information: Information, left: () => void) {
    super();
    this.httpVersion = information.httpVersion;
    this.statusCode = information.statusCode;
    this.statusMessage = information.statusMessage;
    this.headers = information.headers;
    this.rawHeaders = information.rawHeaders;
    this.#left = left;
  }

  /** Hands bytes on, which are copied. @returns a promise until which no more should come, or null */
  hand(bytes: Uint8Array): Promise<void> | null {
    if (this.destroyed || this.push(Buffer.from(bytes))) return null;
    return new Promise((resolve) => (this.#resume = resolve));
  }

  /** The content is whole. */
  finish(): void {
    this.complete = true;
    this.push(null);
  }

  override _read(): void {
    this.#resume?.();
    this.#resume = null;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#resume?.();
    this.#resume = null;
    if (!this.complete) this.#left();
    callback(error);
  }
}
