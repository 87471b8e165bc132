// Where a request of a program goes, as a table: the parts of a URL, and the options that win over them.

import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../../electron/client/module/address.ts';
import type { RequestOptions } from '../../../../electron/client/module/options.ts';

describe('the address of a request', () => {
  const url = 'http://u:p%40@h:81/a?b';
  it.each<[string, string | URL | null, RequestOptions, string]>([
    ['is the URL', url, {}, 'http://u:p%40@h:81/a?b'],
    ['is the URL as an object', new URL('http://h/'), {}, 'http://h:80/'],
    ['has the path of the options', url, { path: '/c?d' }, 'http://u:p%40@h:81/c?d'],
    ['has the credentials of the options', url, { auth: 'v:q:r@' }, 'http://v:q%3Ar%40@h:81/a?b'],
    ['has the host of the options', url, { hostname: 'i' }, 'http://u:p%40@i:81/a?b'],
    ['has the port of the options', url, { port: 82 }, 'http://u:p%40@h:82/a?b'],
    ['has the host of the URL, which is a hostname', url, { host: 'i' }, 'http://u:p%40@h:81/a?b'],
    ['is nothing but options', null, { host: '::1', port: '8', path: '/x' }, 'http://[::1]:8/x'],
    ['is the machine itself without any', null, {}, 'http://localhost:80/'],
    ['stays what is no URL', 'print', { path: '/c' }, 'print'],
    ['stays https', 'https://h/', {}, 'https://h/'],
  ])('%s', (_name, from, options, address) => {
    expect(addressOf(from, options)).toBe(address);
  });
});
