// Three servers that say 200, and which of them is to be believed.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { earlySuccess } from '../../../electron/experiments/early-success.ts';
import { notesIn } from '../../shared/model/rules/notes-of.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

describe('early-success', () => {
  it.each([
    [true, ['200 OK nothing', '200 OK nothing', '507 Insufficient Storage nothing']],
    [false, ['200 OK all of it', '200 OK all of it', '200 OK all of it']],
  ])('tells what is stored, where the store is too small: %s', async (fails, expected) => {
    const lab = await laboratory();
    try {
      const { tables, checks } = await lab.run(earlySuccess, { parameters: { fails } });
      expect(tables[0]!.rows.map(([, told, , , stored]) => `${told} ${stored}`)).toEqual(expected);
      expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
        'early pass',
        'left-to-others pass',
        'honest pass',
        'belief pass',
      ]);
      // The wire shows one of the two; the other one looks right there.
      expect(notesIn(lab.model().events).map(({ rule }) => rule)).toEqual(['early-success']);
    } finally {
      await lab.close();
    }
  });

  it('loses what was cut behind a 200, and its client goes on believing', async () => {
    const lab = await laboratory();
    try {
      const { result, tables } = await lab.run(earlySuccess, {
        parameters: { fails: false },
        cuts: earlySuccess.info.cuts[0]!.specs,
      });
      expect(result.outcome).toBe('completed');
      expect(tables[0]!.rows.map(([, told, , , stored]) => `${told} ${stored}`)).toEqual([
        '200 OK nothing',
        '200 OK all of it',
        '200 OK all of it',
      ]);
    } finally {
      await lab.close();
    }
  });

  it('says whether a foreign server answered early, and no more', async () => {
    const server = createServer((request, response) => {
      response.end('yes');
      request.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(earlySuccess, { target });
      expect(result.outcome).toBe('completed');
      expect(checks).toEqual([
        {
          id: 'early',
          level: 'info',
          message: 'The server answered 200 before all of the content was sent.',
        },
      ]);
    } finally {
      await lab.close();
      server.close();
    }
  });

  it.each([3, 134])('takes a cut at byte %i of an answer for no server’s doing', async (at) => {
    const lab = await laboratory();
    try {
      const cuts: CutSpec[] = [{ end: 'server', direction: 'out', at, content: false, cut: 'fin' }];
      const { checks } = await lab.run(earlySuccess, { cuts });
      expect(checks.filter(({ level }) => level === 'error')).toEqual([]);
    } finally {
      await lab.close();
    }
  });
});
