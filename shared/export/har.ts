// A session as HAR 1.2, for other viewers, with what plain HAR has no place for in custom fields: interim responses,
// messages, aborts, operations, chunks. It must never make an incomplete exchange look complete.

import type { Content, Entry, Har, Header, PostData, Request, Response, Timings } from 'har-format';
import packageJson from '../../package.json' with { type: 'json' };
import { type Stream, streamOf } from '../capture/records.ts';
import { type EventTable, Kind, Layer, OperationState, unpackFault } from '../model/events.ts';
import { Uint32List } from '../model/growable.ts';
import type { Connection, Exchange, Model } from '../model/model.ts';
import { base64 } from './base64.ts';
import { ALL_CONTENT, MESSAGE_CONTENT } from './bounds.ts';
import { addressOf, endpointOf, schemeOf } from './endpoint.ts';
import { absoluteUrl, queryOf, requestCookies, responseCookies } from './har-fields.ts';
import { eventSourceMessages, streamOfMessages, webSocketMessages } from './har-messages.ts';
import { messageEnd } from './message-end.ts';
import { asText, fieldsOf, type Message, type ReadBytes, readMessage } from './message.ts';
import { phasesOf } from './phases.ts';
import { placeWords, remarksByExchange } from './remarks.ts';

export interface HarInfo {
  /** When the session began: milliseconds since 1970. */
  readonly startedAt: number;
  /** The session's name. */
  readonly title: string;
}

/** Interim responses of one exchange that are written out, the first ones. */
const INTERIM_RESPONSES = 10_000;
/** Milliseconds since 1970 of the year 10000. */
const LATEST = 253_402_300_800_000;

/** What is known of an interim response; times in milliseconds after the entry began. */
export interface HarInterimResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly Header[];
  readonly time: number;
}

/** Why an exchange did not come to its end. */
export interface HarAbort {
  readonly how: string;
  readonly by: string;
  /** The stream that broke off, and at which byte of the connection's stream. */
  readonly stream: 'request' | 'response';
  readonly at: number;
  /** The same as an offset in the representation, where it is known. */
  readonly content: number | null;
  /** Milliseconds after the entry began; null while it may still go on. */
  readonly time: number | null;
}

/** One entry for each exchange, in their order. Reads content as it goes; the model must be folded. */
export async function toHar(model: Model, read: ReadBytes, info: HarInfo): Promise<Har> {
  const arrivals = chunkArrivals(model.events);
  const remarks = remarksByExchange(model);
  const budget = { left: ALL_CONTENT };
  const entries: Entry[] = [];
  for (const exchange of model.exchanges) {
    const entry = await toEntry(model, exchange, read, info, arrivals.get(exchange.id), budget);
    const words = remarks.get(exchange.id)?.map(({ text }) => text);
    if (words !== undefined) entry.comment = words.join('\n');
    entries.push(entry);
  }
  const others = (remarks.get(null) ?? []).map((remark) => `\nNote ${placeWords(remark)}: ${remark.text}`);
  return {
    log: {
      version: '1.2',
      creator: { name: 'Interim', version: packageJson.version },
      pages: [],
      entries,
      comment:
        `${info.title}: interim responses, messages, aborts, operations and chunks are in fields that begin with an ` +
        'underscore; plain HAR has no place for them. Bytes on the wire are in the session itself.' +
        others.join(''),
    },
  };
}

async function toEntry(
  model: Model,
  exchange: Exchange,
  read: ReadBytes,
  info: HarInfo,
  arrivals: Uint32List | undefined,
  budget: { left: number },
): Promise<Entry> {
  const connection = model.connections[exchange.connection - 1]!;
  const { method } = exchange;
  const message = async (stream: 'request' | 'response'): Promise<Message> => {
    const [start, headEnd] =
      stream === 'request'
        ? [exchange.requestStart, exchange.requestHeadEnd]
        : [exchange.responseStart, exchange.responseHeadEnd];
    // What comes behind a 101 is no content: its messages are told by themselves.
    const switched = stream === 'response' && exchange.status === 101;
    const end = switched ? headEnd : messageEnd(model, exchange, stream);
    const place = { connection: connection.id, stream, start, headEnd, end, method };
    const found = await readMessage(read, place, Math.min(MESSAGE_CONTENT, budget.left));
    budget.left -= found.content.length;
    return found;
  };
  const request = await message('request');
  const response = await message('response');
  const timings = timingsOf(model, exchange);
  const entry: Entry = {
    startedDateTime: dateOf(info.startedAt, exchange.startedAt / 1e6),
    time: timings.send! + timings.wait + timings.receive!,
    request: toRequest(model, exchange, connection, request),
    response: toResponse(model, exchange, response),
    cache: {},
    timings,
    connection: String(connection.id),
    _interimResponses: await interimResponses(model, exchange, read),
    _operation: operationOf(model, exchange),
  };
  const address = addressOf(connection);
  if (address !== null) entry.serverIPAddress = address;
  const messages = streamOfMessages(model, exchange);
  if (messages === 'frames') {
    entry._resourceType = 'websocket';
    entry._webSocketMessages = await webSocketMessages(model, exchange, read, info.startedAt, budget);
  } else if (messages === 'events') {
    entry._resourceType = 'eventsource';
    entry._eventSourceMessages = eventSourceMessages(model, exchange, response, info.startedAt);
  }
  if (response.head?.framing === 'chunked') entry._chunks = chunksOf(model, exchange, response, arrivals);
  if (!exchange.complete || !exchange.requestComplete) entry._abort = abortOf(model, exchange, connection);
  return entry;
}

function toRequest(model: Model, exchange: Exchange, connection: Connection, message: Message): Request {
  const { head } = message;
  const fields = fieldsOf(head);
  const url = absoluteUrl(exchange.method, exchange.target, head?.field('host') ?? null, {
    scheme: schemeOf(connection),
    endpoint: endpointOf(connection),
  });
  const request: Request = {
    method: exchange.method,
    url,
    httpVersion: `HTTP/1.${head?.minor ?? 1}`,
    cookies: requestCookies(fields),
    headers: headersOf(fields),
    queryString: queryOf(url),
    headersSize: sizeOf(exchange.requestStart, exchange.requestHeadEnd),
    bodySize: sizeOf(exchange.requestHeadEnd, messageEnd(model, exchange, 'request')),
  };
  if (message.size > 0) request.postData = postDataOf(message);
  const remark = remarkOf(message, exchange.requestComplete);
  if (remark !== null) request.comment = remark;
  return request;
}

function toResponse(model: Model, exchange: Exchange, message: Message): Response {
  const { head } = message;
  const fields = fieldsOf(head);
  const response: Response = {
    // No final response: 0, as browsers write it.
    status: exchange.status ?? 0,
    statusText: exchange.reason,
    httpVersion: exchange.status === null ? '' : `HTTP/1.${head?.minor ?? 1}`,
    cookies: responseCookies(fields),
    headers: headersOf(fields),
    content: contentOf(message),
    redirectURL: head?.field('location') ?? '',
    headersSize: sizeOf(exchange.responseStart, exchange.responseHeadEnd),
    bodySize:
      exchange.status === 101 ? 0 : sizeOf(exchange.responseHeadEnd, messageEnd(model, exchange, 'response')),
  };
  const remark =
    exchange.status === null ? 'There was no final response.' : remarkOf(message, exchange.complete);
  if (remark !== null) response.comment = remark;
  return response;
}

function contentOf(message: Message): Content {
  const { head, content, size } = message;
  const found: Content = { size, mimeType: head?.field('content-type') ?? '' };
  if (content.length === 0) return found;
  const text = isBinary(head) ? null : asText(content);
  if (text === null) {
    found.text = base64(content);
    found.encoding = 'base64';
  } else found.text = text;
  if (size > content.length) found.comment = `Only the first ${content.length} bytes.`;
  return found;
}

function postDataOf(message: Message): PostData {
  const { head, content, size } = message;
  const mimeType = head?.field('content-type') ?? '';
  const text = isBinary(head) ? null : asText(content);
  const cut = size > content.length ? ` Only the first ${content.length} of ${size} bytes.` : '';
  // HAR has no encoding here: a reader that knows nothing of ours still sees what the text is.
  if (text === null)
    return { mimeType, text: base64(content), comment: `Base64.${cut}`, _encoding: 'base64' } as PostData;
  return { mimeType, text, ...(cut === '' ? {} : { comment: cut.trim() }) };
}

/** Coded content is never text, whatever its type says. */
function isBinary(head: Message['head']): boolean {
  const coding = head?.field('content-encoding')?.trim().toLowerCase() ?? 'identity';
  return coding !== 'identity' && coding !== '';
}

async function interimResponses(
  model: Model,
  exchange: Exchange,
  read: ReadBytes,
): Promise<HarInterimResponse[]> {
  const { columns } = model.events;
  const found: HarInterimResponse[] = [];
  for (let i = 0; i < Math.min(exchange.interim.length, INTERIM_RESPONSES); i++) {
    const row = exchange.interim.values[i]!;
    const start = columns.a[row]!;
    const headEnd = columns.b[row]!;
    const place = {
      connection: exchange.connection,
      stream: 'response',
      start,
      headEnd,
      end: headEnd,
    } as const;
    const { head } = await readMessage(read, { ...place, method: exchange.method }, 0);
    found.push({
      status: columns.code[row]!,
      statusText: head?.reason ?? '',
      headers: headersOf(fieldsOf(head)),
      time: milliseconds(columns.time[row]! - exchange.startedAt),
    });
  }
  return found;
}

function operationOf(model: Model, exchange: Exchange): object {
  const operation = model.operations[exchange.operation];
  const state = operation === undefined ? undefined : model.operationState(operation)?.state;
  const name = Object.entries(OperationState).find(([, value]) => value === state)?.[0] ?? null;
  return { id: exchange.operation, title: operation?.title ?? '', state: name, resumes: exchange.resumes };
}

function abortOf(model: Model, exchange: Exchange, connection: Connection): HarAbort {
  let stream: Stream = exchange.requestComplete ? 'response' : 'request';
  const reached = messageEnd(model, exchange, stream);
  const { columns } = model.events;
  let at = Number.isNaN(reached) ? 0 : reached;
  let content: number | null = null;
  for (let i = 0; i < connection.faults.length; i++) {
    const row = connection.faults.values[i]!;
    const fault = unpackFault(columns.code[row]!);
    if (columns.exchange[row] !== exchange.id || fault.action !== 'cut') continue;
    // The byte that a cut names is one of the stream that it was applied to, whatever else broke with it.
    stream = streamOf(fault.end, fault.direction);
    at = columns.a[row]!;
    content = Number.isNaN(columns.b[row]!) ? null : columns.b[row]!;
  }
  const { closed } = connection;
  return {
    how: closed?.how ?? 'open',
    by: closed?.by ?? '',
    stream,
    at,
    content,
    time: closed === null ? null : milliseconds(closed.at - exchange.startedAt),
  };
}

/** Chunks with the time at which their last byte was there, in milliseconds after the entry began. */
function chunksOf(
  { events }: Model,
  exchange: Exchange,
  { chunks }: Message,
  arrivals: Uint32List | undefined,
): { bytes: number; ts: number }[] {
  const { time, b: reached } = events.columns;
  const rows = arrivals ?? new Uint32List();
  let next = 0;
  return chunks.map(({ size, at }) => {
    while (next < rows.length - 1 && reached[rows.values[next]!]! < at + size) next++;
    const arrived = rows.length === 0 ? exchange.startedAt : time[rows.values[next]!]!;
    return { bytes: size, ts: milliseconds(arrived - exchange.startedAt) };
  });
}

/** Rows that tell how far a response had come, by exchange: as received, else as sent. */
function chunkArrivals({ columns, length }: EventTable): Map<number, Uint32List> {
  const received = new Map<number, Uint32List>();
  const sent = new Map<number, Uint32List>();
  for (let row = 0; row < length; row++) {
    if (columns.kind[row] !== Kind.responseBytes) continue;
    const lists = columns.code[row] === Layer.received ? received : sent;
    const exchange = columns.exchange[row]!;
    let list = lists.get(exchange);
    if (list === undefined) lists.set(exchange, (list = new Uint32List()));
    list.push(row);
  }
  for (const [exchange, list] of sent) if (!received.has(exchange)) received.set(exchange, list);
  return received;
}

function timingsOf(model: Model, exchange: Exchange): Timings & { send: number; receive: number } {
  const { startedAt, sentAt, answeredAt, overAt } = phasesOf(model, exchange);
  return {
    blocked: -1,
    dns: -1,
    connect: -1,
    ssl: -1,
    send: milliseconds(sentAt - startedAt),
    wait: milliseconds(answeredAt - sentAt),
    receive: milliseconds(overAt - answeredAt),
  };
}

function headersOf(fields: readonly (readonly [string, string])[]): Header[] {
  return fields.map(([name, value]) => ({ name, value }));
}

/** What is wrong with a message as it is written out; null: nothing. */
function remarkOf({ head, missing }: Message, complete: boolean): string | null {
  if (head === null) return 'Its head is not in the session: counted, not kept.';
  if (missing) return 'Part of it was counted, not kept.';
  return complete ? null : 'Cut short.';
}

/** Bytes from … to; −1, as HAR says it, where one of them is not known. */
function sizeOf(from: number, to: number): number {
  return Number.isNaN(from) || Number.isNaN(to) ? -1 : to - from;
}

/** A date in the form of HAR, which has years of four digits; else when the session began, else 1970. */
function dateOf(startedAt: number, after: number): string {
  const moment = [startedAt + after, startedAt].find((time) => time >= 0 && time < LATEST) ?? 0;
  return new Date(moment).toISOString();
}

/** Whole microseconds are enough for anybody, and readable. */
function milliseconds(nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e3) / 1e3);
}
