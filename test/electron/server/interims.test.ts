// /interims: exactly the interim responses that were asked for, and nothing else.

import { describe, expect, it } from 'vitest';
import { message, running } from './harness.ts';

describe('/interims', () => {
  it.each([
    ['', ['103 Early Hints']],
    ['?send=102&times=2', ['102 Processing', '102 Processing']],
    ['?send=100,104,199', ['100 Continue', '104 Upload Resumption Supported', '199 Made Up']],
    ['?send=103&times=0', []],
    // Past the usual limit of ten: where the limit of others is, is what is asked.
    ['?send=102&times=100', Array(100).fill('102 Processing')],
  ])('sends %s before its answer', async (query, lines) => {
    const { ask } = await running();
    const { status, interim, body } = await ask(message(`GET /interims${query}`));
    expect(status).toBe(200);
    expect(interim.map(({ status: code, reason }) => `${code} ${reason}`)).toEqual(lines);
    expect(JSON.parse(body)).toEqual({ sent: lines.length, version: '1.1', expect: null, content: 0 });
  });

  it('numbers them, and gives each a name in mixed case and two lines of one name', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('GET /interims?send=102&times=2'));
    await raw.next();
    const second = await raw.next();
    expect(Array.from(second.fields)).toEqual([
      ['interim-number', '2/2'],
      ['mixed-case', 'as it was Written'],
      ['link', '</second.js>; rel=preload; as=script'],
    ]);
  });

  it('sends none to a client of HTTP/1.0, and says so', async () => {
    const { ask } = await running();
    const { interim, body } = await ask('GET /interims?send=103&times=3 HTTP/1.0\r\n\r\n');
    expect(interim).toEqual([]);
    expect(JSON.parse(body)).toMatchObject({ sent: 0, version: '1.0' });
  });

  it.each([
    ['send=100', ['100']],
    ['send=103', ['100', '103']],
  ])('meets the expectation of a client that holds its content back: %s', async (query, statuses) => {
    const { client } = await running();
    const raw = await client();
    raw.send(message(`POST /interims?${query}`, ['Content-Length: 5', 'Expect: 100-continue']));
    const interim = [];
    for (const status of statuses) interim.push([status, String((await raw.next()).status)]);
    raw.send('hello');
    const { status, body } = await raw.next();
    expect([...interim, ['200', String(status)]]).toEqual([...statuses, '200'].map((each) => [each, each]));
    expect(JSON.parse(body)).toEqual({
      sent: statuses.length,
      version: '1.1',
      expect: '100-continue',
      content: 5,
    });
  });

  it.each([
    ['send=101', 400],
    ['send=200', 400],
    ['send=10', 400],
    ['send=', 400],
    [`send=${Array(11).fill('103').join(',')}`, 400],
    ['times=101', 400],
    ['times=-1', 400],
  ])('refuses %s with %i and a sentence', async (query, status) => {
    const { ask } = await running();
    const response = await ask(message(`GET /interims?${query}`));
    expect(response.status).toBe(status);
    expect(response.interim).toEqual([]);
    expect(response.body).toMatch(/^(?:send|times) must be .*\.\r\n$/);
  });

  it('refuses another expectation before it sends anything', async () => {
    const { ask } = await running();
    const response = await ask(message('POST /interims', ['Content-Length: 0', 'Expect: the-unexpected']));
    expect(response.status).toBe(417);
    expect(response.interim).toEqual([]);
  });
});
