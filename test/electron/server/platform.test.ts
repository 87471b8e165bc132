// One piece of work, and what is sent while it lasts.

import { describe, expect, it } from 'vitest';
import { message, running } from './harness.ts';

const RESULT = '{"state":"done","progress":{"done":1,"total":1}}';

describe('/working', () => {
  it.each([
    ['silence', /^HTTP\/1\.1 200 OK\r\n/, []],
    ['interim', /^(?:HTTP\/1\.1 102 Processing\r\n\r\n){3}HTTP\/1\.1 200 OK\r\n/, []],
    ['spaces', /^HTTP\/1\.1 200 OK\r\n/, ['1\r\n \r\n', '1\r\n \r\n', '1\r\n \r\n']],
    ['comments', /^HTTP\/1\.1 200 OK\r\n/, Array.from({ length: 3 }, () => '11\r\n: still working\n\n\r\n')],
  ])('by %s', async (way, heads, signs) => {
    const { client, clock, ask } = await running();
    const raw = await client();
    raw.send(message(`GET /working?way=${way}&for=1000&every=300`, ['Connection: close']));
    // The server waits for the next sign, the end of the work, and two connections that may be idle.
    while (clock.pending < (way === 'silence' ? 2 : 3)) await ask(message('GET /'));
    for (let step = 0; step < 10; step++) clock.advance(100);
    expect(await raw.ended).toBe('fin');
    expect(raw.unread).toMatch(heads);
    expect(raw.unread.split(signs[0] ?? '102').length - 1).toBe(way === 'silence' ? 0 : 3);
    expect(raw.unread).toContain(RESULT);
  });

  it.each([
    ['spaces', '1\r\n \r\n'],
    ['comments', ': still working'],
  ])('says a hundred %s at most that are not taken yet', async (way, sign) => {
    const { client, clock, ask } = await running();
    const raw = await client();
    raw.send(message(`GET /working?way=${way}&for=1000&every=1`, ['Connection: close']));
    while (clock.pending < 3) await ask(message('GET /'));
    // In one go: nothing is written meanwhile.
    clock.advance(1000);
    expect(await raw.ended).toBe('fin');
    expect(raw.unread.split(sign).length - 1).toBe(100);
    expect(raw.unread).toContain(RESULT);
  });

  it('ends its signs with the client', async () => {
    const { client, clock, ask, until } = await running();
    const raw = await client();
    raw.send(message('GET /working?way=spaces&for=1000&every=300'));
    while (raw.unread === '') await ask(message('GET /'));
    raw.reset();
    // Neither a sign nor the end of the work is waited for any more.
    await until(() => clock.pending === 0);
  });

  it.each(['way=loudly', 'every=0', 'for=x'])('refuses %s', async (query) => {
    const { ask } = await running();
    expect(await ask(message(`GET /working?${query}`))).toMatchObject({ status: 400 });
  });
});
