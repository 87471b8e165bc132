// What each way to refuse an upload costs, and what is left of the connection.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { earlyRefusal } from '../../../electron/experiments/early-refusal.ts';
import { laboratory } from '../laboratory.ts';

const SIZE = 100_000;

describe('early-refusal', () => {
  it('compares what was sent for nothing', async () => {
    const lab = await laboratory();
    try {
      const { tables, checks } = await lab.run(earlyRefusal, { parameters: { size: SIZE } });
      const rows = tables[0]!.rows.map(([way, answer, sent, , connection]) => ({
        way,
        answer,
        all: sent === SIZE.toLocaleString('en-US'),
        none: sent === '0',
        connection,
      }));
      expect(rows, JSON.stringify(checks)).toEqual([
        {
          way: expect.stringContaining('in the content'),
          answer: '403 Forbidden',
          all: true,
          none: false,
          connection: 'closed',
        },
        {
          way: expect.stringContaining('reads when'),
          answer: '403 Forbidden',
          all: true,
          none: false,
          connection: 'closed',
        },
        {
          way: expect.stringContaining('stops'),
          answer: '403 Forbidden',
          all: false,
          none: false,
          connection: 'closed',
        },
        {
          way: expect.stringContaining('ends its chunks'),
          answer: '403 Forbidden',
          all: false,
          none: false,
          connection: 'used again',
        },
        {
          way: expect.stringContaining('Expect'),
          answer: '403 Forbidden',
          all: false,
          none: true,
          connection: 'closed',
        },
        {
          way: expect.stringContaining('was reading'),
          answer: expect.any(String),
          all: false,
          none: false,
          connection: 'reset',
        },
        {
          way: expect.stringContaining('was not reading'),
          answer: 'nothing',
          all: false,
          none: false,
          connection: 'reset',
        },
        {
          way: expect.stringContaining('Content-Length (413)'),
          answer: '413 Content Too Large',
          all: false,
          none: false,
          connection: 'closed',
        },
        {
          way: expect.stringContaining('chunks (413)'),
          answer: '413 Content Too Large',
          all: false,
          none: false,
          connection: 'closed',
        },
        {
          way: expect.stringContaining('small request'),
          answer: '403 Forbidden',
          all: false,
          none: true,
          connection: 'closed',
        },
      ]);
      // What comes behind an early refusal is thrown away: only where the key is in the content, all of it is read.
      const readWhole = tables[0]!.rows
        .filter((row) => row[3] === SIZE.toLocaleString('en-US'))
        .map(([way]) => way);
      expect(readWhole).toEqual([expect.stringContaining('in the content')]);
    } finally {
      await lab.close();
    }
  });

  it('tries what a foreign server can be tried with, and judges it by nothing', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.headers['transfer-encoding'] ?? 'length'} ${request.url}`);
      request.resume();
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/there?a=b`;
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(earlyRefusal, { target, parameters: { size: SIZE } });
      expect(result.outcome).toBe('completed');
      expect(asked.slice(0, 2)).toEqual(['length /there?a=b&way=stop', 'chunked /there?a=b&way=chunks']);
      expect(checks.map(({ level }) => level)).not.toContain('error');
      expect(tables[0]!.rows).toHaveLength(3);
    } finally {
      await lab.close();
      server.close();
    }
  });

  it('is refused where nobody listens', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(earlyRefusal, { target: 'http://127.0.0.1:9/' });
      expect(result).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining('Nothing listens'),
      });
    } finally {
      await lab.close();
    }
  });
});
