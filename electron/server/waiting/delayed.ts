// /delayed: a delayed response to be watched, each of its behaviours by a parameter of the query; and how the last ones
// ended, which of a client that went away only the server knows.

import { assertNever } from '../../../shared/capture/records.ts';
import type { Clock } from '../../wire/types.ts';
import { DelayedResponse } from './delayed-response.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import { Query } from '../http/query.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

const LONGEST = 600_000;
/** Ends that are remembered. */
const ENDS = 100;
const TOO_LATE = 'It takes longer than there was time for: it goes on without you.';
/** Pieces of a result that is a stream. */
const PIECES = 3;

const RESULTS = ['text', 'json', 'buffer', 'stream', 'null', 'promise', 'error', 'reject'] as const;
type Result = (typeof RESULTS)[number];

/** How a delayed response ended, as its events told. */
interface Ending {
  /** The `name` of the query; null: it had none. */
  readonly name: string | null;
  readonly how: 'done' | 'error' | 'cancel' | 'abort';
  /** From the request to that. */
  readonly milliseconds: number;
  /** Spaces that were due. */
  readonly polls: number;
}

export function delayedRoutes(core: ServerCore): readonly Route[] {
  const endings: Ending[] = [];
  const ended = (ending: Ending): void => {
    endings.push(ending);
    if (endings.length > ENDS) endings.shift();
  };
  return [
    {
      path: /^\/delayed$/,
      allow: 'GET, HEAD',
      index: [
        "  curl -N -v 'http://HOST/delayed?style=start&after=3000&interval=500'   202 and spaces, until there is a result",
      ],
      answer: (exchange) => delay(exchange, core.clock, ended),
    },
    {
      path: /^\/delayed\/ends$/,
      allow: 'GET, HEAD',
      answer: (exchange) => tellEndings(exchange, endings),
    },
  ];
}

function delay(exchange: Exchange, clock: Clock, ended: (ending: Ending) => void): void {
  const query = new Query(exchange);
  const style = query.choice('style', ['wait', 'start']);
  const after = query.whole('after', 1000, 0, LONGEST);
  const interval = query.whole('interval', 100, 1, LONGEST);
  const initial = query.whole('initial', interval, 0, LONGEST);
  const timeout = query.whole('timeout', 0, 0, LONGEST);
  const result = query.choice('result', RESULTS);
  const name = query.text('name');
  if (query.fault !== null || (name !== null && !isName(name))) {
    refuse(exchange, 400, query.fault ?? 'name must be 1 to 32 letters, digits, dashes or underscores.');
    return;
  }
  const began = clock.now();
  let polls = 0;
  const tell = (how: Ending['how']): void =>
    ended({ name, how, milliseconds: Math.round(clock.now() - began), polls });
  const delayed = new DelayedResponse(exchange, clock, (error) => {
    tell('error');
    delayed.fail(error);
  });
  if (result === 'json') delayed.json();
  else delayed.field(...PLAIN_TEXT);
  delayed
    .on('poll', () => void polls++)
    .on('cancel', () => {
      cancel();
      tell('cancel');
      delayed.respond(result === 'json' ? JSON.stringify({ text: TOO_LATE }) : text(TOO_LATE));
    })
    .on('abort', () => {
      cancel();
      tell('abort');
      exchange.destroy();
    });
  const end = style === 'wait' ? delayed.wait(timeout) : delayed.start(interval, initial, timeout);
  const cancel = clock.after(after, () => {
    if (!delayed.ended && result !== 'error' && result !== 'reject') tell('done');
    give(result, end, () => inPieces(exchange, clock, interval));
  });
}

function give(
  result: Result,
  end: ReturnType<DelayedResponse['wait']>,
  pieces: () => AsyncGenerator<Uint8Array>,
): void {
  switch (result) {
    case 'text':
      void end(null, 'The result.\r\n');
      break;
    case 'json':
      void end(null, { result: 'The result.' });
      break;
    case 'buffer':
      void end(null, text('The result.'));
      break;
    case 'stream':
      void end(null, pieces());
      break;
    case 'null':
      void end(null, null);
      break;
    case 'promise':
      void end(Promise.resolve('The result.\r\n'));
      break;
    case 'error':
      void end(new Error('The work failed.'));
      break;
    case 'reject':
      void end(Promise.reject(new Error('The work failed.')));
      break;
    default:
      assertNever(result);
  }
}

async function* inPieces(exchange: Exchange, clock: Clock, pause: number): AsyncGenerator<Uint8Array> {
  for (let piece = 1; piece <= PIECES; piece++) {
    yield text(`Piece ${piece} of ${PIECES} of the result.`);
    if (piece < PIECES) await wait(exchange, clock, pause);
  }
}

/** Resolves after that time, or when nobody waits for the result any more. */
function wait(exchange: Exchange, clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    exchange.whenOver(() => {
      cancel();
      resolve();
    });
  });
}

function isName(name: string): boolean {
  return /^[\w-]{1,32}$/.test(name);
}

/** The newest last; with `name`, those of that name. */
function tellEndings(exchange: Exchange, endings: readonly Ending[]): void {
  const name = new Query(exchange).text('name');
  const told = name === null ? endings : endings.filter((ending) => ending.name === name);
  answerJson(exchange, 200, told);
}
