// The incremental HTTP/1.1 parser: feed it the bytes of one direction of one connection, and it reports every message
// and part to a sink. Never does I/O, never copies content, never throws for what a peer sent.

import { assertNever } from '../capture/records.ts';
import { ChunkLineReader } from './chunk-line.ts';
import { FieldLineReader } from './field-lines.ts';
import { frameHead } from './frame-head.ts';
import { CR, LF } from './grammar.ts';
import { Section } from './head.ts';
import { FAILED, MORE } from './lines.ts';
import type { SectionLimits, Report } from './lines.ts';
import { Outstanding } from './outstanding.ts';
import { reportHeadSpans, reportTrailerSpans } from './spans.ts';
import { StartLineReader, impossibleStart } from './start-line.ts';
import { Event, State, nextState } from './states.ts';
import type { Http1Parser, Http1Sink, Limits, Role, Violation, ViolationCode } from './types.ts';
import { violation } from './violations.ts';

const DEFAULT_LIMITS: Limits = {
  startLine: 16 * 1024,
  head: 64 * 1024,
  fields: 256,
  trailers: 16 * 1024,
  chunkExtension: 4 * 1024,
};

/**
 * Makes a parser for the requests or the responses of one connection.
 * @param limits overrides of the default limits; what is over one is a fatal violation
 */
export function createParser(role: Role, sink: Http1Sink, limits: Partial<Limits> = {}): Http1Parser {
  return new Parser(role, sink, { ...DEFAULT_LIMITS, ...limits });
}

const NOTHING = new Uint8Array(0);

class Parser implements Http1Parser, Report {
  position = 0;
  failed: Violation | null = null;

  readonly #role: Role;
  readonly #sink: Http1Sink;
  readonly #headLimits: SectionLimits;
  readonly #trailerLimits: SectionLimits;
  readonly #head: Section;
  readonly #startLine: StartLineReader;
  readonly #headFields: FieldLineReader;
  readonly #trailers: Section;
  readonly #trailerFields: FieldLineReader;
  readonly #chunkLine: ChunkLineReader;

  #state: State = State.idle;
  /** Absolute position of index 0 of the bytes that are being read. */
  #origin = 0;
  /** Bytes of an unfinished head, trailer section or chunk line; `#heldLength` of them count. */
  #held = NOTHING;
  #heldLength = 0;
  /** Absolute position of the first byte that is held. */
  #heldStart = 0;
  /** The next line is read from this index of what is held. */
  #heldLine = 0;
  /** Content that is still to come: of a sized message, or of a chunk. */
  #remaining = 0;
  /** A CRLF between messages, or behind the data of a chunk, was split after its CR. */
  #sawCr = false;
  #emptyLineNoted = false;
  /** A head was reported whose message has not ended. */
  #open = false;
  /** The last message had no content for its status or method's sake: bytes after it may be such content. */
  #bodiless = false;
  /** `upgrade()` was called within a message. */
  #upgradeAfter = false;

  readonly #outstanding = new Outstanding();

  constructor(role: Role, sink: Http1Sink, limits: Limits) {
    this.#role = role;
    this.#sink = sink;
    const { startLine, fields } = limits;
    this.#headLimits = { section: limits.head, sectionCode: 'head-too-large', fields };
    this.#trailerLimits = { section: limits.trailers, sectionCode: 'trailers-too-large', fields };
    this.#head = new Section(role);
    this.#startLine = new StartLineReader(startLine, this);
    this.#headFields = new FieldLineReader(this.#headLimits, this);
    this.#trailers = new Section(role);
    this.#trailerFields = new FieldLineReader(this.#trailerLimits, this);
    this.#chunkLine = new ChunkLineReader(limits.chunkExtension, this);
  }

  get inMessage(): boolean {
    return this.#open || this.#state === State.startLine || this.#state === State.fields;
  }

  expect(method: string, minor = 1): void {
    this.#outstanding.add(method, minor);
  }

  upgrade(): void {
    if (this.inMessage) this.#upgradeAfter = true;
    else this.#go(Event.upgrade);
  }

  feed(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const origin = this.position - from;
    this.position += to - from;
    let i = from;
    while (i < to) {
      this.#origin = origin;
      switch (this.#state) {
        case State.idle:
          i = this.#begin(bytes, i);
          break;
        case State.startLine:
        case State.fields:
        case State.trailers:
          i = this.#heldLength === 0 ? this.#readSection(bytes, i, to) : this.#readHeldSection(bytes, i, to);
          break;
        case State.sized:
        case State.chunkData: {
          const end = Math.min(to, i + this.#remaining);
          this.#remaining -= end - i;
          this.#content(bytes, i, end);
          i = end;
          if (this.#remaining > 0) break;
          if (this.#state === State.chunkData) this.#go(Event.chunkDataEnd);
          else this.#endMessage(Event.contentEnd, origin + i);
          break;
        }
        case State.untilClose:
          this.#content(bytes, i, to);
          return;
        case State.chunkLine:
          i =
            this.#heldLength === 0
              ? this.#readChunkLine(bytes, i, to)
              : this.#readHeldChunkLine(bytes, i, to);
          break;
        case State.chunkEnd:
          i = this.#readChunkEnd(bytes, i);
          break;
        case State.tunnel:
          this.#sink.tunnel?.(bytes, i, to, origin + i);
          return;
        case State.failed:
        case State.closed:
          return;
        default:
          assertNever(this.#state);
      }
    }
  }

  end(): void {
    const state = this.#state;
    if (state === State.failed || state === State.closed) return;
    if (state === State.startLine || state === State.fields) {
      this.#failAt('closed-before-head', this.position);
    } else if (state === State.untilClose) {
      this.#open = false;
      this.#go(Event.end);
      this.#sink.messageEnd?.(this.position, true);
    } else if (this.#open) this.#failAt('closed-in-body', this.position);
    else this.#go(Event.end);
  }

  note(code: ViolationCode, index: number): void {
    this.#sink.note?.(violation(code, this.#origin + index, this.#role));
  }

  fail(code: ViolationCode, index: number): void {
    this.#failAt(code, this.#origin + index);
  }

  #failAt(code: ViolationCode, at: number): void {
    this.#reportSpans();
    if (this.#bodiless && (code === 'unexpected-response' || code === 'invalid-start-line')) {
      this.#sink.note?.(violation('body-after-bodiless', at, this.#role));
    }
    if (this.#open) {
      this.#open = false;
      this.#sink.messageEnd?.(at, false);
    }
    this.failed = violation(code, at, this.#role);
    this.#held = NOTHING;
    this.#heldLength = 0;
    this.#go(Event.violation);
    this.#sink.error?.(this.failed);
  }

  #go(event: Event): void {
    this.#state = nextState(this.#state, event);
  }

  #content(bytes: Uint8Array, from: number, to: number): void {
    this.#sink.span?.('body', this.#origin + from, this.#origin + to);
    this.#sink.content?.(bytes, from, to, this.#origin + from);
  }

  /** The open message is over. */
  #endMessage(event: Event, end: number): void {
    this.#go(event);
    this.#open = false;
    this.#sink.messageEnd?.(end, true);
    if (this.#upgradeAfter && this.#state === State.idle) this.#go(Event.upgrade);
  }

  /** Between messages: what the next byte begins. */
  #begin(bytes: Uint8Array, i: number): number {
    if (this.#role === 'request') {
      // RFC 9112 §2.2: empty lines before a request are ignored.
      const byte = bytes[i]!;
      if (byte === LF) {
        if (!this.#emptyLineNoted) this.note('leading-empty-line', this.#sawCr ? i - 1 : i);
        this.#emptyLineNoted = true;
        this.#sawCr = false;
        return i + 1;
      }
      if (this.#sawCr) {
        this.fail('bare-cr', i - 1);
        return i;
      }
      if (byte === CR) {
        this.#sawCr = true;
        return i + 1;
      }
      this.#emptyLineNoted = false;
    } else if (this.#outstanding.oldest === undefined) {
      this.fail('unexpected-response', i);
      return i;
    }
    this.#go(Event.firstByte);
    return i;
  }

  /** Reads lines straight from what was fed; what is not whole is held. */
  #readSection(bytes: Uint8Array, from: number, to: number): number {
    const inTrailers = this.#state === State.trailers;
    const section = inTrailers ? this.#trailers : this.#head;
    section.begin(bytes, from, this.#origin + from);
    const next = this.#readLines(section, bytes, from, to);
    if (next >= 0) return next;
    const line = -next - 1;
    this.#heldStart = section.start;
    this.#hold(bytes, section.base, to);
    this.#heldLine = line - section.base;
    section.move(this.#held, 0);
    return to;
  }

  /** Adds the next line, or what there is of it, to what is held, and reads it. */
  #readHeldSection(bytes: Uint8Array, from: number, to: number): number {
    const end = lineEndOr(bytes, from, to);
    this.#hold(bytes, from, end);
    const section = this.#state === State.trailers ? this.#trailers : this.#head;
    if (section.bytes !== this.#held) section.move(this.#held, 0);
    this.#origin = this.#heldStart;
    // The rest of a line without its end would be read again and again: only its length is judged.
    if (bytes[end - 1] !== LF) {
      this.#judgeUnfinished(section, this.#heldLength);
      return end;
    }
    const next = this.#readLines(section, this.#held, this.#heldLine, this.#heldLength);
    if (next >= 0) this.#heldLength = 0;
    else this.#heldLine = -next - 1;
    return end;
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    const length = this.#heldLength + to - from;
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, this.#held.length * 2, 512));
      grown.set(this.#held.subarray(0, this.#heldLength));
      this.#held = grown;
    }
    this.#held.set(bytes.subarray(from, to), this.#heldLength);
    this.#heldLength = length;
  }

  /**
   * Reads the lines of a section. Returns the index behind the section, or −1 − the index of the first line that is
   * not whole. After a violation: `to`.
   */
  #readLines(section: Section, bytes: Uint8Array, from: number, to: number): number {
    let line = from;
    if (this.#state === State.startLine) {
      const next = this.#startLine.read(section, bytes, to);
      if (next === FAILED) return to;
      if (next === MORE) return this.#judgeUnfinished(section, to) ? to : -1 - line;
      this.#go(Event.startLine);
      line = next;
    }
    const inTrailers = this.#state === State.trailers;
    const reader = inTrailers ? this.#trailerFields : this.#headFields;
    if (!reader.read(section, bytes, line, to)) return to;
    if (!reader.complete) return this.#judgeUnfinished(section, to) ? to : -1 - reader.next;
    section.end = this.#origin + reader.next;
    if (inTrailers) this.#completeTrailers(section);
    else this.#completeHead(section);
    return reader.next;
  }

  /** The section ends within a line at index `to`: reports what is hopeless already. */
  #judgeUnfinished(section: Section, to: number): boolean {
    if (this.#state === State.startLine) {
      const impossible = impossibleStart(this.#role, section.bytes, section.base, to);
      if (impossible >= 0)
        this.fail(this.#role === 'request' ? 'invalid-method' : 'invalid-start-line', impossible);
      else if (to - section.base > this.#startLine.limit) {
        this.fail('start-line-too-long', section.base + this.#startLine.limit);
      }
    } else {
      const limits = this.#state === State.trailers ? this.#trailerLimits : this.#headLimits;
      if (to - section.base > limits.section) this.fail(limits.sectionCode, section.base + limits.section);
    }
    return this.#state === State.failed;
  }

  #completeHead(head: Section): void {
    const request = this.#outstanding.oldest;
    const method = this.#role === 'request' ? head.method : (request?.method ?? '');
    if (this.#role === 'response' && head.status < 200 && request?.minor === 0) {
      this.note('interim-to-http-1.0', head.base);
    }
    if (!frameHead(head, method, this)) return;
    if (this.#sink.span !== undefined) this.#reportSpans();
    const { framing, status } = head;
    const interim = this.#role === 'response' && status < 200 && status !== 101;
    if (this.#role === 'response' && !interim) this.#outstanding.answer();
    this.#bodiless = !interim && this.#role === 'response' && framing === 'none';
    this.#open = !interim;
    // The state changes before the sink is called, so that what it asks of the parser is answered rightly.
    switch (framing) {
      case 'content-length':
        this.#remaining = head.contentLength;
        this.#go(Event.headSized);
        this.#sink.head?.(head);
        if (this.#remaining === 0) this.#endMessage(Event.contentEnd, head.end);
        return;
      case 'chunked':
        this.#go(Event.headChunked);
        this.#sink.head?.(head);
        return;
      case 'close':
        this.#go(Event.headUntilClose);
        this.#sink.head?.(head);
        return;
      case 'upgrade':
      case 'none':
        this.#sink.head?.(head);
        if (interim) this.#go(Event.headAlone);
        else this.#endMessage(framing === 'none' ? Event.headAlone : Event.headUpgrade, head.end);
        return;
      default:
        assertNever(framing);
    }
  }

  #readChunkLine(bytes: Uint8Array, from: number, to: number): number {
    const line = this.#chunkLine;
    const next = line.read(bytes, from, to);
    if (next === FAILED) return to;
    if (next === MORE) {
      this.#heldStart = this.#origin + from;
      this.#hold(bytes, from, to);
      return to;
    }
    const origin = this.#origin;
    const { size } = line;
    if (this.#sink.span !== undefined) {
      this.#sink.span('chunk-size', origin + from, origin + line.sizeEnd);
      if (line.extensionEnd > 0) {
        this.#sink.span('chunk-extension', origin + line.extensionStart, origin + line.extensionEnd);
      }
    }
    this.#sink.chunk?.(origin + from, origin + next, size);
    if (size === 0) {
      this.#trailers.begin(NOTHING, 0, origin + next);
      this.#go(Event.lastChunk);
    } else {
      this.#remaining = size;
      this.#go(Event.chunk);
    }
    return next;
  }

  #readHeldChunkLine(bytes: Uint8Array, from: number, to: number): number {
    const end = lineEndOr(bytes, from, to);
    this.#hold(bytes, from, end);
    const length = this.#heldLength;
    this.#heldLength = 0;
    this.#origin = this.#heldStart;
    this.#readChunkLine(this.#held, 0, length);
    return end;
  }

  #readChunkEnd(bytes: Uint8Array, i: number): number {
    const byte = bytes[i]!;
    if (byte === CR && !this.#sawCr) {
      this.#sawCr = true;
      return i + 1;
    }
    if (byte !== LF) {
      this.fail('missing-chunk-end', i);
      return i;
    }
    if (!this.#sawCr) this.note('bare-lf', i);
    this.#sawCr = false;
    this.#go(Event.chunkEnd);
    return i + 1;
  }

  #completeTrailers(trailers: Section): void {
    this.#reportSpans();
    if (trailers.fieldCount > 0) this.#sink.trailers?.(trailers);
    this.#endMessage(Event.trailersEnd, trailers.end);
  }

  /** Tells every part of the section that is complete, or that a violation ended. */
  #reportSpans(): void {
    if (this.#sink.span === undefined) return;
    if (this.#state === State.fields) reportHeadSpans(this.#head, this.#sink);
    else if (this.#state === State.trailers) reportTrailerSpans(this.#trailers, this.#sink);
  }
}

/** Index behind the first LF of bytes[from … to), or `to`. */
function lineEndOr(bytes: Uint8Array, from: number, to: number): number {
  const lf = bytes.indexOf(LF, from);
  return lf === -1 || lf >= to ? to : lf + 1;
}
