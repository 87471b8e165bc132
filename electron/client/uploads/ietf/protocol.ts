// Resumable uploads as the IETF writes them (draft-ietf-httpbis-resumable-upload), interop versions 3 to 8: the request for
// each action, and what 104s and final responses tell. Decides nothing.

import { writeDigest } from '../../../../shared/fields/content-digest.ts';
import {
  CURRENT_INTEROP_VERSION,
  parseInteropVersion,
  type UploadDialect,
  uploadDialect,
} from '../../../../shared/fields/upload-draft-interop-version.ts';
import {
  parseUploadComplete,
  parseUploadIncomplete,
  writeUploadComplete,
} from '../../../../shared/fields/upload-complete.ts';
import { parseUploadLength, writeUploadLength } from '../../../../shared/fields/upload-length.ts';
import { parseUploadLimit } from '../../../../shared/fields/upload-limit.ts';
import { parseUploadOffset, writeUploadOffset } from '../../../../shared/fields/upload-offset.ts';
import type { Head } from '../../../../shared/http1/types.ts';
import type { FieldLines } from '../../../../shared/http1/writer.ts';
import { understood } from '../../answer.ts';
import { type Doable, type Errand, NO_BYTES, NO_CONTENT, type Sum, withoutContent } from '../../errands.ts';
import { preferFields } from '../../preferences.ts';
import type { Situation, UploadTold } from '../../situation.ts';
import type { OperationRequest, StrategyOptions } from '../../strategy.ts';
import { UNSURE_HOLD } from '../../patches/target-errands.ts';
import {
  firstTo,
  NOTHING_TOLD,
  named,
  type UploadListener,
  type UploadProtocol,
  uploadBegun,
  uploadOf,
} from '../upload-protocol.ts';

const VERSION = 'Upload-Draft-Interop-Version';

export function ietfProtocol(options: StrategyOptions): UploadProtocol {
  const dialect = uploadDialect(options.interopVersion ?? CURRENT_INTEROP_VERSION);
  return {
    begin: (before, request) => {
      const begun = { ...before, upload: uploadBegun(request, options, 'whole') };
      return { ...begun, expect: firstTo(begun) > 0 };
    },
    errand: (action, now, request) => errandFor(action, now, request, options, dialect),
    listen: ({ purpose, goal }, now, base) =>
      new IetfListener(dialect, base, {
        creates: purpose === 'post',
        goal,
        length: now.length,
        size: goal - (purpose === 'append' ? now.stored : 0),
      }),
  };
}

function errandFor(
  action: Doable,
  now: Situation,
  request: OperationRequest,
  options: StrategyOptions,
  dialect: UploadDialect,
): Errand {
  const version = [[VERSION, String(dialect.version)] as const];
  const resource = now.requestContent ?? request.url;
  switch (action.do) {
    case 'post':
      return creation(now, request, options, dialect);
    case 'append':
      return append(action.from, action.to, now, request, options, dialect);
    case 'ask-offset':
      return withoutContent('offset', 'HEAD', resource, version);
    case 'discover':
      return withoutContent('discover', 'OPTIONS', uploadOf(now).creation, version);
    case 'delete':
      return withoutContent('delete', 'DELETE', action.url, version);
    default:
      throw new Error(`an upload has no action "${action.do}"`);
  }
}

/** The user's own request, with what makes it the beginning of an upload. */
function creation(
  now: Situation,
  request: OperationRequest,
  options: StrategyOptions,
  dialect: UploadDialect,
): Errand {
  const to = firstTo(now);
  const own = new Set(request.fields.map(([name]) => name.toLowerCase()));
  const added: FieldLines = [
    ['Content-Length', String(to)],
    ...(now.expect ? [['Expect', '100-continue'] as const] : []),
    [VERSION, String(dialect.version)],
    complete(dialect, to === now.length),
    ...(dialect.length ? [['Upload-Length', writeUploadLength(now.length)] as const] : []),
  ];
  const { digests } = options;
  return {
    purpose: 'post',
    method: request.method,
    url: uploadOf(now).creation,
    fields: [
      ...request.fields.filter(([name]) => name.toLowerCase() !== 'content-length'),
      ...added.filter(([name]) => name === 'Content-Length' || !own.has(name.toLowerCase())),
      ...preferFields(request.fields, options.preferences ?? []),
    ],
    content: to === 0 ? null : { prefix: NO_BYTES, source: request.content ?? NO_CONTENT, from: 0, to },
    holdContent: now.expect
      ? now.waitForContinue
        ? 'patience'
        : null
      : own.has('expect')
        ? UNSURE_HOLD
        : null,
    goal: to,
    asks: 0,
    sums: [
      ...(digests === 'representation' || digests === 'both' ? [digest('Repr-Digest', 0, now.length)] : []),
      ...(digests === 'content' || digests === 'both' ? [digest('Content-Digest', 0, to)] : []),
    ],
  };
}

function append(
  from: number,
  to: number,
  now: Situation,
  request: OperationRequest,
  { digests }: StrategyOptions,
  dialect: UploadDialect,
): Errand {
  return {
    purpose: 'append',
    method: 'PATCH',
    url: now.requestContent ?? request.url,
    fields: [
      ...(dialect.partialType === null ? [] : [['Content-Type', dialect.partialType] as const]),
      ['Content-Length', String(to - from)],
      [VERSION, String(dialect.version)],
      complete(dialect, to === now.length),
      ['Upload-Offset', writeUploadOffset(from)],
    ],
    // Even without bytes: it reaches up to there.
    content: { prefix: NO_BYTES, source: request.content ?? NO_CONTENT, from, to },
    holdContent: null,
    goal: to,
    asks: 0,
    sums: digests === 'content' || digests === 'both' ? [digest('Content-Digest', from, to)] : [],
  };
}

function complete({ completeField }: UploadDialect, value: boolean): readonly [string, string] {
  return [completeField, writeUploadComplete(completeField === 'Upload-Complete' ? value : !value)];
}

/** RFC 9530: of these bytes, by SHA-256. */
function digest(field: string, from: number, to: number): Sum {
  return {
    field,
    algorithm: 'sha256',
    from,
    to,
    write: (hash) => writeDigest(new Map([['sha-256', hash]])),
  };
}

/** What an exchange is about, as far as its answers are read by it. */
interface About {
  readonly creates: boolean;
  /** The offset in the content up to which it sends, bytes of content in it, and in all. */
  readonly goal: number;
  readonly size: number;
  readonly length: number;
}

class IetfListener implements UploadListener {
  readonly #dialect: UploadDialect;
  readonly #base: string;
  readonly #about: About;
  told: UploadTold = NOTHING_TOLD;

  constructor(dialect: UploadDialect, base: string, about: About) {
    this.#dialect = dialect;
    this.#base = base;
    this.#about = about;
  }

  get admitted(): boolean {
    return this.told.location !== null;
  }

  /** A second resource, or limits within which this request does not lie. */
  get futile(): boolean {
    const { second, limits } = this.told;
    if (second !== null) return true;
    return (
      (limits?.maxSize ?? Infinity) < this.#about.length ||
      (limits?.maxAppendSize ?? Infinity) < this.#about.size
    );
  }

  /** One without our version is none (Draft Version Identification), and one to an append names no resource. */
  interim(head: Head): boolean {
    if (head.status !== 104) return false;
    if (understood(head.field(VERSION), parseInteropVersion) !== this.#dialect.version) return false;
    const before = this.told;
    const offset = understood(head.field('upload-offset'), parseUploadOffset);
    const places = this.#about.creates ? named(head, this.#base, before) : before;
    this.told = {
      ...before,
      ...places,
      announced: places.location !== null,
      spoken: true,
      interimOffset: offset === null ? before.interimOffset : Math.max(offset, before.interimOffset ?? 0),
      limits: understood(head.field('upload-limit'), parseUploadLimit) ?? before.limits,
    };
    const { location, interimOffset, spoken } = before;
    return !spoken || this.told.location !== location || this.told.interimOffset !== interimOffset;
  }

  final(head: Head): void {
    const { completeField } = this.#dialect;
    const word = head.field(completeField);
    const said =
      completeField === 'Upload-Complete'
        ? understood(word, parseUploadComplete)
        : inverse(understood(word, parseUploadIncomplete));
    const offset = understood(head.field('upload-offset'), parseUploadOffset);
    const length = understood(head.field('upload-length'), parseUploadLength);
    const limits = understood(head.field('upload-limit'), parseUploadLimit);
    const { creates, goal, length: whole } = this.#about;
    // The answer of the resource that the upload was for has a Location of its own.
    const isPlace = creates && head.status < 300 && said !== true && (said === false || goal < whole);
    this.told = {
      ...this.told,
      ...(isPlace ? named(head, this.#base, this.told) : {}),
      spoken: this.told.spoken || said !== null || offset !== null || limits !== null,
      offset,
      complete: said,
      length,
      limits: limits ?? this.told.limits,
    };
  }
}

function inverse(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}
