// What servers mint, learnt from one session and said in the words of the other.

import { describe, expect, it } from 'vitest';
import { Minted } from '../../../shared/compare/minted.ts';

describe('what a server mints', () => {
  it.each([
    [
      'a path',
      'Location',
      '/uploads/a1',
      '/uploads/b2',
      'PATCH /uploads/a1 HTTP/1.1',
      'PATCH /uploads/b2 HTTP/1.1',
    ],
    [
      'a path below it',
      'Location',
      '/uploads/a1',
      '/uploads/b2',
      'GET /uploads/a1/part',
      'GET /uploads/b2/part',
    ],
    [
      'an absolute URL, by its path',
      'Location',
      'http://h:1/uploads/a1',
      'http://other:2/uploads/b2',
      'GET /uploads/a1',
      'GET /uploads/b2',
    ],
    [
      'references of a list',
      'Link',
      '</a/111>; rel="x", </b/222>; rel="y"',
      '</a/333>; rel="x", </b/444>; rel="y"',
      'final;/b/222 /a/111',
      'final;/b/444 /a/333',
    ],
    ['an entity tag', 'ETag', '"v1-abc"', '"v1-xyz"', 'If-Match: "v1-abc"', 'If-Match: "v1-xyz"'],
    [
      'no longer name that begins alike',
      'Location',
      '/uploads/a1',
      '/uploads/b2',
      '/uploads/a12',
      '/uploads/a12',
    ],
    ['nothing where it is the same', 'Location', '/uploads/a1', '/uploads/a1', '/uploads/a1', '/uploads/a1'],
    ['nothing of lists of other lengths', 'Link', '</a/111>', '</a/333>, </b/4>', '/a/111', '/a/111'],
  ])('is translated: %s', (_, name, one, other, text, expected) => {
    const minted = new Minted();
    minted.learn([[name, one]], [[name, other]]);
    expect(minted.translate(text)).toBe(expected);
  });

  it('is remembered up to a bound, the newest names', () => {
    const minted = new Minted();
    for (let i = 0; i < 1_500; i++)
      minted.learn([['Location', `/uploads/a-${i}`]], [['Location', `/uploads/b-${i}`]]);
    expect(minted.translate('/uploads/a-1499')).toBe('/uploads/b-1499');
    expect(minted.translate('/uploads/a-0')).toBe('/uploads/a-0');
  });
});
