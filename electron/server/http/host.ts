// Which server a request names: the Host field (RFC 9110 §7.2, RFC 9112 §3.2). Judges its grammar only, never whether
// the name is ours: a laboratory is reached by many names.

import { isIPv6 } from 'node:net';
import type { Head } from '../../../shared/http1/types.ts';

/** uri-host [ ":" port ] (RFC 3986 §3.2.2): a registered name or IPv4 address, perhaps empty, … */
const NAMED = /^(?:[\w\-.~!$&'()*+,;=]|%[\da-f]{2})*(?::\d*)?$/i;
/** … or an IP literal. */
const LITERAL = /^\[(?:([\da-f:.]+)|v[\da-f]+\.[\w\-.~!$&'()*+,;=:]+)\](?::\d*)?$/i;

/** What is wrong with the Host fields of a request, as a sentence for its sender; null: nothing is. */
export function hostFault(head: Head): string | null {
  let value: string | null = null;
  for (let index = 0; index < head.fieldCount; index++) {
    if (!head.isField(index, 'host')) continue;
    if (value !== null) return 'A request may have only one Host field.';
    value = head.fieldValue(index);
  }
  if (value === null) return head.minor > 0 ? 'An HTTP/1.1 request needs a Host field.' : null;
  if (isHost(value)) return null;
  return 'The Host field must be a host name or address, and perhaps a colon and a port: 127.0.0.1:18080.';
}

/** Whether it can stand in a Host field. */
export function isHost(value: string): boolean {
  if (NAMED.test(value)) return true;
  const literal = LITERAL.exec(value);
  return literal !== null && (literal[1] === undefined || isIPv6(literal[1]));
}
