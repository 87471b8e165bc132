// Records → events. A pure reducer: the same records give the same events, live, opened or played back.
// It reads the wire; what an operation's own steps say only adds why.

import { readUploadRequest } from '../byteranges/upload-request.ts';
import {
  assertNever,
  type CaptureRecord,
  type ClosedRecord,
  type Stream,
  streamOf,
} from '../capture/records.ts';
import { MOST_REMARK_RECORDS } from '../capture/remark.ts';
import type { Head } from '../http1/types.ts';
import { type Announced, DigestWatch, sha256In } from './digest-watch.ts';
import { documentOf, isDownload, looksAtUpload } from './downloads.ts';
import {
  ClosedBy,
  ClosedHow,
  type EventTable,
  Kind,
  Layer,
  NEXT,
  NONE,
  OperationState,
  packFault,
} from './events.ts';
import { meaningOf, transactionOf } from './meaning.ts';
import { LayerEvents } from './layer-events.ts';
import { contentReader, isEventStream, tunnelReader } from './messages/readers.ts';
import { PlainProgress } from './plain-progress.ts';
import { emitRemark } from './remark-places.ts';
import { OperationTeller } from './operation-teller.ts';
import { Operations } from './operations.ts';
import { goingOn, isShort, isWhole, keeps } from './recovery.ts';
import { ALL_KEPT } from './kept-events.ts';
import { Rows } from './rows.ts';
import { Checks } from './rules/checks.ts';
import { Notebook } from './rules/notebook.ts';
import { FieldPlaces } from './rules/field-places.ts';
import { type Begun, type Pair, Running } from './running.ts';
import { answered, arrivalLayer, begunUpload, found, partTold } from './stored.ts';
import type { HeadReader, Meaning } from './stream-items.ts';
import { StreamTrack } from './stream-track.ts';

/** Fields of an interim response that say more than progress. */
const TELLING = [
  'location',
  'acknowledge',
  'upload-offset',
  'content-location',
  'request-content-location',
  'response-message-location',
  'preference-applied',
  'status-uri',
  'progress',
] as const;

/** Connections whose last request is remembered. */
const LAST_REQUESTS = 4096;

/** 156 MB of columns, and the objects of some 250,000 exchanges. */
const MOST_ROWS = 4_000_000;

/** What a deriver may take. */
export interface DeriverBounds {
  /** How many are remembered of what belongs to operations; default: 100,000 of each kind. */
  readonly locations?: number;
  /** How many rows the table may have, and one more for each remark; default: {@link MOST_ROWS}. */
  readonly rows?: number;
  /** How many events of a kind, in one layer of one exchange, all become rows; default: {@link ALL_KEPT}. */
  readonly allKept?: number;
}

export class Deriver {
  readonly #table: EventTable;
  readonly #rows: Rows;
  readonly #teller: OperationTeller;
  readonly #pairs = new Map<number, Pair>();
  readonly #operations: Operations;
  readonly #layers: LayerEvents;
  readonly #plain = new PlainProgress();
  readonly #places = new FieldPlaces();
  /** By connection, the request that was sent on it last: a step may follow when it is over. The oldest go first. */
  readonly #last = new Map<number, Begun>();
  readonly #checks: Checks;
  #exchanges = 0;
  #remarks = 0;
  readonly #most: number;
  readonly #allKept: number;
  /** The table has all the rows that it may have: what came after them was counted by others, and told of by none. */
  isFull = false;

  constructor(table: EventTable, { locations, rows, allKept }: DeriverBounds = {}) {
    this.#table = table;
    this.#most = rows ?? MOST_ROWS;
    this.#allKept = allKept ?? ALL_KEPT;
    this.#operations = new Operations(locations);
    this.#rows = new Rows(table);
    this.#teller = new OperationTeller(this.#rows, this.#operations);
    this.#layers = new LayerEvents(this.#rows, this.#teller, this.#pairs, new Notebook(table));
    this.#checks = new Checks(table);
  }

  /** Takes one record; its events are in the table when this returns, unless that is full. Records come in the order of their times. */
  feed(record: CaptureRecord): void {
    if (record.kind === 'remark') {
      // Written when all was over, perhaps: it is no time of what happened.
      if (this.#remarks++ < MOST_REMARK_RECORDS) emitRemark(this.#table, this.#rows, record);
      return;
    }
    if (this.#table.length >= this.#most) {
      this.isFull = true;
      return;
    }
    this.#rows.time = this.#checks.time = Math.max(this.#rows.time, record.time);
    switch (record.kind) {
      case 'opened': {
        const label = `${record.client.address}:${record.client.port} → ${record.server.address}:${record.server.port}`;
        const pair = this.#pair(record.connection);
        pair.authority = `${record.server.address}:${record.server.port}`;
        pair.client = record.client.address;
        const bit = record.end === 'client' ? 1 : 2;
        pair.ends |= bit;
        pair.request.layers.hold(bit === 1 ? Layer.sent : Layer.received);
        pair.response.layers.hold(bit === 1 ? Layer.received : Layer.sent);
        this.#rows.emit(Kind.connectionOpened, bit, record.connection, NONE, 0, 0, label);
        return;
      }
      case 'sent':
      case 'received': {
        const pair = this.#pair(record.connection);
        const stream = streamOf(record.end, record.kind === 'sent' ? 'out' : 'in');
        pair[stream].pass(
          record.kind === 'sent' ? Layer.sent : Layer.received,
          record.offset,
          record.length,
          record.bytes,
        );
        return;
      }
      case 'discarded':
        // Thrown away: nobody received it.
        return;
      case 'ended': {
        const pair = this.#pair(record.connection);
        const stream = streamOf(record.end, record.direction);
        this.#rows.emit(
          Kind.ended,
          record.direction === 'in' ? 1 : 0,
          pair.id,
          NONE,
          0,
          record.end === 'server' ? 1 : 0,
          '',
        );
        pair[stream].finish(record.direction === 'out' ? Layer.sent : Layer.received, true);
        return;
      }
      case 'closed':
        this.#closed(record);
        return;
      case 'fault': {
        const pair = this.#pair(record.connection);
        const stream = streamOf(record.end, record.direction);
        const layer = record.direction === 'out' ? Layer.sent : Layer.received;
        const exchange = this.#youngest(pair);
        const content =
          record.content ?? (exchange === undefined ? NaN : standing(pair, stream, layer, exchange));
        const code = packFault({
          action: record.action,
          cut: record.cut ?? null,
          origin: record.origin,
          end: record.end,
          direction: record.direction,
        });
        const amount = record.amount === undefined ? '' : String(record.amount);
        this.#rows.emit(Kind.fault, code, pair.id, exchange?.id ?? NONE, record.at, content, amount);
        return;
      }
      case 'step': {
        const pair = this.#pairs.get(record.connection);
        const exchange = pair === undefined ? undefined : this.#youngest(pair);
        const last = exchange ?? this.#last.get(record.connection);
        const operation = last?.operation ?? this.#operations.latest;
        const text = `${record.step}|${record.why}`;
        this.#rows.emit(Kind.step, 0, record.connection, exchange?.id ?? NONE, operation?.id ?? NaN, 0, text);
        if (operation === null) return;
        if (record.step === 'give-up' || record.step === 'refused')
          this.#teller.state(operation, OperationState.failed, record.why);
        // A segment that is complete is not the whole.
        else if (record.step === 'complete' && isWhole(operation) && !isShort(operation) && !onlyAsks(last))
          this.#teller.complete(operation, record.why);
        return;
      }
      case 'about': {
        const { time: _time, connection: _connection, kind: _kind, ...about } = record;
        this.#rows.emit(Kind.about, 0, 0, NONE, 0, 0, JSON.stringify(about));
        return;
      }
      default:
        assertNever(record);
    }
  }

  #pair(id: number): Pair {
    let pair = this.#pairs.get(id);
    if (pair === undefined) {
      pair = this.#newPair(id);
      this.#pairs.set(id, pair);
    }
    return pair;
  }

  #newPair(id: number): Pair {
    const open = (exchange: number): Running | undefined => pair.open.get(exchange);
    const reader: HeadReader = {
      request: (head) => ({ exchange: this.#request(pair, head) }),
      response: (head) => this.#response(pair, head),
      violation: (stream, violation, exchange) => this.#checks.violation(pair, stream, exchange, violation),
      interim: (head, layer) => this.#interim(pair, head, layer),
      unreadable: (start, what) => ({ exchange: this.#unreadable(pair, start, what) }),
      part: (stream, exchange, part) => {
        const running = open(exchange);
        if (running !== undefined && stream === 'request') partTold(running.operation, part);
      },
      partNote: (stream, exchange, note) => {
        const running = open(exchange);
        if (running !== undefined) this.#checks.partNote(running, stream, note);
      },
      partFault: (stream, exchange, fault) => {
        const running = open(exchange);
        if (running !== undefined) this.#checks.partFault(running, stream, fault);
      },
      piece: (stream, exchange, piece) => {
        const running = open(exchange);
        if (running === undefined) return;
        if (stream === 'request') this.#checks.uploaded(running, piece);
        else if (looksAtUpload(running)) this.#checks.downloaded(running, piece);
      },
      document: (exchange, head, sink) => documentOf(open(exchange), head, sink),
      documentFault: (exchange, at) => {
        const running = open(exchange);
        if (running !== undefined) this.#checks.document(running, at);
      },
      messages: (exchange, head, type, sink) => {
        const running = open(exchange);
        if (running === undefined) return null;
        if (isEventStream(type)) {
          this.#operations.tellsEvents(running);
          this.#checks.eventStream(running, head);
        }
        return contentReader(running, head, type, sink);
      },
      digests: (stream, exchange, head) => {
        const running = open(exchange);
        return running === undefined ? null : this.#digests(stream, running, head);
      },
      breach: (stream, exchange, rule, at) => this.#checks.breach(pair, stream, exchange, rule, at),
      unfinished: (exchange, name) => {
        const running = open(exchange);
        if (running === undefined) return;
        running.unfinished = true;
        if (name !== null) this.#operations.named(running, name);
      },
      failed: (exchange, why) => {
        const running = exchange === -1 ? pair.outstanding[0] : open(exchange);
        if (running !== undefined) running.failure ??= why;
      },
    };
    const pair: Pair = {
      id,
      request: new StreamTrack('request', reader, this.#layers.requestSink(id)),
      response: new StreamTrack('response', reader, this.#layers.responseSink(id)),
      authority: '',
      client: '',
      ends: 0,
      closed: 0,
      how: 'fin',
      notes: null,
      displaced: new Set(),
      outstanding: [],
      open: new Map(),
    };
    return pair;
  }

  /** A request head was parsed: a new exchange. */
  #request(pair: Pair, head: Head): number {
    this.#places.read(head);
    const method = this.#methodOf(head);
    const { operation, isNew, role, url, follows } = this.#operations.place(head, method, pair);
    const id = this.#exchanges++;
    if (isNew) this.#rows.emit(Kind.operation, 0, pair.id, id, operation.id, 0, operation.title);
    this.#rows.emit(Kind.exchange, 0, pair.id, id, operation.id, head.start, `${head.method} ${head.target}`);
    if (isNew) this.#teller.state(operation, OperationState.running, '');
    if (operation.broken !== null) {
      this.#rows.emit(Kind.link, 0, pair.id, id, operation.broken.exchange, operation.broken.connection, '');
      operation.broken = null;
      operation.recovering = true;
    }
    const begun = { id, operation, method, url, role, follows };
    const running = this.#running(pair, begun);
    this.#last.delete(pair.id);
    if (this.#last.size >= LAST_REQUESTS) this.#last.delete(this.#last.keys().next().value!);
    this.#last.set(pair.id, begun);
    if (this.#places.count > 0) this.#asked(running, head);
    // What was stored is gone, or is replaced by what comes now.
    if (role === 'target' && (method === 'PUT' || method === 'DELETE')) operation.watch.upload.restart();
    const how = operation.recovering ? goingOn(running, running.watch.ranged) : null;
    if (how !== null) this.#teller.goOn(running, how, `${method} ${head.target}`);
    pair.response.expect(head.method, head.minor);
    return id;
  }

  /** tus 1.0.0, "X-HTTP-Method-Override": what a client means that can send no PATCH. */
  #methodOf(head: Head): string {
    const override = head.method === 'POST' ? this.#places.first('x-http-method-override') : null;
    return override !== null && /^[A-Z]+$/.test(override) ? override : head.method;
  }

  /** What a request's fields ask for. */
  #asked(running: Running, head: Head): void {
    const places = this.#places;
    const { operation, watch, method } = running;
    running.requestId = places.first('request-id');
    running.key = places.first('sec-websocket-key');
    if (places.tellsOfUpload) running.upload = readUploadRequest(head);
    this.#checks.request(running, places);
    const range = watch.range?.specs[0];
    if (range !== undefined) {
      const [first, last] = 'suffix' in range ? [NaN, range.suffix] : [range.first, range.last ?? NaN];
      this.#rows.emit(Kind.range, 0, running.connection, running.id, first, last, '');
    }
    running.transaction = transactionOf(places.all('prefer'));
    if (running.transaction !== null) this.#teller.transaction(running, running.transaction, false);
    // RFC 9110 §13.1.2: nothing is there yet, or the request fails.
    if (places.first('if-none-match') === '*' && (method === 'PUT' || method === 'PATCH'))
      operation.watch.creates = operation.segmented = true;
    if (running.upload !== null) begunUpload(running, running.upload);
    watch.keeps = keeps(running, places.first('content-type'));
    const destination = places.first('destination');
    if (method === 'MOVE' && destination !== null)
      this.#operations.moved(operation, running.url, destination);
  }

  /** A request whose head cannot be read: an exchange without a method, which may be answered all the same. */
  #unreadable(pair: Pair, start: number, what: string): number {
    const operation = this.#operations.unreadable(`A request with a head that is ${what}`);
    const id = this.#exchanges++;
    this.#rows.emit(Kind.operation, 0, pair.id, id, operation.id, 0, operation.title);
    this.#rows.emit(Kind.exchange, 0, pair.id, id, operation.id, start, `(${what}) `);
    this.#teller.state(operation, OperationState.running, '');
    this.#running(pair, { id, operation, method: '', url: '', role: null, follows: false });
    pair.response.expect('GET', 1);
    return id;
  }

  #running(pair: Pair, about: Begun): Running {
    const { role, operation, method } = about;
    // Another job than the one before it, whose progress begins anew.
    const begins = role === null || (role === 'target' && method !== 'GET' && method !== 'HEAD');
    if (begins && !operation.knowsNothing) operation.watch.progress = null;
    const running = new Running(pair.id, pair.client, about, this.#allKept);
    pair.outstanding.push(running);
    pair.open.set(running.id, running);
    return running;
  }

  /** A response head was parsed: it answers the oldest request without a final response (RFC 9112 §9.3.2). */
  #response(pair: Pair, head: Head): { exchange: number; meaning: Meaning | null } {
    const running = pair.outstanding[0];
    if (running === undefined) return { exchange: NONE, meaning: null };
    const places = this.#places;
    places.read(head);
    const final = head.status >= 200 || head.status === 101;
    if (final) {
      pair.outstanding.shift();
      running.status = head.status;
      answered(running, head.status, arrivalLayer(pair.ends));
    }
    if (places.has('upload-offset')) this.#operations.isUpload(running, head.status);
    const meaning = meaningOf(head, places, running);
    running.completes = meaning?.completes ?? null;
    running.downloads = isDownload(running, meaning, this.#operations);
    if (final && running.follows) running.base = running.operation.downloaded;
    running.again = meaning?.again === true;
    if (places.has('request-id')) this.#checks.order(running, pair, places);
    const inTime = running.requestEnd[arrivalLayer(pair.ends)];
    this.#checks.response(running, head, places, meaning, inTime);
    // RFC 9110 §7.8, §9.3.6: what follows is not HTTP, in either direction.
    if (head.framing === 'upgrade') {
      const reader = tunnelReader(head, 'server');
      pair.request.tunnel(running.id, tunnelReader(head, 'client'));
      pair.response.tunnel(running.id, reader);
      // What its messages bring in this direction is a download, as what they bring in the other is an upload.
      running.downloads ||= reader !== null;
    }
    // draft-ietf-httpbis-resumable-upload: a 409 tells the right offset.
    if (
      meaning !== null &&
      meaning.acknowledged !== null &&
      (running.method === 'HEAD' || head.status === 409)
    )
      found(running.operation, meaning.acknowledged);
    return { exchange: running.id, meaning };
  }

  /** The digests of the head that was read last. */
  #digests(stream: Stream, { method, status }: Running, head: Head): DigestWatch | null {
    const places = this.#places;
    if (head.framing === 'none' || places.usual) return null;
    const announced: Announced[] = [];
    const add = (name: 'content-digest' | 'repr-digest'): void => {
      const value = places.all(name);
      const digest = value === null ? null : sha256In(name, value);
      if (digest !== null) announced.push({ digest, at: places.position(name) });
    };
    add('content-digest');
    // RFC 9530 §3: that of the whole representation, which the content is in the answer to a GET.
    if (stream === 'response' && method === 'GET' && status === 200) add('repr-digest');
    return announced.length === 0 ? null : new DigestWatch(announced);
  }

  /** Tells an interim response that says nothing but its progress. False: it says more, or is nobody's. */
  #interim(pair: Pair, head: Head, layer: Layer): boolean {
    const running = pair.outstanding[0];
    if (running === undefined || head.status === 199 || head.status === 104) return false;
    let progress = -1;
    for (let i = 0; i < head.fieldCount; i++) {
      if (progress === -1 && head.isField(i, 'progress')) progress = i;
      else for (const name of TELLING) if (head.isField(i, name)) return false;
    }
    const table = running.kept('response', layer).keepsNext ? this.#table : null;
    if (
      progress !== -1 &&
      !this.#plain.read(head.bytes, head.valueStart(progress), head.valueEnd(progress), table)
    )
      return false;
    const { numerator, denominator } = this.#plain;
    if (this.#layers.marks(running, 'response', layer, head.start))
      this.#plainInterim(pair, running, head, layer, progress !== -1);
    // Behind both rows: the first takes its text from the second.
    const at = progress === -1 ? -1 : head.valuePosition(progress);
    this.#checks.plain(running, head.status, head.start, at, numerator, denominator);
    return true;
  }

  /** An interim response that says its progress, as it was read last, or nothing. */
  #plainInterim(pair: Pair, { id }: Running, head: Head, layer: Layer, hasProgress: boolean): void {
    const { time } = this.#rows;
    const kind = layer === Layer.sent ? Kind.interimSent : Kind.interimReceived;
    const { status, start, end } = head;
    const text = hasProgress ? NEXT : 0;
    this.#table.appendIndexed(time, kind, status, pair.id, id, start, end, text);
    const { numerator, denominator, text: value } = this.#plain;
    if (hasProgress)
      this.#table.appendIndexed(time, Kind.progress, 0, pair.id, id, numerator, denominator, value);
  }

  #youngest(pair: Pair): Running | undefined {
    let found: Running | undefined;
    for (const running of pair.open.values()) found = running;
    return found;
  }

  #closed(record: ClosedRecord): void {
    const pair = this.#pair(record.connection);
    const client = record.end === 'client';
    const outgoing = client ? pair.request : pair.response;
    pair.how = record.error === undefined ? record.how : `${record.how} (${record.error})`;
    const incoming = client ? pair.response : pair.request;
    outgoing.layers.takeBack(Layer.sent, record.sent);
    outgoing.finish(Layer.sent, record.how === 'fin');
    // Where the other end is ours too, it feeds the parser and ends it.
    if (pair.ends !== 3) incoming.finish(Layer.received, record.how === 'fin');
    this.#rows.emit(
      Kind.connectionClosed,
      ClosedHow[record.how],
      pair.id,
      NONE,
      ClosedBy[record.by],
      client ? 0 : 1,
      record.error ?? '',
    );
    for (const running of pair.open.values()) this.#layers.cutShort(pair, running, client);
    pair.closed |= client ? 1 : 2;
    if ((pair.closed & pair.ends) === pair.ends) this.#pairs.delete(pair.id);
  }
}

/** Whether a request only asked how an operation stands that was begun by another one. */
function onlyAsks(last: Begun | undefined): boolean {
  return last !== undefined && last.method === 'HEAD' && last.operation.method !== 'HEAD';
}

/** Where in the operation's representation a layer stands; NaN: in none of it. */
function standing(pair: Pair, stream: Stream, layer: 1 | 2, { id, base }: Running): number {
  return pair[stream].layers.standing(layer, id) + (stream === 'response' ? base : 0);
}
