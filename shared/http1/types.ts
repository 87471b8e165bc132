// What the HTTP/1.1 parser reports, and to whom. Positions are absolute: byte offsets in the stream of one direction
// of one connection, counted from its first byte, heads included. Strings are made only when asked for.

export type Role = 'request' | 'response';

/** How the end of a message's content is found (RFC 9112 §6.3). */
export type Framing = 'none' | 'content-length' | 'chunked' | 'close' | 'upgrade';

export type SpanKind =
  | 'method'
  | 'target'
  | 'version'
  | 'status'
  | 'reason'
  | 'field-name'
  | 'field-value'
  | 'chunk-size'
  | 'chunk-extension'
  | 'body'
  | 'trailer-name'
  | 'trailer-value';

/** What a violation means: a `note` was tolerated, an `error` ended the message. */
export interface Violation {
  readonly code: ViolationCode;
  /** Absolute byte offset of the first offending byte. */
  readonly at: number;
  /** Whose fault it is. */
  readonly side: 'client' | 'server';
  /** `RFC 9112 §6.1` */
  readonly rfc: string;
}

export type ViolationCode =
  // tolerated
  | 'bare-lf'
  | 'obs-fold'
  | 'leading-empty-line'
  | 'length-and-transfer-encoding'
  | 'repeated-content-length'
  | 'transfer-encoding-in-http-1.0'
  | 'transfer-encoding-without-chunked'
  | 'missing-reason-space'
  | 'obs-text'
  | 'body-after-bodiless'
  | 'interim-to-http-1.0'
  | 'missing-host'
  | 'repeated-host'
  | 'whitespace-after-start-line'
  | 'framing-in-interim'
  // fatal
  | 'bare-cr'
  | 'invalid-start-line'
  | 'invalid-method'
  | 'invalid-target'
  | 'invalid-version'
  | 'invalid-status'
  | 'invalid-field-name'
  | 'invalid-field-value'
  | 'whitespace-before-colon'
  | 'invalid-content-length'
  | 'differing-content-length'
  | 'unsupported-transfer-coding'
  | 'invalid-chunk-size'
  | 'chunk-size-overflow'
  | 'invalid-chunk-extension'
  | 'missing-chunk-end'
  | 'start-line-too-long'
  | 'head-too-large'
  | 'too-many-fields'
  | 'trailers-too-large'
  | 'chunk-extension-too-long'
  | 'unexpected-response'
  | 'closed-before-head'
  | 'closed-in-body';

/** A head as it was parsed. Valid only during the call that hands it over; `keep()` makes a lasting copy. */
export interface Head {
  readonly role: Role;
  /** Absolute position of the first byte of the start line, and of the first byte after the empty line. */
  readonly start: number;
  readonly end: number;
  /** HTTP minor version: 0 or 1. */
  readonly minor: number;
  /** Responses: 100–599 (999 at most); requests: 0. */
  readonly status: number;
  /** Requests: the method; responses: ''. */
  readonly method: string;
  /** Requests: the target as it was sent; responses: ''. */
  readonly target: string;
  /** Responses: the reason phrase, perhaps ''; requests: ''. */
  readonly reason: string;
  readonly fieldCount: number;
  /** Field name in its own case. @param index 0 … fieldCount − 1 */
  fieldName(index: number): string;
  /** Field value without surrounding whitespace, obs-fold replaced by SP; bytes above 0x7f as ISO-8859-1. */
  fieldValue(index: number): string;
  /** Values of every field line of that name (any case) joined by ", ", or null. RFC 9110 §5.2. */
  field(name: string): string | null;
  /** Whether a field has that name, without making a string. @param name in lower case */
  isField(index: number, name: string): boolean;
  /** Bytes of a field's name. */
  nameLength(index: number): number;
  /** Where a field's value lies in {@link bytes}: first byte, and the one after the last. */
  valueStart(index: number): number;
  valueEnd(index: number): number;
  /** Absolute position in the stream of the value's first byte. */
  valuePosition(index: number): number;
  /** The bytes that the head lies in; valid as long as the head is. */
  readonly bytes: Uint8Array;
  readonly framing: Framing;
  /** The announced length of the content for framing `content-length`, else −1. */
  readonly contentLength: number;
  /** Whether the connection persists after this message as far as this head tells (RFC 9112 §9.3). */
  readonly keepAlive: boolean;
  keep(): Head;
}

/** Where the parser reports to. Every method is optional; none may keep the bytes without copying them. */
export interface Http1Sink {
  /** A request head, an interim head (status 1xx) or a final head. */
  head?(head: Head): void;
  /** Content, after transfer decoding, never copied: bytes[from … to), whose first byte is at absolute `at`. */
  content?(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** A chunk header: `start … end` covers its line with CRLF; `size` in bytes, 0 for the last chunk. */
  chunk?(start: number, end: number, size: number): void;
  /** The trailer section after the last chunk, unless it is empty; fields only. */
  trailers?(trailers: Head): void;
  /**
   * The end of a message that is not interim (a 101 is final here: nothing but the tunnel comes after it).
   * `complete` is false for content cut short; then `error` follows.
   */
  messageEnd?(end: number, complete: boolean): void;
  /** Bytes that are no longer HTTP/1.1: after 101 or a 2xx to CONNECT. */
  tunnel?(bytes: Uint8Array, from: number, to: number, at: number): void;
  note?(violation: Violation): void;
  /** Fatal: nothing is reported after it. */
  error?(violation: Violation): void;
  /**
   * Every part, in order: only if given (costs time). `end` exclusive. A field value may be empty; any other part that
   * is empty is left out.
   */
  span?(kind: SpanKind, start: number, end: number): void;
}

export interface Limits {
  /** Bytes of a start line. Default 16 KiB. */
  readonly startLine: number;
  /** Bytes of a whole head. Default 64 KiB. */
  readonly head: number;
  /** Field lines of a head. Default 256. */
  readonly fields: number;
  /** Bytes of a trailer section. Default 16 KiB. */
  readonly trailers: number;
  /** Bytes of one chunk extension. Default 4 KiB. */
  readonly chunkExtension: number;
}

export interface Http1Parser {
  /**
   * Takes bytes[from … to) as the next bytes of the stream. Content is reported without a copy; an incomplete head
   * is copied, up to the limits. After an error, bytes are counted and ignored.
   */
  feed(bytes: Uint8Array, from?: number, to?: number): void;
  /** The stream ended (FIN) or broke: reports the end of the message in progress as far as it got. */
  end(): void;
  /**
   * Responses only: a request with this method was sent and awaits its final response (first in, first out;
   * RFC 9112 §9.3.2). `minor`: the HTTP minor version of that request.
   */
  expect(method: string, minor?: number): void;
  /**
   * Requests only: the response was a 101 (or a 2xx to CONNECT), so what follows the message in progress, if any, is
   * no longer HTTP/1.1 and goes to `tunnel`. A response parser finds out by itself.
   */
  upgrade(): void;
  /** Absolute position of the next byte to be fed. */
  readonly position: number;
  /** Inside a message (head begun, end not reached)? */
  readonly inMessage: boolean;
  readonly failed: Violation | null;
}
