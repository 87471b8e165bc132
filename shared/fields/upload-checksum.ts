// Upload-Checksum: what the content of one request must hash to (tus 1.0.0, checksum). Knows the names of algorithms by
// their grammar only, and computes none.

import { base64, fromBase64 } from '../export/base64.ts';
import { FieldFault } from './fault.ts';

export interface UploadChecksum {
  /** As it is named: `sha1`. ASCII without uppercase characters. */
  readonly algorithm: string;
  readonly bytes: Uint8Array;
}

/** Reads an Upload-Checksum value: the algorithm, a space, and the checksum in Base64. */
export function parseUploadChecksum(value: string): UploadChecksum | FieldFault {
  const [algorithm = '', text = '', ...rest] = value.split(' ');
  if (!/^[!-+\--@[-~]+$/.test(algorithm)) {
    return new FieldFault(
      'syntax',
      0,
      'Upload-Checksum begins with the name of an algorithm in lower case, such as sha1.',
    );
  }
  const at = algorithm.length + 1;
  const bytes = rest.length === 0 && text !== '' ? fromBase64(text) : null;
  if (bytes === null) {
    return new FieldFault(
      'syntax',
      Math.min(at, value.length),
      `Behind ${algorithm} and one space stands its checksum in Base64.`,
    );
  }
  return { algorithm, bytes };
}

/** Writes the field's value. */
export function writeUploadChecksum({ algorithm, bytes }: UploadChecksum): string {
  return `${algorithm} ${base64(bytes)}`;
}
