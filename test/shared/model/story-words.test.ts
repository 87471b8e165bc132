import { describe, expect, it } from 'vitest';
import type { PackedFault } from '../../../shared/model/events.ts';
import {
  askedParts,
  faultParts,
  interimParts,
  lossParts,
  named,
  noteParts,
  reason,
  requestParts,
  type StoryPart,
  where,
} from '../../../shared/model/story-words.ts';

const words = (parts: readonly StoryPart[]): string => parts.map(({ text }) => text).join('');

describe('a fault', () => {
  const fault: PackedFault = { action: 'cut', cut: 'rst', origin: 'user', end: 'server', direction: 'in' };
  it.each<[Partial<PackedFault>, string, string?]>([
    [{}, 'You cut the connection: RST at byte 3 of the content.'],
    [{ cut: 'fin', origin: 'plan' }, 'Cut as planned: FIN at byte 3 of the content.'],
    [
      { cut: 'stall', origin: 'server' },
      'The server’s test cut the connection: silence at byte 3 of the content.',
    ],
    [{ action: 'stall' }, 'You stalled the connection: its bytes are held.'],
    [{ action: 'resume' }, 'You let go: the held bytes move on.'],
    [
      { action: 'corrupt', direction: 'out' },
      'You changed byte 3 of the content on its way out of the server.',
      '32',
    ],
    [
      { action: 'delay' },
      'You delayed what the server reads from byte 3 of the content on: 1,200 ms later.',
      '1200',
    ],
    [
      { action: 'delay' },
      'You took back the delay of what the server reads from byte 3 of the content on.',
      '0',
    ],
    [{ action: 'delay' }, 'You delayed what the server reads from byte 3 of the content on.'],
    [
      { action: 'throttle', end: 'client', direction: 'out' },
      'You throttled what the client writes from byte 3 of the content on: 50,000 bytes a second at most.',
      '50000',
    ],
    [
      { action: 'fragment', origin: 'plan' },
      'The plan fragmented what the server reads from byte 3 of the content on: 7 bytes at a time at most.',
      '7',
    ],
    [
      { action: 'fragment' },
      'You fragmented what the server reads from byte 3 of the content on: byte by byte.',
      '1',
    ],
  ])('%o is told as: %s', (change, told, amount = '') => {
    expect(words(faultParts({ ...fault, ...change }, where(100, 3), amount))).toBe(told);
  });

  it('is placed in the stream where its content is not known', () => {
    expect(where(1234, NaN)).toBe('byte 1,234 of the stream');
  });
});

it.each([
  ['fin', '', 'Connection lost: the server ended it in the middle (FIN).'],
  ['rst', '', 'Connection lost: the server reset it (RST).'],
  ['silence', '', 'Connection lost: neither FIN nor RST, only silence.'],
  ['error', 'ECONNREFUSED', 'Connection lost: ECONNREFUSED.'],
] as const)('a connection that ended by %s %s: %s', (how, error, told) => {
  expect(words(lossParts({ how, by: 'server', end: 'client', at: 0, error }))).toBe(told);
});

it.each([
  ['', ''],
  ['has 1', ': 1 byte stored'],
  ['1/3 "Knitting sweaters"', ' 1/3 “Knitting sweaters”'],
  ["5/ UTF-8'ja'%e9%a3%9f", ' 5/ “食”'],
  ['3/20 8020/8591489 (bytes)', ' 3/20, of that 8020/8591489 bytes'],
  ['3/20 ???', ' 3/20 ???'],
  ['/job/7.req', ' tells where the upload lives: /job/7.req'],
])('an interim response with the gist %j says %j', (gist, told) => {
  expect(words(interimParts(gist))).toBe(told);
});

it.each([
  ['POST', 'first', 'POST /x'],
  ['POST', 'again', 'POST /x is sent again, from the beginning'],
  ['HEAD', 'later', 'HEAD asks how many bytes arrived'],
  ['HEAD', 'first', 'HEAD /x'],
  ['PATCH', 'later', 'PATCH sends what is missing'],
  ['PATCH', 'first', 'PATCH /x'],
] as const)('%s as the %s request begins %j', (method, place, told) => {
  expect(words(requestParts(method, '/x', place))).toBe(told);
});

it('shortens a long target, but never its end', () => {
  const target = `/${'a'.repeat(100)}/the-end.req`;
  expect(words(requestParts('GET', target, 'first'))).toMatch(/^GET \/a+…a+\/the-end\.req$/);
});

it('writes reasons as the rest is written', () => {
  expect(
    reason('Bytes 292144 to 999999 are kept at http://127.0.0.1:18080/job/12345.req.', '127.0.0.1:18080'),
  ).toBe('Bytes 292,144 to 999,999 are kept at /job/12345.req.');
  expect(reason('See http://example.com/1.', null)).toBe('See http://example.com/1.');
});

it('names a status without a reason by the registered one', () => {
  expect([named(299, 'Partly'), named(404, ''), named(599, '')]).toEqual([
    '299 Partly',
    '404 Not Found',
    '599',
  ]);
});

it.each([
  [5, NaN, 'GET /x asks for everything from byte 5 on'],
  [1000, 1999, 'GET /x asks for bytes 1,000–1,999'],
  [NaN, 500, 'GET /x asks for the last 500 bytes'],
])('a request for %s to %s: %s', (first, last, told) => {
  expect(words(askedParts('GET', '/x', first, last))).toBe(told);
});

it.each([
  [1, 'Against the rules, by the server: It is wrong. (RFC 1 §2)'],
  [3, 'Against the rules, by the server: It is wrong. 3 times. (RFC 1 §2)'],
])('a rule that was broken %i times', (times, told) => {
  expect(words(noteParts('server', 'It is wrong.', 'RFC 1 §2', times))).toBe(told);
});

it.each([
  ['transaction=atomic', ' promises all or nothing'],
  ['transaction=persist', ' promises to keep every byte as it arrives'],
])('an early hint of %s', (gist, told) => {
  expect(words(interimParts(gist))).toBe(told);
});

it.each([
  ['PUT', 'instead', 'PUT /x is sent again, from the beginning: PATCH is not taken here'],
  ['MOVE', 'later', 'MOVE /x puts what was uploaded in its place'],
  ['HEAD', 'later-download', 'HEAD asks what is there now'],
] as const)('%s as the %s request begins %j', (method, place, told) => {
  expect(words(requestParts(method, '/x', place))).toBe(told);
});

it('tells how far the subordinate operation is', () => {
  expect(words(interimParts('1/3 "Laying out the pages" 12/40 (pages)'))).toBe(
    ' 1/3 “Laying out the pages”, of that 12/40 pages',
  );
  expect(words(interimParts('3/20 "POST" 8020/'))).toBe(' 3/20 “POST”, of that 8020/');
});
