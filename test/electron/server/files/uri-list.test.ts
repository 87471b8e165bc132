// Lists of URIs that are to name one uploaded file, as a table.

import { describe, expect, test } from 'vitest';
import { decideLink, isUriList } from '../../../../electron/server/files/uri-list.ts';

const BASE = 'http://127.0.0.1:18080/collection';

describe('a list of URIs', () => {
  test.each<[string, string, string]>([
    ['relative', '/uploads/fox.txt', '/uploads/fox.txt'],
    ['relative to the request', 'uploads/fox.txt', '/uploads/fox.txt'],
    ['absolute', 'http://127.0.0.1:18080/uploads/fox.txt', '/uploads/fox.txt'],
    ['among comments and empty lines', '# a fox\r\n\r\n/uploads/a/b\r\n# the end\r\n', '/uploads/a/b'],
    ['with bare line ends', '#x\n/uploads/a\n', '/uploads/a'],
    ['with dots that lead nowhere else', '/uploads/../uploads/a', '/uploads/a'],
    ['with a fragment, which is no part of what is named', '/uploads/a#b', '/uploads/a'],
  ])('names a file, %s', (_name, list, path) => {
    expect(decideLink(list, BASE)).toEqual({ kind: 'file', path });
  });

  test.each<[string, string, number, RegExp]>([
    ['without a URI', '# nothing\r\n', 400, /exactly one URI.*names 0/],
    ['of nothing', '', 400, /names 0/],
    ['of two', '/uploads/a\r\n/uploads/b\r\n', 400, /names 2/],
    ['of what is no URI', '#\r\nhttp://[\r\n', 400, /Line 2 of the list is no URI/],
    ['with a space in it', '/uploads/a b', 400, /Line 1/],
    ['of another scheme', 'ftp://127.0.0.1/uploads/a', 400, /ftp/],
    ['of another server', 'http://example.com/uploads/a', 422, /not on this server/],
    ['of another port', 'http://127.0.0.1:1/uploads/a', 422, /not on this server/],
    ['of another server, without its scheme', '//example.com/uploads/a', 422, /not on this server/],
    ['with a password', 'http://a:b@127.0.0.1:18080/uploads/a', 422, /not on this server/],
    ['of another resource', '/collection', 422, /no file here/],
    ['of the folder next door', '/uploads/../items/1', 422, /items\/1 is no file here/],
    ['with a query', '/uploads/a?b', 422, /no file here/],
  ])('%s is refused', (_name, list, status, sentence) => {
    expect(decideLink(list, BASE)).toEqual({
      kind: 'refuse',
      status,
      sentence: expect.stringMatching(sentence),
    });
  });

  test.each<[string, boolean]>([
    ['text/uri-list', true],
    ['Text/URI-List ; charset=utf-8', true],
    ['text/uri-lists', false],
    ['text/plain', false],
    ['', false],
  ])('has the type of one: %s', (type, expected) => {
    expect(isUriList(type)).toBe(expected);
  });
});
