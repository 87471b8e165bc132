// Heads as they are sent again.

import { describe, expect, it } from 'vitest';
import { rewriteHead } from '../../../shared/replay/rewrite.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (head: Uint8Array): string => Array.from(head, (byte) => String.fromCharCode(byte)).join('');

describe('a head that is sent again', () => {
  const head = bytes('PATCH /a/1 HTTP/1.1\r\nhOST:  old:1 \r\nX-Raw: \u00ff\r\nContent-Length: 1\r\n\r\n');

  it('is the same bytes where nothing is to be changed', () => {
    expect(rewriteHead(head, { host: null, translate: (line) => line })).toBe(head);
  });

  it('names another host and nothing else, however it is written', () => {
    expect(text(rewriteHead(head, { host: 'new:22', translate: (line) => line }))).toBe(
      'PATCH /a/1 HTTP/1.1\r\nhOST:  new:22 \r\nX-Raw: \u00ff\r\nContent-Length: 1\r\n\r\n',
    );
  });

  it('keeps its length and its host whatever is translated', () => {
    const translate = (line: string): string => line.replaceAll('1', '2').replaceAll('old', 'young');
    expect(text(rewriteHead(head, { host: null, translate }))).toBe(
      'PATCH /a/2 HTTP/2.2\r\nhOST:  old:1 \r\nX-Raw: \u00ff\r\nContent-Length: 1\r\n\r\n',
    );
  });

  it('may end anywhere', () => {
    expect(
      text(rewriteHead(bytes('GET / HTTP/1.1\r\nHost: o'), { host: 'n', translate: (line) => line })),
    ).toBe('GET / HTTP/1.1\r\nHost: n');
  });
});
