// Upload-Metadata: what a client says of the file it uploads (tus 1.0.0, creation): keys, each with a value in Base64.
// Values are bytes: who shows one must not take it for text that is safe.

import { base64, fromBase64 } from '../export/base64.ts';
import { FieldFault } from './fault.ts';

/** Pairs that are looked at: more than any client sends. */
const MOST = 100;

/** Printable ASCII without the space and the comma. */
const KEY = /^[!-+\--~]+$/;

/** Reads an Upload-Metadata value; keys in their order, a key without a value has no bytes. */
export function parseUploadMetadata(value: string): Map<string, Uint8Array> | FieldFault {
  const metadata = new Map<string, Uint8Array>();
  let at = 0;
  for (const element of value.split(',')) {
    const start = at + element.length - element.trimStart().length;
    at += element.length + 1;
    const [key = '', text = '', ...rest] = element.trim().split(' ');
    if (!KEY.test(key)) {
      return new FieldFault(
        'syntax',
        start,
        'A key of Upload-Metadata is one or more printable ASCII characters.',
      );
    }
    const valueAt = start + key.length + 1;
    if (rest.length > 0) {
      return new FieldFault(
        'syntax',
        valueAt,
        `Between ${key} and its value there is one space, and none within it.`,
      );
    }
    const bytes = fromBase64(text);
    if (bytes === null) return new FieldFault('syntax', valueAt, `The value of ${key} is not in Base64.`);
    if (metadata.has(key)) {
      return new FieldFault('syntax', start, `${key} stands twice: all keys of Upload-Metadata differ.`);
    }
    if (metadata.size === MOST) {
      return new FieldFault('too-many', start, `More than ${MOST} pairs of metadata are not looked at.`);
    }
    metadata.set(key, bytes);
  }
  return metadata;
}

/** Writes an Upload-Metadata value. @param metadata keys of printable ASCII without space and comma */
export function writeUploadMetadata(metadata: ReadonlyMap<string, Uint8Array>): string {
  return Array.from(metadata, ([key, bytes]) => (bytes.length === 0 ? key : `${key} ${base64(bytes)}`)).join(
    ',',
  );
}
