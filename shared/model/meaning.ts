// What a response head says that operations live on: progress, acknowledged bytes, locations. Reads fields, decides nothing.

import { parseAcknowledge, parseAcknowledgeReason } from '../fields/acknowledge.ts';
import type { Head } from '../http1/types.ts';
import type { Role } from './operations.ts';
import type { Meaning } from './stream-track.ts';

/** Takes out of a response head what operations live on. Null: nothing. */
export function meaningOf(
  head: Head,
  of: { readonly method: string; readonly role: Role | null },
): Meaning | null {
  let progress: string | null = null;
  let acknowledged: number | null = null;
  let requestContent: string | null = null;
  let responseMessage: string | null = null;
  let status: string | null = null;
  for (let i = 0; i < head.fieldCount; i++) {
    const name = head.fieldName(i).toLowerCase();
    if (name === 'progress') progress ??= head.fieldValue(i);
    else if (name === 'acknowledge' || name === 'upload-offset') acknowledged = bytesOf(head.fieldValue(i));
    else if (name === 'request-content-location') requestContent = head.fieldValue(i);
    else if (name === 'response-message-location') responseMessage = head.fieldValue(i);
    else if (name === 'location' && (head.status === 102 || head.status === 202)) status = head.fieldValue(i);
    else if (name === 'location' && head.status === 104) requestContent = head.fieldValue(i);
  }
  if (head.status === 199) acknowledged ??= parseAcknowledgeReason(head.reason);
  // The length of what an upload resource has, told by its HEAD.
  if (of.method === 'HEAD' && of.role === 'request-content' && head.status >= 200 && head.status < 300)
    acknowledged ??= bytesOf(head.field('content-length') ?? '');
  if (
    progress === null &&
    acknowledged === null &&
    requestContent === null &&
    responseMessage === null &&
    status === null
  )
    return null;
  return {
    progress,
    acknowledged,
    requestContent,
    responseMessage,
    status,
  };
}

/** The number that text[from … to) spells; NaN where that is nothing, or no decimal number of 15 digits at most. */
export function digits(text: string, from: number, to: number): number {
  if (to <= from || to - from > 15) return NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** A length or an offset, which are written as an Acknowledge value is. */
function bytesOf(value: string): number | null {
  const bytes = parseAcknowledge(value);
  return typeof bytes === 'number' ? bytes : null;
}
