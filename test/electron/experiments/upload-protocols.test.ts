// The experiments of the two upload protocols: one resume for one cut, nothing stored twice, and three protocols that tell
// the same of the bytes that are there.

import { afterEach, describe, expect, it } from 'vitest';
import { ietfResumableUpload } from '../../../electron/experiments/ietf-resumable-upload.ts';
import { tusUpload } from '../../../electron/experiments/tus-upload.ts';
import { resumesOf } from '../../../shared/model/report.ts';
import { type TusPeer, tusPeer } from '../client/uploads/tus-peer.ts';
import { laboratory } from '../laboratory.ts';

let peer: TusPeer | null = null;
afterEach(async () => {
  await peer?.close();
  peer = null;
});

describe.each([
  { experiment: ietfResumableUpload, offset: 500_000 },
  { experiment: tusUpload, offset: 400_000 },
])('$experiment.info.id', ({ experiment, offset }) => {
  it.each(['rst', 'fin', 'stall'])(
    'resumes once after one cut by %s, and stores nothing twice',
    async (cut) => {
      const lab = await laboratory();
      try {
        const { result, checks } = await lab.run(experiment, { parameters: { cut } });
        expect(result.outcome, lab.story()).toBe('completed');
        expect(result.digest.stored).toBe(result.digest.sent);
        expect(lab.storedTwice()).toBe(0);
        expect(lab.model().operations.reduce((sum, operation) => sum + resumesOf(operation), 0)).toBe(1);
        expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
      } finally {
        await lab.close();
      }
    },
  );

  it('asks three protocols about the same bytes while they are part there', async () => {
    const lab = await laboratory();
    try {
      const { tables, checks } = await lab.run(experiment);
      expect(checks).toContainEqual({
        id: 'three-protocols',
        level: 'pass',
        message: `All three protocols tell ${offset} bytes of the same upload.`,
      });
      const [table] = tables;
      expect(table?.rows.map(([, request]) => request!.replace(/\/[\w-]+(\.req)?$/, '/N$1'))).toEqual([
        'HEAD /job/N.req',
        'HEAD /resumable/N',
        'HEAD /tus/N',
      ]);
      expect(table?.rows.map(([, , answer, tells]) => `${answer} ${tells}`)).toEqual([
        `299 Incomplete Content Content-Length: ${offset}`,
        `204 No Content Upload-Offset: ${offset}, Upload-Complete: ?0, Upload-Length: 1000000`,
        `200 OK Upload-Offset: ${offset}, Upload-Length: 1000000`,
      ]);
      expect(table?.note).toMatch(/had not gone on yet/);
      // Each answer names the other places: whoever watches sees one upload.
      expect(lab.model().operations).toHaveLength(1);
    } finally {
      await lab.close();
    }
  });

  it('asks them when all is there where nothing was cut', async () => {
    const lab = await laboratory();
    try {
      const { tables } = await lab.run(experiment, { cuts: [] });
      expect(tables[0]?.rows).toHaveLength(3);
      expect(tables[0]?.note).toMatch(/when all of it was there/);
    } finally {
      await lab.close();
    }
  });

  it('stops when it is told to', async () => {
    const lab = await laboratory();
    try {
      const stop = new AbortController();
      stop.abort();
      const { result } = await lab.run(experiment, { signal: stop.signal });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'It was stopped.' });
    } finally {
      await lab.close();
    }
  });
});

describe('against a server of the user’s own', () => {
  it('tus-upload completes, cut at the client’s end, and says what cannot be looked into', async () => {
    peer = await tusPeer();
    const lab = await laboratory();
    try {
      const { result, checks, tables } = await lab.run(tusUpload, { target: peer.url });
      expect(result, lab.story()).toMatchObject({ outcome: 'completed', digest: { stored: null } });
      expect(checks).toContainEqual(expect.objectContaining({ id: 'digest', level: 'info' }));
      expect(checks.filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
      expect(tables).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('ietf-resumable-upload says that a server of tus does not offer to resume it', async () => {
    peer = await tusPeer();
    const lab = await laboratory();
    try {
      const { result, checks } = await lab.run(ietfResumableUpload, { target: peer.url, cuts: [] });
      expect(result.outcome, lab.story()).toBe('refused');
      expect(checks).toContainEqual(expect.objectContaining({ id: 'supported', level: 'info' }));
    } finally {
      await lab.close();
    }
  });
});
