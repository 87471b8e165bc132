import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type LayoutPiece } from '../../../shared/byteranges/patch-layout.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ContentSource,
  bytesContent,
  contentDigest,
  countedContent,
  fileContent,
  layoutContent,
  linesContent,
  randomContent,
  windowContent,
} from '../../../electron/client/content.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-content-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SIZE = 5_003;

describe('every content', () => {
  const kinds: readonly (readonly [string, () => Promise<ContentSource>])[] = [
    ['in memory', () => Promise.resolve(bytesContent(Uint8Array.from({ length: SIZE }, (_, i) => i * 7)))],
    ['of numbered lines', () => Promise.resolve(linesContent(SIZE))],
    ['without a pattern', () => Promise.resolve(randomContent(SIZE, 42))],
    [
      'in a file',
      async () => {
        const path = join(folder, 'content');
        await writeFile(
          path,
          Uint8Array.from({ length: SIZE }, (_, i) => i * 13),
        );
        return fileContent(path);
      },
    ],
  ];

  it.each(kinds)('%s reads the same from any offset as from the start', async (_name, make) => {
    const content = await make();
    const whole = await content.read(0, SIZE);
    expect(content.length).toBe(SIZE);
    expect(whole.length).toBe(SIZE);
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE), fc.nat(SIZE), async (x, y) => {
        const [from, to] = [Math.min(x, y), Math.max(x, y)];
        expect(Buffer.from(await content.read(from, to)).equals(whole.subarray(from, to))).toBe(true);
      }),
    );
    expect(await contentDigest(content)).toBe(createHash('sha256').update(whole).digest('hex'));
    const stopped = AbortSignal.abort();
    expect(await contentDigest(content, stopped)).toBeNull();
    await content.close();
  });
});

describe('numbered lines', () => {
  it('are those of /test/data', async () => {
    const content = linesContent(1_000_000);
    expect(Buffer.from(await content.read(0, 22)).toString()).toBe('00000000\r\n00000001\r\n00');
    expect(Buffer.from(await content.read(999_988, 1_000_000)).toString()).toBe('\r\n00099999\r\n');
  });

  it('count on over every carry', async () => {
    const written = Array.from({ length: 20_000 }, (_, i) => `${String(i).padStart(8, '0')}\r\n`).join('');
    expect(Buffer.from(await linesContent(200_000).read(0, 200_000)).toString()).toBe(written);
  });

  it('begin again after the last number of eight digits', async () => {
    const content = linesContent(1_000_000_020);
    expect(Buffer.from(await content.read(999_999_990, 1_000_000_010)).toString()).toBe(
      '99999999\r\n00000000\r\n',
    );
  });
});

describe('content without a pattern', () => {
  it('is the same for the same seed and differs for another', async () => {
    const of = async (seed: number): Promise<string> =>
      Buffer.from(await randomContent(64, seed).read(0, 64)).toString('hex');
    expect(await of(1)).toBe(await of(1));
    expect(await of(1)).not.toBe(await of(2));
  });

  it('uses every byte value', async () => {
    expect(new Set(await randomContent(20_000, 7).read(0, 20_000)).size).toBe(256);
  });
});

describe('a file as content', () => {
  it('is refused with a sentence when it is missing or a folder', async () => {
    await expect(fileContent(join(folder, 'none'))).rejects.toMatchObject({
      code: 'content',
      message: expect.stringMatching(/There is no file/),
    });
    await expect(fileContent(folder)).rejects.toMatchObject({
      code: 'content',
      message: expect.stringMatching(/not a file/),
    });
  });

  it('says so when it became shorter', async () => {
    const path = join(folder, 'shrinking');
    await writeFile(path, new Uint8Array(1000));
    const content = await fileContent(path);
    await truncate(path, 10);
    await expect(content.read(0, 1000)).rejects.toMatchObject({
      code: 'content',
      message: expect.stringMatching(/shorter/),
    });
    await content.close();
  });
});

describe('the content of a patch', () => {
  const source = randomContent(1_000, 7);
  const piece: fc.Arbitrary<LayoutPiece> = fc.oneof(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ bytes })),
    fc.tuple(fc.nat(1_000), fc.nat(1_000)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
  );

  it('is the bytes of its pieces, from wherever it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.nat(), fc.nat(), async (pieces, a, b) => {
        const parts = await Promise.all(
          pieces.map((each) => ('bytes' in each ? each.bytes : source.read(each.from, each.to))),
        );
        const whole = Buffer.concat(parts);
        const content = layoutContent({ contentType: '', length: whole.length, pieces }, source);
        expect(content.length).toBe(whole.length);
        const from = a % (whole.length + 1);
        const to = from + (b % (whole.length - from + 1));
        expect(Buffer.from(await content.read(from, to))).toEqual(whole.subarray(from, to));
      }),
    );
  });
});

describe('content in a window', () => {
  const SOURCE = randomContent(SIZE, 3);

  it('counts what is kept, and lets go of what is released', async () => {
    const content = windowContent(SOURCE);
    await content.read(0, 1_000);
    await content.read(1_000, 2_000);
    expect(content.heldMost).toBe(2_000);
    content.release(1_500);
    // What is not read yet cannot be safe anywhere.
    content.release(9_000);
    expect(content.released).toBe(2_000);
    await content.read(2_000, 2_500);
    expect(content.heldMost).toBe(2_000);
    await expect(content.read(1_999, 2_001)).rejects.toThrow(
      expect.objectContaining({ code: 'content', message: expect.stringMatching(/let go of/) }),
    );
    content.release(100);
    expect(content.released).toBe(2_000);
  });

  it('knows its digest, though its first bytes are gone', async () => {
    const content = windowContent(SOURCE);
    await content.read(0, 600);
    await content.read(300, 2_000);
    content.release(2_000);
    expect(await contentDigest(content)).toBe(await contentDigest(SOURCE));
    expect(await content.digest()).toBe(await contentDigest(SOURCE));
  });

  it('does not know it when bytes were let go of that came before others', async () => {
    const content = windowContent(SOURCE);
    await content.read(1_000, 2_000);
    content.release(2_000);
    expect(await content.digest()).toBeNull();
  });

  it('can be read again where only the count is kept', async () => {
    const content = countedContent(SOURCE);
    await content.read(3_000, 4_000);
    await content.read(0, 1_000);
    content.release(4_000);
    expect(content.released).toBe(0);
    expect(await content.read(0, 10)).toEqual(await SOURCE.read(0, 10));
    expect(await content.digest()).toBe(await contentDigest(SOURCE));
  });

  it('tells its source what is safe', async () => {
    const told: number[] = [];
    const content = windowContent({ ...SOURCE, release: (upTo) => told.push(upTo) });
    await content.read(0, 100);
    content.release(50);
    content.release(40);
    content.release(100);
    expect(told).toEqual([50, 100]);
  });

  it('has no digest where more would have to be read for it than may be', async () => {
    const reads: number[] = [];
    const content = countedContent({
      ...SOURCE,
      read: (from, to) => {
        reads.push(from);
        return SOURCE.read(from, to);
      },
    });
    await content.read(0, 100);
    expect(await content.digest(undefined, SOURCE.length - 101)).toBeNull();
    expect(reads).toEqual([0]);
    expect(await content.digest(undefined, SOURCE.length - 100)).toBe(await contentDigest(SOURCE));
  });

  it('is null once the signal is aborted', async () => {
    expect(await windowContent(SOURCE).digest(AbortSignal.abort())).toBeNull();
  });
});
