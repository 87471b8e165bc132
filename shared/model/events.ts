// What is derived from records: one append-only table of events, held in columns. The engine fills it, ships it in
// batches, and every interface folds it (model.ts). 39 bytes a row, strings interned.

/** What a row means; the columns `code`, `a`, `b`, `text` are described with each. */
export const Kind = {
  /** a connection is open. code: bit 0 the client end is ours, bit 1 the server end. text: `client → server`. */
  connectionOpened: 1,
  /** one end closed. code: {@link ClosedHow}; a: {@link ClosedBy}; b: End (0 client, 1 server); text: error code. */
  connectionClosed: 2,
  /** a new exchange. a: its operation; b: absolute position of its request; text: `METHOD target`. */
  exchange: 3,
  /** a new operation (0, 1, 2 …). exchange: its first one; a: the operation; text: its title. */
  operation: 4,
  /** an operation changed. code: {@link OperationState}; a: the operation; text: why. */
  operationState: 5,
  /** request bytes moved on. code: {@link Layer} sent or received; a … b: absolute positions. */
  requestBytes: 6,
  /** the request head is complete. code: Layer sent or received; a … b: absolute positions of the head. */
  requestHead: 7,
  /** the request is complete. code: Layer; a: absolute end; b: 1 complete, 0 cut short. */
  requestEnd: 8,
  responseBytes: 9,
  /** an interim response is complete. code: status; a … b: positions of the head; text: its gist. */
  interimSent: 10,
  interimReceived: 11,
  /** a final head is complete. code: status; a … b: positions of the head; text: reason. */
  finalSent: 12,
  finalReceived: 13,
  /** the response is complete. code: Layer; a: absolute end; b: 1 complete, 0 cut short. */
  responseEnd: 14,
  /** representation bytes. code: Layer + {@link DOWNLOAD} for downloads; a … b: offsets in the representation. */
  coverage: 15,
  /** the whole representation's length became known. code: 0 or DOWNLOAD; a: bytes; b: the operation. */
  representation: 16,
  /** a Progress value. a: numerator; b: denominator or NaN; text: the whole field value. */
  progress: 17,
  /**
   * a fault took effect. code: {@link packFault}; a: position in its stream; b: offset in the representation or NaN. text:
   * how much of it (`amount` of its record), in figures; empty where that says nothing.
   */
  fault: 18,
  /** a cut led to this exchange. a: the exchange that was cut; b: connection that was cut. */
  link: 19,
  /** a conformance note. code: {@link NoteLevel}; a: position; b: Stream (0 request, 1 response); text: `code|side|rfc`. */
  note: 20,
  /** a step and why. a: the operation or NaN; text: `step|why`. */
  step: 21,
  /** the final response inside a message/http document. code: its status; text: its reason. */
  document: 22,
  /** the session's own words. text: JSON of an AboutRecord. */
  about: 23,
  /** half a close. code: 0 out, 1 in; b: End (0 client, 1 server). */
  ended: 24,
  /** a request asks for a range. a: first byte; b: last byte, or NaN; both of a suffix: NaN and its length. */
  range: 25,
  /** what becomes of a request that is interrupted. code: 1 all or nothing, 2 every byte is kept; a: 0 asked for, 1 told. */
  transaction: 26,
  /** the result of a subordinate operation (Status-URI). code: its status; text: the reference. */
  result: 27,
  /**
   * a message of a stream is whole: a WebSocket message or control frame, a server-sent event or comment, a heartbeat.
   * code: {@link MessageType}, {@link MESSAGE_RECEIVED}, {@link MESSAGE_OF_CLIENT}; a … b: absolute positions in its
   * stream; text: its gist, 200 characters at most.
   */
  message: 28,
  /** a final response tells where something of its operation is. code: {@link Located}; text: the reference. */
  location: 29,
  /**
   * a person's remark beside something, or the same anew. code: 1 beside a moment, else 0; a: row of what it is beside; b:
   * when that was; text: `id|text`, without text when it was taken back.
   */
  remark: 30,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What can be found at a location: the upload, its status, what came of it. */
export const Located = { upload: 1, status: 2, result: 3 } as const;
export type Located = (typeof Located)[keyof typeof Located];

/**
 * What a message is, and its gist. text, event: `NAME: data`, or the data alone, of which only `3/8 remark` where that
 * is JSON that tells progress; binary: `n bytes`; close: `1000 reason`; ping, pong: what they carry; comment: its text;
 * heartbeat: `n spaces`.
 */
export const MessageType = {
  text: 1,
  binary: 2,
  close: 3,
  ping: 4,
  pong: 5,
  event: 6,
  comment: 7,
  heartbeat: 8,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];
/** The MessageType in the `code` of a message. */
export const MESSAGE_TYPE = 15;
/** Added to it: the message was read, else it was written. */
export const MESSAGE_RECEIVED = 16;
/** Added to it: the message is the client's, in the request stream. */
export const MESSAGE_OF_CLIENT = 32;

/** Whether a message with this `code` was seen at the client's end: written there, or read. */
export function isSeenByClient(code: number): boolean {
  return ((code & MESSAGE_OF_CLIENT) === 0) === ((code & MESSAGE_RECEIVED) !== 0);
}

/** Layers of coverage. In `code` of byte events only sent and received occur. */
export const Layer = { sent: 1, received: 2, acknowledged: 3 } as const;
export type Layer = (typeof Layer)[keyof typeof Layer];
/** Added to a Layer in `code`: the representation is the response's, not the request's. */
export const DOWNLOAD = 8;

export const ClosedHow = { fin: 1, rst: 2, silence: 3, error: 4 } as const;
export const ClosedBy = { client: 1, server: 2, fault: 3 } as const;
export const OperationState = { running: 1, broken: 2, resumed: 3, completed: 4, failed: 5 } as const;
export type OperationState = (typeof OperationState)[keyof typeof OperationState];
export const NoteLevel = { info: 1, warning: 2, error: 3 } as const;

const ACTIONS = ['cut', 'stall', 'resume', 'throttle', 'delay', 'fragment', 'corrupt'] as const;
const CUTS = ['rst', 'fin', 'stall'] as const;
const ORIGINS = ['user', 'plan', 'server'] as const;

/** A fault as `code` holds it. */
export interface PackedFault {
  readonly action: (typeof ACTIONS)[number];
  readonly cut: (typeof CUTS)[number] | null;
  readonly origin: (typeof ORIGINS)[number];
  readonly end: 'client' | 'server';
  readonly direction: 'out' | 'in';
}

/** Packs a fault into 16 bits: action (4), cut (3), origin (3), end (1), direction (1). */
export function packFault(fault: PackedFault): number {
  return (
    ACTIONS.indexOf(fault.action) |
    ((fault.cut === null ? 7 : CUTS.indexOf(fault.cut)) << 4) |
    (ORIGINS.indexOf(fault.origin) << 7) |
    ((fault.end === 'server' ? 1 : 0) << 10) |
    ((fault.direction === 'in' ? 1 : 0) << 11)
  );
}

export function unpackFault(code: number): PackedFault {
  return {
    action: ACTIONS[code & 15] ?? 'cut',
    cut: CUTS[(code >> 4) & 7] ?? null,
    origin: ORIGINS[(code >> 7) & 7] ?? 'plan',
    end: (code >> 10) & 1 ? 'server' : 'client',
    direction: (code >> 11) & 1 ? 'in' : 'out',
  };
}

/** One row, for tests and slow paths. */
export interface EventRow {
  readonly time: number;
  readonly kind: Kind;
  readonly code: number;
  readonly connection: number;
  readonly exchange: number;
  readonly a: number;
  readonly b: number;
  readonly text: string;
}

/** No exchange. */
export const NONE = 0xffffffff;

interface Columns {
  time: Float64Array;
  kind: Uint8Array;
  code: Uint16Array;
  connection: Uint32Array;
  exchange: Uint32Array;
  a: Float64Array;
  b: Float64Array;
  text: Uint32Array;
}

function columns(capacity: number): Columns {
  return {
    time: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    code: new Uint16Array(capacity),
    connection: new Uint32Array(capacity),
    exchange: new Uint32Array(capacity),
    a: new Float64Array(capacity),
    b: new Float64Array(capacity),
    text: new Uint32Array(capacity),
  };
}

/** Bytes of one row over all columns. */
export const ROW_BYTES = 8 + 1 + 2 + 4 + 4 + 8 + 8 + 4;

/** In the column `text`: the text is `a/b`, and behind it the string of that index (0: none). */
export const FRACTION = 0x80000000;
/** In the column `text`: the text is that of the next row. */
export const NEXT = 0x40000000;
/** The string's index in the column `text`, without what is marked in it. */
export const STRING = 0x3fffffff;

/** Room is made for this many times the rows that there are, at most: 2.5 KB a row that has come. */
const AHEAD = 64;

/** Rows of a table that is large: 40 MB. */
const MANY = 1_000_000;

/** Strings that are looked up before they are stored again. */
const REMEMBERED = 1024;

/**
 * The append-only table. Times never decrease. Columns are read directly (`table.columns.time[i]`), for `i` below
 * `length`; the arrays are replaced when they grow, so do not hold them across an append.
 */
export class EventTable {
  columns: Columns;
  length = 0;
  /** While a file is being read into it: about how many rows there will be in all; 0 else. */
  foreseen = 0;
  /** Interned strings; index 0 is ''. */
  readonly strings: string[] = [''];
  /** How often it was emptied: an index of a string means nothing after that. */
  emptied = 0;
  readonly #interned = new Map<string, number>([['', 0]]);

  constructor(capacity = 1024) {
    this.columns = columns(capacity);
  }

  /**
   * The index of a string: of one that is there already where it was used lately (the last {@link REMEMBERED}
   * different ones, up to 1,024 characters each), else of a new one.
   */
  intern(text: string): number {
    const known = this.#interned.get(text);
    if (known !== undefined) return known;
    const index = this.adopt(text);
    if (text.length > 1024) return index;
    // A stream of ever new texts must not pay for a map of all of them.
    if (this.#interned.size >= REMEMBERED) this.#interned.clear();
    this.#interned.set(text, index);
    return index;
  }

  /** Takes over a string under the next index, as another table numbered it; it is not looked up again. */
  adopt(text: string): number {
    return this.strings.push(text) - 1;
  }

  /** Appends a row and returns its index. */
  append(
    time: number,
    kind: Kind,
    code: number,
    connection: number,
    exchange: number,
    a: number,
    b: number,
    text: string,
  ): number {
    return this.appendIndexed(
      time,
      kind,
      code,
      connection,
      exchange,
      a,
      b,
      text === '' ? 0 : this.intern(text),
    );
  }

  /** The same with the column `text` as it is stored: a string's index, {@link FRACTION} or {@link NEXT}. */
  appendIndexed(
    time: number,
    kind: Kind,
    code: number,
    connection: number,
    exchange: number,
    a: number,
    b: number,
    text: number,
  ): number {
    const index = this.length;
    if (index === this.columns.time.length) this.reserve(index + 1);
    const c = this.columns;
    c.time[index] = time;
    c.kind[index] = kind;
    c.code[index] = code;
    c.connection[index] = connection;
    c.exchange[index] = exchange;
    c.a[index] = a;
    c.b[index] = b;
    c.text[index] = text;
    this.length = index + 1;
    return index;
  }

  /** Forgets every row and string, for a reader that has taken what it wanted of them. */
  empty(): void {
    this.length = 0;
    if (this.strings.length === 1) return;
    this.emptied++;
    this.strings.length = 1;
    this.#interned.clear();
    this.#interned.set('', 0);
  }

  /**
   * Room for `rows` rows in all, and at once for those that are foreseen and a few more, though never for more than
   * {@link AHEAD} times as many as there are. Without such a word for twice as many as before, or for a quarter more where
   * those are many, so that growing costs little however often it is.
   */
  reserve(rows: number, foreseen = this.foreseen): void {
    const old = this.columns;
    const room = old.time.length;
    if (rows <= room) return;
    const ahead = Math.min(Math.ceil(foreseen * 1.03), rows * AHEAD);
    const more = ahead > rows ? ahead : room * (room < MANY ? 2 : 1.25);
    const grown = columns(Math.max(rows, Math.ceil(more)));
    for (const name of Object.keys(old) as (keyof Columns)[]) grown[name].set(old[name]);
    this.columns = grown;
  }

  /** The text of a row; '' beyond the last. */
  text(index: number): string {
    if (index >= this.length) return '';
    const stored = this.columns.text[index]!;
    if (stored < NEXT) return this.strings[stored] ?? '';
    if (stored < FRACTION) return this.text(index + 1);
    const { a, b } = this.columns;
    const fraction = `${a[index]}/${Number.isNaN(b[index]!) ? '' : b[index]}`;
    const rest = stored & STRING;
    return rest === 0 ? fraction : `${fraction} ${this.strings[rest] ?? ''}`;
  }

  row(index: number): EventRow {
    const c = this.columns;
    if (index < 0 || index >= this.length) throw new RangeError(`no event ${index} of ${this.length}`);
    return {
      time: c.time[index]!,
      kind: c.kind[index] as Kind,
      code: c.code[index]!,
      connection: c.connection[index]!,
      exchange: c.exchange[index]!,
      a: c.a[index]!,
      b: c.b[index]!,
      text: this.text(index),
    };
  }

  /** How many rows have a time ≤ `time` (a prefix: that many rows are the state at that time). */
  prefix(time: number): number {
    const times = this.columns.time;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
