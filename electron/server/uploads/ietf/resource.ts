// An upload as the IETF's drafts see it (draft-ietf-httpbis-resumable-upload): where it is, more of it, and its end. Which
// protocol it was begun by makes no difference.

import { writeUploadLength } from '../../../../shared/fields/upload-length.ts';
import { expectsContinue, meetsExpectation } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Operation } from '../../operations/operation.ts';
import { completedUpload, inconsistentLength, invalidDigests, mismatchingOffset } from '../problem-types.ts';
import { Query } from '../../http/query.ts';
import { refuse } from '../../http/refuse.ts';
import { takeUpload } from '../../resources/job.ts';
import type { ServerCore } from '../../router.ts';
import { duplicatesLine, ietfPlace } from '../places.ts';
import { NO_STORE, refuseExpired } from '../../operations/status-document.ts';
import { UploadedWork } from '../uploaded.ts';
import type { Upload } from '../uploads.ts';
import {
  answerByTarget,
  completeLine,
  offsetLine,
  refuseUpload,
  sendProblem,
  takeContent,
  type UploadExchange,
} from './answers.ts';
import { checkLengths, checkSizes, lengthOf, limitFields, limitsOf } from './limits.ts';
import {
  impossibleDigests,
  readDigests,
  readUploadRequest,
  readWantedDigests,
  type UploadRequest,
} from './request.ts';

const NOTHING = new Uint8Array(0);
const PARTIAL_UPLOAD = 'application/partial-upload';

export const UPLOAD_METHODS = 'HEAD, GET, PATCH, DELETE, OPTIONS';

/** Once it is known that there is such an upload, and for whom. */
export function answerUpload(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
): void {
  const request = readUploadRequest(exchange);
  if (exchange.method === 'OPTIONS') tellOptions(exchange, core, operation, request);
  else if (operation.expired) refuseExpired(exchange, 'upload');
  else if (operation.invalid !== null) {
    // Until version 5: one that is not active is not found.
    refuse(exchange, request.dialect.version <= 5 ? 404 : 410, operation.invalid);
  } else if (exchange.method === 'PATCH') append(exchange, core, operation, upload, request);
  else if (asksTooMuch(exchange, request)) {
    refuse(
      exchange,
      400,
      `${exchange.method} of an upload has no Upload-Offset and no Upload-Complete in this version.`,
    );
  } else {
    takeUpload(exchange, operation, upload);
    if (exchange.method === 'DELETE') cancel(exchange, core, operation);
    else tellOffset(exchange, core, operation, upload, request);
  }
}

/** Until version 6: HEAD and DELETE must not tell what they ask for. */
function asksTooMuch(exchange: Exchange, { dialect }: UploadRequest): boolean {
  const told = ['Upload-Offset', dialect.completeField].some((name) => exchange.field(name) !== null);
  return dialect.strictQueries && told;
}

function tellOptions(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  { dialect }: UploadRequest,
): void {
  void exchange.final({
    status: 204,
    fields: [
      ['Allow', UPLOAD_METHODS],
      ['Accept-Patch', PARTIAL_UPLOAD],
      ...limitFields(dialect, limitsOf(core, operation)),
    ],
    content: NOTHING,
  });
}

function tellOffset(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
  { dialect }: UploadRequest,
): void {
  // Since version 8: whether there is an answer of the resource that the upload is for.
  const complete = dialect.version >= 8 ? operation.result !== null : upload.complete;
  void exchange.final({
    status: 204,
    fields: [
      offsetLine(upload),
      completeLine(dialect, complete),
      ...(dialect.length && upload.length !== null
        ? [['Upload-Length', writeUploadLength(upload.length)] as const]
        : []),
      ...limitFields(dialect, limitsOf(core, operation)),
      duplicatesLine(operation, ietfPlace(operation.id)),
      NO_STORE,
    ],
    content: NOTHING,
  });
}

function cancel(exchange: Exchange, core: ServerCore, operation: Operation): void {
  core.operations.delete(operation, 'request');
  void exchange.final({ status: 204, fields: [], content: NOTHING });
}

function append(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
  said: UploadRequest,
): void {
  const { dialect, offset } = said;
  const query = new Query(exchange);
  const cutAfter = query.whole('cut', null, 0, Number.MAX_SAFE_INTEGER);
  // With version 3, a request that does not say so brings the end.
  const request = { ...said, complete: said.complete ?? (dialect.version === 3 ? true : null) };
  const one: UploadExchange = {
    exchange,
    core,
    operation,
    upload,
    request,
    location: null,
    conventional: false,
  };
  const type = exchange.field('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
  if (dialect.partialType !== null && type !== dialect.partialType) {
    // RFC 5789 §2.2
    refuse(exchange, 415, `A PATCH of an upload has the type ${dialect.partialType} here.`, [
      ['Accept-Patch', dialect.partialType],
      completeLine(dialect, false),
    ]);
  } else if (query.fault !== null) refuse(exchange, 400, query.fault);
  else if (offset === null) {
    refuseUpload(
      one,
      400,
      'A PATCH of an upload needs Upload-Offset: the number of bytes that are there before it.',
    );
  } else if (request.complete === null) {
    refuseUpload(one, 400, 'A PATCH of an upload needs Upload-Complete: ?1 if it brings the end, else ?0.');
  } else if (meetsExpectation(exchange)) {
    takeUpload(exchange, operation, upload, { method: 'PATCH', completion: 'declared' });
    if (upload.complete) appendToComplete(one, offset);
    else if (mayAppend(one, offset)) {
      if (expectsContinue(exchange)) void exchange.interim(100, []);
      takeContent(one, cutAfter, true);
    } else upload.release(exchange);
  }
}

/** Nothing can be added, but what would add nothing may ask for the answer once more: it may have been lost. */
function appendToComplete(one: UploadExchange, offset: number): void {
  const { exchange, upload, request } = one;
  upload.release(exchange);
  if (offset !== upload.have) {
    sendProblem(one, mismatchingOffset(upload.have, offset));
    return;
  }
  if (request.complete !== true || (request.content ?? 0) > 0) {
    sendProblem(one, completedUpload());
    return;
  }
  // Whether a chunked request has content is known when it comes.
  exchange.receive({
    content: () => sendProblem(one, completedUpload()),
    end: (complete) => {
      if (complete && !exchange.answered) answerByTarget(one);
    },
  });
}

/** False: answered. */
function mayAppend(one: UploadExchange, offset: number): boolean {
  const { exchange, core, operation, upload, request } = one;
  const { have } = upload;
  if (offset !== have) {
    sendProblem(one, mismatchingOffset(have, offset));
    return false;
  }
  const inconsistent = checkLengths(request, upload.length, have);
  if (inconsistent !== null) {
    sendProblem(one, inconsistentLength(inconsistent));
    return false;
  }
  for (const header of ['Content-Digest', 'Repr-Digest']) {
    const impossible = impossibleDigests(readDigests(exchange, header));
    if (impossible.size === 0) continue;
    sendProblem(one, invalidDigests(header, impossible));
    return false;
  }
  const fault = checkSizes(request, limitsOf(core, operation), have);
  if (fault !== null) {
    refuseUpload(one, fault.status, fault.sentence);
    return false;
  }
  const length = lengthOf(request, have);
  if (length !== null) upload.learnLength(length);
  learnDigests(exchange, operation);
  return true;
}

/** What only the last request knows of the whole representation. */
function learnDigests(exchange: Exchange, { work }: Operation): void {
  if (!(work instanceof UploadedWork)) return;
  const expected = readDigests(exchange, 'Repr-Digest');
  const wanted = readWantedDigests(exchange, 'Want-Repr-Digest');
  work.digests = {
    expected: new Map([...work.digests.expected, ...expected]),
    wanted: wanted.length > 0 ? wanted : work.digests.wanted,
  };
}
