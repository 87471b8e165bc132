// Requests on the target itself: PUT, PATCH of a segment, HEAD, GET from a byte on. Pure.
// What is meant for the whole of the user's request (conditions, preferences) stays with the request it was meant for.

import { writePartHead } from '../../../shared/byteranges/message-byterange.ts';
import { valueOf } from '../../../shared/fields/value-of.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Errand } from '../errands.ts';
import { preferFields } from '../preferences.ts';
import type { Reception } from '../situation.ts';
import type { OperationRequest, StrategyOptions } from '../strategy.ts';

/** How long (ms) content is held back for a user's own Expect, as curl does. */
export const UNSURE_HOLD = 1_000;

/** Fields about the content of the user's request, which a request without it does not have. */
const OF_CONTENT: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'transfer-encoding',
  'expect',
]);
/** RFC 9110 §13.1 */
const CONDITIONS: ReadonlySet<string> = new Set([
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]);

function without(fields: FieldLines, ...sets: readonly ReadonlySet<string>[]): FieldLines {
  return fields.filter(([name]) => !sets.some((set) => set.has(name.toLowerCase())));
}

/** The user's own conditions stand in the request that creates the target; without any it is `If-None-Match: *`. */
function condition(fields: FieldLines, create: boolean): FieldLines {
  const own = fields.some(([name]) => CONDITIONS.has(name.toLowerCase()));
  return create && !own ? [['If-None-Match', '*']] : [];
}

function preferences(
  request: OperationRequest,
  options: StrategyOptions,
  usual: 'atomic' | 'persist' | null,
): FieldLines {
  const transaction = options.transaction ?? usual;
  return preferFields(request.fields, [
    ...(transaction === null ? [] : [`transaction=${transaction}`]),
    ...(options.preferences ?? []),
  ]);
}

export function putErrand(
  create: boolean,
  length: number,
  request: OperationRequest,
  options: StrategyOptions,
): Errand {
  // A repeated PUT of what is ours must not fail by the condition under which the first one was sent.
  const fields = create ? request.fields : without(request.fields, CONDITIONS);
  return {
    purpose: 'put',
    method: 'PUT',
    url: request.url,
    fields: [
      ...without(fields, new Set(['content-length'])),
      ['Content-Length', String(length)],
      ...condition(fields, create),
      ...preferences(request, options, 'persist'),
    ],
    content:
      request.content === null
        ? null
        : { prefix: new Uint8Array(0), source: request.content, from: 0, to: length },
    holdContent: valueOf(request.fields, 'expect') === null ? null : UNSURE_HOLD,
    goal: length,
    asks: 0,
  };
}

export function segmentErrand(
  { from, to, create }: { readonly from: number; readonly to: number; readonly create: boolean },
  length: number,
  request: OperationRequest,
  options: StrategyOptions,
): Errand {
  const contentType = valueOf(request.fields, 'content-type');
  const prefix = writePartHead({
    // No bytes have no range: only the length is said (Content-Range: bytes */0).
    range: {
      first: to === from ? null : from,
      last: to === from ? null : to - 1,
      complete: length,
    },
    ...(contentType === null ? {} : { contentType }),
    length: to - from,
    legacy: options.legacyRange ?? false,
  });
  const fields = create ? request.fields : without(request.fields, CONDITIONS);
  return {
    purpose: 'segment',
    method: 'PATCH',
    url: request.url,
    fields: [
      ...without(fields, OF_CONTENT),
      ['Content-Type', 'message/byterange'],
      ['Content-Length', String(prefix.length + to - from)],
      ...condition(fields, create),
      ...preferences(request, options, 'persist'),
    ],
    content: request.content === null ? null : { prefix, source: request.content, from, to },
    holdContent: null,
    goal: to,
    asks: 0,
  };
}

export function sizeErrand(request: OperationRequest): Errand {
  return {
    purpose: 'size',
    method: 'HEAD',
    url: request.url,
    fields: without(request.fields, OF_CONTENT, CONDITIONS, new Set(['prefer'])),
    content: null,
    holdContent: null,
    goal: 0,
    asks: 0,
  };
}

/** GET from a byte on: of the target (`download`), or of what a broken response represented (`rest`). */
export function readErrand(
  purpose: 'download' | 'rest',
  from: number,
  reception: Reception,
  request: OperationRequest,
  options: StrategyOptions,
): Errand {
  return {
    purpose,
    method: 'GET',
    url: purpose === 'rest' ? (reception.at ?? request.url) : request.url,
    fields: [
      ...(purpose === 'download' ? request.fields : []),
      ...(purpose === 'download' ? preferFields(request.fields, options.preferences ?? []) : []),
      ...(from > 0 ? [['Range', `bytes=${from}-`] as const] : []),
      ...(from > 0 && reception.validator !== null ? [['If-Range', reception.validator] as const] : []),
    ],
    content: null,
    holdContent: null,
    goal: 0,
    asks: from,
  };
}
