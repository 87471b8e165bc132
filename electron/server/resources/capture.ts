// /capture: the example of draft-wright-http-progress. A POST takes a photograph, in three steps.

import { beginJob } from '../operations/begin.ts';
import type { Exchange } from '../http/exchange.ts';
import type { JobPlan, StoredResponse } from '../operations/jobs.ts';
import type { Operation, Work } from '../operations/operation.ts';
import { EXAMPLE_STEPS } from '../operations/phrases.ts';
import { PLAIN_TEXT, refuse, refuseMethod, text } from '../http/refuse.ts';
import { progressFields } from '../operations/response-fields.ts';
import type { Route, ServerCore } from '../router.ts';
import { statusDocument } from './job.ts';
import { Album, photoRoutes } from './photos.ts';

export function captureRoutes(core: ServerCore): Route[] {
  const album = new Album();
  return [
    {
      path: /^\/capture$/,
      allow: 'GET, HEAD, POST, DELETE',
      index: ["  curl -v -X POST -H 'Prefer: processing, respond-async, wait=20' http://HOST/capture"],
      answer: (exchange) => {
        const id = /^request=([\w-]{1,32})$/.exec(exchange.query)?.[1];
        if (exchange.method === 'POST') {
          if (id === undefined) capture(exchange, core, album);
          else refuseMethod(exchange, 'GET, HEAD, DELETE');
        } else if (id !== undefined) statusOf(exchange, core, id);
        else if (exchange.method === 'DELETE') refuseMethod(exchange, 'GET, HEAD, POST');
        else {
          void exchange.final({
            status: 200,
            fields: [PLAIN_TEXT],
            content: text(
              'POST here to have a photograph taken; POST to /capture?protected for one to keep.',
            ),
          });
        }
      },
    },
    ...photoRoutes(core, album),
  ];
}

function capture(exchange: Exchange, core: ServerCore, album: Album): void {
  const isProtected = exchange.query === 'protected';
  const work: Work = {
    worker: 'photographer',
    steps: EXAMPLE_STEPS.length,
    plan: (operation): JobPlan => ({
      steps: EXAMPLE_STEPS,
      stepMilliseconds: core.stepMilliseconds,
      finish: (job) => {
        const path = album.take(isProtected);
        if (path === null) return full();
        const summary = ['The photographer uploaded your image to:', `  <${operation.origin}${path}>`];
        return {
          status: 201,
          fields: [
            ...progressFields(job),
            ['Location', path],
            ['Content-Location', operation.statusPath],
            PLAIN_TEXT,
          ],
          content: text(...summary),
          summary,
        };
      },
    }),
  };
  beginJob(exchange, core, { work, statusPath: (id) => `/capture?request=${id}` });
}

function full(): StoredResponse {
  const sentence = 'There is no room for another photograph: all that there are are protected.';
  return { status: 507, fields: [PLAIN_TEXT], content: text(sentence), summary: [sentence] };
}

function statusOf(exchange: Exchange, core: ServerCore, id: string): void {
  const operation: Operation | undefined = core.operations.get(id);
  if (operation?.statusPath !== `/capture?request=${id}` || operation.deleted.has('status')) {
    refuse(exchange, 404, 'There is no such capture: it was deleted, or never asked for.');
  } else statusDocument(exchange, core, operation);
}
