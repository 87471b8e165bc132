// PATCH of a request's content in all three media types of byte ranges: one part or several, whole or cut anywhere; and
// what is refused, with what is stored then.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  layoutPatch,
  type PartToWrite,
  type PatchForm,
  type PatchOptions,
} from '../../../../shared/byteranges/patch-layout.ts';
import { message, patch, running, type Running } from '../harness.ts';

const TOTAL = 5000;
const CONTENT = Array.from({ length: TOTAL }, (_value, index) =>
  String.fromCharCode((index * 11) & 0xff),
).join('');
const PATH = '/job/0.req';

/** The request of a patch whose bodies are the same places of the content. */
function request(
  form: PatchForm,
  parts: readonly PartToWrite[],
  options: PatchOptions = {},
  chunked = false,
): string {
  const layout = layoutPatch(form, parts, options);
  const bytes = layout.pieces
    .map((piece) =>
      'bytes' in piece ? Buffer.from(piece.bytes).toString('latin1') : CONTENT.slice(piece.from, piece.to),
    )
    .join('');
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`;
  const content = chunked ? `${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n` : bytes;
  return message(`PATCH ${PATH}`, [`Content-Type: ${layout.contentType}`, framing], content);
}

function part(first: number, end: number, complete: number | null = TOTAL): PartToWrite {
  return { range: { first, last: end - 1, complete }, from: first, to: end };
}

/** A POST that breaks off after so many bytes. */
async function begun(
  { client, stored, until, notes }: Running,
  have: number,
  chunked = false,
): Promise<void> {
  const raw = await client();
  const own = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${TOTAL}`;
  const content = CONTENT.slice(0, have);
  raw.send(message('POST /collection', ['Expect: 100-continue', 'Prefer: resume', own]));
  raw.send(chunked ? `${have.toString(16)}\r\n${content}\r\n` : content);
  await stored(have);
  raw.reset();
  await until(() => notes.closings.length === 1);
}

const FORMS: readonly (readonly [string, PatchForm, PatchOptions])[] = [
  ['message/byterange', 'message', {}],
  ['message/byterange without a unit', 'message', { legacy: true }],
  ['message/byterange with Content-Offset', 'message', { contentOffset: true, indeterminate: true }],
  ['message/byterange with Content-Offset and its length', 'message', { contentOffset: true }],
  ['multipart/byteranges', 'multipart', {}],
  ['multipart/byteranges without lengths', 'multipart', { indeterminate: true, boundary: 'a"%&boundary' }],
  ['application/byteranges', 'application', {}],
  ['application/byteranges of unknown length', 'application', { indeterminate: true }],
  ['application/byteranges with Content-Offset', 'application', { indeterminate: true, contentOffset: true }],
];

describe('a PATCH of a request’s content', () => {
  describe.each(FORMS)('as %s', (_name, form, options) => {
    test.each([false, true])('completes it (in chunks: %s)', async (chunked) => {
      const run = await running({ stepMilliseconds: 0 });
      await begun(run, 1234);
      const answer = await run.ask(request(form, [part(1234, TOTAL)], options, chunked));
      expect([answer.status, answer.body]).toEqual([201, 'Resource created.\r\n']);
      expect((await run.ask(message('GET /items/1'))).body).toBe(CONTENT);
    });

    test('cut anywhere keeps exactly what came, and goes on from there', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: TOTAL - 1 }), async (cut) => {
          const run = await running({ stepMilliseconds: 0 });
          await begun(run, 0);
          const whole = request(form, [part(0, TOTAL)], options);
          const raw = await run.client();
          raw.send(whole.slice(0, whole.indexOf(CONTENT.slice(0, 300)) + cut));
          // A body that only a boundary ends keeps back what may be the beginning of one.
          const held = form === 'multipart' && options.indeterminate === true ? 32 : 0;
          await run.stored(Math.max(1, cut - held));
          raw.reset();
          const { fields } = await run.ask(message(`HEAD ${PATH}`));
          const have = Number(fields.get('content-length'));
          expect(have).toBeLessThanOrEqual(cut);
          expect(have).toBeGreaterThanOrEqual(cut - held);
          expect((await run.ask(request(form, [part(have, TOTAL)], options))).status).toBe(201);
          expect((await run.ask(message('GET /items/1'))).body).toBe(CONTENT);
        }),
        { numRuns: 15 },
      );
    });
  });

  test.each<PatchForm>(['multipart', 'application'])('takes several adjacent parts as %s', async (form) => {
    const run = await running({ stepMilliseconds: 0 });
    await begun(run, 10);
    const more = await run.ask(request(form, [part(10, 20), part(20, 500), part(500, 501)]));
    expect([more.status, more.body]).toEqual([299, '501/5000 bytes\r\n']);
    expect((await run.ask(request(form, [part(501, 4000), part(4000, TOTAL)]))).status).toBe(201);
    expect((await run.ask(message('GET /items/1'))).body).toBe(CONTENT);
  });

  test.each(FORMS)('tells the length of one that came in chunks, as %s', async (_name, form, options) => {
    const run = await running({ stepMilliseconds: 0 });
    await begun(run, 300, true);
    expect(run.server.state().resources[0]?.length).toBeNull();
    const length: PartToWrite = { range: { first: null, last: null, complete: 300 }, from: 0, to: 0 };
    expect((await run.ask(request(form, [length], options))).status).toBe(201);
    expect((await run.ask(message('GET /items/1'))).body).toBe(CONTENT.slice(0, 300));
  });

  test.each<PatchForm>(['multipart', 'application'])(
    'brings the rest and then the length, as %s',
    async (form) => {
      const run = await running({ stepMilliseconds: 0 });
      await begun(run, 300, true);
      const length: PartToWrite = { range: { first: null, last: null, complete: 400 }, from: 0, to: 0 };
      expect((await run.ask(request(form, [part(300, 400, null), length]))).status).toBe(201);
      expect((await run.ask(message('GET /items/1'))).body).toBe(CONTENT.slice(0, 400));
    },
  );

  test('of an unknown length stays incomplete until it is told', async () => {
    const run = await running({ stepMilliseconds: 0 });
    await begun(run, 300, true);
    const more = await run.ask(request('message', [part(300, 400, null)]));
    expect([more.status, more.body]).toEqual([299, '400/* bytes\r\n']);
    expect((await run.ask(patch(PATH, 'bytes */400', ''))).status).toBe(201);
  });
});

/** A multipart of two: each is its Content-Range and its body. */
function two(...parts: readonly (readonly [range: string, body: string])[]): string {
  return `${parts.map(([range, body]) => `--b\r\nContent-Range: ${range}\r\n\r\n${body}\r\n`).join('')}--b--\r\n`;
}

describe('a PATCH that cannot be right', () => {
  const own = (type: string, content: string): string =>
    message(`PATCH ${PATH}`, [`Content-Type: ${type}`, `Content-Length: ${content.length}`], content);
  const MULTIPART = 'multipart/byteranges; boundary=b';
  const BINARY = 'application/byteranges';

  test.each<[string, string, number, RegExp, number]>([
    [
      'has a part with a gap before it',
      own(MULTIPART, two(['bytes 20-21/5000', 'ab'], ['bytes 30-31/5000', 'cd'])),
      409,
      /next byte here is 22, but the part starts at 30/,
      22,
    ],
    [
      'has a part that overlaps',
      own(MULTIPART, two(['bytes 20-21/5000', 'ab'], ['bytes 21-22/5000', 'cd'])),
      409,
      /next byte here is 22, but the part starts at 21/,
      22,
    ],
    [
      'starts somewhere else',
      own(MULTIPART, two(['bytes 5-6/5000', 'ab'])),
      409,
      /send bytes 20-4999\/5000/,
      20,
    ],
    [
      'has another total in its second part',
      own(MULTIPART, two(['bytes 20-21/5000', 'ab'], ['bytes 22-23/60', 'cd'])),
      400,
      /not 60/,
      22,
    ],
    [
      'has a part without a range',
      own(MULTIPART, '--b\r\nContent-Type: a/b\r\n\r\nab\r\n--b--\r\n'),
      422,
      /no Content-Range field/,
      20,
    ],
    [
      'has a part with both',
      own(MULTIPART, '--b\r\nContent-Range: bytes 20-21/5000\r\nContent-Offset: 20\r\n\r\nab\r\n--b--\r\n'),
      400,
      /may have one of them/,
      20,
    ],
    [
      'has a part longer than its range',
      own(MULTIPART, two(['bytes 20-21/5000', 'abc'])),
      400,
      /after the 2 bytes it announced.* kept\./,
      22,
    ],
    ['has no part', own(MULTIPART, '--b--\r\n'), 422, /has no part/, 20],
    ['has no message', own(BINARY, ''), 422, /has no part/, 20],
    ['has only a preamble', own(MULTIPART, 'hello\r\n'), 400, /ends before its last part does/, 20],
    [
      'has a part shorter than its range',
      own(MULTIPART, two(['bytes 20-29/5000', 'abc'], ['bytes 30-31/5000', 'de'])),
      400,
      /body of the part ends after 3 of 10 bytes\. What came before is kept\./,
      23,
    ],
    [
      'ends within its part',
      own('message/byterange', 'Content-Range: bytes 20-29/5000\r\n\r\nabc'),
      400,
      /body of the part ends after 3 of 10 bytes/,
      23,
    ],
    [
      'ends behind the head of its part',
      own('message/byterange', 'Content-Range: bytes 20-29/5000\r\n\r\n'),
      400,
      /body of the part ends after 0 of 10 bytes/,
      20,
    ],
    [
      'ends before its last boundary',
      own(MULTIPART, '--b\r\nContent-Range: bytes 20-21/5000\r\n\r\nab\r\n--b\r\n'),
      400,
      /ends before its last part does/,
      22,
    ],
    [
      'ends within a chunk of its message',
      own(BINARY, '\x0a\x0dcontent-range\x10bytes 20-29/5000\0\x0aabc'),
      400,
      /body of the part ends after 3 of 10 bytes/,
      23,
    ],
    [
      'has a boundary that is none',
      own('multipart/byteranges; boundary="a\tb"', two(['bytes 20-21/5000', 'ab'])),
      400,
      /boundary/,
      20,
    ],
    ['is of an unknown framing', own(BINARY, '\x07\x00\x00'), 400, /begins with 8 or 10, not with 7/, 20],
    [
      'claims a head that is too large',
      own(BINARY, '\x08\xbf\xff\xff\xff'),
      400,
      /longer than 16384 bytes/,
      20,
    ],
    ['has a negative offset', own('message/byterange', 'Content-Offset: -1\r\n\r\nab'), 400, /offset/i, 20],
    [
      'has an offset of another unit',
      own('message/byterange', 'Content-Offset: 20;unit=lines\r\n\r\nab'),
      400,
      /only bytes/,
      20,
    ],
    [
      'has a range beyond all numbers',
      own('message/byterange', 'Content-Range: bytes 20-9007199254740993/*\r\n\r\nab'),
      400,
      /9007199254740991/,
      20,
    ],
    [
      'ends within its head',
      own('message/byterange', 'Content-Range: byt'),
      400,
      /ends before its last part does/,
      20,
    ],
    [
      'goes beyond the end by an offset',
      own('message/byterange', `Content-Offset: 20\r\n\r\n${'x'.repeat(4981)}`),
      400,
      /last one that can be is 4999/,
      20,
    ],
    [
      'has a type that is none',
      own('nonsense', 'Content-Range: bytes 20-21/5000\r\n\r\nab'),
      415,
      /one of the types/,
      20,
    ],
    ['has an empty type', own('', 'Content-Range: bytes 20-21/5000\r\n\r\nab'), 415, /one of the types/, 20],
  ])(
    'because it %s is refused, with what came before it kept',
    async (_name, text, status, sentence, have) => {
      const run = await running({ stepMilliseconds: 0 });
      await begun(run, 20);
      const refused = await run.ask(text);
      expect(refused.status).toBe(status);
      if (status === 415) expect(refused.body).toMatch(sentence);
      else {
        expect(refused.fields.get('content-type')).toBe('application/problem+json');
        const problem: unknown = JSON.parse(refused.body);
        expect(problem).toMatchObject({ status, detail: expect.stringMatching(sentence) });
        expect(problem).toHaveProperty('at', expect.any(Number));
      }
      const { fields } = await run.ask(message(`HEAD ${PATH}`));
      expect(Number(fields.get('content-length'))).toBe(have);
      // It can still be completed.
      const rest = patch(PATH, `bytes ${have}-4999/5000`, 'x'.repeat(TOTAL - have));
      expect((await run.ask(rest)).status).toBe(201);
    },
  );

  test.each<[string, string, number]>([
    ['ends within its part', own('message/byterange', 'Content-Range: bytes 20-29/5000\r\n\r\nabc'), 38],
    ['has a part shorter than its range', own(MULTIPART, two(['bytes 20-29/5000', 'abc'])), 43],
    ['ends within its head', own('message/byterange', 'Content-Range: byt'), 18],
    ['starts somewhere else', own('message/byterange', 'Content-Range: bytes 5-6/5000\r\n\r\nab'), 33],
    ['has a part without a range', own('message/byterange', 'Content-Type: a/b\r\n\r\nab'), 0],
  ])('because it %s is told the byte of its content where that shows', async (_name, text, at) => {
    const run = await running({ stepMilliseconds: 0 });
    await begun(run, 20);
    expect(JSON.parse((await run.ask(text)).body)).toHaveProperty('at', at);
  });

  test('because it goes on after the last byte is refused, and its job has begun all the same', async () => {
    const run = await running({ stepMilliseconds: 0 });
    await begun(run, 4998);
    const refused = await run.ask(
      own(MULTIPART, two(['bytes 4998-4999/5000', 'ab'], ['bytes 5000-5000/*', 'c'])),
    );
    expect(refused.status).toBe(400);
    expect(refused.body).toMatch(/last one that can be is 4999/);
    expect((await run.ask(message(`HEAD ${PATH}`))).status).toBe(200);
    expect((await run.ask(message('GET /job/0.res'))).body).toMatch(/^HTTP\/1\.1 201 Created\r\n/);
  });
});
