// Which transfer codings a request may have here: chunked, and no other (RFC 9112 §6.1). What another coding has done to
// the content would be stored as if it were the content.

import type { Head } from '../../../shared/http1/types.ts';

/** What is wrong with the Transfer-Encoding of a request, as a sentence for its sender; null: nothing is. */
export function codingFault(head: Head): string | null {
  const codings: string[] = [];
  for (let index = 0; index < head.fieldCount; index++)
    if (head.isField(index, 'transfer-encoding')) codings.push(head.fieldValue(index).trim());
  const named = codings.join(', ');
  if (named === '' || named.toLowerCase() === 'chunked') return null;
  return `Transfer-Encoding: ${named} is not understood here: send chunked, without parameters, and no other coding.`;
}
