import { describe, expect, it } from 'vitest';
import { readLoad, readSend, type SendResult } from '../../../renderer/patch/answers.ts';
import { MOST } from '../../../renderer/patch/cells.ts';
import { shown } from './cells.ts';

const URL = 'http://127.0.0.1:18080/uploads/a.bin';

/** An answer as the engine hands it on. */
function answer(status: number, fields: Record<string, string> = {}, content = '', reason = ''): SendResult {
  return {
    outcome: status < 400 ? 'completed' : 'refused',
    reason: `The server answered ${status}.`,
    final: { status, reason, fields: Object.entries(fields), content: btoa(content) },
  };
}
const none = (reason: string): SendResult => ({ outcome: 'failed', reason, final: null });

const load = (result: SendResult) => {
  const read = readLoad(URL, result);
  if ('sentence' in read) return read;
  const { base, status, have } = read;
  return { status, have, etag: base.etag, type: base.contentType, bytes: shown(base.cells) };
};

describe('what was loaded', () => {
  it.each<[string, SendResult, object]>([
    [
      'a whole resource',
      answer(200, { ETag: '"1"', 'Content-Length': '3', 'Content-Type': 'text/plain' }, 'abc', 'OK'),
      { status: '200 OK', have: 3, etag: '"1"', type: 'text/plain', bytes: 'abc' },
    ],
    [
      'a whole resource as a range',
      answer(206, { 'Content-Range': 'bytes 0-2/3', 'Content-Length': '3' }, 'abc'),
      { have: 3, etag: null, type: 'application/octet-stream', bytes: 'abc' },
    ],
    ['chunked content', answer(200, {}, 'abc'), { have: 3, bytes: 'abc' }],
    ['an empty resource', answer(200, { 'Content-Length': '0' }), { have: 0, bytes: '' }],
    [
      'an empty resource without a range',
      answer(416, { 'Content-Range': 'bytes */0' }),
      { have: 0, bytes: '' },
    ],
    [
      'an incomplete resource',
      answer(299, { 'Content-Range': 'bytes 0-2/5', 'Content-Length': '3' }, 'abc', 'Incomplete Content'),
      { status: '299 Incomplete Content', have: 3, bytes: 'abc··' },
    ],
    [
      'one whose server says no more than 200',
      answer(200, { 'Content-Range': 'bytes 0-2/5' }, 'abc'),
      { bytes: 'abc··' },
    ],
    [
      'one of which nothing is there',
      answer(416, { 'Content-Range': 'bytes */3' }),
      { have: 0, bytes: '···' },
    ],
  ])('%s', (_what, result, expected) => {
    expect(load(result)).toMatchObject(expected);
  });

  it.each<[string, SendResult, RegExp, object]>([
    ['nothing there', answer(404), /nothing at this address yet/, { ways: ['new'], mild: true }],
    ['gone', answer(410), /nothing at this address yet/, { ways: ['new'] }],
    [
      'too large',
      answer(206, { 'Content-Range': `bytes 0-1/${MOST + 1}` }, 'ab'),
      /1,048,577 bytes.*interim patch/,
      { ways: [] },
    ],
    ['too large without a length', answer(200, {}, 'a'.repeat(MOST)), /more bytes/, { ways: [] }],
    ['not allowed', answer(401), /who asks/, { ways: [] }],
    [
      'elsewhere',
      answer(301, { Location: '/b' }, '', 'Moved Permanently'),
      /301 Moved Permanently: it is at \/b\.$/,
      {},
    ],
    [
      'a method that is none there',
      answer(405, { 'Content-Type': 'text/plain' }, 'Only PUT.\nReally.'),
      /answered 405: Only PUT\.$/,
      {},
    ],
    [
      '415 with a problem',
      answer(415, { 'Content-Type': 'application/problem+json' }, '{"detail":"Not so.","title":"No"}'),
      /answered 415: Not so\.$/,
      {},
    ],
    [
      'a problem that is no JSON',
      answer(500, { 'Content-Type': 'application/problem+json' }, '{'),
      /answered 500\.$/,
      { ways: ['load'] },
    ],
    ['unreachable', none('Nobody listens at 127.0.0.1:1.'), /^Nobody listens/, { ways: [] }],
    ['stopped', none('It was stopped'), /^It was stopped\.$/, {}],
    [
      'broken off',
      { ...answer(200, { 'Content-Length': '5' }, 'ab'), outcome: 'failed', reason: 'It broke off.' },
      /It broke off\. Load it again/,
      { ways: ['load'] },
    ],
    [
      'other bytes',
      answer(206, { 'Content-Range': 'bytes 3-4/9' }, 'ab'),
      /from 3 on, which nobody asked for/,
      {},
    ],
  ])('%s is told in a sentence', (_what, result, sentence, expected) => {
    const read = load(result);
    expect(read).toMatchObject(expected);
    expect('sentence' in read && read.sentence).toMatch(sentence);
  });
});

describe('what was sent', () => {
  it.each([200, 201, 204, 299])('was carried out with %d', (status) => {
    expect(readSend('PATCH', answer(status))).toBeNull();
  });

  it.each<[string, string, SendResult, RegExp, string[]]>([
    [
      'somebody else changed it',
      'PATCH',
      answer(412),
      /Somebody else changed it.*nothing was written/,
      ['load'],
    ],
    [
      'no PATCH here',
      'PATCH',
      answer(405, { Allow: 'GET, PUT' }),
      /takes no PATCH here \(405\); it takes GET, PUT\.$/,
      ['put'],
    ],
    ['no PATCH at all', 'PATCH', answer(501), /takes no PATCH here/, ['put']],
    ['no PUT either', 'PUT', answer(405), /takes no PUT here \(405\)\.$/, []],
    [
      'another form',
      'PATCH',
      answer(415, { 'Accept-Patch': 'message/byterange' }),
      /it takes message\/byterange\.$/,
      ['put'],
    ],
    [
      'malformed',
      'PATCH',
      answer(400, { 'Content-Type': 'application/problem+json' }, '{"detail":"At byte 7."}'),
      /400: At byte 7\.$/,
      ['load'],
    ],
    ['no answer', 'PATCH', none('The connection broke.'), /The connection broke\. Nobody knows/, ['load']],
    [
      'answered too early',
      'PUT',
      { ...answer(200), outcome: 'failed', reason: 'The rest was not sent.' },
      /The rest was not sent\. Nobody knows/,
      ['load'],
    ],
  ])('was not: %s', (_what, method, result, sentence, ways) => {
    const problem = readSend(method, result)!;
    expect(problem.sentence).toMatch(sentence);
    expect(problem.ways).toEqual(ways);
  });
});
