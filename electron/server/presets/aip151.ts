// /presets/aip151: an operation as Google's AIP-151 has it (google.longrunning.Operation): everything is in its JSON, its
// result too, and no field tells anything.

import { answerJson } from '../http/json.ts';
import type { Route } from '../router.ts';
import type { Status, WaitingJob } from '../waiting/job.ts';
import { idOf, type Operations, percentOf, resultOf } from './begin.ts';

export const AIP151 = '/presets/aip151/v1/operations';

/** google.rpc.Code INTERNAL */
const INTERNAL = 13;

export function aip151Routes(operations: Operations): Route[] {
  return [
    {
      path: /^\/presets\/aip151\/v1\/reports:build$/,
      allow: 'POST',
      index: [
        "  curl -v -X POST 'http://HOST/presets/aip151/v1/reports:build?steps=3&step=1000'   name, metadata, done",
      ],
      answer: (exchange) =>
        operations.begin(exchange, (job) => answerJson(exchange, 200, documentOf(job, job.status()))),
    },
    {
      path: /^\/presets\/aip151\/v1\/operations\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [id = '']) =>
        operations.find(exchange, id, (job, status) => answerJson(exchange, 200, documentOf(job, status))),
    },
  ];
}

function documentOf(job: WaitingJob, status: Status): Readonly<Record<string, unknown>> {
  const { state, text, total } = status;
  return {
    name: `operations/${idOf(job)}`,
    metadata: { '@type': 'type.example/interim.v1.BuildMetadata', progressPercent: percentOf(status) },
    done: state !== 'running',
    ...(state === 'done'
      ? { response: { '@type': 'type.example/interim.v1.Report', ...resultOf(total) } }
      : {}),
    ...(state === 'failed' ? { error: { code: INTERNAL, message: text, details: [] } } : {}),
  };
}
