// Idempotency-Key: what a server does with a request that it knows already.

import { describe, expect, it } from 'vitest';
import { message, type Running, running } from './harness.ts';

const DAY = 24 * 60 * 60 * 1000;

function order(content: string, key: string | null = '"a1"', query = ''): string {
  const fields = [`Content-Length: ${content.length}`, ...(key === null ? [] : [`Idempotency-Key: ${key}`])];
  return message(`POST /orders${query}`, fields, content);
}

async function orders({ ask }: Running): Promise<number> {
  const { body } = await ask(message('GET /orders'));
  return (JSON.parse(body) as unknown[]).length;
}

describe('/orders', () => {
  it('does the work once, and gives the same answer again', async () => {
    const lab = await running();
    const first = await lab.ask(order('one lamp'));
    const second = await lab.ask(order('one lamp'));
    expect(first).toMatchObject({ status: 201 });
    expect(JSON.parse(first.body)).toMatchObject({ order: 1, length: 8 });
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(await orders(lab)).toBe(1);
  });

  it('does it twice without a key, or with two', async () => {
    const lab = await running();
    for (const key of [null, null, '"a1"', '"a2"']) await lab.ask(order('one lamp', key, '?key=optional'));
    expect(await orders(lab)).toBe(4);
  });

  it('says that it is still working on it, and when to ask again', async () => {
    const lab = await running();
    const raw = await lab.client();
    raw.send(order('one lamp', '"a1"', '?work=500'));
    const answer = raw.final();
    let busy = await lab.ask(order('one lamp', '"a1"', '?work=500'));
    while (busy.status === 201) busy = await lab.ask(order('one lamp'));
    expect(busy).toMatchObject({ status: 409 });
    expect(busy.fields.get('retry-after')).toBe('1');
    lab.clock.advance(500);
    expect(await answer).toMatchObject({ status: 201 });
    expect(await orders(lab)).toBe(1);
  });

  it('refuses a key that was used for something else', async () => {
    const lab = await running();
    await lab.ask(order('one lamp'));
    const other = await lab.ask(order('two lamps'));
    expect(other).toMatchObject({ status: 422 });
    expect(other.fields.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(other.body)).toMatchObject({ status: 422, detail: expect.stringContaining('new key') });
  });

  it('takes a request that broke off for one that never was', async () => {
    const lab = await running();
    const raw = await lab.client();
    await raw.flushed(order('one lamp').slice(0, -1));
    raw.socket.end();
    expect(await raw.ended).toBe('fin');
    expect(await orders(lab)).toBe(0);
    expect(await lab.ask(order('one lamp'))).toMatchObject({ status: 201 });
  });

  it('knows a key for a day', async () => {
    const lab = await running();
    await lab.ask(order('one lamp'));
    lab.clock.advance(DAY);
    await lab.ask(order('one lamp'));
    expect(await orders(lab)).toBe(2);
  });

  it.each([
    ['no key', null, 400, /needs a name/],
    ['a key without quotes', '8e03978e-40d5', 400, /cannot be read/],
    ['a token', 'abc', 400, /in quotes/],
    ['an empty key', '""', 400, /1 to 255/],
    ['a very long key', `"${'a'.repeat(256)}"`, 400, /1 to 255/],
  ])('refuses %s', async (_what, key, status, sentence) => {
    const lab = await running();
    const refusal = await lab.ask(order('one lamp', key));
    expect(refusal).toMatchObject({ status, body: expect.stringMatching(sentence) });
    expect(refusal.fields.get('content-type')).toBe('application/problem+json');
    expect(await orders(lab)).toBe(0);
  });
});
