// What can be compared of one exchange: its heads, its interim responses, and of its content length and digest. Read from
// the bytes of the wire, in constant memory. It must never take what was not kept for what was not there.

import type { Stream } from '../capture/records.ts';
import { Sha256 } from '../digest/sha-256.ts';
import { messageEnd } from '../export/message-end.ts';
import { fieldsOf, type ReadBytes, readMessage } from '../export/message.ts';
import { createParser } from '../http1/parser.ts';
import type { Head } from '../http1/types.ts';
import type { Exchange, Model } from '../model/model.ts';
import { isMinting } from './minted.ts';

/** A session, as far as comparing needs it. The model must be folded. */
export interface Compared {
  readonly model: Model;
  readonly read: ReadBytes;
}

export type Field = readonly [name: string, value: string];

/** Content after transfer decoding. */
export interface ContentFacts {
  readonly length: number;
  /** SHA-256, hex; null: some of it was counted, not kept. */
  readonly digest: string | null;
  /** It came to its end. */
  readonly whole: boolean;
  /** The content itself where it is small ({@link SMALL}), else null. */
  readonly small: Uint8Array | null;
}

export interface MessageFacts {
  /** Null: not kept. */
  readonly fields: readonly Field[] | null;
  readonly content: ContentFacts;
}

export interface ExchangeFacts {
  readonly id: number;
  readonly connection: number;
  readonly method: string;
  readonly target: string;
  /** Of the final response; null without one. */
  readonly status: number | null;
  readonly reason: string;
  /** Status codes of the interim responses, in order: the first {@link INTERIM}. */
  readonly interim: readonly number[];
  readonly interimCount: number;
  readonly request: MessageFacts;
  /** Null without a final response. */
  readonly response: MessageFacts | null;
  /** What the server minted: the fields that say so, of the first {@link MINTING_HEADS} interim responses and the final one. */
  readonly minted: readonly Field[];
  /** Nanoseconds from its first byte to its end; null while it runs. */
  readonly took: number | null;
}

/** Bytes of content that are kept beside the digest, so that what a server minted can be told apart in it. */
const SMALL = 64 * 1024;
const INTERIM = 1_000;
const MINTING_HEADS = 16;
const READ_AT_ONCE = 1024 * 1024;

export async function exchangeFacts({ model, read }: Compared, exchange: Exchange): Promise<ExchangeFacts> {
  const { columns } = model.events;
  const { id, connection, method, target, status, reason, interim, startedAt, endedAt } = exchange;
  const message = (stream: Stream): Promise<MessageFacts> =>
    messageFacts(read, {
      connection,
      stream,
      start: stream === 'request' ? exchange.requestStart : exchange.responseStart,
      // What comes behind a 101 is no content.
      end:
        stream === 'response' && status === 101
          ? exchange.responseHeadEnd
          : messageEnd(model, exchange, stream),
      method,
      whole: stream === 'request' ? exchange.requestComplete : exchange.complete,
    });
  const response = status === null ? null : await message('response');
  return {
    id,
    connection,
    method,
    target,
    status,
    reason,
    interim: Array.from(
      interim.values.subarray(0, Math.min(interim.length, INTERIM)),
      (row) => columns.code[row]!,
    ),
    interimCount: interim.length,
    request: await message('request'),
    response,
    minted: [...(await interimMinted(model, exchange, read)), ...minting(response?.fields ?? [])],
    took: endedAt === Infinity ? null : endedAt - startedAt,
  };
}

/** What a server minted for an exchange so far: of its interim responses, and of its final one where that is known. */
export async function mintedBy({ model, read }: Compared, exchange: Exchange): Promise<Field[]> {
  const { connection, method, responseStart: start, responseHeadEnd: headEnd } = exchange;
  const place = { connection, stream: 'response', start, headEnd, end: headEnd, method } as const;
  const final = Number.isNaN(headEnd) ? [] : fieldsOf((await readMessage(read, place, 0)).head);
  return [...(await interimMinted(model, exchange, read)), ...minting(final)];
}

async function interimMinted(model: Model, exchange: Exchange, read: ReadBytes): Promise<Field[]> {
  const { a, b } = model.events.columns;
  const { connection, method, interim } = exchange;
  const found: Field[] = [];
  for (let i = 0; i < Math.min(interim.length, MINTING_HEADS); i++) {
    const [start, headEnd] = [a[interim.values[i]!]!, b[interim.values[i]!]!];
    const place = { connection, stream: 'response', start, headEnd, end: headEnd, method } as const;
    found.push(...minting(fieldsOf((await readMessage(read, place, 0)).head)));
  }
  return found;
}

function minting(fields: readonly Field[]): Field[] {
  return fields.filter(([name]) => isMinting(name));
}

interface MessagePlace {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly end: number;
  readonly method: string;
  readonly whole: boolean;
}

async function messageFacts(read: ReadBytes, place: MessagePlace): Promise<MessageFacts> {
  const { connection, stream, start, end, method, whole } = place;
  let fields: Field[] | null = null;
  let length = 0;
  let missing = false;
  const hash = new Sha256();
  const small: Uint8Array[] = [];
  const parser = createParser(stream, {
    head: (head: Head) => {
      fields ??= fieldsOf(head);
    },
    content: (bytes, from, to) => {
      hash.update(bytes, from, to);
      if (length + to - from <= SMALL) small.push(bytes.slice(from, to));
      length += to - from;
    },
  });
  if (stream === 'response') parser.expect(method);
  // A position that is not known compares as false: nothing is read.
  for (let at = start; at < end;) {
    const { bytes, kept } = await read(connection, stream, at, Math.min(end, at + READ_AT_ONCE));
    parser.feed(bytes);
    at += bytes.length;
    missing = !kept;
    if (missing || bytes.length === 0) break;
  }
  return {
    fields,
    content: {
      length,
      digest: missing ? null : hex(hash.digest()),
      whole,
      small: missing || length > SMALL ? null : joined(small, length),
    },
  };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
