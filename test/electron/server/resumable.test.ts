// /resumable: uploads as draft-ietf-httpbis-resumable-upload has them, asked by a foreign client on a plain socket, in the
// words of each version that is in use.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { message, patch, type RawClient, type Response, type Running, running } from './harness.ts';

const TYPES = 'https://iana.org/assignments/http-problem-types#';
const V8 = 'Upload-Draft-Interop-Version: 8';

/** The fields of a request that brings so much. */
function creating(length: number, complete: '?0' | '?1', more: readonly string[] = []): string[] {
  return [`Content-Length: ${length}`, `Upload-Complete: ${complete}`, V8, ...more];
}

function appending(
  content: string,
  offset: number,
  complete: '?0' | '?1',
  more: readonly string[] = [],
): string[] {
  return [
    `Content-Length: ${content.length}`,
    `Upload-Offset: ${offset}`,
    `Upload-Complete: ${complete}`,
    'Content-Type: application/partial-upload',
    V8,
    ...more,
  ];
}

function append(
  path: string,
  content: string,
  offset: number,
  complete: '?0' | '?1',
  more: readonly string[] = [],
): string {
  return message(`PATCH ${path}`, appending(content, offset, complete, more), content);
}

function create(content: string, complete: '?0' | '?1', more: readonly string[] = [], query = ''): string {
  return message(`POST /resumable${query}`, creating(content.length, complete, more), content);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

/** Offset, completeness and length, as HEAD tells them. */
async function told({ ask }: Pick<Running, 'ask'>, path = '/resumable/0'): Promise<unknown[]> {
  const { status, fields } = await ask(message(`HEAD ${path}`));
  return [
    status,
    ...['upload-offset', 'upload-complete', 'upload-length'].map((name) => fields.get(name) ?? null),
  ];
}

function typeOf({ body }: Response): string {
  const { type } = JSON.parse(body) as { readonly type: string };
  return type.replace(TYPES, '#');
}

describe('a new upload', () => {
  test('all at once: 104 with its place and limits, and the answer of the resource', async () => {
    const { ask, server } = await running();
    const answer = await ask(create('0123456789', '?1', ['Upload-Length: 10']));
    expect(answer.interim.map(({ status, fields }) => [status, Object.fromEntries(fields)])).toEqual([
      [
        104,
        {
          'upload-draft-interop-version': '8',
          location: '/resumable/0',
          'upload-limit': 'max-size=4294967296, max-age=259200',
          link: '</job/0.req>; rel="duplicate", </tus/0>; rel="duplicate"',
        },
      ],
    ]);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.fields)).toMatchObject({
      'upload-complete': '?1',
      'upload-offset': '10',
      location: '/resumable/0',
      'content-type': 'application/json',
    });
    expect(JSON.parse(answer.body)).toEqual({ length: 10, sha256: sha256('0123456789') });
    expect(await server.digest('/resumable/0')).toBe(sha256('0123456789'));
    expect(await told({ ask })).toEqual([204, '10', '?1', '10']);
  });

  test('in parts: 201 with its place, then 204s, then the answer of the resource', async () => {
    const { ask } = await running();
    const first = await ask(create('abc', '?0', ['Upload-Length: 8']));
    expect([first.status, first.fields.get('location'), first.fields.get('upload-complete')]).toEqual([
      201,
      '/resumable/0',
      '?0',
    ]);
    expect(first.fields.get('upload-limit')).toMatch(/^max-size=/);
    expect(await told({ ask })).toEqual([204, '3', '?0', '8']);
    const second = await ask(append('/resumable/0', 'def', 3, '?0'));
    expect([second.status, second.fields.get('upload-complete'), second.fields.get('upload-offset')]).toEqual(
      [204, '?0', '6'],
    );
    expect(second.fields.has('location')).toBe(false);
    expect(second.interim).toEqual([]);
    const last = await ask(append('/resumable/0', 'gh', 6, '?1'));
    expect([last.status, last.fields.get('upload-complete')]).toEqual([200, '?1']);
    expect(JSON.parse(last.body)).toEqual({ length: 8, sha256: sha256('abcdefgh') });
  });

  test('without content: its place, and later all of it', async () => {
    const { ask } = await running();
    expect((await ask(message('POST /resumable', ['Upload-Complete: ?0', V8]))).status).toBe(201);
    expect(await told({ ask })).toEqual([204, '0', '?0', null]);
    expect((await ask(append('/resumable/0', 'all', 0, '?1'))).status).toBe(200);
    expect(await told({ ask })).toEqual([204, '3', '?1', '3']);
  });

  test('of no bytes is complete at once', async () => {
    const { ask } = await running();
    const answer = await ask(message('PUT /resumable', creating(0, '?1')), 'PUT');
    expect(JSON.parse(answer.body)).toEqual({ length: 0, sha256: sha256('') });
  });

  test('whose length is reached is not complete before that is said', async () => {
    const { ask } = await running();
    await ask(create('abc', '?0', ['Upload-Length: 3']));
    expect(await told({ ask })).toEqual([204, '3', '?0', '3']);
    expect((await ask(append('/resumable/0', '', 3, '?1'))).status).toBe(200);
    expect(await told({ ask })).toEqual([204, '3', '?1', '3']);
  });

  test('without Upload-Complete is an upload as there always were', async () => {
    const { ask, client, server, until } = await running();
    const answer = await ask(message('POST /resumable', ['Content-Length: 3', V8], 'abc'));
    expect(answer.interim).toEqual([]);
    expect(JSON.parse(answer.body)).toMatchObject({ length: 3 });
    for (const name of ['upload-complete', 'upload-offset', 'location'])
      expect(answer.fields.has(name)).toBe(false);
    // Broken, nothing stays of it.
    const raw = await client();
    raw.send(message('POST /resumable', ['Content-Length: 9'], 'abc'));
    await until(() => server.state().resources.length === 2);
    raw.reset();
    await until(() => server.state().resources.length === 1);
  });

  test('answers Expect by a 100 beside the 104', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /resumable', creating(3, '?1', ['Expect: 100-continue'])));
    expect([(await raw.next()).status, (await raw.next()).status]).toEqual([104, 100]);
    raw.send('abc');
    expect((await raw.final()).status).toBe(200);
  });

  test.each([
    ['names no version', []],
    ['names one that is not known', ['Upload-Draft-Interop-Version: 9']],
    ['names one that cannot be read', ['Upload-Draft-Interop-Version: eight']],
  ])('of a client that %s gets no 104, and can be resumed all the same', async (_what, version) => {
    const { ask } = await running();
    const answer = await ask(
      message('POST /resumable', ['Content-Length: 3', 'Upload-Complete: ?0', ...version], 'abc'),
    );
    expect(answer.interim).toEqual([]);
    expect([answer.status, answer.fields.get('location')]).toEqual([201, '/resumable/0']);
  });
});

describe('104s while content arrives', () => {
  async function offsets(raw: RawClient, count: number): Promise<(string | undefined)[]> {
    const found = [];
    for (let index = 0; index < count; index++) {
      const { status, fields } = await raw.next();
      expect([status, fields.get('upload-draft-interop-version'), fields.has('location')]).toEqual([
        104,
        '8',
        false,
      ]);
      found.push(fields.get('upload-offset'));
    }
    return found;
  }

  test('tell the offset, at most as often as the limit allows, and never the place', async () => {
    const { client } = await running({ interimLimit: 4 });
    const raw = await client();
    const part = 'x'.repeat(100_000);
    raw.send(message('POST /resumable', creating(400_000, '?1')));
    expect((await raw.next()).fields.get('location')).toBe('/resumable/0');
    const all: string[] = [];
    for (let sent = 0; sent < 4; sent++) await raw.flushed(part);
    const answer = await raw.final();
    for (const { fields } of answer.interim) all.push(fields.get('upload-offset') ?? '');
    expect(answer.interim.length).toBeLessThanOrEqual(3);
    expect(answer.interim.length).toBeGreaterThan(0);
    expect(all.map(Number)).toEqual(all.map(Number).toSorted((a, b) => a - b));
  });

  test('tell where an append is', async () => {
    const { ask, client } = await running();
    await ask(create('', '?0'));
    const raw = await client();
    raw.send(append('/resumable/0', 'x'.repeat(70_000), 0, '?0').slice(0, -1));
    const [offset] = await offsets(raw, 1);
    expect(Number(offset)).toBeGreaterThanOrEqual(65_536);
    raw.send('x');
    expect((await raw.final()).fields.get('upload-offset')).toBe('70000');
  });
});

describe('versions that are in use', () => {
  test.each([
    [3, ['Upload-Incomplete: ?1'], { 'upload-incomplete': '?1' }, null],
    [4, ['Upload-Complete: ?0'], { 'upload-complete': '?0' }, null],
    [5, ['Upload-Complete: ?0'], { 'upload-complete': '?0' }, null],
    [6, ['Upload-Complete: ?0'], { 'upload-complete': '?0' }, 'expires'],
    [7, ['Upload-Complete: ?0'], { 'upload-complete': '?0' }, 'max-age'],
    [8, ['Upload-Complete: ?0'], { 'upload-complete': '?0' }, 'max-age'],
  ])('%i: created and asked for in its words', async (version, says, hears, age) => {
    const { ask } = await running();
    const own = `Upload-Draft-Interop-Version: ${version}`;
    const made = await ask(
      message('POST /resumable', ['Content-Length: 3', 'Upload-Length: 5', own, ...says], 'abc'),
    );
    expect(made.interim.map(({ fields }) => fields.get('upload-draft-interop-version'))).toEqual([
      String(version),
    ]);
    expect(made.interim[0]!.fields.get('location')).toBe('/resumable/0');
    expect(Object.fromEntries(made.fields)).toMatchObject({ ...hears, 'upload-offset': '3' });
    const head = await ask(message('HEAD /resumable/0', [own]));
    expect(Object.fromEntries(head.fields)).toMatchObject({
      ...hears,
      'upload-offset': '3',
      'cache-control': 'no-store',
    });
    expect(/(max-age|expires)=/.exec(head.fields.get('upload-limit') ?? '')?.[1] ?? null).toBe(age);
    expect(head.fields.get('upload-length') ?? null).toBe(version >= 6 ? '5' : null);
    // Until 6, a HEAD that tells an offset is refused.
    const telling = await ask(message('HEAD /resumable/0', [own, 'Upload-Offset: 3']));
    expect(telling.status).toBe(version <= 6 ? 400 : 204);
    // Until 5, content of an append has any type.
    const bare = ['Content-Length: 1', 'Upload-Offset: 3', own, ...says];
    const untyped = await ask(message('PATCH /resumable/0', bare, 'd'));
    expect(untyped.status).toBe(version === 3 ? 201 : version <= 5 ? 204 : 415);
    const have = version <= 5 ? 4 : 3;
    const rest = 'abcde'.slice(have);
    const end = version === 3 ? [] : ['Upload-Complete: ?1'];
    const typed = [
      `Content-Length: ${rest.length}`,
      `Upload-Offset: ${have}`,
      'Content-Type: application/partial-upload',
    ];
    const last = await ask(message('PATCH /resumable/0', [...typed, own, ...end], rest));
    expect(last.status).toBe(200);
    expect(last.fields.get(version === 3 ? 'upload-incomplete' : 'upload-complete')).toBe(
      version === 3 ? '?0' : '?1',
    );
    expect(JSON.parse(last.body)).toEqual({ length: 5, sha256: sha256('abcde') });
  });

  test.each([
    [3, 0],
    [4, 0],
    [5, 1],
    [8, 1],
  ])('%i: %i 104s that tell the offset', async (version, count) => {
    const { ask } = await running();
    const fields = [
      'Content-Length: 70000',
      `Upload-Draft-Interop-Version: ${version}`,
      'Upload-Complete: ?1',
      'Upload-Incomplete: ?0',
    ];
    const answer = await ask(message('POST /resumable', fields, 'x'.repeat(70_000)));
    expect(answer.interim.filter(({ fields: told104 }) => told104.has('upload-offset')).length).toBe(count);
  });
});

describe('refusals', () => {
  test('a wrong offset: 409, the right one, and a problem for programs', async () => {
    const { ask } = await running();
    await ask(create('abc', '?0'));
    const answer = await ask(append('/resumable/0', 'x', 5, '?0'));
    expect([answer.status, answer.fields.get('upload-offset'), answer.fields.get('upload-complete')]).toEqual(
      [409, '3', '?0'],
    );
    expect(answer.fields.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({
      type: `${TYPES}mismatching-upload-offset`,
      'expected-offset': 3,
      'provided-offset': 5,
    });
    expect(await told({ ask })).toEqual([204, '3', '?0', null]);
  });

  test.each([
    ['Upload-Length and the content that completes it', create('abc', '?1', ['Upload-Length: 4'])],
    ['Upload-Length and content beyond it', create('abc', '?0', ['Upload-Length: 2'])],
  ])('a creation whose lengths differ, by %s: 400, and no upload', async (_what, request) => {
    const { ask, server } = await running();
    const answer = await ask(request);
    expect([answer.status, typeOf(answer), answer.interim]).toEqual([400, '#inconsistent-upload-length', []]);
    expect(server.state().resources).toEqual([]);
  });

  test.each([
    ['another than before', append('/resumable/0', 'd', 3, '?0', ['Upload-Length: 9'])],
    ['another by its content', append('/resumable/0', 'd', 3, '?1')],
  ])('an append that tells a length, %s: 400, and the upload goes on', async (_what, request) => {
    const { ask } = await running();
    await ask(create('abc', '?0', ['Upload-Length: 8']));
    const answer = await ask(request);
    expect([answer.status, typeOf(answer)]).toEqual([400, '#inconsistent-upload-length']);
    expect(await told({ ask })).toEqual([204, '3', '?0', '8']);
  });

  test('an append that says it is the end, and is not: 400, and what came is kept', async () => {
    const { ask } = await running();
    await ask(create('abc', '?0', ['Upload-Length: 8']));
    const fields = appending('', 3, '?1').filter((field) => !field.startsWith('Content-Length'));
    const answer = await ask(
      message('PATCH /resumable/0', [...fields, 'Transfer-Encoding: chunked'], '2\r\nde\r\n0\r\n\r\n'),
    );
    expect([answer.status, typeOf(answer)]).toEqual([400, '#inconsistent-upload-length']);
    expect(await told({ ask })).toEqual([204, '5', '?0', '8']);
  });

  test('past its length an upload is dead, by every path', async () => {
    const { ask, server } = await running();
    await ask(create('abc', '?0', ['Upload-Length: 4']));
    const answer = await ask(append('/resumable/0', 'defgh', 3, '?0'));
    expect([answer.status, typeOf(answer)]).toEqual([400, '#inconsistent-upload-length']);
    expect(answer.fields.has('upload-offset')).toBe(false);
    for (const request of ['HEAD /resumable/0', 'HEAD /job/0.req', 'DELETE /resumable/0']) {
      expect((await ask(message(request))).status).toBe(410);
    }
    expect((await ask(message('HEAD /tus/0', ['Tus-Resumable: 1.0.0']))).status).toBe(410);
    expect((await ask(message('HEAD /resumable/0', ['Upload-Draft-Interop-Version: 5']))).status).toBe(404);
    expect(await server.digest('/resumable/0')).toBeNull();
    expect(server.state().resources).toEqual([]);
  });

  test('a complete upload takes nothing more, and tells its answer again to who asks for nothing else', async () => {
    const { ask } = await running();
    const first = await ask(create('abc', '?1'));
    const again = await ask(append('/resumable/0', '', 3, '?1'));
    expect([again.status, again.fields.get('upload-complete'), again.body]).toEqual([200, '?1', first.body]);
    const chunked = appending('', 3, '?1').map((field) =>
      field.replace('Content-Length: 0', 'Transfer-Encoding: chunked'),
    );
    const empty = await ask(message('PATCH /resumable/0', chunked, '0\r\n\r\n'));
    expect([empty.status, empty.body]).toEqual([200, first.body]);
    const more = await ask(message('PATCH /resumable/0', chunked, '1\r\nd\r\n0\r\n\r\n'));
    expect([more.status, typeOf(more)]).toEqual([400, '#completed-upload']);
    for (const [content, offset, complete] of [
      ['d', 3, '?1'],
      ['', 3, '?0'],
    ] as const) {
      const answer = await ask(append('/resumable/0', content, offset, complete));
      expect([answer.status, typeOf(answer)]).toEqual([400, '#completed-upload']);
    }
    for (const content of ['', 'd']) {
      const { status, fields } = await ask(append('/resumable/0', content, 2, '?1'));
      expect([status, fields.get('upload-offset'), fields.get('upload-complete')]).toEqual([409, '3', '?0']);
    }
  });

  const faults: readonly (readonly [string, string | null, string | null, number])[] = [
    ['no Upload-Offset', 'Upload-Offset', null, 400],
    ['an offset that is none', 'Upload-Offset', 'Upload-Offset: -3', 400],
    ['two offsets', null, 'Upload-Offset: 3', 400],
    ['no Upload-Complete', 'Upload-Complete', null, 400],
    ['a huge offset', 'Upload-Offset', 'Upload-Offset: 999999999999999', 409],
    ['an offset beyond numbers', 'Upload-Offset', 'Upload-Offset: 9999999999999999', 400],
    ['another type', 'Content-Type', 'Content-Type: text/plain', 415],
    ['an expectation that nobody knows', null, 'Expect: much', 417],
  ];
  test.each(faults)('an append with %s', async (_what, drop, add, status) => {
    const { ask } = await running();
    await ask(create('abc', '?0'));
    const fields = appending('d', 3, '?0').filter((field) => drop === null || !field.startsWith(`${drop}:`));
    const answer = await ask(message('PATCH /resumable/0', add === null ? fields : [...fields, add], 'd'));
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.fields.get('accept-patch')).toBe('application/partial-upload');
    expect(await told({ ask })).toEqual([204, '3', '?0', null]);
  });

  test.each(['HEAD', 'GET', 'PATCH', 'DELETE'])('%s of what is not there: 404', async (method) => {
    const { ask } = await running();
    expect((await ask(message(`${method} /resumable/9`), method)).status).toBe(404);
  });

  test('a method that an upload has not: 405', async () => {
    const { ask } = await running();
    const answer = await ask(message('POST /resumable/9', ['Content-Length: 0']));
    expect([answer.status, answer.fields.get('allow')]).toEqual([405, 'HEAD, GET, PATCH, DELETE, OPTIONS']);
  });

  test('one upload more than are kept: 503', async () => {
    const { ask } = await running({ operationLimit: 1 });
    await ask(create('abc', '?0'));
    const answer = await ask(create('abc', '?0'));
    expect([answer.status, answer.fields.get('retry-after')]).toEqual([503, '60']);
  });
});

describe('limits', () => {
  test('are told before there is an upload', async () => {
    const { ask } = await running({
      uploadLimits: { maxAppendSize: 5, minAppendSize: 2, minSize: 3 },
      uploadLimit: 99,
    });
    const answer = await ask(message('OPTIONS /resumable'));
    expect([answer.status, answer.fields.get('upload-limit')]).toEqual([
      204,
      'max-size=99, min-size=3, max-append-size=5, min-append-size=2, max-age=259200',
    ]);
    const other = await ask(message('OPTIONS /collection'));
    expect([other.status, other.fields.get('upload-limit')]).toEqual([
      204,
      answer.fields.get('upload-limit'),
    ]);
    const older = await ask(message('OPTIONS /resumable?max-age=60', ['Upload-Draft-Interop-Version: 6']));
    expect(older.fields.get('upload-limit')).toMatch(/, expires=60$/);
    expect((await ask(message('OPTIONS /resumable?max-age=soon'))).status).toBe(400);
  });

  test.each([
    ['more than max-size, told', create('', '?0', ['Upload-Length: 10'], '?max-size=9'), 413],
    ['more than max-size, brought', create('0123456789', '?0', [], '?max-size=9'), 413],
    ['more than max-append-size', create('012345', '?0', [], '?max-append-size=5'), 413],
    ['less than min-append-size', create('0', '?0', [], '?min-append-size=2'), 400],
    ['less than min-size, in parts', create('0', '?0', ['Upload-Length: 2'], '?min-size=3'), 400],
    ['a limit that is no number', create('0', '?0', [], '?min-size=x'), 400],
  ])('a creation with %s is refused', async (_what, request, status) => {
    const { ask, server } = await running();
    const answer = await ask(request);
    expect(answer.status).toBe(status);
    if (status === 413) expect(answer.fields.get('upload-limit')).toMatch(/max-(?:append-)?size=[59]/);
    expect(server.state().resources).toEqual([]);
  });

  test('an upload below min-size is taken, without the ability to resume it', async () => {
    const { ask } = await running();
    const answer = await ask(create('01', '?1', [], '?min-size=3'));
    expect([answer.status, answer.interim, answer.fields.has('location')]).toEqual([200, [], false]);
    expect(answer.fields.get('upload-complete')).toBe('?1');
  });

  test('hold for every append, but min-append-size not for the last', async () => {
    const { ask } = await running();
    await ask(create('', '?0', [], '?max-append-size=4&min-append-size=2'));
    const large = await ask(append('/resumable/0', '01234', 0, '?0'));
    expect([large.status, large.fields.get('upload-limit')]).toEqual([
      413,
      expect.stringContaining('max-append-size=4'),
    ]);
    expect((await ask(append('/resumable/0', '0', 0, '?0'))).status).toBe(400);
    expect((await ask(append('/resumable/0', '0123', 0, '?0'))).status).toBe(204);
    expect((await ask(append('/resumable/0', '4', 4, '?1'))).status).toBe(200);
  });

  test('end a chunked append that passes them, which keeps what came before', async () => {
    const { client, ask, stored } = await running();
    await ask(create('', '?0', [], '?max-append-size=4'));
    const raw = await client();
    const fields = appending('', 0, '?0').filter((field) => !field.startsWith('Content-Length'));
    raw.send(message('PATCH /resumable/0', [...fields, 'Transfer-Encoding: chunked'], '3\r\nabc\r\n'));
    await stored(3);
    raw.send('2\r\nde\r\n');
    expect((await raw.final()).status).toBe(413);
    expect(await told({ ask })).toEqual([204, '3', '?0', null]);
  });

  test('the age: an upload that nobody goes on with is gone after it', async () => {
    const { ask, clock } = await running();
    const made = await ask(create('abc', '?0', [], '?max-age=60'));
    expect(made.fields.get('upload-limit')).toMatch(/max-age=60$/);
    clock.advance(20_000);
    expect((await ask(message('OPTIONS /resumable/0'))).fields.get('upload-limit')).toMatch(/max-age=40$/);
    clock.advance(40_000);
    expect((await ask(message('HEAD /resumable/0'))).status).toBe(410);
    expect((await ask(append('/resumable/0', 'd', 3, '?0'))).status).toBe(410);
  });
});

describe('digests', () => {
  const of = (text: string, algorithm = 'sha256'): string =>
    createHash(algorithm).update(text, 'latin1').digest('base64');

  test('of content that is right: it counts', async () => {
    const { ask } = await running();
    const both = `Content-Digest: sha-256=:${of('abc')}:, md5=:${of('abc', 'md5')}:, unixsum=:AAA=:`;
    expect((await ask(create('abc', '?0', [both]))).status).toBe(201);
    expect(
      (await ask(append('/resumable/0', 'def', 3, '?1', [`Content-Digest: sha=:${of('def', 'sha1')}:`])))
        .status,
    ).toBe(200);
    expect(await told({ ask })).toEqual([204, '6', '?1', '6']);
  });

  test('of content that is wrong: 400, and nothing of it counts', async () => {
    const { ask, server } = await running();
    await ask(create('abc', '?0'));
    const wrong = `Content-Digest: sha-512=:${of('def', 'sha512')}:, sha-256=:${of('xyz')}:`;
    const answer = await ask(append('/resumable/0', 'def', 3, '?1', [wrong]));
    expect([answer.status, typeOf(answer), answer.fields.get('upload-offset')]).toEqual([
      400,
      '#digest-mismatched-values',
      '3',
    ]);
    expect(JSON.parse(answer.body)).toMatchObject({
      mismatched_digests: [
        { algorithm: 'sha-256', provided_digest: `:${of('xyz')}:`, header: 'Content-Digest' },
      ],
    });
    expect(await told({ ask })).toEqual([204, '3', '?0', '6']);
    expect(await server.digest('/resumable/0')).toBe(sha256('abc'));
  });

  test.each([
    ['right', `Content-Digest: sha-256=:${of('def')}:, other=:AAA=:\r\n`, 204],
    ['wrong', `Content-Digest: md5=:${of('xyz', 'md5')}:\r\n`, 400],
    ['not there', '', 400],
    ['broken', 'Content-Digest: sha-256\r\n', 400],
    ['of no algorithm that is known', 'Content-Digest: other=:AAA=:\r\n', 204],
  ])('of content, behind it: %s', async (_what, trailer, status) => {
    const { ask } = await running();
    await ask(create('abc', '?0'));
    const fields = appending('', 3, '?0').map((field) =>
      field.replace('Content-Length: 0', 'Transfer-Encoding: chunked\r\nTrailer: Content-Digest'),
    );
    const answer = await ask(message('PATCH /resumable/0', fields, `3\r\ndef\r\n0\r\n${trailer}\r\n`));
    expect(answer.status).toBe(status);
    expect((await told({ ask }))[1]).toBe(status === 204 ? '6' : '3');
  });

  test('of content that breaks off: nothing of it counts', async () => {
    const { ask, client, notes, until } = await running();
    await ask(create('abc', '?0'));
    const raw = await client();
    await raw.flushed(
      append('/resumable/0', 'def', 3, '?1', [`Content-Digest: sha-256=:${of('def')}:`]).slice(0, -1),
    );
    raw.reset();
    await until(() => notes.closings.some(({ how }) => how === 'rst'));
    expect(await told({ ask })).toEqual([204, '3', '?0', '6']);
  });

  test.each([
    ['Content-Digest', create('abc', '?1', ['Content-Digest: sha-256=:AAA=:'])],
    ['Repr-Digest', create('abc', '?1', ['Repr-Digest: md5=:AAA=:'])],
  ])('that cannot be, by %s: 400 before anything is stored', async (_header, request) => {
    const { ask, server } = await running();
    const answer = await ask(request);
    expect([answer.status, typeOf(answer)]).toEqual([400, '#digest-invalid-values']);
    expect(server.state().resources).toEqual([]);
  });

  test('of the representation: compared when all of it is there', async () => {
    const { ask } = await running();
    await ask(create('abc', '?0', [`Repr-Digest: sha-256=:${of('abcdef')}:`]));
    expect((await ask(append('/resumable/0', 'def', 3, '?1'))).status).toBe(200);
    await ask(create('abc', '?0', [`Repr-Digest: sha-256=:${of('abcdef')}:`]));
    const wrong = await ask(append('/resumable/1', 'xyz', 3, '?1'));
    expect([wrong.status, typeOf(wrong), wrong.fields.get('upload-complete')]).toEqual([
      400,
      '#digest-mismatched-values',
      '?1',
    ]);
  });

  test('of the representation, wanted: the answer tells those that can be computed', async () => {
    const { ask } = await running();
    const answer = await ask(create('abc', '?1', ['Want-Repr-Digest: unixsum=9, md5=1, sha-512=5']));
    expect(answer.fields.get('repr-digest')).toBe(
      `sha-512=:${of('abc', 'sha512')}:, md5=:${of('abc', 'md5')}:`,
    );
  });
});

describe('a broken upload', () => {
  test('goes on where HEAD says', async () => {
    const { ask, client, stored, notes, until } = await running();
    const raw = await client();
    raw.send(create('0123456789', '?1').slice(0, -4));
    expect((await raw.next()).fields.get('location')).toBe('/resumable/0');
    await stored(6);
    raw.reset();
    await until(() => notes.closings.length > 0);
    expect(await told({ ask })).toEqual([204, '6', '?0', '10']);
    const answer = await ask(append('/resumable/0', '6789', 6, '?1'));
    expect(JSON.parse(answer.body)).toEqual({ length: 10, sha256: sha256('0123456789') });
  });

  test('is forgotten where no 104 told where it is', async () => {
    const { ask, client, stored, notes, until } = await running();
    const raw = await client();
    raw.send(message('POST /resumable', ['Upload-Complete: ?1', 'Content-Length: 10'], '012345'));
    await stored(6);
    raw.reset();
    await until(() => notes.closings.length > 0);
    expect((await ask(message('HEAD /resumable/0'))).status).toBe(404);
  });

  test('by the server, after as many bytes as the query says', async () => {
    const { ask, client, notes } = await running();
    const raw = await client();
    raw.send(create('0123456789', '?1', [], '?cut=4'));
    expect(await raw.ended).toBe('rst');
    expect(notes.faults[0]).toMatchObject({ origin: 'server', cut: 'rst' });
    expect(await told({ ask })).toEqual([204, '4', '?0', '10']);
    const other = await client();
    other.send(message('PATCH /resumable/0?cut=3', appending('456789', 4, '?1'), '456789'));
    expect(await other.ended).toBe('rst');
    expect(await told({ ask })).toEqual([204, '7', '?0', '10']);
  });

  test.each(['HEAD', 'DELETE', 'PATCH'])(
    '%s ends an older request that still brings content',
    async (method) => {
      const { ask, client, stored } = await running();
      const raw = await client();
      raw.send(create('0123456789', '?1').slice(0, -4));
      await stored(6);
      const request =
        method === 'PATCH' ? append('/resumable/0', '6789', 6, '?1') : message(`${method} /resumable/0`);
      const answer = await ask(request, method);
      expect(answer.status).toBe(method === 'PATCH' ? 200 : 204);
      expect(await raw.ended).toBe('rst');
      if (method === 'DELETE') expect((await ask(message('HEAD /resumable/0'))).status).toBe(404);
    },
  );

  test('that drips keeps every byte as it comes', async () => {
    const { client, stored } = await running();
    const raw = await client();
    raw.send(message('POST /resumable', creating(3, '?1')));
    for (const [index, byte] of ['a', 'b', 'c'].entries()) {
      if (index > 0) await stored(index);
      raw.send(byte);
    }
    expect((await raw.final()).status).toBe(200);
  });
});

describe('one upload, three protocols', () => {
  const tus = ['Tus-Resumable: 1.0.0', 'Content-Type: application/offset+octet-stream'];

  test('begun at the IETF, gone on with by draft-wright, ended by tus', async () => {
    const { ask, server } = await running();
    await ask(create('abc', '?0', ['Upload-Length: 9']));
    expect(server.state().resources.map(({ path }) => path)).toEqual(['/resumable/0']);
    const head = await ask(message('HEAD /job/0.req'));
    expect([head.status, head.fields.get('content-length')]).toEqual([299, '3']);
    expect((await ask(patch('/job/0.req', 'bytes 3-5/9', 'def'))).status).toBe(299);
    expect(await told({ ask })).toEqual([204, '6', '?0', '9']);
    const last = await ask(message('PATCH /tus/0', ['Content-Length: 3', 'Upload-Offset: 6', ...tus], 'ghi'));
    expect([last.status, last.fields.get('upload-offset')]).toEqual([204, '9']);
    expect(await told({ ask })).toEqual([204, '9', '?1', '9']);
    for (const path of ['/job/0.req', '/resumable/0', '/tus/0']) {
      expect(await server.digest(path)).toBe(sha256('abcdefghi'));
    }
    const document = await ask(message('GET /job/0.res'));
    expect(document.body).toContain(sha256('abcdefghi'));
    expect((await ask(message('GET /tus/0'))).body).toBe('abcdefghi');
    expect(server.state().resources.map(({ path, label }) => [path, label])).toEqual([
      ['/resumable/0', 'done'],
    ]);
  });

  test("begun by draft-wright, ended at the IETF: the answer is the job's own", async () => {
    const { ask, client, clock, stored, notes, until } = await running({ stepMilliseconds: 0 });
    const raw = await client();
    raw.send(
      message('POST /collection', ['Content-Length: 6', 'Expect: 100-continue', 'Prefer: resume'], 'abc'),
    );
    await stored(3);
    raw.reset();
    await until(() => notes.closings.length > 0);
    const answer = await ask(append('/resumable/0', 'def', 3, '?1'));
    clock.advance(1);
    expect([answer.status, answer.fields.get('location'), answer.fields.get('upload-complete')]).toEqual([
      201,
      '/items/1',
      '?1',
    ]);
    expect((await ask(message('GET /items/1'))).body).toBe('abcdef');
  });

  test('a resource that knows no upload fields keeps its own rules, and one that does takes them', async () => {
    const { ask } = await running({ stepMilliseconds: 0 });
    expect((await ask(message('POST /collection', ['Content-Length: 3'], 'abc'))).status).toBe(400);
    const made = await ask(
      message('POST /collection', creating(3, '?0', ['Content-Type: text/plain']), 'abc'),
    );
    expect([made.status, made.fields.get('location')]).toEqual([201, '/resumable/0']);
    const answer = await ask(append('/resumable/0', 'def', 3, '?1'));
    expect([answer.status, answer.fields.get('location'), answer.fields.get('upload-complete')]).toEqual([
      201,
      '/items/1',
      '?1',
    ]);
    const item = await ask(message('GET /items/1'));
    expect([item.body, item.fields.get('content-type')]).toEqual(['abcdef', 'text/plain']);
  });

  test('without the password of the vault there is nothing to see', async () => {
    const { ask, client, stored } = await running();
    const raw = await client();
    raw.send(message('POST /vault', ['Content-Length: 6', 'Expect: 100-continue', 'Prefer: resume'], 'abc'));
    await stored(3);
    expect((await ask(message('HEAD /resumable/0'))).status).toBe(401);
    expect((await ask(message('HEAD /tus/0', ['Tus-Resumable: 1.0.0']))).status).toBe(401);
  });
});
