// /job/N.req, /job/N.job, /job/N.res: a request's content, the status of its job, and the message that answers it.

import { answerResponseMessage, answerStatus } from '../answers.ts';
import type { Exchange } from '../exchange.ts';
import type { Operation } from '../operations.ts';
import { patchUpload } from '../patch.ts';
import { readPreferences } from '../preferences.ts';
import { refuse } from '../refuse.ts';
import { respond } from '../respond.ts';
import type { Route, ServerCore } from '../router.ts';
import type { Upload } from '../uploads.ts';

const NOTHING = new Uint8Array(0);

export function jobRoutes(core: ServerCore): Route[] {
  return [
    {
      path: /^\/job\/([\w-]{1,32})\.req$/,
      allow: 'HEAD, GET, PATCH, DELETE',
      answer: (exchange, [id = '']) => {
        const operation = core.operations.get(id);
        const upload = operation?.upload ?? null;
        if (operation === undefined || upload === null || operation.deleted.has('request')) {
          refuse(exchange, 404, 'There is no such request content: it was deleted, or never sent.');
          return;
        }
        // Whoever asks must be told what stays true: the older request may not add to it any more.
        upload.take(exchange, exchange.method === 'PATCH');
        if (exchange.method === 'PATCH') patchUpload(exchange, core, operation, upload);
        else if (exchange.method === 'DELETE') {
          core.operations.delete(operation, 'request');
          void exchange.final({ status: 204, fields: [], content: NOTHING });
        } else requestContent(exchange, core, upload);
      },
    },
    {
      path: /^\/job\/([\w-]{1,32})\.job$/,
      allow: 'GET, HEAD, DELETE',
      answer: (exchange, [id = '']) => {
        const operation = core.operations.get(id);
        if (operation === undefined || operation.upload === null || operation.deleted.has('status')) {
          refuse(
            exchange,
            404,
            'There is no such status document: it was deleted, or there never was such a job.',
          );
        } else if (exchange.method === 'DELETE') deleteStatus(exchange, core, operation);
        else answerStatus(exchange, operation, readPreferences(exchange).processing);
      },
    },
    {
      path: /^\/job\/([\w-]{1,32})\.res$/,
      allow: 'GET, HEAD, DELETE',
      answer: (exchange, [id = '']) => {
        const operation = core.operations.get(id);
        if (operation === undefined || operation.upload === null || operation.deleted.has('response')) {
          refuse(exchange, 404, 'There is no such response: it was deleted, or never asked for.');
        } else if (exchange.method !== 'DELETE') {
          answerResponseMessage(exchange, operation, readPreferences(exchange).processing);
        } else if (operation.result === null) {
          refuse(exchange, 409, 'There is no response yet that could be deleted.', [['Retry-After', '1']]);
        } else {
          core.operations.delete(operation, 'response');
          void exchange.final({ status: 204, fields: [], content: NOTHING });
        }
      },
    },
  ];
}

/** DELETE of a status document says that its end was taken note of: a job that runs has none yet. */
export function deleteStatus(exchange: Exchange, core: ServerCore, operation: Operation): void {
  if (operation.result === null) {
    refuse(exchange, 409, 'The job is not done: its status document can be deleted when it is.', [
      ['Retry-After', '1'],
    ]);
    return;
  }
  core.operations.delete(operation, 'status');
  void exchange.final({ status: 204, fields: [], content: NOTHING });
}

/** GET and HEAD: as much as there is (draft-wright-http-partial-upload), by a status that says whether that is all. */
function requestContent(exchange: Exchange, core: ServerCore, upload: Upload): void {
  const response = {
    fields: [
      ['Content-Type', upload.contentType],
      ['Cache-Control', 'no-store'],
    ] as const,
    // Its length as it is now: an upload may grow while it is being sent.
    content: { length: upload.have, read: (from: number, to: number) => upload.content.read(from, to) },
  };
  if (upload.complete) respond(exchange, { ...response, status: 200 });
  else void exchange.final({ ...response, status: core.incompleteStatus, reason: 'Incomplete Content' });
}
