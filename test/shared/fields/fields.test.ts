// Prefer, Status-URI, Expect, Acknowledge and location fields: what they say, and what is no value of theirs.

import { describe, expect, test } from 'vitest';
import {
  parseAcknowledge,
  parseAcknowledgeReason,
  writeAcknowledge,
} from '../../../shared/fields/acknowledge.ts';
import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { resolveLocation } from '../../../shared/fields/location.ts';
import { parsePrefer, writePrefer } from '../../../shared/fields/prefer.ts';
import { parseStatusUri, writeStatusUri } from '../../../shared/fields/status-uri.ts';

describe('Prefer', () => {
  function read(value: string): unknown {
    const preferences = parsePrefer(value);
    if (preferences instanceof FieldFault) return `${preferences.code} at ${preferences.at}`;
    return [...preferences].map(([name, preference]) => [
      name,
      preference.value,
      Object.fromEntries(preference.parameters),
    ]);
  }

  test.each<[string, unknown]>([
    ['', []],
    [
      'resume, processing, respond-async, wait=1',
      [
        ['resume', '', {}],
        ['processing', '', {}],
        ['respond-async', '', {}],
        ['wait', '1', {}],
      ],
    ],
    ['Resume=save-incomplete', [['resume', 'save-incomplete', {}]]],
    ['transaction = "atomic"', [['transaction', 'atomic', {}]]],
    ['foo=""', [['foo', '', {}]]],
    ['foo; some-parameter', [['foo', '', { 'some-parameter': '' }]]],
    ['foo=1 ;a=2; B = "x,;y" ;', [['foo', '1', { a: '2', b: 'x,;y' }]]],
    ['foo;;a=1;a=2', [['foo', '', { a: '1' }]]],
    ['wait="5"', [['wait', '5', {}]]],
    ['foo\t=\t1;a\t=\t"";b', [['foo', '1', { a: '', b: '' }]]],
    ['a="é"', [['a', 'é', {}]]],
    ['wait=1, WAIT=2', [['wait', '1', {}]]],
    [', ,wait=10,', [['wait', '10', {}]]],
    [String.raw`a="\"q\\"`, [['a', '"q\\', {}]]],
    ['wait=', 'syntax at 5'],
    ['=1', 'syntax at 0'],
    ['a b', 'syntax at 2'],
    ['a="x', 'syntax at 2'],
    ['a="x\n"', 'syntax at 4'],
    ['a="\\', 'syntax at 2'],
    ['a="\\\u0000"', 'syntax at 4'],
    ['a;=1', 'syntax at 2'],
  ])('%j', (value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  test('is written so that it is read back', () => {
    const value = writePrefer([
      { name: 'respond-async' },
      { name: 'wait', value: '10' },
      { name: 'x', value: 'a "b"', parameters: { p: '1', q: '' } },
    ]);
    expect(value).toBe(String.raw`respond-async, wait=10, x="a \"b\""; p=1; q`);
    expect(read(value)).toEqual([
      ['respond-async', '', {}],
      ['wait', '10', {}],
      ['x', 'a "b"', { p: '1', q: '' }],
    ]);
  });
});

describe('Status-URI', () => {
  test.each([
    ['507 <http://example.com/photo/41>', [{ status: 507, reference: 'http://example.com/photo/41' }]],
    [
      '201 </a,b>, 404<x>,,',
      [
        { status: 201, reference: '/a,b' },
        { status: 404, reference: 'x' },
      ],
    ],
    ['', []],
  ])('%j', (value, expected) => {
    expect(parseStatusUri(value)).toEqual(expected);
  });

  test.each([
    ['201', 3],
    ['201 /a', 4],
    ['2011 </a>', 0],
    ['099 </a>', 0],
    ['201 </a b>', 7],
    ['201 </a', 7],
    ['201 </a> 202 </b>', 9],
  ])('%j is refused at %i', (value, at) => {
    expect(parseStatusUri(value)).toMatchObject({ code: 'syntax', at });
  });

  test('is written so that it is read back', () => {
    const results = [
      { status: 201, reference: '/capture' },
      { status: 507, reference: 'http://a/b' },
    ];
    expect(parseStatusUri(writeStatusUri(results))).toEqual(results);
  });
});

describe('Expect', () => {
  test.each<[string | null, unknown]>([
    [null, { continue: false, others: [] }],
    ['100-continue', { continue: true, others: [] }],
    ['100-Continue', { continue: true, others: [] }],
    ['100-continue, x=1;y="2"; z', { continue: true, others: ['x'] }],
    ['200-ok', { continue: false, others: ['200-ok'] }],
    ['x="a,b";;y=1 ; ,100-continue', { continue: true, others: ['x'] }],
    ['100-continue=1', { continue: false, others: ['100-continue'] }],
    ['', { continue: false, others: [] }],
  ])('%j', (value, expected) => {
    expect(parseExpect(value)).toEqual(expected);
  });

  test.each(['"100-continue"', '100-continue x', 'x=', 'x=1;y='])('%j is no expectation', (value) => {
    expect(parseExpect(value)).toMatchObject({ code: 'syntax' });
  });
});

describe('Acknowledge', () => {
  test('is a number of bytes', () => {
    expect(parseAcknowledge(' 65536 ')).toBe(65536);
    expect(parseAcknowledge(writeAcknowledge(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
  });

  test.each([
    ['', 'syntax', 0],
    ['-1', 'syntax', 0],
    ['1e3', 'syntax', 1],
    ['1, 2', 'syntax', 1],
    [' 9007199254740992', 'number-too-large', 1],
  ])('%j is none', (value, code, at) => {
    expect(parseAcknowledge(value)).toMatchObject({ code, at });
  });

  test.each([
    ['Acknowledge 65536B', 65536],
    ['acknowledge 0b', 0],
    ['Acknowledge', null],
    ['Acknowledge 5', null],
    ['Acknowledge 9007199254740992B', null],
    ['OK', null],
  ])('the reason %j of a 199 acknowledges %j', (reason, bytes) => {
    expect(parseAcknowledgeReason(reason)).toBe(bytes);
  });
});

describe('a location', () => {
  const base = 'http://127.0.0.1:18080/job/new?x=1';
  test.each<[string, string, string | null, boolean]>([
    ['/job/1.req', 'http://127.0.0.1:18080/job/1.req', null, false],
    ['1.req?y', 'http://127.0.0.1:18080/job/1.req?y', null, false],
    ['', 'http://127.0.0.1:18080/job/new?x=1', null, false],
    ['</status>', 'http://127.0.0.1:18080/status', null, true],
    ['//example.com/a#b', 'http://example.com/a', null, false],
    ['https://us%20er:p%3Aw@example.com/a', 'https://us%20er:p%3Aw@example.com/a', 'us er:p:w', false],
    ['http://user@example.com/', 'http://user@example.com/', 'user:', false],
    ['http://%ff@example.com/', 'http://%ff@example.com/', '%ff:', false],
    ['./a/../b/./c', 'http://127.0.0.1:18080/job/b/c', null, false],
    ['../../../x', 'http://127.0.0.1:18080/x', null, false],
    ['?request=42', 'http://127.0.0.1:18080/job/new?request=42', null, false],
    ['<?request=42>', 'http://127.0.0.1:18080/job/new?request=42', null, true],
    ['<>', 'http://127.0.0.1:18080/job/new?x=1', null, true],
    ['#top', 'http://127.0.0.1:18080/job/new?x=1', null, false],
    ['\t http://[::1]:8080/a[1]|{2} ', 'http://[::1]:8080/a[1]|%7B2%7D', null, false],
    ['//us:pw@example.com:80/', 'http://us:pw@example.com/', 'us:pw', false],
    ['/caf\u00c3\u00a9', 'http://127.0.0.1:18080/caf%c3%a9', null, false],
    ['/caf\u00e9', 'http://127.0.0.1:18080/caf%e9', null, false],
  ])('%j is resolved against the URI of the request', (value, href, userinfo, bracketed) => {
    const location = resolveLocation(value, base);
    if (location instanceof FieldFault) throw new Error(location.message);
    expect({ ...location, url: location.url.href }).toEqual({ url: href, userinfo, bracketed });
  });

  test.each([
    ['/a b', 'syntax', 2],
    ['</a>b', 'syntax', 0],
    ['/\\example.com/', 'syntax', 1],
    [' </a"b>', 'syntax', 4],
    ['///example.com/', 'unresolvable', 0],
    [' http:///a', 'unresolvable', 1],
    ['http:a', 'unresolvable', 0],
    ['https:/a', 'unresolvable', 0],
    ['http://user@/a', 'unresolvable', 0],
    ['http://a:99999/', 'unresolvable', 0],
    ['http://[', 'unresolvable', 0],
    ['javascript:alert(1)', 'unresolvable', 0],
  ])('%j is refused', (value, code, at) => {
    expect(resolveLocation(value, base)).toMatchObject({ code, at });
  });
});
