// /presets/polling: 202 with the Location of a status document, which says by Retry-After when to come back, and by 303 See
// Other where the result is (RFC 9110 §15.3.3, §15.4.4).

import { statusOf } from '../waiting/status.ts';
import { answerJson } from '../http/json.ts';
import type { Route } from '../router.ts';
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
        operations.begin(exchange, (job) =>
          answerJson(exchange, 202, statusOf(job), [['Location', job.path], ASK_AGAIN]),
        ),
    },
    {
      path: /^\/presets\/polling\/operations\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [id = '']) =>
        operations.find(exchange, id, (job, { state }) => {
          if (state === 'done')
            answerJson(exchange, 303, statusOf(job), [['Location', `/presets/polling/results/${idOf(job)}`]]);
          else answerJson(exchange, 200, statusOf(job), state === 'running' ? [ASK_AGAIN] : []);
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
