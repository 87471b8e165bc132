// An order that is placed once, whatever is lost, and one that is placed twice because nobody could know.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { idempotencyKey } from '../../../electron/experiments/idempotency-key.ts';
import { laboratory } from '../laboratory.ts';

describe('idempotency-key', () => {
  it('places the order under a key once, and the other one twice', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(idempotencyKey);
      expect(result.outcome, lab.story()).toBe('completed');
      expect(checks.filter(({ level }) => level === 'error')).toEqual([]);
      const orders = tables[0]!.rows.map((row) => row.slice(1));
      expect(orders.filter((_, row) => row !== 4)).toEqual([
        ['201 Created', '1'],
        ['201 Created', '1'],
        ['422 Unprocessable Content', '1'],
        ['400 Bad Request', '1'],
        ['201 Created', '4'],
      ]);
    } finally {
      await lab.close();
    }
  });

  it('asks a foreign server the same, and judges it by nothing', async () => {
    const keys: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key'] as string | undefined);
      request.resume();
      request.on('end', () => response.end('placed'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`;
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(idempotencyKey, { target });
      expect(result).toMatchObject({ outcome: 'completed', digest: { sent: null, stored: null } });
      expect(keys).toEqual(['"lamp-80000000"', '"lamp-80000000"', '"lamp-80000000"', undefined]);
      expect(checks.map(({ level }) => level)).not.toContain('error');
    } finally {
      await lab.close();
      server.close();
    }
  });
});
