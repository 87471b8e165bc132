// /parallel: takes its time, and works on pipelined requests at once (RFC 9112 §9.3.2). Its answers come in the order of the
// requests, or, wrong on purpose, in the order in which they are done, with an id to tell them apart by.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from '../http/exchange.ts';
import { Query } from '../http/query.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

/** Milliseconds of work at most. */
const MOST_WORK = 60_000;
const ID = /^[\w.-]{1,100}$/;

/** The application's own: it comes back in the answer as it was sent. */
const REQUEST_ID = 'Request-Id';
/** W3C Server Timing: what the server says of the time that it took. */
const SERVER_TIMING = 'Server-Timing';

export function parallelRoute(core: ServerCore): Route {
  return {
    path: /^\/parallel$/,
    allow: 'GET, POST',
    index: [
      "  curl -v 'http://HOST/parallel?work=300&id=a'   (milliseconds; order=done: answered when done, even out of turn)",
    ],
    parallel: true,
    answer: (exchange) => {
      const query = new Query(exchange);
      const work = query.whole('work', 100, 0, MOST_WORK);
      const order = query.choice('order', ['request', 'done']);
      const told = query.choice('interim', ['no', 'yes']);
      const id = exchange.field(REQUEST_ID) ?? query.text('id') ?? '';
      if (query.fault !== null || (id !== '' && !ID.test(id))) {
        refuse(
          exchange,
          400,
          query.fault ?? 'The id is 1 to 100 letters, digits, dots, underscores or hyphens.',
        );
        return;
      }
      carryOut(exchange, core, { work, id, told: told === 'yes', outOfTurn: order === 'done' });
    },
  };
}

interface Task {
  /** Milliseconds. */
  readonly work: number;
  readonly id: string;
  /** A 102 goes out at half of it. */
  readonly told: boolean;
  readonly outOfTurn: boolean;
}

function carryOut(exchange: Exchange, { clock }: ServerCore, { work, id, told, outOfTurn }: Task): void {
  const began = clock.now();
  const own: FieldLines = id === '' ? [] : [[REQUEST_ID, id]];
  let cancel = (): void => {};
  const done = (): void => {
    const took = Math.round(clock.now() - began);
    void exchange.final({
      status: 200,
      fields: [PLAIN_TEXT, ['Cache-Control', 'no-store'], ...own, [SERVER_TIMING, `work;dur=${took}`]],
      content: text(`${id === '' ? 'This request' : id} took ${work} ms of work.`),
      ...(outOfTurn ? { outOfTurn: true as const } : {}),
    });
  };
  const half = (): void => {
    void exchange.interim(102, own);
    cancel = clock.after(work / 2, done);
  };
  cancel = told ? clock.after(work / 2, half) : clock.after(work, done);
  exchange.whenOver(() => cancel());
}
