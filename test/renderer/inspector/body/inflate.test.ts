// Content codings taken off as a browser does it, with bounds.

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { INFLATED, inflate, inflateBlob } from '../../../../renderer/inspector/body/inflate.ts';

const TEXT = 'the words inside';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

describe('content', () => {
  test.each([
    ['', plain(Buffer.from(TEXT))],
    ['identity', plain(Buffer.from(TEXT))],
    ['gzip', plain(gzipSync(TEXT))],
    ['X-GZIP', plain(gzipSync(TEXT))],
    ['deflate', plain(deflateSync(TEXT))],
    ['deflate', plain(deflateRawSync(TEXT))],
    ['deflate, gzip', plain(gzipSync(deflateSync(TEXT)))],
  ])('coded with %j is read', async (coding, bytes) => {
    const found = await inflate(bytes, coding, true);
    expect(text(found.bytes)).toBe(TEXT);
    expect(found).toMatchObject({ partial: false, problem: null });
    expect(await (await inflateBlob(new Blob([bytes]), coding))!.text()).toBe(TEXT);
  });

  test('of an unknown coding stays as it is', async () => {
    const bytes = plain(Buffer.from(TEXT));
    const found = await inflate(bytes, 'rot13', true);
    expect(found.bytes).toBe(bytes);
    expect(found.problem).toMatch(/rot13/);
    expect(await inflateBlob(new Blob([bytes]), 'rot13')).toBeNull();
  });

  test('that goes on is shown as far as it has come', async () => {
    const long = Array.from({ length: 20_000 }, (_, line) => `line ${line}`).join('\n');
    const half = plain(gzipSync(long).subarray(0, 20_000));
    const found = await inflate(half, 'gzip', false);
    expect(found).toMatchObject({ partial: true, problem: null });
    expect(found.bytes.length).toBeGreaterThan(0);
    expect(long.startsWith(text(found.bytes))).toBe(true);
  });

  test('that is whole and broken says so', async () => {
    const found = await inflate(plain(Buffer.from(TEXT)), 'gzip', true);
    expect(found.problem).toMatch(/broken/);
    await expect(inflateBlob(new Blob([TEXT]), 'gzip')).rejects.toThrow();
  });

  test('inflates to no more than its bound', async () => {
    const bomb = plain(gzipSync(Buffer.alloc(INFLATED * 4)));
    const found = await inflate(bomb, 'gzip', true);
    expect(found.bytes).toHaveLength(INFLATED);
    expect(found).toMatchObject({ partial: true, problem: null });
  });
});
