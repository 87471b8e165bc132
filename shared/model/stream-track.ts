// One direction of one connection, parsed once, seen twice: what the sender wrote and what the receiver read are the
// same bytes at two times. The parse makes items in stream order; each layer (sent, received) walks them at its pace.

import type { Stream } from '../capture/records.ts';
import { ContentLocator } from '../byteranges/locator.ts';
import { createParser } from '../http1/parser.ts';
import type { Head, Http1Parser, Violation } from '../http1/types.ts';
import type { DigestWatch } from './digest-watch.ts';
import { Layers } from './layers.ts';
import type { MessageReader, MessageSink } from './messages/message.ts';
import type { NestedDocument } from './nested-document.ts';
import type {
  ContentItem,
  EndItem,
  HeadReader,
  LayerSink,
  Meaning,
  MessageItem,
  ProgressItem,
} from './stream-items.ts';

const ZEROS = new Uint8Array(64 * 1024);

export class StreamTrack {
  readonly #stream: Stream;
  readonly #reader: HeadReader;
  readonly #parser: Http1Parser;
  readonly #locator: ContentLocator;
  readonly #layers: Layers;
  /** The message being parsed; −1 between messages. */
  #exchange = -1;
  /** The last one that was parsed, so that what comes after it has a place; −1 before the first. */
  #last = -1;
  #nested: NestedDocument | null = null;
  /** What the content is to hash to; null: nobody said. */
  #digests: DigestWatch | null = null;
  /** What reads the messages of the content that is being parsed, or of the tunnel; null: there are none to be told. */
  #messages: MessageReader | null = null;
  /** What it has found in the bytes that are being fed. */
  readonly #read: (MessageItem | ProgressItem | ContentItem | EndItem)[] = [];
  /** How many bytes the messages have brought. */
  #brought = 0;
  readonly #messageSink: MessageSink = {
    message: (what, start, at, text) =>
      this.#read.push({ type: 'message', exchange: this.#exchange, what, start, at, text }),
    progress: (progress, at) =>
      this.#read.push({ ...progress, type: 'progress', exchange: this.#exchange, at }),
    brings: (at, length) => {
      this.#read.push({ type: 'content', exchange: this.#exchange, at, length, offset: this.#brought });
      this.#brought += length;
    },
    unfinished: (name) => this.#reader.unfinished(this.#exchange, name),
    failed: (why) => this.#reader.failed(this.#exchange, why),
    over: (at) => this.#over(at),
    breach: (rule, at) => this.#reader.breach(this.#stream, this.#exchange, rule, at),
  };
  /** The exchange whose bytes are no longer HTTP; −1: they still are. */
  #tunnel = -1;
  /** The messages in the tunnel have come to their end before the connection has. */
  #isOver = false;
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
    this.#layers = new Layers(sink);
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
        if (this.#messages === null) this.#place(bytes, from, to, at);
        else this.#readMessages(bytes, from, to, at);
      },
      chunk: (_, end, size) => this.#messages?.chunk(end, size),
      tunnel: (bytes, from, to, at) => {
        if (this.#tunnel === -1) return;
        this.#exchange = this.#tunnel;
        if (this.#messages === null) this.#content(at, to - from, -1);
        else this.#readMessages(bytes, from, to, at);
      },
      messageEnd: (end, complete) => {
        this.#locator.messageEnd();
        // RFC 9112 §8: content that ends with the connection is whole only after an orderly end.
        const whole = complete && !(this.#framing === 'close' && this.#torn);
        // What comes in a tunnel is this message's, as long as the connection lasts.
        if (this.#tunnel !== -1 && stream === 'response') return;
        this.#endMessages(whole);
        this.#endDigests(whole);
        if (whole && this.#nested?.ends === true) this.#nested.end();
        this.#nested = null;
        this.#parsedTo = end;
        this.#broken = !complete;
        if (this.#exchange === -1) return;
        this.#tellLength(end);
        // Bytes that are no HTTP end a response while its connection lasts.
        if (!complete && !this.#ended) this.#failed(this.#exchange);
        this.#layers.push({ type: 'end', exchange: this.#exchange, at: end, complete: whole });
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
        if (!this.#broken && violation.code !== 'closed-before-head') this.#failed(-1);
        const whose = this.#exchange === -1 ? this.#last : this.#exchange;
        this.#tellHeld(whose);
        if (!isSame) this.#reader.violation(stream, violation, whose);
        if (this.#exchange !== -1) {
          this.#layers.push({
            type: 'end',
            exchange: this.#exchange,
            at: Math.max(this.#parsedTo, violation.at),
            complete: false,
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

  /** How far each layer has come. */
  get layers(): Pick<Layers, 'hold' | 'reached' | 'standing' | 'takeBack'> {
    return this.#layers;
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
      else if (this.#isCounted) {
        this.#messages = null;
        this.#digests = null;
        for (let left = length - skip; left > 0; left -= ZEROS.length)
          this.#parser.feed(ZEROS, 0, Math.min(left, ZEROS.length));
      } else this.#blind = true;
    }
    this.#layers.walk(layer, offset + length);
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
        this.#endTunnel(position);
        if (inHead) {
          this.#unreadable('incomplete', position);
          this.#tellHeld(this.#exchange);
          this.#layers.push({
            type: 'end',
            exchange: this.#exchange,
            at: position,
            complete: false,
          });
          this.#exchange = -1;
        }
      }
    }
    this.#layers.walk(layer, this.#layers.reached(layer));
  }

  /**
   * A response has turned the connection into something else than HTTP: what is fed from here on is not parsed.
   * @param messages what reads it; null: nothing does
   */
  tunnel(exchange: number, messages: ((sink: MessageSink) => MessageReader) | null): void {
    this.#tunnel = exchange;
    this.#messages = messages === null ? null : messages(this.#messageSink);
    if (this.#stream === 'request') this.#parser.upgrade();
  }

  /** Bytes that come now count by their number alone. */
  get #isCounted(): boolean {
    if (this.#tunnel !== -1) return true;
    return this.#exchange !== -1 && (this.#framing === 'content-length' || this.#framing === 'close');
  }

  #tellHeld(exchange: number): void {
    if (this.#heldNotes.length === 0) return;
    for (const violation of this.#heldNotes) this.#reader.violation(this.#stream, violation, exchange);
    this.#heldNotes.length = 0;
  }

  #unreadable(what: 'malformed' | 'incomplete', end: number): void {
    const { exchange } = this.#reader.unreadable(this.#parsedTo, what);
    this.#layers.push({
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
      this.#layers.push({
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
      const only = head.status >= 200 || head.status === 101 ? null : this.#layers.only();
      if (only !== null && this.#heldNotes.length === 0 && this.#reader.interim(head, only)) return;
      const { exchange, meaning } = this.#reader.response(head);
      this.#tellHeld(exchange);
      const { status } = head;
      const interim = status < 200 && status !== 101;
      const text = interim ? gist(head, meaning) : head.reason;
      this.#layers.push({ type: 'head', exchange, start: head.start, end: head.end, status, text, meaning });
      if (interim) return;
      this.#exchange = exchange;
      const type = head.field('content-type');
      this.#nested = isMessageHttp(type) ? this.#document(exchange, head) : null;
      if (this.#tunnel === -1)
        this.#messages = this.#reader.messages(exchange, head, type, this.#messageSink);
    }
    this.#digests = this.#exchange === -1 ? null : this.#reader.digests(this.#stream, this.#exchange, head);
    this.#framing = head.framing;
    this.#locator.head(head);
    this.#tellLength(head.end);
  }

  #tellLength(at: number): void {
    if (Number.isNaN(this.#length)) return;
    this.#layers.push({ type: 'length', exchange: this.#exchange, at, length: this.#length });
    this.#length = NaN;
  }

  /** RFC 9112 §10.1: message/http holds one message; its final head is the news. */
  #document(exchange: number, head: Head): NestedDocument | null {
    return this.#reader.document(exchange, head, {
      head: (status, reason) =>
        this.#layers.push({ type: 'document', exchange, at: this.#parsedTo, status, reason }),
      fault: (at) => this.#reader.documentFault(exchange, at),
    });
  }

  /** Content, or a piece of it. */
  #place(bytes: Uint8Array, from: number, to: number, at: number): void {
    const end = at + (to - from);
    this.#locatedTo = at;
    this.#parsedTo = end;
    this.#locator.content(bytes, from, to, at);
    // Content that is not a representation's moves the bar all the same.
    if (this.#locatedTo < end) this.#content(this.#locatedTo, end - this.#locatedTo, -1);
    this.#nested?.feed(bytes, from, to, at);
    this.#digests?.feed(bytes, from, to);
  }

  /** Bytes that messages are read out of: each is told when a layer has passed the last of its own. */
  #readMessages(bytes: Uint8Array, from: number, to: number, at: number): void {
    this.#messages!.feed(bytes, from, to, at);
    let next = from;
    for (const item of this.#read) {
      const end = from + (item.at - at);
      if (end > next) this.#pass(bytes, next, end, at + (next - from));
      next = Math.max(next, end);
      if (item.type !== 'content') this.#layers.push(item);
      else {
        this.#layers.content(item.exchange, item.at, item.length, item.offset);
        next += item.length;
      }
    }
    this.#read.length = 0;
    if (to > next) this.#pass(bytes, next, to, at + (next - from));
  }

  #pass(bytes: Uint8Array, from: number, to: number, at: number): void {
    if (this.#tunnel === -1) this.#place(bytes, from, to, at);
    else this.#content(at, to - from, -1);
  }

  /** The content that messages were read out of is over. @returns whether they are whole; null: they do not tell */
  #endMessages(whole: boolean): boolean | null {
    const told = this.#messages?.end(whole) ?? null;
    this.#messages = null;
    for (const item of this.#read) this.#layers.push(item);
    this.#read.length = 0;
    return told;
  }

  #endDigests(whole: boolean): void {
    if (whole && this.#digests !== null)
      for (const at of this.#digests.end())
        this.#reader.breach(this.#stream, this.#exchange, 'digest-not-met', at);
    this.#digests = null;
  }

  /** The connection is over, and with it what came behind the response that was the last of HTTP. */
  #endTunnel(at: number): void {
    if (this.#tunnel === -1) return;
    this.#exchange = this.#tunnel;
    const whole = this.#endMessages(!this.#torn) ?? !this.#torn;
    if (this.#stream === 'response' && !this.#isOver)
      this.#layers.push({ type: 'end', exchange: this.#tunnel, at, complete: whole });
  }

  /** What comes cannot be read any further. @param exchange −1: the one that awaits its answer */
  #failed(exchange: number): void {
    if (this.#stream === 'response') this.#reader.failed(exchange, 'the answer is not HTTP');
  }

  /** The last message that was to come has come. */
  #over(at: number): void {
    if (this.#stream === 'request' || this.#isOver) return;
    this.#isOver = true;
    this.#read.push({ type: 'end', exchange: this.#exchange, at, complete: true });
  }

  #content(at: number, length: number, offset: number): void {
    this.#layers.content(this.#exchange, at, length, offset);
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
