// /presets/azure: a status monitor as the Microsoft REST guidelines have it, named by Operation-Location, and by
// Azure-AsyncOperation for clients of the resource manager. Its status is always told by a 200; its JSON says the rest.

import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import type { Route } from '../router.ts';
import type { Status, WaitingJob } from '../waiting/job.ts';
import { answerResult, ASK_AGAIN, idOf, type Operations, percentOf } from './begin.ts';

export const AZURE = '/presets/azure/operations';

export function azureRoutes(operations: Operations): Route[] {
  return [
    {
      path: /^\/presets\/azure$/,
      allow: 'POST',
      index: [
        "  curl -v -X POST 'http://HOST/presets/azure?steps=3&step=1000'   Operation-Location, percentComplete",
      ],
      answer: (exchange) =>
        operations.begin(exchange, (job) => {
          // They want absolute URLs.
          const at = exchange.origin + job.path;
          answerJson(exchange, 202, documentOf(exchange, job, job.status()), [
            ['Operation-Location', at],
            ['Azure-AsyncOperation', at],
            ASK_AGAIN,
          ]);
        }),
    },
    {
      path: /^\/presets\/azure\/operations\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [id = '']) =>
        operations.find(exchange, id, (job, status) =>
          answerJson(
            exchange,
            200,
            documentOf(exchange, job, status),
            status.state === 'running' ? [ASK_AGAIN] : [],
          ),
        ),
    },
    {
      path: /^\/presets\/azure\/results\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [id = '']) =>
        operations.find(exchange, id, (_job, status) => answerResult(exchange, status)),
    },
  ];
}

function documentOf(exchange: Exchange, job: WaitingJob, status: Status): Readonly<Record<string, unknown>> {
  const id = idOf(job);
  return {
    id,
    status: nameOf(status),
    percentComplete: percentOf(status),
    ...(status.state === 'done'
      ? { resourceLocation: `${exchange.origin}/presets/azure/results/${id}` }
      : {}),
    ...(status.state === 'failed' ? { error: { code: 'StepFailed', message: status.text } } : {}),
  };
}

function nameOf({ state, version }: Status): string {
  if (state === 'running') return version === 0 ? 'NotStarted' : 'Running';
  return state === 'done' ? 'Succeeded' : 'Failed';
}
