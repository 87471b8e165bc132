// /working: the same work, waited for in four ways: in silence, with spaces before the result, with comments of an event
// stream, or with 102s. For what stands between a client and its server and gives silent connections up.

import { alarm } from '../../wire/alarm.ts';
import type { Exchange } from '../http/exchange.ts';
import { Query } from '../http/query.ts';
import { refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

const WAYS = ['silence', 'spaces', 'comments', 'interim'] as const;
const MOST_MILLISECONDS = 10 * 60 * 1000;
/** Signs that may wait for a client to take them: who reads nothing is not told more. */
const MOST_UNTAKEN = 100;

interface Waiting {
  /** How long the work takes, and how often something is said meanwhile. */
  readonly milliseconds: number;
  readonly every: number;
}

export function platformRoute(core: ServerCore): Route {
  return {
    path: /^\/working$/,
    allow: 'GET, HEAD',
    index: [
      "  curl -v 'http://HOST/working?way=spaces&for=5000&every=1000'   (or silence, comments, interim)",
    ],
    answer: (exchange) => {
      const query = new Query(exchange);
      const way = query.choice('way', WAYS);
      const waiting: Waiting = {
        milliseconds: query.whole('for', 2000, 0, MOST_MILLISECONDS),
        every: query.whole('every', 500, 1, MOST_MILLISECONDS),
      };
      if (query.fault !== null) refuse(exchange, 400, query.fault);
      else if (way === 'silence' || way === 'interim') answerLater(exchange, core, way, waiting);
      else streamMeanwhile(exchange, core, way, waiting);
    },
  };
}

const RESULT = { state: 'done', progress: { done: 1, total: 1 } };

/** The head goes out with the result: until then there is nothing, or interim responses. */
function answerLater(
  exchange: Exchange,
  core: ServerCore,
  way: 'silence' | 'interim',
  waiting: Waiting,
): void {
  const stop =
    way === 'silence' ? (): void => {} : atEachSign(core, waiting, () => void exchange.interim(102, []));
  atTheEnd(exchange, core, waiting, stop, () => {
    void exchange.final({
      status: 200,
      fields: [['Content-Type', 'application/json']],
      content: text(JSON.stringify(RESULT)),
    });
  });
}

/** The head goes out at once, whatever comes of the work: its status cannot be taken back. */
function streamMeanwhile(
  exchange: Exchange,
  core: ServerCore,
  way: 'spaces' | 'comments',
  waiting: Waiting,
): void {
  const spaces = way === 'spaces';
  const stream = exchange.stream({
    status: 200,
    fields: [
      ['Content-Type', spaces ? 'application/json' : 'text/event-stream'],
      ['Cache-Control', 'no-store'],
    ],
  });
  // RFC 8259 §2: blanks before a JSON text mean nothing.
  const sign = new TextEncoder().encode(spaces ? ' ' : ': still working\n\n');
  let untaken = 0;
  const stop = atEachSign(core, waiting, () => {
    if (untaken === MOST_UNTAKEN) return;
    untaken++;
    void stream.write(sign).then(() => void untaken--);
  });
  atTheEnd(exchange, core, waiting, stop, () => {
    const result = JSON.stringify(RESULT);
    void stream
      .write(new TextEncoder().encode(spaces ? `${result}\r\n` : `event: done\ndata: ${result}\n\n`))
      .then(() => stream.end());
  });
  void stream.flush();
}

/** Calls at each sign that is due before the work is done, until the returned function is called. */
function atEachSign({ clock }: ServerCore, { milliseconds, every }: Waiting, call: () => void): () => void {
  const began = clock.now();
  let cancel = (): void => {};
  const wait = (sign: number): void => {
    if (sign * every >= milliseconds) return;
    cancel = alarm(clock, began + sign * every, () => {
      // The next is due whatever this one takes.
      wait(sign + 1);
      call();
    });
  };
  wait(1);
  return () => cancel();
}

function atTheEnd(
  exchange: Exchange,
  { clock }: ServerCore,
  { milliseconds }: Waiting,
  stop: () => void,
  call: () => void,
): void {
  const cancel = alarm(clock, clock.now() + milliseconds, () => {
    stop();
    call();
  });
  exchange.whenOver(() => {
    cancel();
    stop();
  });
}
