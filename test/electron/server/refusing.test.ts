// A refusal while the content is still to come: what it costs, and what becomes of the connection.

import { describe, expect, it } from 'vitest';
import { message, running } from './harness.ts';

const WRONG = 'The key is wrong: nothing of what is sent is kept.\r\n';

describe('/guarded', () => {
  it('refuses at the head, and throws away what comes, so that the answer can be read', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /guarded?key=wrong', ['Content-Length: 1000000']));
    expect(await raw.final()).toMatchObject({ status: 403, body: WRONG });
    expect(await raw.ended).toBe('fin');
    await raw.flushed('x'.repeat(1_000_000));
  });

  it('resets the connection behind the answer', async () => {
    const { client, notes, until } = await running();
    const raw = await client();
    raw.send(message('POST /guarded?key=wrong&end=reset', ['Content-Length: 1000000']));
    await until(() => notes.closings.length > 0);
    expect(notes.closings[0]).toMatchObject({ how: 'rst', by: 'server' });
    expect(await raw.ended).toBe('rst');
  });

  it('keeps the connection, and reads the rest, which may be no more than the last chunk', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /guarded?key=wrong&end=keep', ['Transfer-Encoding: chunked'], '3\r\nabc\r\n'));
    const refusal = await raw.final();
    expect(refusal).toMatchObject({ status: 403, body: WRONG });
    expect(refusal.fields.has('connection')).toBe(false);
    raw.send(`0\r\n\r\n${message('GET /')}`);
    expect(await raw.final()).toMatchObject({ status: 200 });
  });

  it('asks for no content that it would refuse', async () => {
    const { client } = await running();
    const raw = await client();
    raw.send(message('POST /guarded?key=wrong', ['Content-Length: 9', 'Expect: 100-continue']));
    expect(await raw.next()).toMatchObject({ status: 403 });
    const welcome = await client();
    welcome.send(message('POST /guarded?key=sesame', ['Content-Length: 3', 'Expect: 100-continue']));
    expect(await welcome.next()).toMatchObject({ status: 100 });
    welcome.send('abc');
    expect(await welcome.final()).toMatchObject({ status: 200 });
  });

  it.each([
    ['key=sesame', 200],
    ['key=wrong', 403],
    [`${'x'.repeat(2000)}key=sesame`, 403],
  ])('needs all of the content where the key is in it: %s', async (content, status) => {
    const { ask } = await running();
    const fields = [`Content-Length: ${content.length}`];
    expect(await ask(message('POST /guarded?key-in=content', fields, content))).toMatchObject({ status });
  });

  it.each([
    ['announced', ['Content-Length: 5'], ''],
    ['found to be', ['Transfer-Encoding: chunked'], '5\r\nabcde\r\n'],
  ])('refuses content that is %s too large', async (_how, fields, content) => {
    const { ask } = await running();
    expect(await ask(message('POST /guarded?key=sesame&limit=4', fields, content))).toMatchObject({
      status: 413,
      body: 'An upload may have 4 bytes here.\r\n',
    });
  });

  it('hands out the URL of an upload for a small request, to whoever has the key', async () => {
    const { ask } = await running();
    expect(await ask(message('POST /guarded/uploads?key=wrong', ['Content-Length: 0']))).toMatchObject({
      status: 403,
    });
    const given = await ask(message('POST /guarded/uploads?key=sesame', ['Content-Length: 0']));
    expect(given.status).toBe(201);
    const put = message(`PUT ${given.fields.get('location')}`, ['Content-Length: 3'], 'abc');
    expect(await ask(put)).toMatchObject({ status: 200 });
    expect(await ask(message('PUT /guarded/uploads/guessed', ['Content-Length: 3']))).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['end=never', 400],
    ['key-in=mind', 400],
    ['limit=-1', 400],
  ])('refuses %s', async (query, status) => {
    const { ask } = await running();
    expect(await ask(message(`POST /guarded?${query}`, ['Content-Length: 0']))).toMatchObject({ status });
  });
});
