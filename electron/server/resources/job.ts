// /job/N.req, /job/N.job, /job/N.res: a request's content, the status of its job, and the message that answers it.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import { isAdmitted } from '../operations/access.ts';
import { answerResponseMessage } from '../operations/answers.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Operation } from '../operations/operation.ts';
import { patchUpload } from '../uploads/patch.ts';
import { readPreferences } from '../operations/preferences.ts';
import { refuse, refuseMethod } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import type { Route, ServerCore } from '../router.ts';
import { answerStatus, refuseExpired } from '../operations/status-document.ts';
import type { Completion, Upload } from '../uploads/uploads.ts';

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
        } else if (isAdmitted(exchange, operation.access)) requestContent(exchange, core, operation, upload);
      },
    },
    {
      path: /^\/job\/([\w-]{1,32})\.job$/,
      allow: 'GET, HEAD, DELETE',
      answer: (exchange, [id = '']) => {
        const operation = core.operations.get(id);
        if (operation?.statusPath !== exchange.path || operation.deleted.has('status')) {
          refuse(
            exchange,
            404,
            'There is no such status document: it was deleted, or there never was such a job.',
          );
        } else if (isAdmitted(exchange, operation.access)) statusDocument(exchange, core, operation);
      },
    },
    {
      path: /^\/job\/([\w-]{1,32})\.res$/,
      allow: 'GET, HEAD, DELETE',
      answer: (exchange, [id = '']) => {
        const operation = core.operations.get(id);
        if (operation === undefined || operation.upload === null || operation.deleted.has('response')) {
          refuse(exchange, 404, 'There is no such response: it was deleted, or never asked for.');
        } else if (isAdmitted(exchange, operation.access)) responseMessage(exchange, core, operation);
      },
    },
  ];
}

function requestContent(exchange: Exchange, core: ServerCore, operation: Operation, upload: Upload): void {
  const { method } = exchange;
  if (operation.expired) {
    refuseExpired(exchange, 'request content');
    return;
  }
  if (operation.invalid !== null) {
    refuse(exchange, 410, operation.invalid);
    return;
  }
  if (method === 'GET' && !upload.readable) {
    // draft-wright-http-resume-request, Request-Content-Location
    refuseMethod(exchange, 'HEAD, PATCH, DELETE');
    return;
  }
  takeUpload(exchange, operation, upload);
  if (method === 'PATCH') patchUpload(exchange, core, operation, upload);
  else if (method === 'DELETE') {
    core.operations.delete(operation, 'request');
    void exchange.final({ status: 204, fields: [], content: NOTHING });
  } else readContent(exchange, core, upload);
}

/**
 * Whoever asks must be told what stays true: an older request may not add to the upload any more. What is thrown away
 * when that breaks is only looked at.
 */
export function takeUpload(
  exchange: Exchange,
  operation: Operation,
  upload: Upload,
  { method, completion }: { readonly method: string; readonly completion?: Completion } = exchange,
): void {
  const breaks =
    method === 'PATCH' || method === 'DELETE' || operation.preferences.resume === 'save-incomplete';
  if (breaks) upload.take(exchange, method === 'PATCH', completion);
}

/** GET, HEAD and DELETE of a status document, once it is known that there is one, and for whom. */
export function statusDocument(exchange: Exchange, core: ServerCore, operation: Operation): void {
  if (exchange.method !== 'DELETE') {
    answerStatus(exchange, core, operation, readPreferences(exchange));
  } else if (operation.result === null && !operation.expired) {
    // Its DELETE says that its end was taken note of: a job that runs has none yet.
    refuse(exchange, 409, 'The job is not done: its status document can be deleted when it is.', [
      ['Retry-After', '1'],
    ]);
  } else {
    core.operations.delete(operation, 'status');
    void exchange.final({ status: 204, fields: [], content: NOTHING });
  }
}

function responseMessage(exchange: Exchange, core: ServerCore, operation: Operation): void {
  if (exchange.method !== 'DELETE') {
    answerResponseMessage(exchange, core, operation, readPreferences(exchange));
  } else if (operation.result === null && !operation.expired) {
    refuse(exchange, 409, 'There is no response yet that could be deleted.', [['Retry-After', '1']]);
  } else {
    core.operations.delete(operation, 'response');
    void exchange.final({ status: 204, fields: [], content: NOTHING });
  }
}

/** GET and HEAD: as much as there is (draft-wright-http-partial-upload), by a status that says whether that is all. */
export function readContent(
  exchange: Exchange,
  core: ServerCore,
  upload: Upload,
  fields: FieldLines = [],
): void {
  const response = {
    fields: [...fields, ['Content-Type', upload.contentType], ['Cache-Control', 'no-store']] as const,
    // Its length as it is now: an upload may grow while it is being sent.
    content: { length: upload.have, read: (from: number, to: number) => upload.content.read(from, to) },
  };
  if (upload.complete) respond(exchange, { ...response, status: 200 });
  else void exchange.final({ ...response, status: core.incompleteStatus, reason: 'Incomplete Content' });
}
