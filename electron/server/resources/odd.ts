// /odd: an answer with everything that libraries show their users differently: interim responses, a reason of its own, names
// in mixed case, a name that comes twice, trailers; or one that is cut in the middle.

import type { Exchange } from '../http/exchange.ts';
import { Query } from '../http/query.ts';
import { readThrough } from '../http/read-through.ts';
import { refuse } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

/** Statuses in one request. */
const MOST_INTERIMS = 20;
/** Milliseconds between two pieces. */
const MOST_PAUSE = 10_000;

const ODD_REASON = 'Odd But Fine';
/** Fields of the answer: mixed case, and one of them twice with another between. */
const ODD_FIELDS = [
  ['X-Odd-CASE', 'first'],
  ['x-between', 'the two'],
  ['X-Odd-CASE', 'second'],
] as const;
export const ODD_TRAILERS = [['X-Trailer', 'behind the content']] as const;
const ODD_PIECES = ['The first half, ', 'and the second.\r\n'] as const;

type Cut = 'none' | 'fin' | 'rst';

interface Odd {
  readonly interims: readonly number[];
  readonly pause: number;
  readonly cut: Cut;
}

export function oddRoute(core: ServerCore): Route {
  return {
    path: /^\/odd$/,
    allow: 'GET, HEAD, POST',
    index: [
      "  curl -v 'http://HOST/odd?interims=102,103,199'   mixed case, duplicates, trailers; cut=fin or rst breaks it off",
    ],
    answer: (exchange) => {
      const query = new Query(exchange);
      const pause = query.whole('pause', 0, 0, MOST_PAUSE);
      const cut = query.choice('cut', ['none', 'fin', 'rst']);
      const interims = query.interimStatuses('interims', [], MOST_INTERIMS);
      if (query.fault !== null) refuse(exchange, 400, query.fault);
      else readThrough(exchange, () => void answer(exchange, core, { interims, pause, cut }));
    },
  };
}

async function answer(exchange: Exchange, core: ServerCore, { interims, pause, cut }: Odd): Promise<void> {
  for (const [index, status] of interims.entries()) {
    const fields = [['X-Interim-NUMBER', String(index + 1)]] as const;
    const reason = status === 199 ? { reason: 'Made Up' } : {};
    if (!(await exchange.interim(status, fields, { pastLimit: true, ...reason }))) return;
    await wait(exchange, core, pause);
  }
  const stream = exchange.stream({
    status: 200,
    reason: ODD_REASON,
    fields: [['Content-Type', 'text/plain'], ['Cache-Control', 'no-store'], ...ODD_FIELDS],
    trailers: ODD_TRAILERS.map(([name]) => name),
  });
  const [first, second] = ODD_PIECES.map((piece) => new TextEncoder().encode(piece));
  await stream.write(first!);
  await wait(exchange, core, pause);
  if (cut !== 'none') {
    stream.abort(cut);
    return;
  }
  await stream.write(second!);
  await stream.end(ODD_TRAILERS);
}

/** Resolves after that time, or when nobody waits for the answer any more. */
function wait(exchange: Exchange, { clock }: ServerCore, milliseconds: number): Promise<void> {
  if (milliseconds === 0 || exchange.over) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    exchange.whenOver(() => {
      cancel();
      resolve();
    });
  });
}
