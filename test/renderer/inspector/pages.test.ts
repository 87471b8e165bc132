import { describe, expect, it } from 'vitest';
import { createPages, PAGE } from '../../../renderer/inspector/pages.ts';

interface Asked {
  readonly start: number;
  readonly end: number;
  answer(bytes: Uint8Array, kept?: boolean): Promise<void>;
  refuse(): Promise<void>;
}

function harness() {
  const asked: Asked[] = [];
  let changes = 0;
  const pages = createPages(
    (_connection, _stream, start, end) =>
      new Promise((resolve, reject) => {
        const done = () => Promise.resolve().then(() => Promise.resolve());
        asked.push({
          start,
          end,
          answer: (bytes, kept = true) => {
            resolve({ bytes, kept });
            return done();
          },
          refuse: () => {
            reject(new Error('gone'));
            return done();
          },
        });
      }),
    () => changes++,
  );
  return {
    pages,
    asked,
    changes: () => changes,
    at: (position: number, length: number) => pages.at(1, 'request', position, length),
  };
}

const filled = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);

describe('pages of captured bytes', () => {
  it('asks once for the page of a byte, and knows it when it has come', async () => {
    const { at, asked, changes } = harness();
    expect(at(70_000, 200_000)).toBeNull();
    expect(at(70_001, 200_000)).toBeNull();
    expect(asked.map(({ start, end }) => [start, end])).toEqual([[PAGE, 2 * PAGE]]);
    await asked[0]!.answer(filled(PAGE));
    expect(changes()).toBe(1);
    expect(at(70_000, 200_000)).toBe((70_000 - PAGE) % 251);
  });

  it('never asks for more than there is, and asks again when there is more', async () => {
    const { at, asked } = harness();
    at(0, 100);
    expect(asked[0]!.end).toBe(100);
    await asked[0]!.answer(filled(100));
    expect(at(99, 100)).toBe(99);
    expect(at(150, 300)).toBeNull();
    expect(asked[1]!.end).toBe(300);
    expect(at(99, 300)).toBe(99);
    await asked[1]!.answer(filled(300));
    expect(at(150, 300)).toBe(150);
  });

  it('tells bytes that were not kept from bytes on their way, and keeps what was kept before them', async () => {
    const { at, asked } = harness();
    expect(at(5, 50)).toBeNull();
    await asked[0]!.answer(filled(10), false);
    expect(at(5, 50)).toBe(5);
    expect(at(10, 50)).toBeUndefined();
  });

  it('takes a refusal for bytes that cannot be had', async () => {
    const { at, asked } = harness();
    at(0, 50);
    await asked[0]!.refuse();
    expect(at(0, 50)).toBeUndefined();
  });

  it('holds a bounded number of pages, and asks again for those that gave way', async () => {
    const { at, asked, pages } = harness();
    const length = 1024 ** 3;
    for (let page = 0; page < 500; page++) at(page * PAGE, length);
    expect(pages.size).toBe(128);
    at(499 * PAGE, length);
    expect(asked.length).toBe(500);
    at(0, length);
    expect(asked.length).toBe(501);
  });
});
