// Which names a file may have. Nothing of the disk is touched.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileName } from '../../../../electron/server/files/names.ts';

describe('a path behind /uploads/', () => {
  test.each([
    ['a', 'a'],
    ['a/b/c.txt', 'a/b/c.txt'],
    ['A-Z_0~9.tar.gz', 'A-Z_0~9.tar.gz'],
    ['%61%2Db', 'a-b'],
    ['1/2/3/4/5/6/7/8', '1/2/3/4/5/6/7/8'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['context/auxiliary', 'context/auxiliary'],
  ])('%s names %s', (path, name) => {
    expect(fileName(path)).toBe(name);
  });

  test.each([
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    '.',
    '..',
    '../a',
    'a/../b',
    '.interim/state/x',
    '.hidden',
    'a/.b',
    'a.',
    '%2e%2e/a',
    '%2E%2E%2Fetc',
    'a%2Fb',
    'a%5Cb',
    'a\\b',
    'a b',
    'a%20b',
    'a%00b',
    'a%',
    'a%zz',
    'a%E4',
    'a:b',
    'gr\u00fcn',
    '1/2/3/4/5/6/7/8/9',
    'x'.repeat(256),
    'NUL',
    'a/com1.txt',
  ])('%j names no file', (path) => {
    expect(fileName(path)).toBeNull();
  });

  test('never names anything but plain segments, whatever it is', () => {
    const part = fc.constantFrom('.', '..', '/', '%2e', '%2F', '\\', 'a', '%', 'interim', '~', '\0', ' ');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        ),
        (path) => {
          const name = fileName(path);
          if (name === null) return;
          for (const segment of name.split('/')) expect(segment).toMatch(/^[\w~-][\w.~-]*$/);
        },
      ),
    );
  });
});
