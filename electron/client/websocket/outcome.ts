// What appending to a stream, or following one, came to: counted while it goes on, and put in a sentence for a person.

import { counted } from '../../../shared/counted.ts';
import { createHash } from 'node:crypto';

export interface StreamResult {
  /** `refused`: the server answered that it will not. `failed`: it broke, or could not begin. */
  readonly outcome: 'completed' | 'failed' | 'refused';
  /** One sentence, for a person. */
  readonly reason: string;
  /** Of the answer to the request: 101, 200, 403 …; null: none came. */
  readonly status: number | null;
  /** Of the close frame that came (RFC 6455 §7.4); null: none did. */
  readonly closeCode: number | null;
  /** Bytes that were handed over, or came. */
  readonly bytes: number;
  /** WebSocket messages that they were in. */
  readonly messages: number;
  /** SHA-256 (hex) of the bytes. */
  readonly digest: string;
}

/** What is not known while it still goes on. */
export type Ending = Pick<StreamResult, 'outcome' | 'reason' | 'status' | 'closeCode'>;

/** Counts what goes by, in constant memory. */
export class Tally {
  readonly #hash = createHash('sha256');
  bytes = 0;
  messages = 0;

  /** A message; with `part`, bytes that are in none. */
  add(bytes: Uint8Array, part?: 'part'): void {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    if (part === undefined) this.messages++;
  }

  /** `12 bytes in 1 message` */
  get text(): string {
    return `${counted(this.bytes, 'byte')} in ${counted(this.messages, 'message')}`;
  }

  result(ending: Ending): StreamResult {
    return { ...ending, bytes: this.bytes, messages: this.messages, digest: this.#hash.copy().digest('hex') };
  }
}

/** @returns null for a close in good order (RFC 6455 §7.4.1; 1005: a frame without a code), else what it says */
export function closeProblem(code: number, reason: string): string | null {
  if (code === 1000 || code === 1005) return null;
  return `The server closed the stream with ${code}${reason === '' ? '.' : `: ${ended(reason)}`}`;
}

/** The sentence for an answer that is no WebSocket. @param content the beginning of its content */
export function refusal(status: number, phrase: string, content: string): string {
  const line = content.split(/\r?\n/, 1)[0] ?? '';
  return `The server answered ${`${status} ${phrase}`.trim()}${line === '' ? '.' : `: ${ended(line.slice(0, 300))}`}`;
}

/** With a full stop, if it has none. */
function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
