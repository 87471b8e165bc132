// What a request says in the fields of tus 1.0.0, and the refusals that tus has for what is wrong with them. Stricter than
// the IETF's drafts: a field that cannot be read is refused.

import { FieldFault } from '../../../../shared/fields/fault.ts';
import { writeHttpDate } from '../../../../shared/fields/http-date.ts';
import { parseTusNumber } from '../../../../shared/fields/tus-number.ts';
import { parseUploadChecksum } from '../../../../shared/fields/upload-checksum.ts';
import { writeUploadOffset } from '../../../../shared/fields/upload-offset.ts';
import type { FieldLines } from '../../../../shared/http1/writer.ts';
import { ContentCheck } from '../digests.ts';
import { announcesTrailer } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Operation } from '../../operations/operation.ts';
import { PLAIN_TEXT, text } from '../../http/refuse.ts';
import type { Upload } from '../uploads.ts';

const VERSION = '1.0.0';
export const TUS_RESUMABLE = ['Tus-Resumable', VERSION] as const;
export const TUS_VERSION = ['Tus-Version', VERSION] as const;
/** The one type that content has. */
const CONTENT_TYPE = 'application/offset+octet-stream';

/** tus's names of algorithms, each with Node's. */
const CHECKSUMS: ReadonlyMap<string, string> = new Map([
  ['sha1', 'sha1'],
  ['md5', 'md5'],
  ['sha256', 'sha256'],
  ['sha512', 'sha512'],
]);

export const CHECKSUM_ALGORITHMS = Array.from(CHECKSUMS.keys()).join(',');

/** What is wrong with a request. */
export class TusRefusal {
  readonly status: number;
  /** Tells a person what was wrong and what to do instead. */
  readonly sentence: string;
  readonly fields: FieldLines;

  constructor(status: number, sentence: string, fields: FieldLines = []) {
    this.status = status;
    this.sentence = sentence;
    this.fields = fields;
  }
}

export function refuseTus(exchange: Exchange, { status, sentence, fields }: TusRefusal): void {
  void exchange.final({ status, fields: [TUS_RESUMABLE, ...fields, PLAIN_TEXT], content: text(sentence) });
}

/** The method that counts: X-HTTP-Method-Override takes the place of the real one. */
export function methodOf(exchange: Exchange): string {
  return exchange.field('X-HTTP-Method-Override') ?? exchange.method;
}

/** Null: the client speaks the version that is spoken here. */
export function checkVersion(exchange: Exchange): TusRefusal | null {
  if (exchange.field('Tus-Resumable') === VERSION) return null;
  const sentence = `The version of tus that is spoken here is ${VERSION}: say so by Tus-Resumable.`;
  return new TusRefusal(412, sentence, [TUS_VERSION]);
}

/** The number that a field tells; null: there is none. */
export function readNumber(exchange: Exchange, name: string): number | null | TusRefusal {
  const value = exchange.field(name);
  if (value === null) return null;
  const number = parseTusNumber(name, value);
  return number instanceof FieldFault ? new TusRefusal(400, number.message) : number;
}

/** Null: content of this request is of the type that it must have. */
export function checkContentType(exchange: Exchange): TusRefusal | null {
  if (exchange.field('Content-Type')?.trim().toLowerCase() === CONTENT_TYPE) return null;
  return new TusRefusal(415, `Content of an upload has the type ${CONTENT_TYPE}.`, [
    ['Accept-Patch', CONTENT_TYPE],
  ]);
}

/** What the content of the request must hash to, told before it or, announced, behind it; null: that is not told. */
export function readChecksum(exchange: Exchange): ContentCheck | null | TusRefusal {
  const value = exchange.field('Upload-Checksum');
  if (value !== null) {
    const checksum = checksumIn(value);
    if (checksum instanceof TusRefusal) return checksum;
    return new ContentCheck(
      new Map(Array.from(CHECKSUMS).filter(([name]) => checksum.has(name))),
      () => checksum,
    );
  }
  if (!announcesTrailer(exchange, 'upload-checksum')) return null;
  return new ContentCheck(CHECKSUMS, () => {
    const late = exchange.trailer('Upload-Checksum');
    if (late === null)
      return 'The Upload-Checksum that was to follow the content did not come: send it again.';
    const checksum = checksumIn(late);
    return checksum instanceof TusRefusal ? checksum.sentence : checksum;
  });
}

function checksumIn(value: string): ReadonlyMap<string, Uint8Array> | TusRefusal {
  const checksum = parseUploadChecksum(value);
  if (checksum instanceof FieldFault) return new TusRefusal(400, checksum.message);
  const { algorithm, bytes } = checksum;
  if (CHECKSUMS.has(algorithm)) return new Map([[algorithm, bytes]]);
  const sentence = `Checksums by ${algorithm} are not known here, only by ${CHECKSUM_ALGORITHMS}.`;
  return new TusRefusal(400, sentence, [['Tus-Checksum-Algorithm', CHECKSUM_ALGORITHMS]]);
}

export function offsetLine(upload: Upload): readonly [string, string] {
  return ['Upload-Offset', writeUploadOffset(upload.have)];
}

/** Upload-Expires, as long as the upload is unfinished. */
export function expiryFields({ remaining }: Operation, upload: Upload): FieldLines {
  return upload.complete ? [] : [['Upload-Expires', writeHttpDate(Date.now() + remaining)]];
}
