// How the requests of a resumable upload at the IETF are answered (draft-ietf-httpbis-resumable-upload): 104s, what is
// stored, what the resource says that the upload was for, and refusals. Knows the versions' words; decides nothing.

import { writeUploadComplete } from '../../../../shared/fields/upload-complete.ts';
import type { UploadDialect } from '../../../../shared/fields/upload-draft-interop-version.ts';
import { writeUploadOffset } from '../../../../shared/fields/upload-offset.ts';
import type { FieldLines } from '../../../../shared/http1/writer.ts';
import { Acknowledger } from '../acknowledger.ts';
import { credentialsOf } from '../../operations/access.ts';
import { answerByJob } from '../../operations/answers.ts';
import { bring, type BringingOptions } from '../bringing.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Operation } from '../../operations/operation.ts';
import { inconsistentLength, mismatchedDigests, type ProblemDetails } from '../problem-types.ts';
import { PLAIN_TEXT, text } from '../../http/refuse.ts';
import type { ServerCore } from '../../router.ts';
import { duplicatesLine } from '../places.ts';
import type { Upload } from '../uploads.ts';
import { limitFields, limitsOf } from './limits.ts';
import { readContentCheck, type UploadRequest } from './request.ts';

const NOTHING = new Uint8Array(0);

/** A request that brings content to an upload. */
export interface UploadExchange {
  readonly exchange: Exchange;
  readonly core: ServerCore;
  readonly operation: Operation;
  readonly upload: Upload;
  readonly request: UploadRequest;
  /** Location of the upload, in the answers to the request that begins it; null: it was begun before, or cannot be resumed. */
  readonly location: string | null;
  /** It is the upload of a client that does not know of resumption: nothing is said of it. */
  readonly conventional: boolean;
}

/** That an upload is complete, or not, in the version's words. */
export function completeLine({ completeField }: UploadDialect, complete: boolean): readonly [string, string] {
  return [completeField, writeUploadComplete(completeField === 'Upload-Incomplete' ? !complete : complete)];
}

export function offsetLine(upload: Upload): readonly [string, string] {
  return ['Upload-Offset', writeUploadOffset(upload.have)];
}

function versionLine({ version }: UploadDialect): readonly [string, string] {
  return ['Upload-Draft-Interop-Version', String(version)];
}

/**
 * The 104 that tells where the upload is. Only for a client that named a version that is known here. False: there is none.
 */
export function announce({ exchange, core, operation, request, location }: UploadExchange): boolean {
  const { dialect, spoken } = request;
  if (!spoken || location === null || exchange.interimsLeft === 0) return false;
  void exchange.interim(104, [
    versionLine(dialect),
    ['Location', location],
    ...limitFields(dialect, limitsOf(core, operation)),
    duplicatesLine(operation, location),
  ]);
  return true;
}

/**
 * Takes the content of the request, tells of it by 104s, and answers when all of it is there.
 * @param cutAfter bytes after which the connection is broken; null: never
 * @param announced the client knows already where the upload is
 */
export function takeContent(one: UploadExchange, cutAfter: number | null, announced: boolean): void {
  const { exchange, core, operation, upload, request, location } = one;
  const options: BringingOptions = {
    expected: request.content,
    most: one.conventional ? null : limitsOf(core, operation).maxAppendSize,
    cutAfter,
    unknown: location !== null && !announced,
    acknowledger: teller(one),
    check: readContentCheck(exchange),
  };
  bring(exchange, core, operation, upload, options, {
    arrived: () => arrived(one),
    tooLong: () => {
      // No more of it is believed: the offset must not pass the length.
      const sentence = `The upload went on behind its ${upload.length} bytes, and cannot be used any more: begin a new one.`;
      operation.invalidate(sentence);
      sendProblem(one, inconsistentLength(sentence), false);
    },
    tooMuch: () => {
      const { maxAppendSize } = limitsOf(core, operation);
      refuseUpload(one, 413, `A request may bring ${maxAppendSize} bytes here: what came before is kept.`);
    },
    mismatched: (names, told) => sendProblem(one, mismatchedDigests('Content-Digest', names, told)),
    refuse: (status, sentence) => refuseUpload(one, status, sentence),
  });
}

function teller({ exchange, core, operation, upload, request }: UploadExchange): Acknowledger | null {
  const { dialect, spoken, content } = request;
  if (!spoken || !dialect.progress) return null;
  return new Acknowledger(exchange, {
    have: upload.have,
    expected: content,
    spacing: core.acknowledgeBytes,
    others: operation.preferences.processing ? operation.work.steps : 0,
    telling: (have) => ({
      status: 104,
      fields: [versionLine(dialect), ['Upload-Offset', writeUploadOffset(have)]],
    }),
  });
}

function arrived(one: UploadExchange): void {
  const { exchange, upload, request, location, core, operation } = one;
  const { dialect, complete } = request;
  if (complete !== false) {
    if (upload.length !== null && upload.have < upload.length) {
      const sentence = `The request says that it completes the upload, but there are ${upload.have} of its ${upload.length} bytes.`;
      sendProblem(one, inconsistentLength(sentence));
      return;
    }
    upload.declareComplete();
    answerByTarget(one);
    return;
  }
  void exchange.final({
    status: location === null && dialect.version > 3 ? 204 : 201,
    fields: [
      ...(location === null ? [] : [['Location', location] as const, duplicatesLine(operation, location)]),
      completeLine(dialect, false),
      offsetLine(upload),
      ...limitFields(dialect, limitsOf(core, operation)),
    ],
    content: NOTHING,
  });
}

/** What the resource says that the upload was for, as the one request that brought all of it would have had it. */
export function answerByTarget(one: UploadExchange): void {
  const { exchange, core, operation, upload, request, location } = one;
  const { job } = operation;
  if (job === null) return;
  const { status } = operation.locations(credentialsOf(exchange));
  answerByJob(exchange, core, operation, {
    job,
    status,
    fieldsOf: (fields) =>
      one.conventional
        ? []
        : [
            completeLine(request.dialect, true),
            offsetLine(upload),
            ...(location === null || fields.some(([name]) => name === 'Location')
              ? []
              : [['Location', location] as const]),
          ],
  });
}

/** A refusal that is about the upload itself, not of the resource that it is for: it can still be gone on with. */
export function refuseUpload(one: UploadExchange, status: number, sentence: string): void {
  const { exchange, core, operation, request } = one;
  const limits = status === 413 ? limitFields(request.dialect, limitsOf(core, operation)) : [];
  void exchange.final({
    status,
    fields: [...stateFields(one, true), ...limits, PLAIN_TEXT],
    content: text(sentence),
  });
}

/** @param active the upload is still there */
export function sendProblem(one: UploadExchange, problem: ProblemDetails, active = true): void {
  const { status, fields, content } = problem;
  void one.exchange.final({ status, fields: [...stateFields(one, active), ...fields], content });
}

function stateFields(
  { request, upload, location, conventional }: UploadExchange,
  active: boolean,
): FieldLines {
  if (conventional) return [];
  return [
    ...(location === null ? [] : [['Location', location] as const]),
    completeLine(request.dialect, false),
    ...(active ? [offsetLine(upload)] : []),
  ];
}
