// From a decided action to the request that carries it out: method, URL, fields, content. Pure.
// Adds nothing that depends on a connection (Host, Authorization): that is the operation's.

import { writePartHead } from '../../shared/byteranges/message-byterange.ts';
import { assertNever } from '../../shared/capture/records.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import type { ExchangeRequest } from './connection.ts';
import { type ContentSource, bytesContent } from './content.ts';
import { preferFields } from './preferences.ts';
import type { End, Action, Purpose, Situation } from './situation.ts';
import { UNSURE_HOLD, putErrand, readErrand, segmentErrand, sizeErrand } from './patches/target-errands.ts';
import type { OperationRequest, StrategyOptions } from './strategy.ts';

/** One exchange to be made, before it has a connection. */
export interface Errand {
  readonly purpose: Purpose;
  readonly method: string;
  readonly url: string;
  readonly fields: FieldLines;
  readonly content: ExchangeRequest['content'];
  readonly holdContent: ExchangeRequest['holdContent'];
  /** The offset in the content up to which this sends; 0 without content. */
  readonly goal: number;
  /** The byte of the final response's content from which this asks for it. */
  readonly asks: number;
  /** Fields that tell what bytes of the content hash to, which must be read before anything is sent. */
  readonly sums?: readonly Sum[];
}

/** The hash of bytes from … to (exclusive) of the request's content, in a field. */
export interface Sum {
  readonly field: string;
  readonly algorithm: 'sha1' | 'sha256';
  readonly from: number;
  readonly to: number;
  /** The field's value. */
  readonly write: (hash: Uint8Array) => string;
}

export type Doable = Exclude<Action, End>;

/** What of the response document is already here. */
export interface Fetched {
  readonly position: number;
  /** For If-Range; null: none. */
  readonly validator: string | null;
}

export const NO_CONTENT: ContentSource = bytesContent(new Uint8Array(0));
export const NO_BYTES = new Uint8Array(0);

export function errandFor(
  action: Doable,
  situation: Situation,
  request: OperationRequest,
  options: StrategyOptions,
  fetched: Fetched,
): Errand {
  const { requestContent, responseMessage, status } = situation;
  switch (action.do) {
    case 'post':
      return post(situation, request, options);
    case 'ask-offset':
      return withoutContent('offset', 'HEAD', requestContent ?? request.url);
    case 'append':
      return append(action.from, action.to, situation, request, options);
    case 'fetch-response':
      return withoutContent('response', 'GET', responseMessage ?? request.url, [
        ...(action.wait ? [['Prefer', 'processing'] as const] : []),
        ...(!action.restart && fetched.position > 0 ? range(fetched) : []),
        ...language(request),
      ]);
    case 'follow-status':
      // The draft's own example repeats respond-async here, where it is ignored.
      return withoutContent('status', 'GET', status ?? request.url, [
        [
          'Prefer',
          ['processing', ...(options.preferences ?? []).filter((p) => p === 'respond-async')].join(', '),
        ],
        ...language(request),
      ]);
    case 'delete':
      return withoutContent('delete', 'DELETE', action.url);
    case 'discover':
      return withoutContent('discover', 'OPTIONS', request.url);
    case 'fetch-result':
      return withoutContent('result', 'GET', action.url, language(request));
    case 'put':
      return putErrand(action.create, situation.length, request, options);
    case 'segment':
      return segmentErrand(action, situation.length, request, options);
    case 'ask-size':
      return sizeErrand(request);
    case 'download':
      return readErrand('download', action.from, situation.reception, request, options);
    case 'fetch-rest':
      return readErrand('rest', action.from, situation.reception, request, options);
    default:
      return assertNever(action);
  }
}

/** A request that only asks, or deletes. */
export function withoutContent(
  purpose: Purpose,
  method: string,
  url: string,
  fields: FieldLines = [],
): Errand {
  return { purpose, method, url, fields, content: null, holdContent: null, goal: 0, asks: 0 };
}

/** Whoever reads the answers reads those of the follow-ups, too (draft-wright-http-progress). */
function language(request: OperationRequest): FieldLines {
  return request.fields.filter(([name]) => name.toLowerCase() === 'accept-language');
}

function range(fetched: Fetched): FieldLines {
  const fields: (readonly [string, string])[] = [['Range', `bytes=${fetched.position}-`]];
  if (fetched.validator !== null) fields.push(['If-Range', fetched.validator]);
  return fields;
}

function post(situation: Situation, request: OperationRequest, options: StrategyOptions): Errand {
  const { expect, waitForContinue, length, resumable } = situation;
  const has = (name: string): boolean => request.fields.some(([field]) => field.toLowerCase() === name);
  const fields: (readonly [string, string])[] = [...request.fields];
  if (request.content !== null && !has('content-length')) fields.push(['Content-Length', String(length)]);
  if (expect && !has('expect')) fields.push(['Expect', '100-continue']);
  fields.push(
    ...preferFields(request.fields, [...(resumable ? ['resume'] : []), ...(options.preferences ?? [])]),
  );
  return {
    purpose: 'post',
    method: request.method,
    url: request.url,
    fields,
    content:
      request.content === null ? null : { prefix: NO_BYTES, source: request.content, from: 0, to: length },
    holdContent: expect ? (waitForContinue ? 'patience' : null) : has('expect') ? UNSURE_HOLD : null,
    goal: length,
    asks: 0,
  };
}

function append(
  from: number,
  to: number,
  situation: Situation,
  request: OperationRequest,
  options: StrategyOptions,
): Errand {
  const prefix = writePartHead({
    range: { first: from, last: to - 1, complete: situation.length },
    length: to - from,
    legacy: situation.legacyServer || (options.legacyRange ?? false),
  });
  return {
    purpose: 'append',
    method: 'PATCH',
    url: situation.requestContent ?? request.url,
    fields: [
      ['Content-Type', 'message/byterange'],
      ['Content-Length', String(prefix.length + to - from)],
    ],
    content: { prefix, source: request.content ?? NO_CONTENT, from, to },
    holdContent: null,
    goal: to,
    asks: 0,
  };
}
