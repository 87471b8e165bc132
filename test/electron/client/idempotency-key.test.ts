// A POST under a name: the same name with every try, and another one for every request.

import { describe, expect, it } from 'vitest';
import { TEXT, run } from './scripted-run.ts';
import { response } from './scripted-server.ts';

const WHOLE = new RegExp(`${TEXT.slice(-6)}$`);
const DONE = response('201 Created', ['Content-Length: 5'], 'Done.');
const BUSY = response('409 Conflict', ['Retry-After: 1', 'Content-Length: 0']);

const keyOf = (said: string): string | undefined => /\r\nIdempotency-Key: (.*)\r\n/.exec(said)?.[1];

describe('idempotency-key', () => {
  it('sends the same request under the same name until it is answered', async () => {
    const { result, said } = await run('idempotency-key', [
      [{ on: WHOLE, close: 'rst' }],
      [{ on: WHOLE, send: DONE.slice(0, 12), close: 'fin' }],
      [{ on: WHOLE, send: DONE }],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(said).toHaveLength(3);
    expect(keyOf(said[0]!)).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(new Set(said).size).toBe(1);
  });

  it('names every request anew', async () => {
    const first = await run('idempotency-key', [[{ on: WHOLE, send: DONE }]]);
    await first.server.close();
    const second = await run('idempotency-key', [[{ on: WHOLE, send: DONE }]]);
    expect(keyOf(first.said[0]!)).not.toBe(keyOf(second.said[0]!));
  });

  it('leaves a name of the user’s own as it is', async () => {
    const fields = [['idempotency-key', '"mine"']] as const;
    const { said } = await run('idempotency-key', [[{ on: WHOLE, send: DONE }]], { request: { fields } });
    expect(said[0]).toContain('\r\nidempotency-key: "mine"\r\n');
    expect(keyOf(said[0]!)).toBeUndefined();
  });

  it('comes back when the server is still working on the first try', async () => {
    const { result, said } = await run('idempotency-key', [
      [
        { on: WHOLE, send: BUSY },
        { on: WHOLE, send: DONE },
      ],
    ]);
    expect(result).toMatchObject({ outcome: 'completed', final: { status: 201 } });
    expect(said[0]!.split('Idempotency-Key').length - 1).toBe(2);
  });

  it.each([400, 422])('takes a %i for what it is', async (status) => {
    const { result, said } = await run('idempotency-key', [
      [{ on: WHOLE, send: response(`${status} No`, ['Content-Length: 0']) }],
    ]);
    expect(result).toMatchObject({ outcome: 'refused', final: { status } });
    expect(said).toHaveLength(1);
  });
});
