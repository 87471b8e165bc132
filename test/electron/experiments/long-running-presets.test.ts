// One client, four ways to tell of an operation; and what becomes of it where the answers are lost or the target is none.

import { describe, expect, it } from 'vitest';
import { longRunningPresets } from '../../../electron/experiments/long-running-presets.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

const cell = (rows: readonly (readonly string[])[], column: number): (string | undefined)[] =>
  rows.map((row) => row[column]);

describe('long-running-presets', () => {
  it('follows each to its result, and tells what said that it is over', async () => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(longRunningPresets);
      expect(result, lab.story()).toMatchObject({
        outcome: 'completed',
        reason: 'All 4 operations were followed to the end.',
      });
      expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
        'preset-polling pass',
        'preset-azure pass',
        'preset-aip151 pass',
        'preset-incremental pass',
        'once pass',
      ]);
      const rows = tables[0]!.rows;
      expect(cell(rows, 3)).toEqual([
        '303 See Other',
        '“status”: “Succeeded”',
        '“done”: true, with “response”',
        'the last event, “done”',
      ]);
      expect(cell(rows, 4)).toEqual([
        'at /presets/polling/results/1',
        'at /presets/azure/results/1',
        'in that answer',
        'in that answer',
      ]);
      expect(cell(rows, 5)).toEqual(['done', 'done', 'done', 'done']);
      // One answer that grows needs no question; where the result is elsewhere, it takes one more.
      const [polling, azure, aip151, incremental] = cell(rows, 1).map(Number);
      expect(incremental).toBe(1);
      for (const requests of [polling, azure, aip151]) expect(requests).toBeGreaterThan(2);
      for (const bytes of cell(rows, 2)) expect(Number(bytes!.replace(',', ''))).toBeGreaterThan(500);
    } finally {
      await lab.close();
    }
  });

  it('follows each to its failure', async () => {
    const lab = await laboratory();
    try {
      const { result, tables } = await lab.run(longRunningPresets, { parameters: { fail: true } });
      expect(result, lab.story()).toMatchObject({ outcome: 'completed' });
      const rows = tables[0]!.rows;
      expect(cell(rows, 3)).toEqual([
        '“failed”',
        '“status”: “Failed”',
        '“done”: true, with “error”',
        'the last event, “failed”',
      ]);
      expect(cell(rows, 4)).toEqual(Array(4).fill('there is none'));
      expect(cell(rows, 5)).toEqual(Array(4).fill('failed'));
    } finally {
      await lab.close();
    }
  });

  it.each(['polling', 'azure', 'aip151', 'incremental'])(
    'begins one operation of %s however often its first answer is lost',
    async (preset) => {
      const lab = await laboratory();
      try {
        const cut: CutSpec = { end: 'client', direction: 'in', at: 60, content: false, cut: 'rst' };
        const { result, checks } = await lab.run(longRunningPresets, {
          parameters: { preset },
          cuts: [cut, { ...cut, cut: 'fin' }, { ...cut, end: 'server', direction: 'out', cut: 'stall' }],
        });
        expect(result.outcome, lab.story()).toBe('completed');
        expect(checks).toContainEqual(expect.objectContaining({ id: 'once', level: 'pass' }));
        const { exchanges } = lab.model();
        expect(exchanges.filter(({ method }) => method === 'POST')).toHaveLength(4);
        // A second one would have the number 2.
        expect(exchanges.filter(({ target }) => target.endsWith('/2'))).toEqual([]);
      } finally {
        await lab.close();
      }
    },
  );

  it.each([
    [
      '/presets/azure?steps=2&step=100',
      'its first answer shows Azure; “status”: “Succeeded” says that it is over.',
    ],
    [
      '/waiting/jobs?steps=2&step=100',
      'its first answer shows 202 and Location; “done” says that it is over.',
    ],
  ])('finds out what a target of the user’s own does: %s', async (path, message) => {
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(longRunningPresets, { target: lab.server.url + path });
      expect(result, lab.story()).toMatchObject({ outcome: 'completed' });
      expect(checks[0]).toMatchObject({
        id: 'preset-target',
        level: 'pass',
        message: `The target: ${message}`,
      });
      expect(tables[0]?.rows[0]?.[0]).toBe('The target');
    } finally {
      await lab.close();
    }
  });

  it('says that a target whose answer tells of no operation does not', async () => {
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(longRunningPresets, {
        target: `${lab.server.url}/interims?times=0`,
      });
      expect(result).toMatchObject({ outcome: 'completed' });
      expect(checks[0]?.message).toContain('its first answer tells of no operation');
      const refused = await lab.run(longRunningPresets, { target: `${lab.server.url}/elsewhere` });
      expect(refused.result).toMatchObject({ outcome: 'refused' });
      expect(refused.result.reason).toContain('404');
    } finally {
      await lab.close();
    }
  });
});
