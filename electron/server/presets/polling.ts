// /presets/polling: 202 with the Location of a status document, which says by Retry-After when to come back, and by 303 See
// Other where the result is (RFC 9110 §15.3.3, §15.4.4).

import { statusJson } from '../waiting/status.ts';
import type { Route } from '../router.ts';
import type { WaitingJob } from '../waiting/job.ts';
import type { Exchange } from '../exchange.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import { answerResult, ASK_AGAIN, idOf, type Operations } from './begin.ts';

export const POLLING = '/presets/polling/operations';

export function pollingRoutes(operations: Operations): Route[] {
  return [
    {
      path: /^\/presets\/polling$/,
      allow: 'POST',
      index: [
        "  curl -v -X POST 'http://HOST/presets/polling?steps=3&step=1000'   202, Location, Retry-After; 303",
      ],
      answer: (exchange) =>
        operations.begin(exchange, (job) => tell(exchange, job, 202, [['Location', job.path], ASK_AGAIN])),
    },
    {
      path: /^\/presets\/polling\/operations\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [id = '']) =>
        operations.find(exchange, id, (job, { state }) => {
          if (state === 'done')
            tell(exchange, job, 303, [['Location', `/presets/polling/results/${idOf(job)}`]]);
          else tell(exchange, job, 200, state === 'running' ? [ASK_AGAIN] : []);
        }),
    },
    {
      path: /^\/presets\/polling\/results\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [id = '']) =>
        operations.find(exchange, id, (_job, status) => answerResult(exchange, status)),
    },
  ];
}

function tell(exchange: Exchange, job: WaitingJob, status: number, fields: FieldLines): void {
  void exchange.final({
    status,
    fields: [['Content-Type', 'application/json'], ['Cache-Control', 'no-store'], ...fields],
    content: new TextEncoder().encode(`${statusJson(job)}\n`),
  });
}
