// The parser's states and every transition between them, as one literal table. Nothing else may change a state.
//
// Rules on top of the table:
// - A head is read in whole lines: a line is judged when its LF is there, so the way a stream is split changes nothing.
// - An interim head (1xx but 101) leads back to `idle`: any number of them comes before the final head (RFC 9110 §15.2).
// - A violation is possible in every state but the last three and ends in `failed`; there is no way out of it.
// - `end` (FIN or reset) ends in `closed`. It is clean between messages and for content that runs to the close;
//   elsewhere it is a violation that the parser reports, then closes.
// - `upgrade` is said by the caller of a request parser, since only the response tells (101, 2xx to CONNECT).

export const State = {
  /** Between messages. */
  idle: 0,
  /** Within a start line. */
  startLine: 1,
  /** After the start line, before the empty line. */
  fields: 2,
  /** Content of a known length. */
  sized: 3,
  /** Content up to the close of the connection. */
  untilClose: 4,
  /** Within the line that begins a chunk. */
  chunkLine: 5,
  chunkData: 6,
  /** The CRLF behind the data of a chunk. */
  chunkEnd: 7,
  trailers: 8,
  /** No longer HTTP/1.1. */
  tunnel: 9,
  failed: 10,
  closed: 11,
} as const;
export type State = (typeof State)[keyof typeof State];

export const Event = {
  firstByte: 0,
  startLine: 1,
  /** The head is complete, and what follows is … another head: no content, or an interim response. */
  headAlone: 2,
  headSized: 3,
  headUntilClose: 4,
  headChunked: 5,
  headUpgrade: 6,
  contentEnd: 7,
  chunk: 8,
  lastChunk: 9,
  chunkDataEnd: 10,
  chunkEnd: 11,
  trailersEnd: 12,
  upgrade: 13,
  violation: 14,
  end: 15,
} as const;
export type Event = (typeof Event)[keyof typeof Event];

const {
  idle,
  startLine,
  fields,
  sized,
  untilClose,
  chunkLine,
  chunkData,
  chunkEnd,
  trailers,
  tunnel,
  failed,
  closed,
} = State;

const over = { violation: failed, end: closed } as const;

const TRANSITIONS: Readonly<Record<State, Partial<Readonly<Record<keyof typeof Event, State>>>>> = {
  [idle]: { firstByte: startLine, upgrade: tunnel, ...over },
  [startLine]: { startLine: fields, ...over },
  [fields]: {
    headAlone: idle,
    headSized: sized,
    headUntilClose: untilClose,
    headChunked: chunkLine,
    headUpgrade: tunnel,
    ...over,
  },
  [sized]: { contentEnd: idle, ...over },
  [untilClose]: { ...over },
  [chunkLine]: { chunk: chunkData, lastChunk: trailers, ...over },
  [chunkData]: { chunkDataEnd: chunkEnd, ...over },
  [chunkEnd]: { chunkEnd: chunkLine, ...over },
  [trailers]: { trailersEnd: idle, ...over },
  [tunnel]: { upgrade: tunnel, end: closed },
  [failed]: { upgrade: failed, end: failed },
  [closed]: { upgrade: closed, end: closed },
};

const EVENTS = Object.keys(Event).length;
const IMPOSSIBLE = 255;

const NEXT = new Uint8Array(Object.keys(State).length * EVENTS).fill(IMPOSSIBLE);
for (const state of Object.values(State)) {
  for (const [name, next] of Object.entries(TRANSITIONS[state])) {
    NEXT[state * EVENTS + Event[name as keyof typeof Event]] = next;
  }
}

/** The state after an event. Throws for a transition that the table does not have: a mistake in the parser. */
export function nextState(state: State, event: Event): State {
  const next = NEXT[state * EVENTS + event]!;
  if (next === IMPOSSIBLE) throw new Error(`no transition from state ${state} by event ${event}`);
  return next as State;
}
