// One direction of one connection, parsed once, seen twice: what the sender wrote and what the receiver read are the
// same bytes at two times. The parse makes items in stream order; each layer (sent, received) walks them at its pace.

import type { Stream } from '../capture/records.ts';
import { ContentLocator, type Piece } from '../byteranges/locator.ts';
import type { PartFault, PartHead, PartNote } from '../byteranges/parts.ts';
import { createParser } from '../http1/parser.ts';
import type { Head, Http1Parser, Violation } from '../http1/types.ts';
import { Layer } from './events.ts';
import type { DocumentSink, NestedDocument } from './nested-document.ts';

/** A head, with what it means for operations already taken out of it. */
export interface HeadItem {
  readonly type: 'head';
  readonly exchange: number;
  readonly start: number;
  readonly end: number;
  /** Responses; 0 for requests. */
  readonly status: number;
  readonly text: string;
  readonly meaning: Meaning | null;
}

/** Fields of a response that tell an operation something. References are as written. */
export interface Meaning {
  readonly progress: string | null;
  /** Bytes that the server says it has, from the first on; and where in the stream it says so. */
  readonly acknowledged: number | null;
  readonly acknowledgedAt: number;
  /** Other bytes that it says it has: first and end (exclusive). */
  readonly segment: readonly [number, number] | null;
  /** The length of the whole upload, as it knows it. */
  readonly complete: number | null;
  readonly requestContent: string | null;
  readonly responseMessage: string | null;
  readonly status: string | null;
  /** Where what was made can be had. */
  readonly result: string | null;
  /** Where the content of this response can be had. */
  readonly content: string | null;
  /** Status-URI: the results of subordinate operations. */
  readonly results: string | null;
  /** What the server says it does if the request is interrupted. */
  readonly transaction: 'atomic' | 'persist' | null;
  /** It says when to ask again: it is not the last word. */
  readonly again: boolean;
}

/** Content of a message; `offset` in the representation, −1: content that is no representation's (a part's head). */
interface ContentItem {
  readonly type: 'content';
  readonly exchange: number;
  readonly at: number;
  length: number;
  readonly offset: number;
}

interface LengthItem {
  readonly type: 'length';
  readonly exchange: number;
  readonly at: number;
  readonly length: number;
}

interface EndItem {
  readonly type: 'end';
  readonly exchange: number;
  readonly at: number;
  readonly complete: boolean;
  /** The connection ended within the message. */
  readonly cut: boolean;
}

interface DocumentItem {
  readonly type: 'document';
  readonly exchange: number;
  readonly at: number;
  readonly status: number;
  readonly reason: string;
}

export type Item = HeadItem | ContentItem | LengthItem | EndItem | DocumentItem;

/** Told, in stream order, of what a layer has passed. */
export interface LayerSink {
  head(layer: Layer, item: HeadItem): void;
  /** Bytes from … to (absolute) of a message that has a bar. */
  bytes(layer: Layer, exchange: number, from: number, to: number): void;
  coverage(layer: Layer, exchange: number, first: number, end: number): void;
  length(layer: Layer, exchange: number, length: number): void;
  /** @param cut the connection ended within the message */
  end(layer: Layer, exchange: number, at: number, complete: boolean, cut: boolean): void;
  document(layer: Layer, exchange: number, status: number, reason: string): void;
}

/** Whoever gives numbers to exchanges and knows what heads mean. */
export interface HeadReader {
  /** The exchange that a head belongs to, and what it says. */
  request(head: Head): { exchange: number };
  response(head: Head): { exchange: number; meaning: Meaning | null };
  /** @param exchange −1 for bytes that belong to none */
  violation(stream: Stream, violation: Violation, exchange: number): void;
  /** An interim response that the only layer has passed. True: it was told, and is no item. */
  interim(head: Head, layer: Layer): boolean;
  /** A request whose head is malformed, or was cut short: it is an exchange all the same. */
  unreadable(start: number, what: 'malformed' | 'incomplete'): { exchange: number };
  /** What the parts of a byte-range document are, and what is wrong with them. */
  part(stream: Stream, exchange: number, head: PartHead): void;
  partNote(stream: Stream, exchange: number, note: PartNote): void;
  partFault(stream: Stream, exchange: number, fault: PartFault): void;
  /** Bytes of a representation, the moment they are parsed. */
  piece(stream: Stream, exchange: number, piece: Piece): void;
  /** A message/http document begins, or goes on: whatever reads it. Null: nothing can be made of it. */
  document(exchange: number, head: Head, sink: DocumentSink): NestedDocument | null;
  /** A document cannot be read. */
  documentFault(exchange: number, at: number): void;
}

/** How far a layer has come: next item, and position. */
class Cursor {
  index = 0;
  position = 0;
  /** End of the representation bytes that it passed last, and whose they were. */
  coveredEnd = NaN;
  coveredBy = -1;
}

const ZEROS = new Uint8Array(64 * 1024);

export class StreamTrack {
  readonly #stream: Stream;
  readonly #sink: LayerSink;
  readonly #reader: HeadReader;
  readonly #parser: Http1Parser;
  readonly #locator: ContentLocator;
  readonly #cursors = { [Layer.sent]: new Cursor(), [Layer.received]: new Cursor() };
  #items: Item[] = [];
  /** Items dropped from the front of the list, so that indices stay. */
  #dropped = 0;
  /** Which layers move, because we hold that end: only those hold back the dropping of items. */
  readonly #held = { [Layer.sent]: false, [Layer.received]: false };
  /** The message being parsed; −1 between messages. */
  #exchange = -1;
  /** The last one that was parsed, so that what comes after it has a place; −1 before the first. */
  #last = -1;
  #nested: NestedDocument | null = null;
  /** Notes about a head that is not read yet: it is not known whose they are. */
  readonly #heldNotes: Violation[] = [];
  #ended = false;
  /** The last message ended before its content did. */
  #broken = false;
  /** The stream did not end with a FIN. */
  #torn = false;
  /** Bytes are missing in a place where the parser needs them: positions are counted, nothing is read. */
  #blind = false;
  /** The representation's length, which is told with the byte that comes next; NaN for none. */
  #length = NaN;
  #framing: Head['framing'] = 'none';
  #locatedTo = 0;
  /** How far the parse had come when an item was made: the parser's own position is that of all it was fed. */
  #parsedTo = 0;

  constructor(stream: Stream, reader: HeadReader, sink: LayerSink) {
    this.#stream = stream;
    this.#reader = reader;
    this.#sink = sink;
    this.#locator = new ContentLocator(
      (piece) => {
        const length = piece.to - piece.from;
        this.#tellLength(piece.at);
        this.#content(piece.at, length, piece.offset);
        this.#locatedTo = piece.at + length;
        this.#reader.piece(stream, this.#exchange, piece);
      },
      (total) => {
        this.#length = total;
      },
      {
        head: (head) => this.#reader.part(stream, this.#exchange, head),
        note: (note) => this.#reader.partNote(stream, this.#exchange, note),
        fault: (fault) => this.#reader.partFault(stream, this.#exchange, fault),
      },
    );
    this.#parser = createParser(stream, {
      head: (head) => this.#head(head),
      content: (bytes, from, to, at) => {
        this.#locatedTo = at;
        this.#parsedTo = at + (to - from);
        this.#locator.content(bytes, from, to, at);
        const end = at + (to - from);
        // Content that is not a representation's moves the bar all the same.
        if (this.#locatedTo < end) this.#content(this.#locatedTo, end - this.#locatedTo, -1);
        this.#nested?.feed(bytes, from, to, at);
      },
      messageEnd: (end, complete) => {
        this.#locator.messageEnd();
        // RFC 9112 §8: content that ends with the connection is whole only after an orderly end.
        const whole = complete && !(this.#framing === 'close' && this.#torn);
        if (whole && this.#nested?.ends === true) this.#nested.end();
        this.#nested = null;
        this.#parsedTo = end;
        this.#broken = !complete;
        if (this.#exchange === -1) return;
        this.#tellLength(end);
        this.#items.push({
          type: 'end',
          exchange: this.#exchange,
          at: end,
          complete: whole,
          cut: !whole && this.#ended,
        });
        this.#last = this.#exchange;
        this.#exchange = -1;
      },
      note: (violation) => {
        if (this.#exchange === -1) this.#heldNotes.push(violation);
        else this.#reader.violation(stream, violation, this.#exchange);
      },
      error: (violation) => {
        // What follows a response without content is one mistake, not two.
        const told = this.#heldNotes.at(-1);
        const isSame = told?.code === 'body-after-bodiless' && told.at === violation.at;
        // Content that broke off has had its end already: only a head can be unreadable.
        if (
          this.#exchange === -1 &&
          stream === 'request' &&
          !this.#broken &&
          violation.code !== 'closed-before-head'
        )
          this.#unreadable('malformed', Math.max(this.#parsedTo, violation.at));
        const whose = this.#exchange === -1 ? this.#last : this.#exchange;
        this.#tellHeld(whose);
        if (!isSame) this.#reader.violation(stream, violation, whose);
        if (this.#exchange !== -1) {
          this.#items.push({
            type: 'end',
            exchange: this.#exchange,
            at: Math.max(this.#parsedTo, violation.at),
            complete: false,
            cut: false,
          });
          this.#exchange = -1;
        }
      },
    });
  }

  get position(): number {
    return this.#parser.position;
  }

  /** In the middle of a head, or of content? */
  get inMessage(): boolean {
    return this.#parser.inMessage;
  }

  reached(layer: 1 | 2): number {
    return this.#cursors[layer].position;
  }

  /** Where in the representation a layer stands, for an exchange; NaN if it has passed none of its bytes. */
  standing(layer: 1 | 2, exchange: number): number {
    const cursor = this.#cursors[layer];
    return cursor.coveredBy === exchange ? cursor.coveredEnd : NaN;
  }

  /** The end that moves this layer is ours. */
  hold(layer: 1 | 2): void {
    this.#held[layer] = true;
  }

  /** A request awaits its response on this stream. */
  expect(method: string, minor: number): void {
    this.#parser.expect(method, minor);
  }

  /**
   * Bytes `offset … offset + length` passed a layer. Parsed when they are the next ones; null bytes (not kept) are
   * skipped over where only their number matters, else reading ends there.
   */
  pass(layer: 1 | 2, offset: number, length: number, bytes: Uint8Array | null): void {
    if (!this.#blind && offset + length > this.#parser.position) {
      const skip = this.#parser.position - offset;
      if (skip < 0) this.#blind = true;
      else if (bytes !== null) this.#parser.feed(bytes, skip, length);
      else if (this.#exchange !== -1 && (this.#framing === 'content-length' || this.#framing === 'close'))
        for (let left = length - skip; left > 0; left -= ZEROS.length)
          this.#parser.feed(ZEROS, 0, Math.min(left, ZEROS.length));
      else this.#blind = true;
    }
    this.#walk(layer, offset + length);
  }

  /** The layer that feeds the parser has come to its end: by a FIN (`orderly`), or broken. */
  finish(layer: 1 | 2, orderly: boolean): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#torn = !orderly;
      if (!this.#blind) {
        const position = this.#parser.position;
        const inHead = this.#stream === 'request' && this.#exchange === -1 && this.#parser.inMessage;
        this.#parser.end();
        if (inHead) {
          this.#unreadable('incomplete', position);
          this.#tellHeld(this.#exchange);
          this.#items.push({
            type: 'end',
            exchange: this.#exchange,
            at: position,
            complete: false,
            cut: true,
          });
          this.#exchange = -1;
        }
      }
    }
    this.#walk(layer, this.#cursors[layer].position);
  }

  /** What was counted as sent was not all handed to the kernel: takes it back. */
  takeBack(layer: 1 | 2, to: number): void {
    const cursor = this.#cursors[layer];
    if (to >= cursor.position) return;
    const back = cursor.position - to;
    cursor.position = to;
    if (!Number.isNaN(cursor.coveredEnd) && cursor.coveredBy !== -1) {
      cursor.coveredEnd -= back;
      this.#sink.coverage(layer, cursor.coveredBy, cursor.coveredEnd, cursor.coveredEnd);
      this.#sink.bytes(layer, cursor.coveredBy, to, to);
    }
  }

  /**
   * Where one layer alone moves and has passed every item, the next interim response can be told at once: by the
   * hundred thousand, making an item of each would cost more than all the rest.
   */
  #onlyLayer(status: number): 1 | 2 | null {
    if (status >= 200 || status === 101 || this.#held[Layer.sent] === this.#held[Layer.received]) return null;
    const layer = this.#held[Layer.sent] ? Layer.sent : Layer.received;
    return this.#cursors[layer].index - this.#dropped === this.#items.length ? layer : null;
  }

  #tellHeld(exchange: number): void {
    if (this.#heldNotes.length === 0) return;
    for (const violation of this.#heldNotes) this.#reader.violation(this.#stream, violation, exchange);
    this.#heldNotes.length = 0;
  }

  #unreadable(what: 'malformed' | 'incomplete', end: number): void {
    const { exchange } = this.#reader.unreadable(this.#parsedTo, what);
    this.#items.push({
      type: 'head',
      exchange,
      start: this.#parsedTo,
      end,
      status: 0,
      text: '',
      meaning: null,
    });
    this.#parsedTo = end;
    this.#exchange = exchange;
  }

  #head(head: Head): void {
    this.#parsedTo = head.end;
    if (this.#stream === 'request') {
      const { exchange } = this.#reader.request(head);
      this.#items.push({
        type: 'head',
        exchange,
        start: head.start,
        end: head.end,
        status: 0,
        text: '',
        meaning: null,
      });
      this.#exchange = exchange;
      this.#tellHeld(exchange);
    } else {
      const only = this.#onlyLayer(head.status);
      if (only !== null && this.#heldNotes.length === 0 && this.#reader.interim(head, only)) return;
      const { exchange, meaning } = this.#reader.response(head);
      this.#tellHeld(exchange);
      const { status } = head;
      const interim = status < 200 && status !== 101;
      const text = interim ? gist(head, meaning) : head.reason;
      this.#items.push({ type: 'head', exchange, start: head.start, end: head.end, status, text, meaning });
      if (interim) return;
      this.#exchange = exchange;
      this.#nested = isMessageHttp(head.field('content-type')) ? this.#document(exchange, head) : null;
    }
    this.#framing = head.framing;
    this.#locator.head(head);
    this.#tellLength(head.end);
  }

  #tellLength(at: number): void {
    if (Number.isNaN(this.#length)) return;
    this.#items.push({ type: 'length', exchange: this.#exchange, at, length: this.#length });
    this.#length = NaN;
  }

  /** RFC 9112 §10.1: message/http holds one message; its final head is the news. */
  #document(exchange: number, head: Head): NestedDocument | null {
    return this.#reader.document(exchange, head, {
      head: (status, reason) =>
        this.#items.push({ type: 'document', exchange, at: this.#parsedTo, status, reason }),
      fault: (at) => this.#reader.documentFault(exchange, at),
    });
  }

  #content(at: number, length: number, offset: number): void {
    const last = this.#items.at(-1);
    if (
      last?.type === 'content' &&
      last.exchange === this.#exchange &&
      last.at + last.length === at &&
      (offset === -1 ? last.offset === -1 : last.offset !== -1 && last.offset + last.length === offset)
    )
      last.length += length;
    else this.#items.push({ type: 'content', exchange: this.#exchange, at, length, offset });
  }

  #walk(layer: 1 | 2, to: number): void {
    const cursor = this.#cursors[layer];
    const from = cursor.position;
    cursor.position = Math.max(from, to);
    let bar = -1;
    let barFrom = from;
    let barTo = from;
    const flush = (): void => {
      if (bar !== -1 && barTo > barFrom) this.#sink.bytes(layer, bar, barFrom, barTo);
      bar = -1;
    };
    for (;;) {
      const item = this.#items[cursor.index - this.#dropped];
      if (item === undefined) break;
      if (item.type === 'head') {
        if (item.end > to) break;
        this.#sink.head(layer, item);
        if (item.status === 0 || item.status >= 200 || item.status === 101) {
          flush();
          bar = item.exchange;
          barFrom = item.start;
          barTo = item.end;
        }
      } else if (item.type === 'content') {
        const end = Math.min(item.at + item.length, to);
        const begin = Math.max(item.at, from);
        if (end > begin) {
          if (bar !== item.exchange) {
            flush();
            bar = item.exchange;
            barFrom = begin;
          }
          barTo = end;
          if (item.offset !== -1) {
            const first = item.offset + (begin - item.at);
            cursor.coveredBy = item.exchange;
            cursor.coveredEnd = first + (end - begin);
            this.#sink.coverage(layer, item.exchange, first, cursor.coveredEnd);
          }
        }
        if (item.at + item.length > to) break;
        // The newest item may still grow: stay on it until something follows.
        if (cursor.index - this.#dropped === this.#items.length - 1) break;
      } else {
        if (item.at > to) break;
        if (item.type === 'length') this.#sink.length(layer, item.exchange, item.length);
        else if (item.type === 'document')
          this.#sink.document(layer, item.exchange, item.status, item.reason);
        else {
          if (bar === item.exchange) barTo = Math.max(barTo, item.at);
          flush();
          this.#sink.end(layer, item.exchange, item.at, item.complete, item.cut);
        }
      }
      cursor.index++;
    }
    flush();
    this.#drop();
  }

  /** Forgets the items that every moving layer has passed. */
  #drop(): void {
    if (this.#items.length < 512) return;
    const sent = this.#held[Layer.sent] ? this.#cursors[1].index : Infinity;
    const received = this.#held[Layer.received] ? this.#cursors[2].index : Infinity;
    const passed = Math.min(sent, received) - this.#dropped;
    if (passed < 256) return;
    this.#items = this.#items.slice(passed);
    this.#dropped += passed;
  }
}

/** What an interim response says, in a few characters. */
function gist(head: Head, meaning: Meaning | null): string {
  if (meaning === null) return head.status === 199 ? head.reason : '';
  if (meaning.progress !== null) return meaning.progress;
  if (meaning.acknowledged !== null) return `has ${meaning.acknowledged}`;
  if (meaning.requestContent !== null) return meaning.requestContent;
  if (meaning.transaction !== null) return `transaction=${meaning.transaction}`;
  return '';
}

function isMessageHttp(type: string | null): boolean {
  return type !== null && /^message\/http\s*(;|$)/i.test(type);
}
