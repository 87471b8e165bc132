// Who waits for whom, what is sent again after a cut, and what other people's clients and servers do.

import { describe, expect, it } from 'vitest';
import { pipelining } from '../../../electron/experiments/pipelining.ts';
import type { Check, CutSpec, ResultTable } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

interface Row {
  readonly request: string;
  readonly answered: string;
  readonly place: number;
  readonly sent: number;
}

function rowsOf([table]: readonly ResultTable[]): Row[] {
  return table!.rows.map(([request = '', , , answered = '', , place = '', sent = '']) => ({
    request,
    answered,
    place: Number(place),
    sent: Number(sent),
  }));
}

const wrong = (checks: readonly Check[]): string[] =>
  checks
    .filter(({ level }) => level === 'error' || level === 'warning')
    .map(({ id, message }) => `${id}: ${message}`);

describe('pipelining', () => {
  it('answers in the order of the requests, and the fast ones not before the slow one', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(pipelining);
      expect(result, lab.story()).toMatchObject({ outcome: 'completed' });
      expect(wrong(checks)).toEqual([]);
      const rows = rowsOf(tables);
      expect(rows.map(({ request, place, sent }) => [request, place, sent])).toEqual([
        ['GET slow', 1, 1],
        ['GET fast-1', 2, 1],
        ['GET fast-2', 3, 1],
        ['GET fast-3', 4, 1],
        ['GET fast-4', 5, 1],
      ]);
      const at = rows.map(({ answered }) => Number(answered));
      expect(at.toSorted((a, b) => a - b)).toEqual(at);
    } finally {
      await lab.close();
    }
  });

  it('tells what others do with the second request: Node’s server works on it, Node’s client keeps it', async () => {
    const lab = await laboratory();
    try {
      const { tables } = await lab.run(pipelining);
      const does = tables[1]!.rows.map(([who = '', what = '']) => [who.split(' (')[0], what]);
      expect(does).toEqual([
        [
          'server of node:http',
          'calls its handler at once, while the first is worked on; sends answer 1, then answer 2',
        ],
        ['client of node:http', 'keeps it until the first is answered: it does not pipeline'],
        [
          expect.stringMatching(/^undici \d+\.\d+\.\d+, pipelining: 2$/),
          'sends it at once, behind the first: it pipelines',
        ],
      ]);
    } finally {
      await lab.close();
    }
  });

  it('matches answers that come out of turn by their ids', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(pipelining, { parameters: { order: 'done' } });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(wrong(checks)).toEqual([]);
      const rows = rowsOf(tables);
      expect(rows[0]).toMatchObject({ request: 'GET slow', place: 5 });
      expect(checks).toContainEqual(
        expect.objectContaining({ id: 'order', message: expect.stringMatching(/without its id/) }),
      );
    } finally {
      await lab.close();
    }
  });

  it('lets a 102 answer nothing', async () => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(pipelining, { parameters: { interim: true, requests: 2 } });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(wrong(checks)).toEqual([]);
      const first = lab.model().exchanges.slice(0, 3);
      expect(first.map(({ status, interim }) => [status, interim.length])).toEqual([
        [200, 1],
        [200, 1],
        [200, 1],
      ]);
    } finally {
      await lab.close();
    }
  });

  it.each([
    ['in the second answer', { end: 'server', direction: 'out', at: 300, content: false, cut: 'rst' }],
    ['behind the last request', { end: 'server', direction: 'in', at: 400, content: false, cut: 'fin' }],
  ] as const)('sends again what has no answer, the first of them alone: %s', async (_what, cut) => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(pipelining, { cuts: [cut as CutSpec] });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(wrong(checks)).toEqual([]);
      const rows = rowsOf(tables);
      expect(rows.every(({ place }) => place > 0)).toBe(true);
      expect(rows.some(({ sent }) => sent === 2)).toBe(true);
      // What was answered before the cut is not asked again.
      if (cut.direction === 'out') expect(rows[0]!.sent).toBe(1);
    } finally {
      await lab.close();
    }
  });

  it('never sends a POST twice, and says that its fate is unknown', async () => {
    const lab = await laboratory();
    try {
      const cut: CutSpec = { end: 'server', direction: 'out', at: 100, content: false, cut: 'rst' };
      const { result, checks, tables } = await lab.run(pipelining, {
        parameters: { post: true, requests: 2 },
        cuts: [cut],
      });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(result.reason).toMatch(/nobody knows whether it was carried out/);
      expect(wrong(checks)).toEqual([]);
      expect(rowsOf(tables).at(-1)).toMatchObject({
        request: 'POST post',
        answered: 'never: fate unknown',
        sent: 1,
      });
    } finally {
      await lab.close();
    }
  });

  it('runs against a server of the user’s own', async () => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(pipelining, { target: `${lab.server.url}/test/` });
      expect(result.outcome, lab.story()).toBe('completed');
      expect(wrong(checks)).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('is refused where nobody listens', async () => {
    const lab = await laboratory();
    try {
      const { result } = await lab.run(pipelining, { target: 'http://127.0.0.1:9/' });
      expect(result.outcome).toBe('refused');
    } finally {
      await lab.close();
    }
  });
});
