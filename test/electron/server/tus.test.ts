// /tus: uploads as tus 1.0.0 has them, every extension and every refusal, asked by a foreign client on a plain socket.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { message, patch, type Response, type Running, running } from './harness.ts';

const TUS = 'Tus-Resumable: 1.0.0';
const OCTETS = 'Content-Type: application/offset+octet-stream';

function create(fields: readonly string[], content = '', query = ''): string {
  const type = content === '' ? [] : [OCTETS];
  return message(
    `POST /tus${query}`,
    [TUS, `Content-Length: ${content.length}`, ...type, ...fields],
    content,
  );
}

function append(content: string, offset: number, more: readonly string[] = [], path = '/tus/0'): string {
  const fields = [TUS, OCTETS, `Content-Length: ${content.length}`, `Upload-Offset: ${offset}`, ...more];
  return message(`PATCH ${path}`, fields, content);
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text, 'latin1').digest('base64');
}

const NAMES = ['upload-offset', 'upload-length', 'upload-defer-length', 'upload-metadata', 'upload-concat'];

/** What HEAD tells. */
async function told({ ask }: Pick<Running, 'ask'>, path = '/tus/0'): Promise<Record<string, string>> {
  const { status, fields } = await ask(message(`HEAD ${path}`, [TUS]));
  expect([status, fields.get('cache-control'), fields.get('tus-resumable')]).toEqual([
    200,
    'no-store',
    '1.0.0',
  ]);
  return Object.fromEntries(NAMES.flatMap((name) => (fields.has(name) ? [[name, fields.get(name)!]] : [])));
}

function seen({ status, fields }: Response): (number | string | null)[] {
  return [status, fields.get('upload-offset') ?? null, fields.get('tus-resumable') ?? null];
}

test('OPTIONS tells the version, the extensions, the limit and the checksums, to whoever asks', async () => {
  const { ask } = await running({ uploadLimit: 1000 });
  for (const fields of [[], ['Tus-Resumable: 0.2.2']]) {
    const answer = await ask(message('OPTIONS /tus', fields));
    expect(answer.status).toBe(204);
    expect(Object.fromEntries(answer.fields)).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension':
        'creation,creation-with-upload,creation-defer-length,termination,checksum,checksum-trailer,concatenation,expiration',
      'tus-max-size': '1000',
      'tus-checksum-algorithm': 'sha1,md5,sha256,sha512',
    });
  }
  expect((await ask(message('OPTIONS /tus/9'))).status).toBe(204);
});

describe('creation', () => {
  test('of a known length, with metadata, then its content in parts', async () => {
    const { ask, server } = await running();
    const metadata = 'filename d29ybGQ=,is_confidential,filetype dGV4dC9wbGFpbg==';
    const made = await ask(create(['Upload-Length: 6', `Upload-Metadata: ${metadata}`]));
    expect([made.status, made.fields.get('location'), made.fields.has('upload-offset')]).toEqual([
      201,
      '/tus/0',
      false,
    ]);
    expect(await told({ ask })).toEqual({
      'upload-offset': '0',
      'upload-length': '6',
      'upload-metadata': metadata,
    });
    expect(seen(await ask(append('abc', 0)))).toEqual([204, '3', '1.0.0']);
    const part = await ask(message('GET /tus/0'));
    expect([part.status, part.body]).toEqual([299, 'abc']);
    const last = await ask(append('def', 3));
    expect(seen(last)).toEqual([204, '6', '1.0.0']);
    expect(last.fields.has('upload-expires')).toBe(false);
    const whole = await ask(message('GET /tus/0', ['Range: bytes=2-3']));
    expect([whole.status, whole.body, whole.fields.get('content-type')]).toEqual([206, 'cd', 'text/plain']);
    expect(await server.digest('/tus/0')).toBe(createHash('sha256').update('abcdef').digest('hex'));
    expect(server.state().resources).toEqual([
      { path: '/tus/0', kind: 'upload', label: 'done', have: 6, length: 6 },
    ]);
  });

  test('with content: what of it was stored is told', async () => {
    const { ask } = await running();
    expect(seen(await ask(create(['Upload-Length: 6'], 'abc')))).toEqual([201, '3', '1.0.0']);
    expect(seen(await ask(create(['Upload-Length: 3'], 'abc')))).toEqual([201, '3', '1.0.0']);
    expect(await told({ ask }, '/tus/1')).toEqual({ 'upload-offset': '3', 'upload-length': '3' });
  });

  test('of no bytes is complete at once', async () => {
    const { ask, server } = await running();
    const made = await ask(create(['Upload-Length: 0']));
    expect([made.status, made.fields.has('upload-expires')]).toEqual([201, false]);
    expect(server.state().resources[0]?.label).toBe('done');
  });

  test('of a length that comes later, and then stays', async () => {
    const { ask } = await running();
    expect((await ask(create(['Upload-Defer-Length: 1']))).status).toBe(201);
    expect(await told({ ask })).toEqual({ 'upload-offset': '0', 'upload-defer-length': '1' });
    expect((await ask(append('abc', 0))).status).toBe(204);
    expect((await ask(append('', 3, ['Upload-Length: 2']))).status).toBe(400);
    expect((await ask(append('d', 3, ['Upload-Length: 5']))).status).toBe(204);
    expect(await told({ ask })).toEqual({ 'upload-offset': '4', 'upload-length': '5' });
    expect((await ask(append('e', 4, ['Upload-Length: 6']))).status).toBe(400);
    expect((await ask(append('e', 4, ['Upload-Length: 5']))).status).toBe(204);
    expect((await ask(message('GET /tus/0'))).status).toBe(200);
  });

  test('answers Expect before the content', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(
      message('POST /tus', [TUS, OCTETS, 'Upload-Length: 3', 'Content-Length: 3', 'Expect: 100-continue']),
    );
    expect((await raw.next()).status).toBe(100);
    raw.send('abc');
    expect(seen(await raw.final())).toEqual([201, '3', '1.0.0']);
  });

  const refusals: readonly (readonly [string, readonly string[], string, number])[] = [
    ['no length at all', [], '', 400],
    ['a length and none', ['Upload-Length: 3', 'Upload-Defer-Length: 1'], '', 400],
    ['a deferred length of another value', ['Upload-Defer-Length: 2'], '', 400],
    ['two lengths', ['Upload-Length: 3', 'Upload-Length: 3'], '', 400],
    ['a negative length', ['Upload-Length: -1'], '', 400],
    ['a structured length', ['Upload-Length: 3;a'], '', 400],
    ['a length beyond numbers', ['Upload-Length: 99999999999999999999'], '', 400],
    ['a huge length', ['Upload-Length: 9007199254740991'], '', 413],
    ['metadata that is no Base64', ['Upload-Length: 3', 'Upload-Metadata: filename wörld'], '', 400],
    ['metadata that names a key twice', ['Upload-Length: 3', 'Upload-Metadata: a YQ==,a YQ=='], '', 400],
    ['empty metadata', ['Upload-Length: 3', 'Upload-Metadata: '], '', 400],
    ['more content than its length', ['Upload-Length: 2'], 'abc', 413],
    ['a concatenation of nothing', ['Upload-Concat: final;'], '', 400],
    ['a concatenation that is neither', ['Upload-Length: 3', 'Upload-Concat: whole'], '', 400],
    ['a checksum without a value', ['Upload-Length: 3', 'Upload-Checksum: sha1'], 'abc', 400],
    ['a checksum that nobody knows', ['Upload-Length: 3', 'Upload-Checksum: crc8 YQ=='], 'abc', 400],
  ];
  test.each(refusals)('with %s is refused, and makes nothing', async (_what, fields, content, status) => {
    const { ask, server } = await running();
    const answer = await ask(create(fields, content));
    expect([answer.status, answer.fields.get('tus-resumable')]).toEqual([status, '1.0.0']);
    expect(answer.fields.has('location')).toBe(false);
    expect(server.state().resources).toEqual([]);
  });

  test('with content of another type: 415', async () => {
    const { ask } = await running();
    const answer = await ask(message('POST /tus', [TUS, 'Upload-Length: 3', 'Content-Length: 3'], 'abc'));
    expect([answer.status, answer.fields.get('accept-patch')]).toEqual([
      415,
      'application/offset+octet-stream',
    ]);
  });

  test('of one more than are kept: 503', async () => {
    const { ask } = await running({ operationLimit: 1 });
    await ask(create(['Upload-Length: 3']));
    expect((await ask(create(['Upload-Length: 3']))).status).toBe(503);
  });

  test('any metadata is either refused or told again as it came', async () => {
    const { ask } = await running({ operationLimit: 100_000 });
    const metadata = fc.oneof(
      fc.stringMatching(/^[!-~][ -~]{0,30}$/),
      fc
        .array(fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), fc.base64String({ maxLength: 8 })), {
          minLength: 1,
        })
        .map((pairs) => pairs.map((pair) => pair.join(' ').trim()).join(',')),
    );
    await fc.assert(
      fc.asyncProperty(metadata, async (value) => {
        const made = await ask(create(['Upload-Length: 3', `Upload-Metadata: ${value}`]));
        if (made.status === 400) return;
        expect((await told({ ask }, made.fields.get('location')))['upload-metadata']).toBe(value.trim());
      }),
      { numRuns: 60 },
    );
  });
});

describe('PATCH', () => {
  const rows: readonly (readonly [string, string, number])[] = [
    ['no version', message('PATCH /tus/0', [OCTETS, 'Content-Length: 1', 'Upload-Offset: 3'], 'd'), 412],
    ['another version', append('d', 3).replace(TUS, 'Tus-Resumable: 0.2.2'), 412],
    ['another type', append('d', 3).replace(OCTETS, 'Content-Type: text/plain'), 415],
    ['a lower offset', append('d', 2), 409],
    ['a higher offset', append('d', 4), 409],
    ['no offset', append('d', 3).replace('Upload-Offset: 3\r\n', ''), 400],
    ['two offsets', append('d', 3, ['Upload-Offset: 3']), 400],
    ['an offset that is none', append('d', 3).replace('Upload-Offset: 3', 'Upload-Offset: three'), 400],
    ['a length that is another', append('d', 3, ['Upload-Length: 7']), 400],
    ['more than its length', append('defg', 3), 413],
    ['a checksum that nobody knows', append('def', 3, ['Upload-Checksum: crc8 YQ==']), 400],
    ['a wrong checksum', append('def', 3, [`Upload-Checksum: sha1 ${hash('sha1', 'xyz')}`]), 460],
    ['a checksum of a wrong length', append('def', 3, ['Upload-Checksum: sha1 YQ==']), 460],
    ['a cut that is no number', append('d', 3, [], '/tus/0?cut=soon'), 400],
  ];
  test.each(rows)('with %s is refused, and nothing of it is stored', async (_what, request, status) => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 6'], 'abc'));
    const answer = await ask(request);
    expect([answer.status, answer.fields.get('tus-resumable')]).toEqual([status, '1.0.0']);
    if (status === 412) expect(answer.fields.get('tus-version')).toBe('1.0.0');
    if (status === 409 || status === 460) expect(answer.fields.get('upload-offset')).toBe('3');
    if (status === 460) expect(answer.reason).toBe('Checksum Mismatch');
    expect(await told({ ask })).toEqual({ 'upload-offset': '3', 'upload-length': '6' });
    expect(seen(await ask(append('def', 3)))).toEqual([204, '6', '1.0.0']);
  });

  test.each(['sha1', 'md5', 'sha256', 'sha512'])('with the right checksum by %s counts', async (name) => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 6']));
    expect(seen(await ask(append('abc', 0, [`Upload-Checksum: ${name} ${hash(name, 'abc')}`])))).toEqual([
      204,
      '3',
      '1.0.0',
    ]);
    expect(seen(await ask(append('def', 3, [`Upload-Checksum: ${name} ${hash(name, 'def')}`])))).toEqual([
      204,
      '6',
      '1.0.0',
    ]);
    expect((await ask(message('GET /tus/0'))).body).toBe('abcdef');
  });

  test.each([
    ['right', `Upload-Checksum: sha1 ${hash('sha1', 'def')}\r\n`, 204],
    ['wrong', `Upload-Checksum: md5 ${hash('md5', 'xyz')}\r\n`, 460],
    ['not there', 'Other: 1\r\n', 400],
    ['nothing at all', '', 400],
    ['unknown', 'Upload-Checksum: crc8 YQ==\r\n', 400],
    ['broken', 'Upload-Checksum: sha1\r\n', 400],
  ])('with a checksum behind it, which is %s', async (_what, trailer, status) => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 6'], 'abc'));
    const fields = [
      TUS,
      OCTETS,
      'Upload-Offset: 3',
      'Transfer-Encoding: chunked',
      'Trailer: X, Upload-Checksum',
    ];
    const answer = await ask(message('PATCH /tus/0', fields, `3\r\ndef\r\n0\r\n${trailer}\r\n`));
    expect(seen(answer)).toEqual([status, status === 204 ? '6' : '3', '1.0.0']);
    expect((await told({ ask }))['upload-offset']).toBe(status === 204 ? '6' : '3');
  });

  test('with a checksum, of more than one piece: all of it counts at once, at the end', async () => {
    const { ask, server } = await running({ memoryLimit: 100_000 });
    const content = Array.from({ length: 700_000 }, (_value, index) => String.fromCharCode(index % 251)).join(
      '',
    );
    await ask(create([`Upload-Length: ${content.length}`]));
    expect((await ask(append(content, 0, [`Upload-Checksum: sha1 ${hash('sha1', content)}`]))).status).toBe(
      204,
    );
    expect(await server.digest('/tus/0')).toBe(createHash('sha256').update(content, 'latin1').digest('hex'));
  });

  test('without content changes nothing', async () => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 6'], 'abc'));
    expect(seen(await ask(append('', 3)))).toEqual([204, '3', '1.0.0']);
  });

  test('of what is not there: 404', async () => {
    const { ask } = await running();
    expect(seen(await ask(append('abc', 0)))).toEqual([404, null, '1.0.0']);
  });

  test('chunked, that goes on behind the end: 413, and what came before is kept', async () => {
    const { ask, client, stored } = await running();
    await ask(create(['Upload-Length: 4']));
    const raw = await client();
    const fields = [TUS, OCTETS, 'Upload-Offset: 0', 'Transfer-Encoding: chunked'];
    raw.send(message('PATCH /tus/0', fields, '3\r\nabc\r\n'));
    await stored(3);
    raw.send('2\r\nde\r\n');
    expect(seen(await raw.final())).toEqual([413, '3', '1.0.0']);
  });

  test('that breaks keeps what came, unless it has a checksum', async () => {
    const { ask, client, stored, notes, until } = await running();
    await ask(create(['Upload-Length: 9']));
    const raw = await client();
    raw.send(append('abcdef', 0).slice(0, -2));
    await stored(4);
    raw.reset();
    await until(() => notes.closings.some(({ how }) => how === 'rst'));
    expect((await told({ ask }))['upload-offset']).toBe('4');
    const other = await client();
    await other.flushed(append('ef', 4, [`Upload-Checksum: sha1 ${hash('sha1', 'ef')}`]).slice(0, -1));
    // HEAD ends it, as it ends every older request.
    expect((await told({ ask }))['upload-offset']).toBe('4');
    expect(seen(await ask(append('efghi', 4)))).toEqual([204, '9', '1.0.0']);
  });

  test('whose creation broke off is forgotten: nobody was told where it is', async () => {
    const { ask, client, stored, notes, server, until } = await running();
    const raw = await client();
    raw.send(create(['Upload-Length: 9'], 'abcdef').slice(0, -2));
    await stored(4);
    raw.reset();
    await until(() => notes.closings.length > 0);
    expect(server.state().resources).toEqual([]);
    expect((await ask(message('HEAD /tus/0', [TUS]))).status).toBe(404);
  });

  test('whose first content was refused is where the refusal says', async () => {
    const { ask } = await running();
    const wrong = `Upload-Checksum: sha1 ${hash('sha1', 'xyz')}`;
    const refused = await ask(create(['Upload-Length: 6', wrong], 'abc'));
    expect([refused.status, refused.fields.get('location')]).toEqual([460, '/tus/0']);
    expect(seen(await ask(append('abcdef', 0)))).toEqual([204, '6', '1.0.0']);
  });

  test('is cut by the server after as many bytes as the query says', async () => {
    const { ask, client } = await running();
    await ask(create(['Upload-Length: 9']));
    const raw = await client();
    raw.send(append('abcdef', 0, [], '/tus/0?cut=5'));
    expect(await raw.ended).toBe('rst');
    expect((await told({ ask }))['upload-offset']).toBe('5');
  });
});

test.each([
  ['PATCH', 'POST', 204],
  ['HEAD', 'POST', 200],
  ['DELETE', 'POST', 204],
  ['PUT', 'POST', 405],
  ['TRACE', 'GET', 405],
])('X-HTTP-Method-Override: %s on a %s', async (method, real, status) => {
  const { ask } = await running();
  await ask(create(['Upload-Length: 6'], 'abc'));
  const request = append('', 3, [`X-HTTP-Method-Override: ${method}`]).replace(/^PATCH/, real);
  expect((await ask(request, real)).status).toBe(status);
});

test.each([
  ['PUT', '/tus', 'OPTIONS, POST, GET, HEAD'],
  ['POST', '/tus/0', 'OPTIONS, HEAD, PATCH, DELETE, GET'],
])('%s %s is refused in the words of tus', async (method, path, allow) => {
  const { ask } = await running();
  const answer = await ask(message(`${method} ${path}`, [TUS, 'Content-Length: 0']));
  expect([answer.status, answer.fields.get('allow'), answer.fields.get('tus-resumable')]).toEqual([
    405,
    allow,
    '1.0.0',
  ]);
});

describe('termination', () => {
  test.each([
    ['unfinished', 'abc'],
    ['complete', 'abcdef'],
  ])('of an upload that is %s', async (_what, content) => {
    const { ask, server } = await running();
    await ask(create(['Upload-Length: 6'], content));
    expect(seen(await ask(message('DELETE /tus/0', [TUS])))).toEqual([204, null, '1.0.0']);
    for (const method of ['HEAD', 'PATCH', 'DELETE', 'GET']) {
      expect((await ask(message(`${method} /tus/0`, [TUS]), method)).status).toBe(404);
    }
    expect(await server.digest('/tus/0')).toBeNull();
  });

  test('while content arrives: that request is ended', async () => {
    const { ask, client, stored } = await running();
    await ask(create(['Upload-Length: 6']));
    const raw = await client();
    raw.send(append('abcdef', 0).slice(0, -1));
    await stored(5);
    expect((await ask(message('DELETE /tus/0', [TUS]))).status).toBe(204);
    expect(await raw.ended).toBe('rst');
  });
});

describe('expiration', () => {
  test('is told as long as there is something to lose, and then happens', async () => {
    const { ask, clock } = await running();
    const before = Date.now();
    const made = await ask(create(['Upload-Length: 6'], 'abc', '?expires=60'));
    const expires = Date.parse(made.fields.get('upload-expires') ?? '');
    expect(expires).toBeGreaterThanOrEqual(before + 59_000);
    expect(expires).toBeLessThanOrEqual(Date.now() + 60_000);
    clock.advance(40_000);
    // Whoever goes on has the whole time again.
    expect((await ask(append('d', 3))).fields.has('upload-expires')).toBe(true);
    clock.advance(40_000);
    expect((await told({ ask }))['upload-offset']).toBe('4');
    clock.advance(60_000);
    expect(seen(await ask(append('e', 4)))).toEqual([410, null, '1.0.0']);
    expect((await ask(message('HEAD /tus/0', [TUS]))).status).toBe(410);
  });
});

describe('concatenation', () => {
  const PARTIAL = 'Upload-Concat: partial';

  test('puts parts together in the order that is asked for, more than once, and leaves them as they are', async () => {
    const { ask, server } = await running();
    await ask(create(['Upload-Length: 5', PARTIAL], 'hello'));
    await ask(create(['Upload-Length: 6', PARTIAL, 'Upload-Metadata: a YQ=='], ' worl'));
    await ask(append('d', 5, [], '/tus/1'));
    expect(await told({ ask })).toEqual({
      'upload-offset': '5',
      'upload-length': '5',
      'upload-concat': 'partial',
    });
    const list = 'final;/tus/0 http://test/tus/1 1';
    const made = await ask(
      create([`Upload-Concat: ${list.replace(' 1', ' /tus/1')}`, 'Upload-Metadata: b YQ==']),
    );
    expect([made.status, made.fields.get('location'), made.fields.has('upload-expires')]).toEqual([
      201,
      '/tus/2',
      false,
    ]);
    expect(await told({ ask }, '/tus/2')).toEqual({
      'upload-offset': '17',
      'upload-length': '17',
      'upload-concat': 'final;/tus/0 http://test/tus/1 /tus/1',
      'upload-metadata': 'b YQ==',
    });
    expect((await ask(message('GET /tus/2'))).body).toBe('hello world world');
    expect(await server.digest('/tus/2')).toBe(
      createHash('sha256').update('hello world world').digest('hex'),
    );
    await ask(message('DELETE /tus/0', [TUS]));
    expect((await ask(message('GET /tus/2'))).body).toBe('hello world world');
  });

  test('PATCH of what is made of parts: 403, and by other protocols a refusal, too', async () => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 5', PARTIAL], 'hello'));
    await ask(create(['Upload-Concat: final;/tus/0']));
    expect(seen(await ask(append('', 5, [], '/tus/1')))).toEqual([403, null, '1.0.0']);
    expect((await ask(patch('/job/1.req', 'bytes 5-5/6', 'x'))).status).toBe(409);
    expect((await ask(message('GET /tus/1'))).body).toBe('hello');
  });

  test('of parts without bytes', async () => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 0', PARTIAL]));
    expect((await ask(create(['Upload-Concat: final;/tus/0 /tus/0']))).status).toBe(201);
    expect((await told({ ask }, '/tus/1'))['upload-offset']).toBe('0');
  });

  const refusals: readonly (readonly [string, readonly string[], number])[] = [
    ['a part that is not there', ['Upload-Concat: final;/tus/0 /tus/9'], 400],
    ['a part that is not finished', ['Upload-Concat: final;/tus/0 /tus/1'], 400],
    ['what is no part', ['Upload-Concat: final;/tus/2'], 400],
    ['a part elsewhere', ['Upload-Concat: final;http://other/tus/0'], 400],
    ['a reference that is none', ['Upload-Concat: final;http://['], 400],
    ['a part by another protocol', ['Upload-Concat: final;/resumable/0'], 400],
    ['a length', ['Upload-Concat: final;/tus/0', 'Upload-Length: 5'], 400],
    ['more than an upload may have', [`Upload-Concat: final;${'/tus/0 '.repeat(21)}`], 413],
    ['more parts than are looked at', [`Upload-Concat: final;${'/tus/0 '.repeat(1001)}`], 400],
    ['ten thousand parts', [`Upload-Concat: final;${'/tus/0 '.repeat(10_000)}`], 431],
  ];
  test.each(refusals)('of %s is refused', async (_what, fields, status) => {
    const { ask, server } = await running({ uploadLimit: 100 });
    await ask(create(['Upload-Length: 5', PARTIAL], 'hello'));
    await ask(create(['Upload-Length: 5', PARTIAL], 'hell'));
    await ask(create(['Upload-Length: 5'], 'hello'));
    expect((await ask(create(fields))).status).toBe(status);
    expect(server.state().resources.length).toBe(3);
  });

  test('has no content of its own', async () => {
    const { ask } = await running();
    await ask(create(['Upload-Length: 5', PARTIAL], 'hello'));
    expect((await ask(create(['Upload-Concat: final;/tus/0'], 'x'))).status).toBe(400);
  });

  test('that the store has no room for: 507, and the room is free again', async () => {
    const { ask } = await running({ storeLimit: 12 });
    await ask(create(['Upload-Length: 5', PARTIAL], 'hello'));
    const answer = await ask(create(['Upload-Concat: final;/tus/0 /tus/0']));
    expect([answer.status, answer.fields.get('tus-resumable')]).toEqual([507, '1.0.0']);
    expect((await ask(create(['Upload-Concat: final;/tus/0']))).status).toBe(201);
  });
});

test('content that the store has no room for: 507 in the words of tus, aside or not', async () => {
  const { ask } = await running({ storeLimit: 4 });
  await ask(create(['Upload-Length: 6']));
  expect(seen(await ask(append('abcdef', 0)))).toEqual([507, '0', '1.0.0']);
  const checked = append('abcdef', 0, [`Upload-Checksum: sha1 ${hash('sha1', 'abcdef')}`]);
  expect(seen(await ask(checked))).toEqual([507, '0', '1.0.0']);
  expect(seen(await ask(append('abc', 0)))).toEqual([204, '3', '1.0.0']);
});

test('what nobody can read is not read by tus either', async () => {
  const { ask } = await running();
  await ask(message('POST /digest', ['Content-Length: 3', 'Expect: 100-continue', 'Prefer: resume'], 'abc'));
  expect((await told({ ask }))['upload-offset']).toBe('3');
  const answer = await ask(message('GET /tus/0'));
  expect([answer.status, answer.fields.get('allow')]).toEqual([405, 'HEAD, PATCH, DELETE, OPTIONS']);
});
