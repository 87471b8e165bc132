// /interims: as many interim responses as are asked for, of any status, before a short answer. What arrives of them is the
// client's to see; the fields are such that every change to them shows.

import { expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import { Query } from '../http/query.ts';
import { refuse } from '../http/refuse.ts';
import type { Route } from '../router.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';

/** Most statuses in one request, and most responses of each. */
const MOST_STATUSES = 10;
const MOST_TIMES = 100;
/** A status that nobody has given a meaning to; its reason is no registered one either. */
const MADE_UP = 199;
export const MADE_UP_REASON = 'Made Up';

/** What the answer tells of the request as it arrived: one JSON object. */
export interface InterimsAnswer {
  /** Interim responses that were sent: none to a client of HTTP/1.0. */
  readonly sent: number;
  /** `1.1`, as the request had it. */
  readonly version: string;
  /** The Expect field; null: none arrived. */
  readonly expect: string | null;
  /** Bytes of content that arrived. */
  readonly content: number;
}

/** The fields of interim response number `number` of `of`, counted from 1: two of one name, and one in mixed case. */
export function interimFields(number: number, of: number): FieldLines {
  return [
    ['Interim-Number', `${number}/${of}`],
    ['MiXed-CaSe', 'as it was Written'],
    ['Link', '</first.css>; rel=preload; as=style'],
    ['Link', '</second.js>; rel=preload; as=script'],
  ];
}

export function interimsRoute(): Route {
  return {
    path: /^\/interims$/,
    allow: 'GET, HEAD, POST',
    index: [
      "  curl -v 'http://HOST/interims?send=102,103,104,199&times=3'   each three times in a row: which arrive?",
    ],
    answer,
  };
}

function answer(exchange: Exchange): void {
  const query = new Query(exchange);
  const times = query.whole('times', 1, 0, MOST_TIMES);
  const statuses = query.interimStatuses('send', [103], MOST_STATUSES);
  if (query.fault !== null) {
    refuse(exchange, 400, query.fault);
    return;
  }
  if (!meetsExpectation(exchange)) return;
  const expected = expectsContinue(exchange);
  // Who waits for a 100 is told by it to go on, whatever else is sent.
  const sending = send(exchange, expected && !statuses.includes(100) ? [100, ...statuses] : statuses, times);
  let content = 0;
  exchange.receive({
    content: (_bytes, from, to) => {
      content += to - from;
    },
    end: (complete) => {
      if (complete)
        void sending.then((sent) =>
          answerJson(exchange, 200, {
            sent,
            version: `1.${exchange.head.minor}`,
            expect: exchange.field('Expect'),
            content,
          } satisfies InterimsAnswer),
        );
    },
  });
}

/** Resolves with the number of those that were sent. Past the usual limit: that is what is to be found out. */
async function send(exchange: Exchange, statuses: readonly number[], times: number): Promise<number> {
  let sent = 0;
  for (const status of statuses)
    for (let number = 1; number <= times; number++) {
      const reason = status === MADE_UP ? { reason: MADE_UP_REASON } : {};
      const fields = interimFields(number, times);
      if (!(await exchange.interim(status, fields, { ...reason, pastLimit: true }))) return sent;
      sent++;
    }
  return sent;
}
