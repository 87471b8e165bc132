// Remarks in the language of Accept-Language, each request in its own; nested fractions; 102s against silence; and that
// all of it keeps within the interim responses that one request may have.

import { describe, expect, test } from 'vitest';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseProgress } from '../../../shared/fields/progress.ts';
import * as phrases from '../../../electron/server/operations/phrases.ts';
import { message, type RawClient, resumable, type Response, running } from './harness.ts';

const STEP = 400;

function said({ fields }: Response): unknown {
  const progress = parseProgress(fields.get('progress') ?? '');
  if (progress instanceof FieldFault) return progress;
  return progress.remarks.map((remark) =>
    'text' in remark ? remark.text : `${remark.numerator}/${remark.denominator}`,
  );
}

function progressOf(responses: readonly Response[]): (string | undefined)[] {
  return responses.map(({ fields }) => fields.get('progress'));
}

describe('phrases', () => {
  const { LANGUAGES, EXAMPLE_STEPS, ...others } = phrases;
  test.each([...EXAMPLE_STEPS, ...Object.values(others)].map((phrase) => [phrase.en, phrase] as const))(
    '"%s" is told in each language in other words, and in English in ASCII',
    (english, phrase) => {
      expect(Object.keys(phrase)).toEqual(LANGUAGES);
      expect(new Set(Object.values(phrase)).size).toBe(LANGUAGES.length);
      expect(english).toMatch(/^[\x20-\x7e]+$/);
    },
  );
});

describe('the language of remarks', () => {
  test.each<[string, string, string, string]>([
    ['en', 'en', `UTF-8'en'Herding%20cats`, 'Herding cats'],
    ['de', 'de-CH, en;q=0.5', `UTF-8'de'Katzen%20h%C3%BCten`, 'Katzen hüten'],
    ['fr', 'it, fr;q=0.8, en;q=0.1', `UTF-8'fr'Rassembler%20les%20chats`, 'Rassembler les chats'],
    ['ja', 'ja-JP', `UTF-8'ja'%E7%8C%AB%E3%82%92`, '猫を集めています'],
    ['ar', 'ar', `UTF-8'ar'`, 'رعي القطط'],
    ['en', '*', `UTF-8'en'`, 'Herding cats'],
  ])('is %s for Accept-Language: %s', async (_language, accept, begins, text) => {
    const { client, clock } = await running();
    const raw = await client();
    const fields = ['Content-Length: 0', 'Prefer: processing', `Accept-Language: ${accept}`];
    raw.send(message('POST /capture', fields));
    const first = await raw.next();
    expect(first.fields.get('progress')).toContain(`0/3 ${begins}`);
    expect(said(first)).toEqual(['0/3', text]);
    clock.advance(3 * STEP);
    const created = await raw.final();
    expect(created.fields.get('progress')).toMatch(/^3\/3 UTF-8'/);
    expect(created.fields.get('vary')).toBe('Accept-Language');
  });

  test.each(['it', 'en;q=0', ';;', ''])('is none for Accept-Language: %s', async (accept) => {
    const { ask } = await running({ stepMilliseconds: 0 });
    const created = await ask(message('POST /capture', [`Accept-Language: ${accept}`]));
    expect(created.fields.get('progress')).toBe('3/3 "Available"');
    expect(created.fields.has('vary')).toBe(false);
  });

  test('of a status document is that of whoever reads it, and the response keeps that of the first request', async () => {
    const { ask, client, clock, stored } = await running();
    const raw = await client();
    raw.send(
      message('POST /collection', [...resumable(2, 'resume, processing'), 'Accept-Language: de'], 'ab'),
    );
    await raw.next();
    await raw.next();
    await stored(2);
    const english = await ask(message('GET /job/0.job'));
    expect(english.fields.get('progress')).toBe('0/3 "Herding cats"');
    const french = await ask(message('GET /job/0.job', ['Accept-Language: fr']));
    expect(french.fields.get('progress')).toBe(`0/3 UTF-8'fr'Rassembler%20les%20chats`);
    expect(french.fields.get('vary')).toBe('Accept, Accept-Language');
    const follower = await client();
    follower.send(message('GET /job/0.res', ['Accept-Language: ja', 'Prefer: processing']));
    expect(said(await follower.next())).toEqual(['0/3', '猫を集めています']);
    clock.advance(3 * STEP);
    const document = await follower.final();
    expect(document.body).toContain(`\r\nProgress: 3/3 UTF-8'de'Verf%C3%BCgbar\r\nVary: Accept-Language\r\n`);
    const done = await ask(message('GET /job/0.job', ['Accept-Language: ar']));
    expect(said(done)).toEqual(['3/3', 'متاح']);
  });
});

/** Sends a document of so many pages, and reads what comes while the clock is moved by `tick` up to the end. */
async function print(
  { client, clock }: Awaited<ReturnType<typeof running>>,
  pages: number,
  { tick = 50, fields = [] as string[] } = {},
): Promise<Response> {
  const raw = await client();
  const content = '\n'.repeat(66 * pages);
  raw.send(message('POST /print', [...resumable(content.length, 'resume, processing'), ...fields], content));
  return finished(raw, () => clock.advance(tick));
}

async function finished(raw: RawClient, move: () => void): Promise<Response> {
  const final = raw.final();
  for (;;) {
    const done = await Promise.race([
      final,
      new Promise<null>((resolve) => void setImmediate(resolve, null)),
    ]);
    if (done !== null) return done;
    move();
  }
}

describe('a long step', () => {
  test('tells how far it is as a fraction of its own', async () => {
    const printed = await print(await running(), 40);
    expect(progressOf(printed.interim.slice(1))).toEqual([
      '0/3 "Reading the document"',
      '1/3 "Laying out the pages" 0/40 (pages)',
      '1/3 "Laying out the pages" 10/40 (pages)',
      '1/3 "Laying out the pages" 20/40 (pages)',
      '1/3 "Laying out the pages" 30/40 (pages)',
      '2/3 "Printing"',
    ]);
    expect(printed.fields.get('progress')).toBe('3/3 "Available"');
  });

  test('tells it in a language, and in the status document', async () => {
    const run = await running();
    const { ask, client, clock } = run;
    const raw = await client();
    const content = '\f'.repeat(8);
    raw.send(message('POST /print', [...resumable(8, 'resume, processing'), 'Accept-Language: de'], content));
    await raw.next();
    await raw.next();
    clock.advance(STEP);
    expect((await raw.next()).fields.get('progress')).toBe(`1/3 UTF-8'de'Seiten%20setzen 0/8 (pages)`);
    clock.advance(STEP / 2);
    const status = await ask(message('GET /job/0.job'));
    expect(status.fields.get('progress')).toBe('1/3 "Laying out the pages" 4/8 (pages)');
  });

  test.each([
    [1, []],
    [2, [0, 1]],
    [3, [0, 1, 2]],
    [5, [0, 1, 2, 3]],
  ])('of %d pages tells no part twice', async (pages, parts) => {
    const printed = await print(await running(), pages);
    const told = progressOf(printed.interim).flatMap(
      (progress) => /(\d+)\/\d+ \(pages\)/.exec(progress ?? '')?.[1] ?? [],
    );
    expect(told.map(Number)).toEqual(parts);
  });

  test.each([
    [0, []],
    [1, []],
    [2, ['0/3']],
    [3, ['0/3', '2/3']],
    [4, ['0/3', '1/3', '2/3']],
    [5, ['0/3', '1/3', '1/3', '2/3']],
    [7, ['0/3', '1/3', '1/3', '1/3', '1/3', '2/3']],
  ])('leaves the steps their places when %d interim responses are all', async (interimLimit, told) => {
    const printed = await print(await running({ interimLimit }), 40);
    const fractions = printed.interim.filter(({ status }) => status === 102);
    expect(progressOf(fractions).map((progress) => progress?.slice(0, 3))).toEqual(told);
    expect(printed.status).toBe(200);
  });
});

describe('silence', () => {
  const SILENT = { stepMilliseconds: 35_000, silenceMilliseconds: 10_000 };

  test('is broken by the same 102 again, as long as the steps to come keep their places', async () => {
    const { client, clock } = await running(SILENT);
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing']));
    expect((await raw.next()).fields.has('location')).toBe(true);
    clock.advance(9999);
    expect(raw.unread).toBe('');
    clock.advance(1);
    expect(Object.fromEntries((await raw.next()).fields)).toEqual({ progress: '0/3 "Herding cats"' });
    const created = await finished(raw, () => clock.advance(5000));
    const told = progressOf(created.interim).map((progress) => progress?.slice(0, 3));
    // Ten in all, and after the last step has begun nothing need be kept for another.
    expect(told).toEqual(['0/3', '0/3', '1/3', '1/3', '1/3', '1/3', '2/3', '2/3']);
  });

  test('is broken for a follower of the status document, and for nobody who did not ask', async () => {
    const { client, clock } = await running(SILENT);
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: respond-async']));
    const path = (await raw.final()).fields.get('location') ?? '';
    const follower = await client();
    follower.send(message(`GET ${path}`, ['Prefer: processing']));
    await follower.next();
    const silent = await client();
    silent.send(message('POST /capture', ['Content-Length: 0']));
    clock.advance(10_000);
    expect((await follower.next()).fields.get('progress')).toBe('0/3 "Herding cats"');
    const created = await finished(silent, () => clock.advance(5000));
    expect(created.interim).toEqual([]);
  });

  test('leaves no timer when the client has gone, or was told 202', async () => {
    const { client, clock, until, notes, server } = await running(SILENT);
    const before = clock.pending;
    const raw = await client();
    raw.send(message('POST /capture', ['Content-Length: 0', 'Prefer: processing, respond-async, wait=1']));
    await raw.next();
    clock.advance(1000);
    expect((await raw.final()).status).toBe(202);
    raw.destroy();
    await until(() => notes.closings.length === 1);
    expect(clock.pending - before).toBe(2);
    await server.close();
    expect(clock.pending).toBe(0);
  });
});
