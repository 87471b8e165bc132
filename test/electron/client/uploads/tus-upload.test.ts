// Uploads by tus 1.0.0, as transcripts: what the server says, what the client sends then. Among them servers that say what
// cannot be: one clear sentence each, never a loop, never a byte twice.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StrategyOptions } from '../../../../electron/client/strategy.ts';
import { LENGTH, TEXT, heads, run as runAny, type Run } from '../scripted-run.ts';
import { type Turn, response, times } from '../scripted-server.ts';

const PLACE = '/files/1';
const END = new RegExp(`${TEXT.slice(-6)}$`);
const TUS = 'Tus-Resumable: 1.0.0';
const none = 'Content-Length: 0';
const created = response('201 Created', [TUS, `Location: ${PLACE}`, none]);
const told = (offset: number, fields: readonly string[] = []): string =>
  response('200 OK', [TUS, `Upload-Offset: ${offset}`, ...fields, none]);
const taken = (offset: number): string => response('204 No Content', [TUS, `Upload-Offset: ${offset}`]);
const said = (status: string, fields: readonly string[] = []): string =>
  response(status, [TUS, none, ...fields]);
const upTo = (end: number): RegExp =>
  new RegExp(`${TEXT.slice(Math.max(0, end - 8), end).replaceAll('.', '\\.')}$`);
const fieldsOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gm'))].map(([, value]) => value!);

const run = (
  script: readonly (readonly Turn[])[],
  options: StrategyOptions = {},
  more: Parameters<typeof runAny>[2] = {},
): Promise<Run> => runAny('tus-upload', script, { ...more, options });

describe('an upload', () => {
  it('is created without content and filled by PATCH', async () => {
    const { result, said: sent, server } = await run([[{ send: created }, { on: END, send: taken(LENGTH) }]]);
    expect(result).toMatchObject({
      outcome: 'completed',
      final: { status: 204 },
      resumes: 0,
      locations: { requestContent: `${server.url}${PLACE}` },
    });
    const host = new URL(server.url).host;
    expect(sent).toEqual([
      `POST /print HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n${TUS}\r\nUpload-Length: ${LENGTH}\r\n\r\n` +
        `PATCH ${PLACE} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/offset+octet-stream\r\n` +
        `Content-Length: ${LENGTH}\r\n${TUS}\r\nUpload-Offset: 0\r\n\r\n${TEXT}`,
    ]);
  });

  it('goes on in parts, each from where the server says', async () => {
    const { result, said: sent } = await run(
      [
        [
          { send: created },
          { on: upTo(40), send: taken(40) },
          { on: upTo(80), send: taken(80) },
          { on: END, send: taken(LENGTH) },
        ],
      ],
      { segmentSize: 40 },
    );
    expect(result).toMatchObject({ outcome: 'completed', resumes: 0 });
    expect(fieldsOf(sent[0]!, 'Upload-Offset')).toEqual(['0', '40', '80']);
  });

  it('asks when less was taken than was sent', async () => {
    const { result, said: sent } = await run([
      [{ send: created }, { on: END, send: taken(50) }, { send: told(50) }, { on: END, send: taken(LENGTH) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(fieldsOf(sent[0]!, 'Upload-Offset')).toEqual(['0', '50']);
  });

  it('brings content with the creation where that is wished', async () => {
    const { result, said: sent } = await run(
      [
        [
          { send: response('100 Continue') },
          {
            on: upTo(60),
            send: response('201 Created', [TUS, `Location: ${PLACE}`, 'Upload-Offset: 60', none]),
          },
          { on: END, send: taken(LENGTH) },
        ],
      ],
      { first: 'whole', segmentSize: 60 },
    );
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(sent[0]!, 'Content-Type')).toEqual(
      Array<string>(2).fill('application/offset+octet-stream'),
    );
    expect(fieldsOf(sent[0]!, 'Expect')).toEqual(['100-continue']);
  });

  it('of no bytes is complete when it is created', async () => {
    const { result, said: sent } = await run([[{ send: created }]], {}, { request: { content: null } });
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(fieldsOf(sent[0]!, 'Upload-Length')).toEqual(['0']);
  });

  it('says what its metadata is, in Base64', async () => {
    const { said: sent } = await run([[{ send: created }, { on: END, send: taken(LENGTH) }]], {
      metadata: { filename: 'ä.txt', empty: '' },
    });
    expect(fieldsOf(sent[0]!, 'Upload-Metadata')).toEqual(['filename w6QudHh0,empty']);
  });

  it.each(['sha1', 'sha256'] as const)('tells what each part hashes to by %s', async (checksum) => {
    const of = (text: string): string => `${checksum} ${createHash(checksum).update(text).digest('base64')}`;
    const { said: sent } = await run(
      [[{ send: created }, { on: upTo(60), send: taken(60) }, { on: END, send: taken(LENGTH) }]],
      { segmentSize: 60, checksum },
    );
    expect(fieldsOf(sent[0]!, 'Upload-Checksum')).toEqual([of(TEXT.slice(0, 60)), of(TEXT.slice(60))]);
  });

  it('sends a part again whose checksum was found wrong', async () => {
    const wrong = said('460 Checksum Mismatch');
    const { result, said: sent } = await run(
      [
        [
          { send: created },
          { on: END, send: wrong },
          { on: END, send: wrong },
          { on: END, send: taken(LENGTH) },
        ],
      ],
      { checksum: 'sha1' },
    );
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(sent[0]!, 'Upload-Offset')).toEqual(['0', '0', '0']);
  });

  it('asks by OPTIONS first where that is wished', async () => {
    const { result, said: sent } = await run(
      [
        [
          {
            send: response('204 No Content', [
              TUS,
              'Tus-Version: 1.0.0,0.2.2',
              'Tus-Extension: creation,checksum',
            ]),
          },
          { send: created },
          { on: END, send: taken(LENGTH) },
        ],
      ],
      // That server takes no content with the creation.
      { discover: true, first: 'whole' },
    );
    expect(result.outcome).toBe('completed');
    expect(heads(sent[0]!)).toEqual(['OPTIONS /print', 'POST /print', `PATCH ${PLACE}`]);
    expect(fieldsOf(sent[0]!, 'Tus-Resumable')).toHaveLength(2);
  });

  it('is terminated at the end where that is wished', async () => {
    const { result, said: sent } = await run(
      [[{ send: created }, { on: END, send: taken(LENGTH) }, { send: response('204 No Content', [TUS]) }]],
      { deleteWhenDone: true },
    );
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 204 } });
    expect(heads(sent[0]!).at(-1)).toBe(`DELETE ${PLACE}`);
    expect(fieldsOf(sent[0]!, 'Tus-Resumable')).toHaveLength(3);
  });
});

describe('after a break', () => {
  it.each(['fin', 'rst'] as const)('by %s it asks, and sends what is missing', async (close) => {
    const { result, said: sent } = await run([
      [{ send: created }, { on: /The/, close }],
      [{ send: told(33) }, { on: END, send: taken(LENGTH) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    expect(heads(sent[1]!)).toEqual([`HEAD ${PLACE}`, `PATCH ${PLACE}`]);
    expect(sent[1]!.endsWith(`\r\n\r\n${TEXT.slice(33)}`)).toBe(true);
  });

  it('is complete when HEAD tells so', async () => {
    const { result } = await run([
      [{ send: created }, { on: END, close: 'rst' }],
      [{ send: told(LENGTH, [`Upload-Length: ${LENGTH}`]) }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 200 } });
  });

  it('of the creation it creates anew', async () => {
    const { result, said: sent } = await run([
      [{ close: 'rst' }],
      [{ send: created }, { on: END, send: taken(LENGTH) }],
    ]);
    expect(result.outcome).toBe('completed');
    expect(heads(sent[1]!)).toEqual(['POST /print', `PATCH ${PLACE}`]);
  });

  it.each(['404 Not Found', '410 Gone', '403 Forbidden'])(
    'creates the upload anew when HEAD tells %s',
    async (status) => {
      const { result, said: sent } = await run([
        [{ send: created }, { on: /The/, close: 'rst' }],
        [
          { send: said(status) },
          { send: response('201 Created', [TUS, 'Location: /files/2', none]) },
          { on: END, send: taken(LENGTH) },
        ],
      ]);
      expect(result).toMatchObject({
        outcome: 'completed',
        locations: { requestContent: expect.stringMatching(/2$/) },
      });
      expect(heads(sent[1]!)).toEqual([`HEAD ${PLACE}`, 'POST /print', 'PATCH /files/2']);
      expect(fieldsOf(sent[1]!, 'Upload-Offset')).toEqual(['0']);
    },
  );

  it.each(['423 Locked', '409 Conflict', '503 Service Unavailable'])(
    'asks again after a %s',
    async (status) => {
      const { result } = await run([
        [
          { send: created },
          { on: END, send: said(status) },
          { send: said(status) },
          { send: told(10) },
          { on: END, send: taken(LENGTH) },
        ],
      ]);
      expect(result).toMatchObject({ outcome: 'completed', resumes: 1 });
    },
  );

  it('sends less in a request after a 413', async () => {
    const { result, said: sent } = await run([
      [
        { send: created },
        { on: END, send: said('413 Content Too Large') },
        { send: told(0) },
        { on: upTo(52), send: taken(52) },
        { on: END, send: taken(LENGTH) },
      ],
    ]);
    expect(result.outcome).toBe('completed');
    expect(fieldsOf(sent[0]!, 'Content-Length').slice(2)).toEqual(['52', '52']);
  });
});

describe('several at once', () => {
  const part = (n: number): string => response('201 Created', [TUS, `Location: /files/${n}`, none]);
  const whole = response('201 Created', [TUS, 'Location: /files/all', none]);

  it('are partial uploads, and a final one that is made of them', async () => {
    const {
      result,
      said: sent,
      server,
    } = await run(
      [
        [
          { send: part(1) },
          { on: upTo(52), send: taken(52) },
          { send: whole },
          // Not finished yet.
          { send: response('200 OK', [TUS, `Upload-Length: ${LENGTH}`, none]) },
          { send: told(LENGTH, [`Upload-Length: ${LENGTH}`]) },
        ],
        [{ send: part(2) }, { on: END, send: taken(52) }],
      ],
      { parallel: 2, metadata: { name: 'x' } },
    );
    expect(result).toMatchObject({
      outcome: 'completed',
      payloadDigest: createHash('sha256').update(TEXT).digest('hex'),
      locations: { requestContent: `${server.url}/files/all` },
    });
    const all = sent.join('');
    const parts = fieldsOf(all, 'Upload-Concat').filter((value) => value === 'partial');
    expect(parts).toHaveLength(2);
    expect(fieldsOf(all, 'Upload-Length')).toEqual(['52', '52']);
    // The connections are not told apart by their order.
    expect(fieldsOf(all, 'Upload-Concat').find((value) => value.startsWith('final'))).toMatch(
      /^final;http:\/\/[\d.:]+\/files\/[12] http:\/\/[\d.:]+\/files\/[12]$/,
    );
    expect(fieldsOf(all, 'Upload-Metadata')).toHaveLength(1);
  });

  it('stop when one of them is refused', async () => {
    const { result } = await run([[{ send: said('501 Not Implemented') }], [{}], [{}]], { parallel: 3 });
    expect(result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/creates no upload: it answered 501/),
    });
  });
});

describe('a server that says what cannot be', () => {
  const cut: readonly Turn[] = [{ send: created }, { on: /The/, close: 'rst' }];
  const cases: readonly (readonly [string, StrategyOptions, readonly (readonly Turn[])[], RegExp])[] = [
    [
      'another version',
      {},
      [[{ send: response('412 Precondition Failed', ['Tus-Version: 2.0.0,1.1.0', none]) }]],
      /does not speak tus 1\.0\.0 .*: it names 2\.0\.0,1\.1\.0/,
    ],
    ['no version', {}, [[{ send: response('201 Created', ['Location: /x', none]) }]], /no Tus-Resumable/],
    [
      'another version in an answer',
      {},
      [[{ send: response('201 Created', ['Tus-Resumable: 0.2.2', 'Location: /x', none]) }]],
      /speaks tus 0\.2\.2, not 1\.0\.0/,
    ],
    ['no Location', {}, [[{ send: said('201 Created') }]], /no Location/],
    [
      'a Location on another host',
      {},
      [[{ send: said('201 Created', ['Location: http://198.51.100.7/files/1']) }]],
      /on another host/,
    ],
    ['an offset beyond the length', {}, [cut, [{ send: told(LENGTH + 1) }]], /only 104 exist/],
    [
      'an offset beyond what was sent',
      { segmentSize: 40 },
      [[{ send: created }, { on: upTo(40), send: taken(80) }]],
      /only 40 were ever sent/,
    ],
    [
      'an offset that goes back',
      { segmentSize: 40 },
      [
        [{ send: created }, { on: upTo(40), send: taken(40) }, { on: upTo(80), close: 'rst' }],
        [{ send: told(20) }],
      ],
      /has told that it has 40 bytes, and tells 20 now/,
    ],
    ['no offset to HEAD', {}, [cut, [{ send: said('200 OK') }]], /has no Upload-Offset/],
    [
      'another length',
      {},
      [cut, [{ send: told(4, ['Upload-Length: 5']) }]],
      /to have 5 bytes in all, not 104/,
    ],
    [
      '415',
      {},
      [[{ send: created }, { on: END, send: said('415 Unsupported Media Type') }]],
      /does not take the part/,
    ],
    [
      'a wrong checksum for ever',
      { checksum: 'sha1' },
      [[{ send: created }, ...times(3, { on: END, send: said('460 Checksum Mismatch') })]],
      /3 times to the same part/,
    ],
    [
      'that it knows no such checksum',
      { checksum: 'sha256' },
      [[{ send: created }, { on: END, send: said('400 Bad Request', ['Tus-Checksum-Algorithm: sha1']) }]],
      /knows the checksums sha1/,
    ],
    [
      'that it takes less',
      { discover: true },
      [
        [
          {
            send: response('204 No Content', [
              'Tus-Version: 1.0.0',
              'Tus-Extension: creation',
              'Tus-Max-Size: 9',
            ]),
          },
        ],
      ],
      /takes uploads of 9 bytes at most/,
    ],
    [
      'that it creates none',
      { discover: true },
      [[{ send: response('204 No Content', ['Tus-Version: 1.0.0']) }]],
      /creates no uploads/,
    ],
    [
      'nothing of tus to OPTIONS',
      { discover: true },
      [[{ send: response('200 OK', [none]) }]],
      /without Tus-Version/,
    ],
    [
      'that each upload is gone',
      {},
      [
        cut,
        [
          { send: said('404 Not Found') },
          ...times(3, { send: created }, { on: END, send: said('404 Not Found') }),
        ],
      ],
      /keeps none/,
    ],
  ];

  it.each(cases)('%s', async (_name, options, script, sentence) => {
    const { result, said: sent } = await run(script, options);
    expect(['failed', 'refused']).toContain(result.outcome);
    expect(result.reason).toMatch(sentence);
    expect(result.reason).toMatch(/^[A-Z].*\.$/);
    expect(sent.length).toBeLessThanOrEqual(script.length);
  });

  it('204s without Upload-Offset are asked after, and a server that takes nothing is left in the end', async () => {
    const { result, said: sent } = await run([
      [
        { send: created },
        ...times(20, { on: END, send: response('204 No Content', [TUS]) }, { send: told(0) }),
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/Nothing moved on/) });
    expect(heads(sent[0]!).length).toBeLessThan(30);
  });

  it('such a 204 does no harm where the bytes are there', async () => {
    const { result } = await run([
      [{ send: created }, { on: END, send: response('204 No Content', [TUS]) }, { send: told(LENGTH) }],
    ]);
    expect(result.outcome).toBe('completed');
  });
});
