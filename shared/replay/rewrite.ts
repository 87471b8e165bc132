// A recorded request head as it is sent again: the same bytes, but for the Host where another server is asked, and for what
// that server calls otherwise. Pure: bytes in, bytes out. It must never touch a head in which nothing is to be changed.

import type { Translate } from '../compare/differences.ts';

export interface Rewriting {
  /** The Host field's value; null: as it was. */
  readonly host: string | null;
  readonly translate: Translate;
}

/**
 * The head with what is to be changed. Bytes count as ISO-8859-1, so that none is lost.
 * @param head from the first byte of its start line to the one after its empty line, or as far as it came
 */
export function rewriteHead(head: Uint8Array, { host, translate }: Rewriting): Uint8Array {
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
  const lines = text.split('\n').map((line, index) => {
    if (index > 0 && host !== null && /^host[ \t]*:/i.test(line)) return withHost(line, host);
    // The length and the coding of the content are the message's own, whatever a server calls its uploads.
    if (/^(?:content-length|transfer-encoding|host)[ \t]*:/i.test(line)) return line;
    return translate(line);
  });
  const written = lines.join('\n');
  return written === text ? head : Uint8Array.from(written, (character) => character.charCodeAt(0));
}

function withHost(line: string, host: string): string {
  const [, before = '', , after = ''] = /^([^:]*:[ \t]*)(.*?)([ \t]*\r?)$/.exec(line) ?? [];
  return `${before}${host}${after}`;
}
