// Reports stay small whatever a server sends, and heads are read as curl prints them.

import { describe, expect, it } from 'vitest';
import { HeadLines } from '../../../../electron/client/lenses/head-lines.ts';
import { entriesOf, pairsOf, Telling } from '../../../../electron/client/lenses/telling.ts';
import { createManualClock } from '../../../../electron/wire/clock.ts';

describe('a telling', () => {
  it('counts time from its beginning', () => {
    const clock = createManualClock();
    clock.advance(500);
    const telling = new Telling(clock);
    clock.advance(20);
    telling.interim(102, []);
    clock.advance(5);
    telling.end();
    expect(telling.report('raw', '').told.map(({ at }) => at)).toEqual([20, 25]);
  });

  it('keeps ten thousand things, the last count of the content, and how it ended', () => {
    const telling = new Telling(createManualClock());
    for (let i = 0; i < 9_999; i++) telling.interim(102, []);
    for (let i = 0; i < 50; i++) telling.content(new Uint8Array(10));
    telling.trailers([['X', 'y']]);
    telling.end();
    const { told } = telling.report('raw', '');
    expect(told).toHaveLength(10_001);
    expect(told.slice(-2)).toEqual([
      { at: 0, what: 'content', bytes: 500 },
      { at: 0, what: 'end' },
    ]);
  });

  it('keeps the first 1 MiB of the content, copied', () => {
    const telling = new Telling(createManualClock());
    const piece = Buffer.alloc(700_000, 1);
    telling.content(piece);
    piece.fill(2);
    telling.content(piece);
    const { content } = telling.report('raw', '');
    expect(content).toHaveLength(1024 * 1024);
    expect([content[0], content[699_999], content[700_000]]).toEqual([1, 1, 2]);
  });

  it.each([
    ['end', 'fail'],
    ['fail', 'end'],
  ] as const)('is over with its %s: nothing more is told', (first, second) => {
    const telling = new Telling(createManualClock());
    for (const each of [first, second]) {
      if (each === 'end') telling.end();
      else telling.fail(new Error('broken'));
    }
    telling.interim(102, []);
    telling.content(new Uint8Array(1));
    const report = telling.report('raw', '');
    expect(report.told).toHaveLength(1);
    expect(report.completed).toBe(first === 'end');
    expect(report.error === null).toBe(first === 'end');
  });

  it.each([
    [Object.assign(new Error('gone'), { code: 'ECONNRESET' }), ['Error', 'ECONNRESET', 'gone']],
    [Object.assign(new Error('odd'), { code: undefined }), ['Error', '', 'odd']],
    [
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' }),
      }),
      ['TypeError', 'UND_ERR_SOCKET', 'fetch failed (cause: Error: closed)'],
    ],
    ['just words', ['string', '', 'just words']],
  ])('tells the error %s by name, code and words', (error, [name, code, message]) => {
    const telling = new Telling(createManualClock());
    telling.fail(error);
    expect(telling.report('raw', '').error).toEqual({ name, code, message });
  });
});

describe('fields', () => {
  it('are read from Node’s flat list and from undici’s object', () => {
    expect(pairsOf(['A', '1', 'a', '2'])).toEqual([
      ['A', '1'],
      ['a', '2'],
    ]);
    expect(entriesOf({ a: '1', b: ['2', '3'], c: undefined })).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['b', '3'],
    ]);
  });
});

describe('heads as curl prints them', () => {
  const TEXT =
    'HTTP/1.1 102 Processing\r\nX-A: 1\r\n\r\nHTTP/1.1 200 Fine Day\r\nOdd:  b: c \r\nEmpty:\r\n\r\nX-T: yes\r\n';

  it.each([1, 2, 3, 7, TEXT.length])('are the same whether they come %i characters at a time', (size) => {
    const seen: unknown[] = [];
    const lines = new HeadLines({
      response: (status, reason, fields) => seen.push([status, reason, fields]),
      trailers: (fields) => seen.push(fields),
    });
    for (let at = 0; at < TEXT.length; at += size) lines.feed(TEXT.slice(at, at + size));
    lines.end();
    expect(seen).toEqual([
      [102, 'Processing', [['X-A', '1']]],
      [
        200,
        'Fine Day',
        [
          ['Odd', 'b: c'],
          ['Empty', ''],
        ],
      ],
      [['X-T', 'yes']],
    ]);
  });
});
