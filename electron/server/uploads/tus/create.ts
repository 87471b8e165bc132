// POST of tus 1.0.0: creation, with content or without, of a length that is known or deferred, of a part, or of what parts
// make together (creation, creation-with-upload, creation-defer-length, concatenation).

import { FieldFault } from '../../../../shared/fields/fault.ts';
import { parseUploadConcat, type UploadConcat } from '../../../../shared/fields/upload-concat.ts';
import { parseUploadMetadata } from '../../../../shared/fields/upload-metadata.ts';
import { announcedLength, isMediaType, meetsExpectation } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';
import { Query } from '../../http/query.ts';
import type { ServerCore } from '../../router.ts';
import { tusPlace } from '../places.ts';
import { concatenate } from './concat.ts';
import { takeContent } from './content.ts';
import { answerCreated, createOperation, type TusCreation } from './operation.ts';
import { checkContentType, readChecksum, readNumber, refuseTus, TusRefusal } from './request.ts';

/** Once it is known that the client speaks this version. */
export function createTusUpload(exchange: Exchange, core: ServerCore): void {
  const creation = readCreation(exchange, core);
  if (creation instanceof TusRefusal) refuseTus(exchange, creation);
  else if (!meetsExpectation(exchange)) return;
  else if (creation.parts !== null) void concatenate(exchange, core, creation, creation.parts);
  else begin(exchange, core, creation);
}

function readCreation(exchange: Exchange, core: ServerCore): TusCreation | TusRefusal {
  const query = new Query(exchange);
  const cutAfter = query.whole('cut', null, 0, Number.MAX_SAFE_INTEGER);
  const maxAge = query.whole('expires', null, 1, Math.floor(core.operations.lifetime / 1000));
  if (query.fault !== null) return new TusRefusal(400, query.fault);
  const metadata = readMetadata(exchange);
  if (metadata instanceof TusRefusal) return metadata;
  const said = exchange.field('Upload-Concat');
  const concat = said === null ? null : parseUploadConcat(said);
  if (concat instanceof FieldFault) return new TusRefusal(400, concat.message);
  const announced = announcedLength(exchange);
  const expected = announced === 'none' ? 0 : announced;
  const length = readLength(exchange, concat);
  if (length instanceof TusRefusal) return length;
  const wrong = checkContent(exchange, core, { concat, length, expected });
  if (wrong !== null) return wrong;
  const check = readChecksum(exchange);
  if (check instanceof TusRefusal) return check;
  return {
    facts: { metadata: exchange.field('Upload-Metadata'), concat: said, kind: concat?.kind ?? 'whole' },
    contentType: metadata,
    length,
    parts: concat?.kind === 'final' ? concat.parts : null,
    expected,
    check,
    cutAfter,
    maxAge,
  };
}

/** The media type that the metadata tells, by the name that clients use for it. */
function readMetadata(exchange: Exchange): string | TusRefusal {
  const value = exchange.field('Upload-Metadata');
  const metadata = value === null ? new Map<string, Uint8Array>() : parseUploadMetadata(value);
  if (metadata instanceof FieldFault) return new TusRefusal(400, metadata.message);
  const type = new TextDecoder('latin1').decode(metadata.get('filetype') ?? new Uint8Array(0));
  // What stands in it is the client's: only what is a media type and nothing else becomes part of a field.
  return isMediaType(type) && /^[\x20-\x7e]{1,100}$/.test(type) ? type : 'application/octet-stream';
}

/** Null: it is deferred, or that of the parts. */
function readLength(exchange: Exchange, concat: UploadConcat | null): number | null | TusRefusal {
  const length = readNumber(exchange, 'Upload-Length');
  const deferred = exchange.field('Upload-Defer-Length');
  if (length instanceof TusRefusal) return length;
  if (concat?.kind === 'final') {
    if (length === null && deferred === null) return null;
    return new TusRefusal(400, 'What is made of parts has their length: it is not told.');
  }
  if (deferred !== null && deferred !== '1') return new TusRefusal(400, 'Upload-Defer-Length can only be 1.');
  if ((length === null) === (deferred === null)) {
    return new TusRefusal(400, 'A new upload needs either Upload-Length or Upload-Defer-Length: 1.');
  }
  return length;
}

function checkContent(
  exchange: Exchange,
  core: ServerCore,
  {
    concat,
    length,
    expected,
  }: {
    readonly concat: UploadConcat | null;
    readonly length: number | null;
    readonly expected: number | null;
  },
): TusRefusal | null {
  const most = core.uploadLimit;
  if (length !== null && length > most) {
    return new TusRefusal(413, `An upload may have ${most} bytes here, not ${length}.`);
  }
  if (expected === 0) return null;
  if (concat?.kind === 'final')
    return new TusRefusal(400, 'What is made of parts has no content of its own.');
  if (expected !== null && expected > (length ?? most)) {
    return new TusRefusal(413, `The upload has ${length ?? most} bytes at most: ${expected} are too many.`);
  }
  return checkContentType(exchange);
}

function begin(exchange: Exchange, core: ServerCore, creation: TusCreation): void {
  const { length, expected, check, cutAfter, contentType } = creation;
  const operation = createOperation(exchange, core, creation, {
    contentType,
    length,
    limit: core.uploadLimit,
  });
  const upload = operation?.upload ?? null;
  if (operation === null || upload === null) return;
  upload.take(exchange, true);
  takeContent(exchange, core, operation, upload, {
    expected,
    cutAfter,
    check,
    location: tusPlace(operation.id),
    arrived: () => {
      // An upload of no bytes has all of them.
      if (length === upload.have) upload.learnLength(length);
      answerCreated(exchange, operation, expected !== 0);
    },
  });
}
