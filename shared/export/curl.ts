// Requests as curl commands: method, target, field lines and content as the client sent them.
// It must never send less than was recorded without saying so, nor let a byte of a message become a command.
//
// curl writes Host, User-Agent and Accept first, and chunks as it likes: the order of these and the chunk boundaries are
// what a command cannot keep.

import { counted } from '../counted.ts';
import type { Connection, Exchange, Model } from '../model/model.ts';
import { contentPieces } from './content.ts';
import { endpointOf, schemeOf } from './endpoint.ts';
import { messageEnd } from './message-end.ts';
import { fieldsOf, type Message, type Place, type ReadBytes, readMessage } from './message.ts';
import { linesOf, placeWords, remarksByExchange } from './remarks.ts';
import { base64Text, isReadable, printfOf, shellWord } from './shell.ts';

/** Content up to this length stands in the script as text where it is text. */
const TEXT = 64 * 1024;
/** Seconds after which curl gives up a request that cannot end by itself: the rest of its content is not to come. */
const PATIENCE = 5;
/** RFC 9110 §15.2.2: what comes behind it is no HTTP. */
const SWITCHED = 101;
/** Fields that curl sends by itself where nobody says otherwise. */
const OWN_FIELDS = ['user-agent', 'accept'];
/** Further ones beside content. */
const OWN_CONTENT_FIELDS = ['content-type', 'expect'];

/** A script for /bin/sh that sends every request of the session, in their order. The model must be folded. */
export async function* toCurl(model: Model, read: ReadBytes, title: string): AsyncGenerator<string> {
  yield [
    '#!/bin/sh',
    `# ${oneLine(title)}: ${counted(model.exchanges.length, 'request')} as curl sends them, one after the other.`,
    '# Addresses that a server mints anew for each upload or job are still those of the session.',
    '',
    '',
  ].join('\n');
  const remarks = remarksByExchange(model);
  for (const remark of remarks.get(null) ?? [])
    for (const line of linesOf(remark)) yield `# Note ${placeWords(remark)}: ${line}\n`;
  for (const exchange of model.exchanges) {
    const seconds = (exchange.startedAt / 1e9).toFixed(6);
    yield `# exchange ${exchange.id} · connection ${exchange.connection} · ${seconds} s\n`;
    for (const line of (remarks.get(exchange.id) ?? []).flatMap(linesOf)) yield `# Note: ${line}\n`;
    yield* curlCommand(model, exchange, read);
    yield '\n';
  }
}

/** One request as a command, with an LF at its end; remarks where it cannot be sent as it was. */
export async function* curlCommand(
  model: Model,
  exchange: Exchange,
  read: ReadBytes,
): AsyncGenerator<string> {
  const connection = model.connections[exchange.connection - 1]!;
  const place: Place = {
    connection: connection.id,
    stream: 'request',
    start: exchange.requestStart,
    headEnd: exchange.requestHeadEnd,
    end: messageEnd(model, exchange, 'request'),
    method: exchange.method,
  };
  const message = await readMessage(read, place, TEXT);
  const refusal = refusalOf(message);
  if (refusal !== null) {
    yield `# ${exchange.method} ${oneLine(exchange.target)} is left out: ${refusal}\n`;
    return;
  }
  const { head, content, size } = message;
  // Of an announced length, the content may be less than all of it.
  const short = !exchange.requestComplete;
  if (short) yield `# Its content was cut short after ${size} bytes: these are sent, ${endingOf(message)}.\n`;
  if (exchange.status === SWITCHED)
    yield `# The connection was switched to another protocol: ${PATIENCE} s later curl gives it up.\n`;
  if (message.trailers !== null) yield '# Its trailers are left out: curl cannot send any.\n';
  const words = wordsOf(exchange, connection, message, short).join(' \\\n  ');
  if (size === 0) yield `${words}\n`;
  else if (size <= TEXT && head?.field('content-encoding') === null && isReadable(content))
    yield `${printfOf(content)} |\n${words}\n`;
  else {
    yield `base64 -d <<'END' |\n`;
    yield* base64Text(contentPieces(read, place));
    yield `END\n${words}\n`;
  }
}

/** Why a request cannot be sent again as it was; null: it can. */
function refusalOf({ head, missing }: Message): string | null {
  if (head === null) return 'its head is not in the session.';
  if (missing) return 'bytes of it were counted, not kept.';
  return null;
}

/** What becomes of a request that was cut short. */
function endingOf({ head }: Message): string {
  return head?.framing === 'chunked'
    ? 'and ended as if they were all, since curl ends all chunks'
    : `and after ${PATIENCE} s the connection is given up`;
}

/** The command itself, word by word. Content comes through its standard input. */
function wordsOf(
  exchange: Exchange,
  connection: Connection,
  { head, size }: Message,
  short: boolean,
): string[] {
  const hasContent = size > 0;
  const fields = fieldsOf(head);
  const words = ['curl --include'];
  words.push(head?.minor === 0 ? '--http1.0' : '--http1.1');
  if (short || exchange.status === SWITCHED) words.push(`--max-time ${PATIENCE}`);
  words.push(...methodOf(exchange.method, hasContent));
  const endpoint = endpointOf(connection);
  const scheme = schemeOf(connection);
  // A certificate is for the name that was asked for, not for the address that it led to.
  const host = scheme === 'https' ? (head?.field('host') ?? null) : null;
  const place = host !== null && URL.canParse(`https://${host}/`) ? host : endpoint;
  const authority = place.replace(scheme === 'https' ? /:443$/ : /:80$/, '');
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  const isChunked = head?.framing === 'chunked';
  for (const [name, value] of fields) {
    const known = name.toLowerCase();
    // These are what curl would say by itself.
    if (known === 'host' && value === authority) continue;
    if (known === 'content-length' && !short && !isChunked && (hasContent || value !== '0')) continue;
    words.push(`--header ${wordOf(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  const unsaid = hasContent ? [...OWN_FIELDS, ...OWN_CONTENT_FIELDS, 'host'] : [...OWN_FIELDS, 'host'];
  // A field without a value is one that curl leaves out.
  for (const name of unsaid) if (!names.has(name)) words.push(`--header '${capitalised(name)}:'`);
  if (hasContent) words.push('--data-binary @-');
  words.push(...addressOf(exchange.target, `${scheme}://${place}`));
  return words;
}

/** curl waits for the content of an answer to HEAD unless it is told by an option of its own. */
function methodOf(method: string, hasContent: boolean): string[] {
  if (method === 'HEAD' && !hasContent) return ['--head'];
  if (method === (hasContent ? 'POST' : 'GET')) return [];
  return [`--request ${wordOf(method)}`];
}

/** The URL, and the target as it was where the URL would change it. */
function addressOf(target: string, origin: string): string[] {
  // What curl would take for a pattern, a fragment, or dots to resolve.
  const isKept = /^\/[^#[\]{}\s\u0080-\uffff]*$/.test(target) && !/\/\.{1,2}(?:\/|\?|$)/.test(target);
  if (isKept) return [wordOf(`${origin}${target}`)];
  return [`--request-target ${wordOf(target)}`, wordOf(`${origin}/`)];
}

/** A word of characters that are bytes, as the parser hands them out. */
function wordOf(latin1: string): string {
  return shellWord(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
}

/** `user-agent` → `User-Agent` */
function capitalised(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Text for a remark: nothing in it may end the line. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are meant
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
