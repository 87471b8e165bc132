import { describe, expect, it } from 'vitest';
import { ClientError } from '../../../electron/client/errors.ts';
import { parseTarget, withoutUserinfo } from '../../../electron/client/target.ts';

describe('a target', () => {
  it.each([
    ['http://example.com', { host: 'example.com', port: 80, path: '/', hostField: 'example.com' }],
    ['http://example.com:80/a', { port: 80, path: '/a', hostField: 'example.com' }],
    [
      'http://127.0.0.1:18080/test/2?x=1#part',
      { host: '127.0.0.1', port: 18080, path: '/test/2?x=1', hostField: '127.0.0.1:18080' },
    ],
    ['http://[::1]:8080/', { host: '::1', port: 8080, path: '/', hostField: '[::1]:8080', security: 'none' }],
    ['https://example.com/a', { port: 443, path: '/a', hostField: 'example.com', security: 'tls' }],
    ['https://example.com:80/', { port: 80, hostField: 'example.com:80', security: 'tls' }],
    ['http://example.com/a b', { path: '/a%20b', authorization: null }],
    [
      'http://me:p%40ss@example.com/',
      { authorization: `Basic ${btoa('me:p@ss')}`, href: 'http://example.com/' },
    ],
    ['http://me@example.com/', { authorization: `Basic ${btoa('me:')}` }],
    ['http://%zz:x@example.com/', { authorization: `Basic ${btoa('%zz:x')}` }],
  ])('%s is taken apart', (url, parts) => {
    expect(parseTarget(url)).toMatchObject(parts);
  });

  it.each([
    ['/print', 'bad-url', /absolute URL/],
    ['ftp://example.com/', 'bad-url', /neither http nor https/],
    ['wss://me:secret@example.com/', 'bad-url', /neither http nor https/],
  ])('%s is refused with a sentence', (url, code, sentence) => {
    let error: unknown;
    try {
      parseTarget(url);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) });
    expect((error as Error).message).not.toContain('secret');
  });

  it('is shown without its userinfo, and shown as it is when it is no URL', () => {
    expect(withoutUserinfo('http://me:secret@example.com/a?b')).toBe('http://example.com/a?b');
    expect(withoutUserinfo('nowhere')).toBe('nowhere');
  });
});
