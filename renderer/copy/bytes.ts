// Bytes as text for the clipboard. Pure.

import { assertNever } from '../../shared/capture/records.ts';
import { base64 } from '../../shared/export/base64.ts';

export type ByteForm = 'hex' | 'base64' | 'text';

export const BYTE_FORMS: readonly { readonly form: ByteForm; readonly label: string }[] = [
  { form: 'hex', label: 'Hex' },
  { form: 'base64', label: 'Base64' },
  { form: 'text', label: 'Text' },
];

/** `48 45 41 44`, `SEVBRA==`, `HEAD`; as text, what is no UTF-8 becomes U+FFFD. */
export function bytesAs(bytes: Uint8Array, form: ByteForm): string {
  switch (form) {
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    case 'base64':
      return base64(bytes);
    case 'text':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    default:
      return assertNever(form);
  }
}

/** First and last byte of a stretch, as they are typed. */
export interface TypedRange {
  readonly first: string;
  readonly last: string;
}

/** Start (inclusive) and end (exclusive) of what was typed, in decimal or with 0x; or what is wrong with it. */
export function readRange(
  typed: TypedRange,
  length: number,
  most: number,
): { readonly start: number; readonly end: number } | { readonly problem: string } {
  const first = position(typed.first);
  const last = position(typed.last);
  if (first === null || last === null) return { problem: 'Type two positions, such as 120 and 0xff.' };
  if (last < first) return { problem: 'The last byte comes before the first.' };
  if (last >= length) return { problem: `The stream ends at byte ${length - 1}.` };
  if (last - first >= most) return { problem: `${most} bytes at most are copied at once.` };
  return { start: first, end: last + 1 };
}

function position(text: string): number | null {
  const bare = text.trim().replaceAll(/[,_ ]/g, '');
  if (!/^(?:\d+|0x[0-9a-f]+)$/i.test(bare)) return null;
  const value = Number(bare);
  return Number.isSafeInteger(value) ? value : null;
}
