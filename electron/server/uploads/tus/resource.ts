// An upload as tus 1.0.0 sees it: HEAD, PATCH, DELETE, OPTIONS, and GET of what there is. Which protocol it was begun by
// makes no difference.

import { writeUploadLength } from '../../../../shared/fields/upload-length.ts';
import type { FieldLines } from '../../../../shared/http1/writer.ts';
import { announcedLength, meetsExpectation } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Operation } from '../../operations/operation.ts';
import { Query } from '../../http/query.ts';
import { readContent, takeUpload } from '../../resources/job.ts';
import type { ServerCore } from '../../router.ts';
import { duplicatesLine, tusPlace } from '../places.ts';
import { NO_STORE } from '../../operations/status-document.ts';
import type { Upload } from '../uploads.ts';
import { takeContent } from './content.ts';
import { factFields, factsOf } from './facts.ts';
import {
  checkContentType,
  expiryFields,
  offsetLine,
  readChecksum,
  readNumber,
  refuseTus,
  TUS_RESUMABLE,
  TusRefusal,
} from './request.ts';

const NOTHING = new Uint8Array(0);

/** Once it is known that there is such an upload, and for whom. @param method the one that counts */
export function answerTusUpload(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
  method: string,
): void {
  if (operation.expired) {
    refuseTus(exchange, new TusRefusal(410, 'This upload has expired: begin a new one.'));
  } else if (operation.invalid !== null) refuseTus(exchange, new TusRefusal(410, operation.invalid));
  else if (method === 'PATCH') {
    const wrong = patch(exchange, core, operation, upload);
    if (wrong !== null) refuseTus(exchange, wrong);
  } else if (method === 'GET') download(exchange, core, operation, upload);
  else {
    takeUpload(exchange, operation, upload, { method });
    if (method === 'DELETE') {
      core.operations.delete(operation, 'request');
      void exchange.final({ status: 204, fields: [TUS_RESUMABLE], content: NOTHING });
    } else {
      void exchange.final({
        status: 200,
        fields: [
          TUS_RESUMABLE,
          offsetLine(upload),
          ...lengthFields(upload),
          ...factFields(factsOf(operation)),
          ...expiryFields(operation, upload),
          duplicatesLine(operation, tusPlace(operation.id)),
          NO_STORE,
        ],
        // As long as a GET would find it.
        content: exchange.method === 'HEAD' ? upload.content : NOTHING,
      });
    }
  }
}

function lengthFields({ length }: Upload): FieldLines {
  return [length === null ? ['Upload-Defer-Length', '1'] : ['Upload-Length', writeUploadLength(length)]];
}

function download(exchange: Exchange, core: ServerCore, operation: Operation, upload: Upload): void {
  const fields = [TUS_RESUMABLE, offsetLine(upload), ...lengthFields(upload)];
  if (upload.readable) readContent(exchange, core, upload, fields);
  else {
    const sentence = `What was uploaded to ${operation.target} is not kept, and cannot be read.`;
    refuseTus(exchange, new TusRefusal(405, sentence, [['Allow', 'HEAD, PATCH, DELETE, OPTIONS']]));
  }
}

/** Null: it was taken, and is answered when its content is there. */
function patch(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
): TusRefusal | null {
  if (factsOf(operation).kind === 'final') {
    return new TusRefusal(403, 'This upload is made of others: it cannot be changed.');
  }
  const wrongType = checkContentType(exchange);
  if (wrongType !== null) return wrongType;
  const offset = readNumber(exchange, 'Upload-Offset');
  if (offset instanceof TusRefusal) return offset;
  if (offset === null)
    return new TusRefusal(400, 'A PATCH needs Upload-Offset: the number of bytes before it.');
  const length = readNumber(exchange, 'Upload-Length');
  if (length instanceof TusRefusal) return length;
  const check = readChecksum(exchange);
  if (check instanceof TusRefusal) return check;
  const query = new Query(exchange);
  const cutAfter = query.whole('cut', null, 0, Number.MAX_SAFE_INTEGER);
  if (query.fault !== null) return new TusRefusal(400, query.fault);
  if (!meetsExpectation(exchange)) return null;
  takeUpload(exchange, operation, upload, { method: 'PATCH' });
  const announced = announcedLength(exchange);
  const expected = announced === 'none' ? 0 : announced;
  const wrong = checkSizes(core, upload, { offset, length, expected });
  if (wrong !== null) {
    upload.release(exchange);
    return wrong;
  }
  if (length !== null) upload.learnLength(length);
  takeContent(exchange, core, operation, upload, {
    expected,
    cutAfter,
    check,
    location: null,
    arrived: () => {
      // A protocol that leaves the end to be declared may have brought all of it.
      if (upload.length === upload.have) upload.learnLength(upload.have);
      void exchange.final({
        status: 204,
        fields: [TUS_RESUMABLE, offsetLine(upload), ...expiryFields(operation, upload)],
        content: NOTHING,
      });
    },
  });
  return null;
}

function checkSizes(
  core: ServerCore,
  upload: Upload,
  {
    offset,
    length,
    expected,
  }: {
    readonly offset: number;
    readonly length: number | null;
    readonly expected: number | null;
  },
): TusRefusal | null {
  const { have } = upload;
  if (offset !== have) {
    const sentence = `The next byte here is ${have}, but the request starts at ${offset}: go on at ${have}.`;
    return new TusRefusal(409, sentence, [offsetLine(upload)]);
  }
  if (length !== null && upload.length !== null && length !== upload.length) {
    return new TusRefusal(
      400,
      `The length of the upload is ${upload.length}, and does not change to ${length}.`,
    );
  }
  if (length !== null && length < have) {
    return new TusRefusal(400, `There are ${have} bytes already: the upload cannot have ${length} in all.`);
  }
  const most = Math.min(upload.limit, core.uploadLimit);
  if (length !== null && length > most) {
    return new TusRefusal(413, `An upload may have ${most} bytes here, not ${length}.`);
  }
  const end = have + (expected ?? 0);
  const last = upload.length ?? length ?? most;
  return end <= last
    ? null
    : new TusRefusal(413, `The upload has ${last} bytes at most, and the request would make it ${end}.`, [
        offsetLine(upload),
      ]);
}
