// A session as text: every message as it went over the wire, in the order in which their heads were known.
// It must never change what was sent, save for leaving out what is no text, and saying so.
//
//   ### 3 · response 102 · exchange 0 · connection 1 · 0.012345 s · bytes 120–240 of the response stream
//   HTTP/1.1 102 Processing
//   …
//
// A line that begins with `### ` separates; one with `#### ` is a remark. Between them stand the bytes of the wire, chunk
// lines included, with their own line ends.

import type { Stream } from '../capture/records.ts';
import type { Exchange, Model } from '../model/model.ts';
import { ALL_CONTENT, MESSAGE_CONTENT } from './bounds.ts';
import { messageEnd } from './message-end.ts';
import { asText, type ReadBytes } from './message.ts';
import { linesOf, placeWords, remarksByExchange } from './remarks.ts';

/** Where one message lies in a stream. */
interface WirePlace {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly headEnd: number;
  readonly end: number;
}

/** One message as it went over the wire, its first MiB; content that is no text is told in a remark. */
export async function messageText(
  read: ReadBytes,
  { connection, stream, start, headEnd, end }: WirePlace,
): Promise<string> {
  const { bytes } = await read(connection, stream, start, Math.min(end, start + MESSAGE_CONTENT));
  const more = end - start - bytes.length;
  const rest = more > 0 ? `\r\n#### ${more} more bytes are left out.\r\n` : '';
  return wireText(bytes, headEnd - start).join('') + rest;
}

interface Part {
  readonly time: number;
  readonly what: string;
  readonly exchange: Exchange;
  readonly stream: Stream;
  readonly start: number;
  readonly headEnd: number;
  readonly end: number;
  readonly complete: boolean;
}

/** Every request, interim and final response. The model must be folded. */
export async function toHttp(model: Model, read: ReadBytes): Promise<string> {
  const texts = [
    '#### Messages as they went over the wire, in the order in which their heads were known.\r\n',
    '#### Media type of what stands between the lines that begin with "### ": message/http (RFC 9112, section 10.1).\r\n',
  ];
  const remarks = remarksByExchange(model);
  for (const remark of remarks.get(null) ?? [])
    for (const line of linesOf(remark)) texts.push(`#### Note ${placeWords(remark)}: ${line}\r\n`);
  let left = ALL_CONTENT;
  let number = 0;
  for (const part of partsOf(model)) {
    const { exchange, stream, start, headEnd, end } = part;
    const seconds = (part.time / 1e9).toFixed(6);
    texts.push(
      `\r\n### ${++number} · ${part.what} · exchange ${exchange.id} · connection ${exchange.connection} · ${seconds} s · ` +
        `bytes ${start}–${end} of the ${stream} stream\r\n`,
    );
    if (stream === 'request')
      for (const line of (remarks.get(exchange.id) ?? []).flatMap(linesOf))
        texts.push(`#### Note: ${line}\r\n`);
    const most = Math.min(end - start, MESSAGE_CONTENT, left);
    const { bytes, kept } = await read(exchange.connection, stream, start, start + most);
    left -= bytes.length;
    texts.push(...wireText(bytes, headEnd - start));
    const more = end - start - bytes.length;
    if (more > 0)
      texts.push(
        `\r\n#### ${more} more bytes ${kept ? 'are in the session' : 'were counted, not kept'}.\r\n`,
      );
    if (!part.complete) texts.push('\r\n#### It was cut short here.\r\n');
  }
  return texts.join('');
}

/** A message as text; content that is none is told in a remark. */
function wireText(bytes: Uint8Array, headLength: number): string[] {
  // Fields may hold bytes above 0x7f, which have no meaning of their own (RFC 9110 §5.5).
  const head = Array.from(bytes.subarray(0, headLength), (byte) => String.fromCharCode(byte)).join('');
  const content = bytes.subarray(headLength);
  if (content.length === 0) return [head];
  const text = asText(content);
  if (text === null)
    return [head, `#### ${content.length} bytes of content that are no text; they are in the session.\r\n`];
  return [head, text, text.endsWith('\n') ? '' : '\r\n'];
}

function partsOf(model: Model): Part[] {
  const { columns } = model.events;
  const parts: Part[] = [];
  for (const exchange of model.exchanges) {
    if (!Number.isNaN(exchange.requestHeadEnd))
      parts.push({
        time: exchange.startedAt,
        what: `request ${exchange.method} ${exchange.target}`,
        exchange,
        stream: 'request',
        start: exchange.requestStart,
        headEnd: exchange.requestHeadEnd,
        end: messageEnd(model, exchange, 'request'),
        complete: exchange.requestComplete,
      });
    for (let i = 0; i < exchange.interim.length; i++) {
      const row = exchange.interim.values[i]!;
      const end = columns.b[row]!;
      parts.push({
        time: columns.time[row]!,
        what: `response ${columns.code[row]!}`,
        exchange,
        stream: 'response',
        start: columns.a[row]!,
        headEnd: end,
        end,
        complete: true,
      });
    }
    if (exchange.status !== null)
      parts.push({
        time: exchange.statusAt,
        what: `response ${exchange.status}`,
        exchange,
        stream: 'response',
        start: exchange.responseStart,
        headEnd: exchange.responseHeadEnd,
        end: messageEnd(model, exchange, 'response'),
        complete: exchange.complete,
      });
  }
  return parts.sort((one, other) => one.time - other.time);
}
