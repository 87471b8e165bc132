// What undici tells those who build on it: the events of a handler of `dispatch()`, below `request()` and `fetch`. They keep
// the lines of a head as they came, which `request()` then folds into an object.

import { Client, type Dispatcher } from 'undici';
import type { StrategyContext } from '../strategy.ts';
import { parseTarget } from '../target.ts';
import { CapturedSockets, watchPatience } from './sockets.ts';
import { errorOf, pairsOf } from './telling.ts';
import { connector, UNDICI_VERSION } from './undici.ts';

/** One call of a handler's method. */
export interface DispatchEvent {
  /** Milliseconds since the request began. */
  readonly at: number;
  readonly event:
    | 'onRequestStart'
    | 'onResponseStart'
    | 'onResponseData'
    | 'onResponseEnd'
    | 'onResponseError';
  /** What it carried, for a person. */
  readonly carries: string;
}

/** Calls that are kept; the rest of more is left out. */
const MOST_EVENTS = 1_000;

/** The events of one GET, in order. Never rejects: what fails is the last event. */
export async function dispatchEvents(
  url: string,
  patience: number,
  context: StrategyContext,
): Promise<readonly DispatchEvent[]> {
  const { clock, signal } = context;
  const target = parseTarget(url);
  const events: DispatchEvent[] = [];
  const began = clock.now();
  const told = (event: DispatchEvent['event'], carries: string): void => {
    if (events.length < MOST_EVENTS) events.push({ at: clock.now() - began, event, carries });
  };
  const sockets = new CapturedSockets(target, context, () => {});
  const client = new Client(`http://${target.hostField}`, {
    connect: connector(sockets, `undici ${UNDICI_VERSION}`),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  await new Promise<void>((resolve) => {
    let controller: Dispatcher.DispatchController | null = null;
    let leave = (): void => {};
    let over = false;
    const done = (error?: Error): void => {
      if (over) return;
      over = true;
      leave();
      if (error !== undefined) told('onResponseError', wordsOf(error));
      resolve();
    };
    leave = watchPatience({
      clock,
      signal,
      patience,
      moved: () => sockets.moved,
      giveUp: (why) => {
        if (why.code === 'patience') sockets.silence();
        controller?.abort(why);
        done(why);
      },
    });
    if (over) return;
    client.dispatch(
      { method: 'GET', path: target.path },
      {
        onRequestStart: (given) => {
          controller = given;
          told('onRequestStart', '');
        },
        onResponseStart: (given, status, headers, reason = '') => {
          const names = namesIn(given.rawHeaders) ?? Object.keys(headers);
          told('onResponseStart', [status, reason, ...names].join(' ').trim());
        },
        onResponseData: (_given, chunk) => told('onResponseData', `${chunk.length} bytes`),
        onResponseEnd: (_given, trailers) => {
          told('onResponseEnd', Object.keys(trailers).join(' '));
          done();
        },
        onResponseError: (_given, error) => done(error),
      },
    );
  });
  await client.destroy();
  await sockets.leave();
  return events;
}

/** The names of a head as they came. Null: it is not told. */
function namesIn(raw: Dispatcher.DispatchController['rawHeaders']): string[] | null {
  return Array.isArray(raw) ? pairsOf(raw.map(String)).map(([name]) => name) : null;
}

function wordsOf(error: Error): string {
  const { name, code, message } = errorOf(error);
  return `${code === '' ? name : `${name} ${code}`}: ${message}`;
}
