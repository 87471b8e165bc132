// The upload client that others made, in each protocol that it speaks, against this server: whole, cut in the middle at
// bytes of the connection, by the server's own cut, and in parallel.

import { createHash } from 'node:crypto';
import { Upload, type UploadOptions } from 'tus-js-client';
import { describe, expect, test } from 'vitest';
import { parseCutSpec } from '../../../electron/wire/spec.ts';
import { type Running, running } from './harness.ts';

const CONTENT = Buffer.from(
  Array.from({ length: 500_000 }, (_value, index) => (index * 7 + (index >> 8)) & 0xff),
);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

interface Told {
  readonly url: string;
  /** `PATCH 100000 204`: method, offset that was asked for, status; `-` for none. */
  readonly exchanges: readonly string[];
}

/** Its types do not know of the protocols that it speaks. */
type Options = Partial<UploadOptions> & { readonly protocol?: 'tus-v1' | 'ietf-draft-03' | 'ietf-draft-05' };

/** Runs one upload to its end. */
function upload(endpoint: string, options: Options): Promise<Told> {
  return new Promise((resolve, reject) => {
    const exchanges: string[] = [];
    const one = new Upload(CONTENT, {
      endpoint,
      retryDelays: [0, 0, 0, 0],
      ...options,
      onAfterResponse: (request, response) => {
        const offset = request.getHeader('Upload-Offset') ?? '-';
        exchanges.push(`${request.getMethod()} ${offset} ${response.getStatus()}`);
      },
      onError: (error) => reject(error),
      onSuccess: () => resolve({ url: one.url ?? '', exchanges }),
    });
    one.start();
  });
}

const PROTOCOLS = [
  ['tus-v1', '/tus'],
  ['ietf-draft-03', '/resumable'],
  ['ietf-draft-05', '/resumable'],
] as const;

function pathOf(url: string): string {
  return new URL(url).pathname;
}

function arm({ board }: Running, ...specs: string[]): void {
  for (const spec of specs) board.arm(parseCutSpec(spec), 'plan');
}

describe.each(PROTOCOLS)('tus-js-client speaking %s', (protocol, path) => {
  test('uploads in one request', async () => {
    const { server } = await running();
    const { url, exchanges } = await upload(server.url + path, { protocol });
    expect(exchanges).toEqual(['POST - 201', `PATCH 0 ${protocol === 'tus-v1' ? 204 : 200}`]);
    expect(await server.digest(pathOf(url))).toBe(SHA256);
  });

  test('uploads in parts, the first with the creation', async () => {
    const { server } = await running();
    const options = { protocol, chunkSize: 200_000, uploadDataDuringCreation: true };
    const { url, exchanges } = await upload(server.url + path, options);
    const last = protocol === 'tus-v1' ? 204 : 200;
    expect(exchanges).toEqual(['POST - 201', 'PATCH 200000 204', `PATCH 400000 ${last}`]);
    expect(await server.digest(pathOf(url))).toBe(SHA256);
  });

  test.each([
    ['resets', ['server:in:content:123456:rst', 'server:in:content:345678:rst']],
    ['ends', ['server:in:content:1:fin', 'server:in:content:499999:fin']],
  ])('goes on after two %s in the middle', async (_how, specs) => {
    const one = await running();
    arm(one, ...specs);
    const { url, exchanges } = await upload(one.server.url + path, { protocol });
    expect(one.board.list().map(({ fired }) => fired)).toEqual([true, true]);
    expect(exchanges.filter((exchange) => exchange.startsWith('HEAD'))).toHaveLength(2);
    expect(await one.server.digest(pathOf(url))).toBe(SHA256);
    // Nothing was sent twice into the store: it has the bytes, once each.
    expect(one.server.state().resources.map(({ have, label }) => [have, label])).toEqual([
      [CONTENT.length, 'done'],
    ]);
  });

  test('goes on after an answer that was lost', async () => {
    const one = await running();
    // The first part's answer breaks off in its head: what it would have said is asked for.
    arm(one, 'server:out:300:rst');
    const { url } = await upload(one.server.url + path, { protocol, chunkSize: 200_000 });
    expect(one.board.list().map(({ fired }) => fired)).toEqual([true]);
    expect(await one.server.digest(pathOf(url))).toBe(SHA256);
  });

  test('is content when it was told that the upload is complete, whatever became of the last answer', async () => {
    const { server } = await running();
    const first = await upload(server.url + path, { protocol });
    const again = await upload(server.url + path, { protocol, uploadUrl: first.url });
    expect(again.exchanges[0]).toMatch(/^HEAD - 20[04]$/);
    expect(await server.digest(pathOf(first.url))).toBe(SHA256);
  });
});

describe('tus-js-client with the extensions of tus', () => {
  test('in parallel: parts that are put together, with a cut in one of them', async () => {
    const one = await running();
    arm(one, 'server:in:content:100000:rst');
    const { url } = await upload(`${one.server.url}/tus`, {
      parallelUploads: 4,
      metadata: { filename: 'a file.bin', filetype: 'application/x-thing' },
    });
    expect(one.board.list().map(({ fired }) => fired)).toEqual([true]);
    expect(await one.server.digest(pathOf(url))).toBe(SHA256);
    const response = await fetch(url, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } });
    expect(response.headers.get('upload-concat')).toMatch(/^final;(?:http:\S+ ){3}http:\S+$/);
    expect(response.headers.get('upload-metadata')).toMatch(/^filename YSBmaWxlLmJpbg==,filetype /);
  });

  test('of a length that it learns at the end', async () => {
    const { server } = await running();
    const { url } = await upload(`${server.url}/tus`, { uploadLengthDeferred: true, chunkSize: 150_000 });
    expect(await server.digest(pathOf(url))).toBe(SHA256);
  });

  test('without PATCH: by POST and X-HTTP-Method-Override', async () => {
    const { server } = await running();
    const { url, exchanges } = await upload(`${server.url}/tus`, { overridePatchMethod: true });
    expect(exchanges).toEqual(['POST - 201', 'POST 0 204']);
    expect(await server.digest(pathOf(url))).toBe(SHA256);
  });

  test('terminates what it does not want any more', async () => {
    const { server, ask } = await running();
    const { url } = await upload(`${server.url}/tus`, {});
    await Upload.terminate(url);
    expect(
      (await ask(`HEAD ${pathOf(url)} HTTP/1.1\r\nHost: test\r\nTus-Resumable: 1.0.0\r\n\r\n`)).status,
    ).toBe(404);
  });

  test('an upload of tus is gone on with by another protocol', async () => {
    const one = await running();
    arm(one, 'server:in:content:200000:rst');
    const broken = upload(`${one.server.url}/tus`, { retryDelays: [] });
    await expect(broken).rejects.toThrow(/failed to upload chunk/);
    const { path, have } = one.server.state().resources[0]!;
    expect([path, have]).toEqual(['/tus/0', 200_000]);
    const { exchanges } = await upload(`${one.server.url}/resumable`, {
      protocol: 'ietf-draft-05',
      uploadUrl: `${one.server.url}/resumable/0`,
    });
    expect(exchanges).toEqual(['HEAD - 204', 'PATCH 200000 200']);
    expect(await one.server.digest('/tus/0')).toBe(SHA256);
  });
});
