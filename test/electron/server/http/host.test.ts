// What may stand in a Host field, as a table (RFC 9110 §7.2, RFC 3986 §3.2.2). No socket.

import { describe, expect, test } from 'vitest';
import { hostFault } from '../../../../electron/server/http/host.ts';
import { createParser } from '../../../../shared/http1/parser.ts';
import type { Head } from '../../../../shared/http1/types.ts';

function headOf(lines: readonly string[], minor = 1): Head {
  let kept: Head | null = null;
  const parser = createParser('request', { head: (head) => void (kept = head.keep()) });
  parser.feed(new TextEncoder().encode([`GET / HTTP/1.${minor}`, ...lines, '', ''].join('\r\n')));
  if (kept === null) throw new Error('no head');
  return kept;
}

describe('a Host field', () => {
  test.each([
    '',
    'a',
    ':80',
    'example.com',
    'localhost:18080',
    'localhost:',
    '127.0.0.1:1',
    '[::1]',
    '[::1]:18080',
    '[::ffff:1.2.3.4]:',
    '[v1.a:b]',
    "a_b~!$&'()*+,;=",
    '%41%c3%A4',
  ])('may be "%s"', (value) => {
    expect(hostFault(headOf([`Host: ${value}`]))).toBeNull();
  });

  test.each([
    'a b',
    'a/b',
    'a?b',
    'a#b',
    'a@b',
    'http://a',
    'a:b',
    'a:80:80',
    'a:-1',
    'a\\b',
    '"a"',
    '<a>',
    '%4',
    '%zz',
    '::1',
    '[::1',
    '[]',
    '[a]',
    '[1.2.3.4]',
    '[:::1]',
    '[fe80::1%eth0]',
    '[::1]x',
    '[v1.]',
    '\u00e4',
  ])('may not be "%s"', (value) => {
    expect(hostFault(headOf([`Host: ${value}`]))).toMatch(/^The Host field must be a host name or address/);
  });

  test('is needed once, but not by HTTP/1.0', () => {
    expect(hostFault(headOf([]))).toMatch(/needs a Host field/);
    expect(hostFault(headOf([], 0))).toBeNull();
    expect(hostFault(headOf(['Host: a', 'HOST: a']))).toMatch(/only one/);
    expect(hostFault(headOf(['Host: a', 'Host: a'], 0))).toMatch(/only one/);
    expect(hostFault(headOf(['Host: a b'], 0))).toMatch(/must be/);
  });
});
