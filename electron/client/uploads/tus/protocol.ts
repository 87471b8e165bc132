// Uploads as tus 1.0.0 writes them (creation, creation-with-upload, checksum, concatenation, termination): the request for
// each action, and what the answers tell. There are no interim responses in it. Decides nothing.

import { parseTusNumber } from '../../../../shared/fields/tus-number.ts';
import { writeUploadChecksum } from '../../../../shared/fields/upload-checksum.ts';
import { type UploadConcat, writeUploadConcat } from '../../../../shared/fields/upload-concat.ts';
import { NO_UPLOAD_LIMIT } from '../../../../shared/fields/upload-limit.ts';
import { writeUploadMetadata } from '../../../../shared/fields/upload-metadata.ts';
import type { Head } from '../../../../shared/http1/types.ts';
import type { FieldLines } from '../../../../shared/http1/writer.ts';
import { understood } from '../../answer.ts';
import { type Doable, type Errand, NO_BYTES, NO_CONTENT, type Sum, withoutContent } from '../../errands.ts';
import { preferFields } from '../../preferences.ts';
import type { Situation, UploadTold } from '../../situation.ts';
import type { OperationRequest, StrategyOptions } from '../../strategy.ts';
import {
  firstTo,
  NOTHING_TOLD,
  named,
  type UploadListener,
  type UploadProtocol,
  uploadBegun,
  uploadOf,
} from '../upload-protocol.ts';

export const TUS_VERSION = '1.0.0';
const RESUMABLE = ['Tus-Resumable', TUS_VERSION] as const;
const CONTENT_TYPE = ['Content-Type', 'application/offset+octet-stream'] as const;

/** @param concat what the upload is to others: a part of one, or made of several; null: nothing */
export function tusProtocol(options: StrategyOptions, concat: UploadConcat | null = null): UploadProtocol {
  return {
    begin: (before, request) => {
      const begun = { ...before, upload: uploadBegun(request, options, 'empty') };
      return { ...begun, expect: firstTo(begun) > 0 };
    },
    errand: (action, now, request) => errandFor(action, now, request, options, concat),
    listen: ({ purpose }, _now, base) => new TusListener(purpose === 'post', base),
  };
}

function errandFor(
  action: Doable,
  now: Situation,
  request: OperationRequest,
  options: StrategyOptions,
  concat: UploadConcat | null,
): Errand {
  const resource = now.requestContent ?? request.url;
  switch (action.do) {
    case 'post':
      return creation(now, request, options, concat);
    case 'append':
      return append(action.from, action.to, now, request, options);
    case 'ask-offset':
      return withoutContent('offset', 'HEAD', resource, [RESUMABLE]);
    case 'discover':
      // The one request without Tus-Resumable.
      return withoutContent('discover', 'OPTIONS', uploadOf(now).creation);
    case 'delete':
      return withoutContent('delete', 'DELETE', action.url, [RESUMABLE]);
    default:
      throw new Error(`an upload has no action "${action.do}"`);
  }
}

function creation(
  now: Situation,
  request: OperationRequest,
  options: StrategyOptions,
  concat: UploadConcat | null,
): Errand {
  const to = firstTo(now);
  // A type of content is that of the upload's bytes; what the user says of them belongs into the metadata.
  const others = request.fields.filter(([name]) => !OF_CONTENT.has(name.toLowerCase()));
  const own = new Set(others.map(([name]) => name.toLowerCase()));
  const added: FieldLines = [
    RESUMABLE,
    ...(concat?.kind === 'final' ? [] : [['Upload-Length', String(now.length)] as const]),
    ...metadata(options),
    ...(concat === null ? [] : [['Upload-Concat', writeUploadConcat(concat)] as const]),
  ];
  return {
    purpose: 'post',
    method: 'POST',
    url: uploadOf(now).creation,
    fields: [
      ...others,
      ['Content-Length', String(to)],
      ...(to === 0 ? [] : [CONTENT_TYPE]),
      ...(now.expect && to > 0 ? [['Expect', '100-continue'] as const] : []),
      ...added.filter(([name]) => !own.has(name.toLowerCase())),
      ...preferFields(request.fields, options.preferences ?? []),
    ],
    content: to === 0 ? null : { prefix: NO_BYTES, source: request.content ?? NO_CONTENT, from: 0, to },
    holdContent: now.expect && to > 0 && now.waitForContinue ? 'patience' : null,
    goal: to,
    asks: 0,
    sums: to === 0 ? [] : sums(options, 0, to),
  };
}

const OF_CONTENT: ReadonlySet<string> = new Set(['content-length', 'content-type', 'expect']);

function append(
  from: number,
  to: number,
  now: Situation,
  request: OperationRequest,
  options: StrategyOptions,
): Errand {
  return {
    purpose: 'append',
    method: 'PATCH',
    url: now.requestContent ?? request.url,
    fields: [CONTENT_TYPE, ['Content-Length', String(to - from)], RESUMABLE, ['Upload-Offset', String(from)]],
    // Even without bytes: it reaches up to there.
    content: { prefix: NO_BYTES, source: request.content ?? NO_CONTENT, from, to },
    holdContent: null,
    goal: to,
    asks: 0,
    sums: sums(options, from, to),
  };
}

function metadata({ metadata: given }: StrategyOptions): FieldLines {
  const pairs = Object.entries(given ?? {});
  if (pairs.length === 0) return [];
  const encoder = new TextEncoder();
  return [
    [
      'Upload-Metadata',
      writeUploadMetadata(new Map(pairs.map(([key, value]) => [key, encoder.encode(value)]))),
    ],
  ];
}

function sums({ checksum }: StrategyOptions, from: number, to: number): Sum[] {
  if (checksum === undefined) return [];
  return [
    {
      field: 'Upload-Checksum',
      algorithm: checksum,
      from,
      to,
      write: (bytes) => writeUploadChecksum({ algorithm: checksum, bytes }),
    },
  ];
}

class TusListener implements UploadListener {
  readonly #creates: boolean;
  readonly #base: string;
  readonly admitted = false;
  readonly futile = false;
  told: UploadTold = NOTHING_TOLD;

  constructor(creates: boolean, base: string) {
    this.#creates = creates;
    this.#base = base;
  }

  interim(): boolean {
    return false;
  }

  final(head: Head): void {
    const number = (name: string): number | null =>
      understood(head.field(name), (value) => parseTusNumber(name, value));
    const resumable = head.field('tus-resumable');
    const maxSize = number('tus-max-size');
    this.told = {
      ...NOTHING_TOLD,
      ...(this.#creates && head.status < 300 ? named(head, this.#base, NOTHING_TOLD) : {}),
      spoken: resumable === TUS_VERSION,
      offset: number('upload-offset'),
      length: number('upload-length'),
      limits: maxSize === null ? null : { ...NO_UPLOAD_LIMIT, maxSize },
      versions: head.field('tus-version') ?? resumable,
      extensions: head.field('tus-extension'),
      algorithms: head.field('tus-checksum-algorithm'),
    };
  }
}
