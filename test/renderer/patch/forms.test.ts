import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSER, findDifferences } from '../../../renderer/patch/differences.ts';
import {
  type Base,
  conditionOf,
  contentBytes,
  fieldsOf,
  type Form,
  FORMS,
  headBytes,
  type Plan,
  planForm,
  requestSummary,
  type Settings,
  written,
} from '../../../renderer/patch/forms.ts';
import { createPatchReader } from '../../../shared/byteranges/patch-reader.ts';
import { type Cells, MISSING, sameCells } from '../../../renderer/patch/cells.ts';
import { cells, shown } from './cells.ts';

const SETTINGS: Settings = { closer: CLOSER, segment: 4, conditional: true, transaction: null };

const base = (text: string, over: Partial<Base> = {}): Base => ({
  url: 'http://127.0.0.1:18080/uploads/a.bin?b=c',
  exists: true,
  etag: '"1"',
  contentType: 'text/plain',
  cells: cells(text),
  ...over,
});

function plan(form: Form, from: Base, after: Cells, settings: Partial<Settings> = {}): Plan {
  const all = { ...SETTINGS, ...settings };
  return planForm(form, from, after, findDifferences(from.cells, after, all.closer), all);
}

/** What goes out of a plan, as text: heads and contents. */
function sent(form: Form, from: Base, text: string, settings: Partial<Settings> = {}): string[] {
  const after = cells(text);
  const all = { ...SETTINGS, ...settings };
  return plan(form, from, after, settings).requests.map((request, index) => {
    const head = headBytes(from, request, conditionOf(from, all, index, from.etag), all);
    return (
      new TextDecoder('latin1').decode(head) + new TextDecoder('latin1').decode(contentBytes(request, after))
    );
  });
}

const request = (method: string, type: string, content: string): string =>
  [
    `${method} /uploads/a.bin?b=c HTTP/1.1`,
    'Host: 127.0.0.1:18080',
    `Content-Type: ${type}`,
    `Content-Length: ${content.length}`,
    'If-Match: "1"',
    '',
    content,
  ].join('\r\n');

describe('the five forms', () => {
  const BEFORE = 'aaaaaaaaaaaaaaaaaaaa';
  const AFTER = 'aXaaaaaaaaaaaaaaaaYaZZ';

  it('PUT sends the whole', () => {
    expect(sent('put', base(BEFORE), AFTER)).toEqual([request('PUT', 'text/plain', AFTER)]);
  });

  it('segments send the whole, a piece a request', () => {
    expect(sent('segments', base('abcdef'), 'abcXef')).toEqual([
      request('PATCH', 'message/byterange', 'Content-Range: bytes 0-3/6\r\nContent-Length: 4\r\n\r\nabcX'),
      request('PATCH', 'message/byterange', 'Content-Range: bytes 4-5/6\r\nContent-Length: 2\r\n\r\nef'),
    ]);
  });

  it('message/byterange sends each range by itself', () => {
    expect(sent('message', base(BEFORE), AFTER)).toEqual([
      request('PATCH', 'message/byterange', 'Content-Range: bytes 1-1/22\r\nContent-Length: 1\r\n\r\nX'),
      request('PATCH', 'message/byterange', 'Content-Range: bytes 18-21/22\r\nContent-Length: 4\r\n\r\nYaZZ'),
    ]);
  });

  it('multipart/byteranges sends all ranges at once', () => {
    const content =
      '--range\r\nContent-Range: bytes 1-1/22\r\nContent-Length: 1\r\n\r\nX' +
      '\r\n--range\r\nContent-Range: bytes 18-21/22\r\nContent-Length: 4\r\n\r\nYaZZ\r\n--range--';
    expect(sent('multipart', base(BEFORE), AFTER)).toEqual([
      request('PATCH', 'multipart/byteranges; boundary=range', content),
    ]);
  });

  it('application/byteranges sends them in binary', () => {
    const content =
      '\x08\x1b\x0dcontent-range\x0cbytes 1-1/22\x01X' +
      '\x08\x1d\x0dcontent-range\x0ebytes 18-21/22\x04YaZZ';
    expect(sent('application', base(BEFORE), AFTER)).toEqual([
      request('PATCH', 'application/byteranges', content),
    ]);
  });

  it('a shorter state says so in a part of its own, in every form but PUT', () => {
    const range = 'Content-Range: bytes */2\r\nContent-Length: 0\r\n\r\n';
    expect(sent('message', base('abcd'), 'aX')[1]).toMatch(`${range}`);
    expect(sent('multipart', base('abcd'), 'aX')[0]).toMatch(range);
    expect(sent('application', base('abcd'), 'ab')[0]).toMatch('content-range\x09bytes */2\x00');
    expect(sent('segments', base('abcd'), 'ab').at(-1)).toMatch(range);
    expect(sent('put', base('abcd'), 'ab')[0]).toMatch(/Content-Length: 2\r\n/);
    expect(sent('segments', base('abcd'), '')).toHaveLength(1);
  });

  it('never uses a boundary that is in the bytes', () => {
    expect(sent('multipart', base(''), '--range and --range-1 too')[0]).toMatch('boundary=range-2\r\n');
  });

  it('says how many bytes that is, without heads and with them', () => {
    for (const { form } of FORMS) {
      const made = plan(form, base(BEFORE), cells(AFTER));
      expect(made.total).toBe(sent(form, base(BEFORE), AFTER).reduce((sum, text) => sum + text.length, 0));
      expect(made.content).toBe(made.requests.reduce((sum, { length }) => sum + length, 0));
    }
  });
});

describe('a form that has nothing to send', () => {
  it.each<[string, Form, Plan]>([
    ['Nothing differs', 'message', plan('message', base('abc'), cells('abc'))],
    ['Nothing differs', 'multipart', plan('multipart', base('abc'), cells('abc'))],
    ['Nothing differs', 'application', plan('application', base('abc'), cells('abc'))],
    ['2 bytes of it are missing', 'put', plan('put', base('a··c'), cells('X··c'))],
    ['choose larger segments', 'segments', plan('segments', base(''), cells('a'.repeat(4_001)))],
    [
      'join more differences',
      'message',
      plan('message', base('ab'.repeat(1_001)), cells('Xb'.repeat(1_001)), { closer: 1 }),
    ],
    [
      '10,000 are the most',
      'multipart',
      plan('multipart', base('ab'.repeat(10_001)), cells('Xb'.repeat(10_001)), { closer: 1 }),
    ],
  ])('%s (%s)', (sentence, form, made) => {
    expect(made).toMatchObject({ form, requests: [], content: 0, total: 0 });
    expect(made.refusal).toContain(sentence);
    expect(made.refusal).toMatch(/\.$/);
  });

  it('is not PUT, nor segments, which send the whole even if it is the same', () => {
    expect(plan('put', base('abc'), cells('abc')).requests).toHaveLength(1);
    expect(plan('segments', base('abc'), cells('abc')).requests).toHaveLength(1);
  });

  it('segments leave out what is missing', () => {
    expect(plan('segments', base('ab·def'), cells('ab·def')).requests.map(({ ranges }) => ranges)).toEqual([
      [{ first: 0, end: 2 }],
      [{ first: 3, end: 4 }],
      [{ first: 4, end: 6 }],
    ]);
  });
});

describe('conditions and preferences', () => {
  const put = plan('put', base('a'), cells('b')).requests[0]!;
  const lines = (
    from: Base,
    settings: Partial<Settings>,
    index = 0,
    etag: string | null = from.etag,
  ): string[] => {
    const all = { ...SETTINGS, ...settings };
    return fieldsOf(from, put, conditionOf(from, all, index, etag), all)
      .slice(3)
      .map(([name, value]) => `${name}: ${value}`);
  };

  it.each<[string, string[], string[]]>([
    ['what was loaded', lines(base('a'), {}), ['If-Match: "1"']],
    ['what is new', lines(base('', { exists: false, etag: null }), {}), ['If-None-Match: *']],
    [
      'what is new, after the first request',
      lines(base('', { exists: false, etag: null }), {}, 1, '"2"'),
      ['If-Match: "2"'],
    ],
    ['nothing, when its user says so', lines(base('a'), { conditional: false }), []],
    ['nothing, without an ETag', lines(base('a', { etag: null }), {}), []],
    ['nothing, with a weak one', lines(base('a', { etag: 'W/"1"' }), {}), []],
    [
      'a transaction',
      lines(base('a'), { transaction: 'atomic' }),
      ['If-Match: "1"', 'Prefer: transaction=atomic'],
    ],
    [
      'another',
      lines(base('a'), { conditional: false, transaction: 'persist' }),
      ['Prefer: transaction=persist'],
    ],
  ])('%s', (_what, made, expected) => {
    expect(made).toEqual(expected);
  });
});

describe('what is there after each request', () => {
  it('is what it wrote in what was there', () => {
    const from = base('abcdef');
    const after = cells('aXcdefgh');
    const [first, second] = plan('message', from, after, { closer: 1 }).requests;
    const once = written(from, after, first!, '"2"');
    expect([shown(once.cells), once.etag]).toEqual(['aXcdef', '"2"']);
    expect(shown(written(once, after, second!, null).cells)).toBe('aXcdefgh');
  });

  it('has a gap where a request was written behind the end', () => {
    const from = base('', { exists: false, etag: null });
    const after = cells('abcdefgh');
    const second = plan('segments', from, after).requests[1]!;
    expect(written(from, after, second, null)).toMatchObject({ exists: true });
    expect(shown(written(from, after, second, null).cells)).toBe('····efgh');
  });

  it('is what a reader of such patches makes of the bytes', () => {
    const state = fc
      .array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 })
      .map((list): Cells => Int16Array.from(list));
    fc.assert(
      fc.property(
        state,
        state,
        fc.constantFrom<Form>('segments', 'message', 'multipart', 'application'),
        (before, after, form) => {
          const from = { ...base(''), cells: before };
          let now: number[] = [...before];
          for (const { contentType, pieces, length, ...rest } of plan(form, from, after, { closer: 4 })
            .requests) {
            const bytes = contentBytes({ ...rest, contentType, pieces, length }, after);
            let at = -1;
            const reader = createPatchReader(contentType, {
              head: ({ range }) => {
                at = range.first ?? -1;
                if (range.first === null) now = now.slice(0, range.complete!);
              },
              body: (from, first, to) => {
                for (let i = first; i < to; i++) now[at++] = from[i]!;
              },
              partEnd: (whole) => expect(whole).toBe(true),
              fault: (fault) => expect(fault).toBeUndefined(),
            });
            reader!.feed(bytes, 0, bytes.length, 0);
            expect(reader!.end()).toBe(true);
          }
          expect(now).toEqual([...after]);
        },
      ),
    );
  });

  it('is in the end what was edited, in every form', () => {
    const state = fc
      .array(fc.integer({ min: 0x61, max: 0x63 }), { maxLength: 40 })
      .map((list): Cells => Int16Array.from(list));
    fc.assert(
      fc.property(
        state,
        state,
        fc.constantFrom(...FORMS),
        fc.integer({ min: 1, max: 12 }),
        (before, after, { form }, closer) => {
          const from = { ...base(''), cells: before };
          let now: Base = from;
          for (const request of plan(form, from, after, { closer }).requests)
            now = written(now, after, request, null);
          expect(sameCells(now.cells, after)).toBe(true);
        },
      ),
    );
  });
});

describe('a request in few words', () => {
  it.each<[Form, string, string, string]>([
    ['put', 'abc', 'abX', 'all 3 bytes'],
    ['message', 'abc', 'abX', 'bytes 2-2/3'],
    ['multipart', 'aaaaaaaaaaaaaa', 'Xaaaaaaaaaaaab'.replace('b', 'Y'), '2 ranges'],
    ['message', 'abc', 'ab', 'bytes */2'],
    ['multipart', 'abc', 'aX', '1 range and the new length'],
  ])('%s of %j to %j is %j', (form, before, after, words) => {
    const [request] = plan(form, base(before), cells(after)).requests;
    expect(requestSummary(request!, after.length)).toBe(words);
  });

  it('keeps missing bytes out of every request', () => {
    const after = cells('aX··c');
    for (const { form } of FORMS)
      for (const request of plan(form, base('ab··c'), after).requests)
        for (const { first, end } of request.ranges)
          expect(after.subarray(first, end).includes(MISSING)).toBe(false);
  });
});
