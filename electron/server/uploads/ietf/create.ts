// The request that begins a resumable upload at the IETF (draft-ietf-httpbis-resumable-upload, Upload Creation): any that
// can have content, with Upload-Complete. Without that field it is an upload as there always were.

import type { UploadLimit } from '../../../../shared/fields/upload-limit.ts';
import { expectsContinue, isMediaType, meetsExpectation } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Work } from '../../operations/operation.ts';
import { readPreferences, type RequestPreferences } from '../../operations/preferences.ts';
import { inconsistentLength, invalidDigests } from '../problem-types.ts';
import { Query } from '../../http/query.ts';
import { refuse } from '../../http/refuse.ts';
import type { ServerCore } from '../../router.ts';
import { ietfPlace } from '../places.ts';
import { UploadedWork } from '../uploaded.ts';
import { announce, takeContent, type UploadExchange } from './answers.ts';
import { checkLengths, checkSizes, keepLimits, lengthOf, limitFields, limitsFromQuery } from './limits.ts';
import {
  impossibleDigests,
  readDigests,
  readUploadRequest,
  readWantedDigests,
  type UploadRequest,
} from './request.ts';

/** Whether a request asks for an upload that can be resumed. */
export function isUploadCreation(exchange: Exchange): boolean {
  return readUploadRequest(exchange).complete !== null;
}

/** OPTIONS of a resource that takes such uploads: the limits, before there is an upload. @param allow its methods */
export function tellLimits(exchange: Exchange, core: ServerCore, allow: string): void {
  const query = new Query(exchange);
  const limits = limitsFromQuery(core, query);
  const maxAge = limits.maxAge ?? Math.floor(core.operations.lifetime / 1000);
  if (query.fault !== null) {
    refuse(exchange, 400, query.fault);
    return;
  }
  const { dialect } = readUploadRequest(exchange);
  const fields = [['Allow', allow] as const, ...limitFields(dialect, { ...limits, maxAge })];
  void exchange.final({ status: 204, fields, content: new Uint8Array(0) });
}

/** @param work what the resource does with what was uploaded; called when the request is taken */
export function createUpload(
  exchange: Exchange,
  core: ServerCore,
  work: (preferences: RequestPreferences) => Work = () => new UploadedWork(),
): void {
  const request = readUploadRequest(exchange);
  const query = new Query(exchange);
  const limits = limitsFromQuery(core, query);
  const cutAfter = query.whole('cut', null, 0, Number.MAX_SAFE_INTEGER);
  if (query.fault !== null) refuse(exchange, 400, query.fault);
  else if (meetsExpectation(exchange) && isTaken(exchange, request, limits)) {
    begin({ exchange, core, request, limits, cutAfter, work });
  }
}

/** False: answered. */
function isTaken(exchange: Exchange, request: UploadRequest, limits: UploadLimit): boolean {
  const { dialect, complete, length, content } = request;
  const contentType = exchange.field('Content-Type');
  if (contentType !== null && !isMediaType(contentType)) {
    refuse(
      exchange,
      400,
      `The Content-Type ${contentType.slice(0, 100)} is no media type such as text/plain.`,
    );
    return false;
  }
  const beyond = length !== null && content !== null && content > length;
  const inconsistent = beyond
    ? `The request brings ${content} bytes, but Upload-Length is ${length}.`
    : checkLengths(request, null, 0);
  if (inconsistent !== null) {
    const problem = inconsistentLength(inconsistent);
    void exchange.final(problem);
    return false;
  }
  for (const header of ['Content-Digest', 'Repr-Digest']) {
    const impossible = impossibleDigests(readDigests(exchange, header));
    if (impossible.size === 0) continue;
    void exchange.final(invalidDigests(header, impossible));
    return false;
  }
  // An upload as there always were has no appends.
  const asked = complete === null ? { ...limits, maxAppendSize: null, minAppendSize: null } : limits;
  const tooSmall = complete === false && length !== null && length < (limits.minSize ?? 0);
  const fault = tooSmall
    ? {
        status: 400,
        sentence: `Only uploads of ${limits.minSize} bytes or more can be resumed here: send it in one request.`,
      }
    : checkSizes(request, asked, 0);
  if (fault === null) return true;
  refuse(exchange, fault.status, fault.sentence, limitFields(dialect, limits));
  return false;
}

interface Beginning {
  readonly exchange: Exchange;
  readonly core: ServerCore;
  readonly request: UploadRequest;
  readonly limits: UploadLimit;
  readonly cutAfter: number | null;
  readonly work: (preferences: RequestPreferences) => Work;
}

function begin({ exchange, core, request, limits, cutAfter, work }: Beginning): void {
  const length = lengthOf(request, 0);
  // Too small an upload is taken, and cannot be resumed: so says min-size.
  const resumable = request.complete !== null && (length === null || length >= (limits.minSize ?? 0));
  const asked = readPreferences(exchange);
  const preferences = {
    ...asked,
    resume: resumable ? ('save-incomplete' as const) : ('ignore-incomplete' as const),
  };
  const made = work(preferences);
  if (made instanceof UploadedWork) {
    made.digests = {
      expected: readDigests(exchange, 'Repr-Digest'),
      wanted: readWantedDigests(exchange, 'Want-Repr-Digest'),
    };
  }
  const operation = core.operations.create({
    exchange,
    preferences,
    work: made,
    naming: 'unguessable',
    statusPath: (id) => `/job/${id}.job`,
    upload: {
      contentType: exchange.field('Content-Type') ?? 'application/octet-stream',
      length: length ?? (request.complete === null ? request.content : null),
      limit: limits.maxSize ?? core.uploadLimit,
    },
    credentials: null,
    place: ietfPlace,
    ...(limits.maxAge === null ? {} : { lifetime: limits.maxAge * 1000 }),
  });
  const upload = operation?.upload ?? null;
  if (operation === null || upload === null) {
    refuse(exchange, 503, 'There are too many unfinished uploads here: DELETE some, or try again later.', [
      ['Retry-After', '60'],
    ]);
    return;
  }
  keepLimits(operation, limits);
  const one: UploadExchange = {
    exchange,
    core,
    operation,
    upload,
    request,
    location: resumable ? ietfPlace(operation.id) : null,
    conventional: request.complete === null,
  };
  upload.take(exchange, true, 'declared');
  const announced = announce(one);
  // The draft: a 104 does not take the place of the 100.
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  takeContent(one, cutAfter, announced);
}
