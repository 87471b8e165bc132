// Clients of streams that know nothing of ours: `ws` over plain sockets, and a client that sends frames byte by byte as it
// was told to.

import { WebSocket } from 'ws';
import { message, type RawClient, type Running } from '../harness.ts';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A `ws` client: what it was told, in order. */
export class Peer {
  readonly socket: WebSocket;
  readonly messages: { readonly text: string; readonly binary: boolean }[] = [];
  readonly closed: Promise<Closed>;
  pings = 0;
  #length = 0;
  #wake: () => void = () => {};

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, binary) => {
      this.messages.push({ text: data.toString(binary ? 'latin1' : 'utf8'), binary });
      this.#length += data.length;
      this.#wake();
    });
    socket.on('ping', () => {
      this.pings++;
      this.#wake();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** All that it was told. */
  get text(): string {
    return this.messages.map(({ text }) => text).join('');
  }

  /** Bytes that it was told. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when it is true: asked after each message and each ping. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Sends a message, and resolves when the kernel has it. */
  say(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(data, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** Resolves with an open socket, or with the status of another answer. */
export function open(url: string, headers: Record<string, string> = {}): Promise<Peer | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, perMessageDeflate: false });
    const peer = new Peer(socket);
    socket.on('open', () => resolve(peer));
    socket.on('error', reject);
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
  });
}

async function opened(url: string, headers: Record<string, string> = {}): Promise<Peer> {
  const peer = await open(url, headers);
  if (typeof peer === 'number') throw new Error(`${url} answered ${peer}`);
  return peer;
}

export function appender({ server }: Running, name: string): Promise<Peer> {
  return opened(`${server.url}/streams/${name}`, { 'X-Verb': 'APPEND' });
}

export function follower({ server }: Running, name: string): Promise<Peer> {
  return opened(`${server.url}/streams/${name}`);
}

/** What the state of the server says of a stream; '': nothing. */
export function labelOf({ server }: Running, name: string): string {
  return server.state().resources.find(({ path }) => path === `/streams/${name}`)?.label ?? '';
}

export const HANDSHAKE = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** A connection that has become a WebSocket of an appender, by hand. */
export async function rawAppender(running: Running, name: string): Promise<RawClient> {
  const raw = await running.client();
  raw.send(message(`GET /streams/${name}?verb=APPEND`, HANDSHAKE));
  const { status } = await raw.next();
  if (status !== 101) throw new Error(`/streams/${name} answered ${status}`);
  return raw;
}

interface FrameOptions {
  /** Default: fin, text. */
  readonly first?: number;
  readonly masked?: boolean;
  /** Default: the length of the payload. */
  readonly length?: number;
}

/** A frame as text of bytes (RFC 6455 §5.2). */
export function frame(
  payload: string,
  { first = 0x81, masked = true, length = payload.length }: FrameOptions = {},
): string {
  const mask = [0x37, 0xfa, 0x21, 0x3d];
  const bit = masked ? 0x80 : 0;
  const size =
    length < 126
      ? [bit | length]
      : length < 65_536
        ? [bit | 126, length >> 8, length & 0xff]
        : [bit | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff)];
  const head = String.fromCharCode(first, ...size, ...(masked ? mask : []));
  if (!masked) return head + payload;
  const hidden = Array.from(payload, (character, index) =>
    String.fromCharCode(character.charCodeAt(0) ^ mask[index % 4]!),
  );
  return head + hidden.join('');
}

/** The code of the first close frame in what a server sent; null: there is none. */
export function closeCodeIn(text: string): number | null {
  for (let at = 0; at + 1 < text.length;) {
    const opcode = text.charCodeAt(at) & 0x0f;
    const length = text.charCodeAt(at + 1);
    if (opcode === 8) return text.charCodeAt(at + 2) * 256 + text.charCodeAt(at + 3);
    at += 2 + length;
  }
  return null;
}
