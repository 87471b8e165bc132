// Our client of tus against a server made by others, cut wherever the client's end can be cut.

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { contentDigest, linesContent } from '../../../../electron/client/content.ts';
import { runStrategy } from '../../../../electron/client/run-strategy.ts';
import type { OperationResult, StrategyOptions } from '../../../../electron/client/strategy.ts';
import { memorySink } from '../../../../electron/session/memory-sink.ts';
import { createRecorder } from '../../../../electron/session/recorder.ts';
import { createFaultBoard } from '../../../../electron/wire/faults.ts';
import { formatCutSpec } from '../../../../shared/export/specs.ts';
import type { CutSpec } from '../../../../shared/contract.ts';
import { leaping } from '../../leaping.ts';
import { type TusPeer, tusPeer } from './tus-peer.ts';

const SIZE = 200_000;

let peer: TusPeer | null = null;
afterEach(async () => {
  await peer?.close();
  peer = null;
});

interface Uploaded {
  readonly result: OperationResult;
  readonly fired: number;
  readonly story: string;
  /** SHA-256 (hex) of what the server has, null where there is nothing to look at. */
  readonly stored: string | null;
}

async function upload(
  options: StrategyOptions,
  cuts: readonly CutSpec[],
  onBreak: () => void = () => {},
): Promise<Uploaded> {
  peer ??= await tusPeer();
  const story: string[] = cuts.map(formatCutSpec);
  const recorder = createRecorder({
    sink: memorySink(),
    onRecord: (record) => {
      if (record.kind !== 'step') return;
      story.push(`${record.connection} ${record.step}: ${record.why}`);
      if (record.step === 'cut-noticed') onBreak();
    },
  });
  const board = createFaultBoard();
  for (const cut of cuts) board.arm(cut, 'plan');
  const result = await runStrategy(
    'tus-upload',
    { method: 'POST', url: peer.url, fields: [], content: linesContent(SIZE) },
    options,
    {
      recorder,
      board,
      clock: leaping(),
      random: () => 0.5,
      signal: new AbortController().signal,
    },
  );
  const url = result.locations.requestContent;
  return {
    result,
    fired: board.list().filter(({ fired }) => fired).length,
    story: [...story, result.reason].join('\n'),
    stored:
      result.outcome !== 'completed' || url === null || options.deleteWhenDone === true
        ? null
        : await contentDigest({
            length: SIZE,
            read: async (from, to) => (await peer!.content(url)).subarray(from, to),
            close: () => Promise.resolve(),
          }),
  };
}

const out = (at: number, cut: CutSpec['cut'], over: Partial<CutSpec> = {}): CutSpec => ({
  end: 'client',
  direction: 'out',
  at,
  content: false,
  cut,
  ...over,
});

describe('an upload to @tus/server', () => {
  it.each<[string, StrategyOptions]>([
    ['as it is', {}],
    ['asked first', { discover: true }],
    ['in parts', { segmentSize: 60_000 }],
    ['with the creation', { first: 'whole' }],
    ['with the creation, in parts', { first: 'whole', segmentSize: 60_000, discover: true }],
    ['with metadata', { metadata: { filename: 'lines.txt', title: 'Zeilen äöü' } }],
  ])('arrives whole %s', async (_name, options) => {
    const { result, stored, story } = await upload(options, []);
    expect(result.outcome, story).toBe('completed');
    expect(stored, story).toBe(await contentDigest(linesContent(SIZE)));
    expect(result.payloadDigest).toBe(stored);
  });

  it.each(['rst', 'fin', 'stall'] as const)('goes on after a %s in the middle', async (cut) => {
    const { result, stored, fired, story } = await upload({}, [out(100_000, cut, { content: true })]);
    expect(result, story).toMatchObject({ outcome: 'completed' });
    expect(fired).toBe(1);
    expect(result.resumes, story).toBeGreaterThan(0);
    expect(stored).toBe(result.payloadDigest);
  });

  it('is created anew when it is gone after a break', async () => {
    const { result, stored, story } = await upload({}, [out(100_000, 'rst', { content: true })], () =>
      peer!.forget(),
    );
    expect(result.outcome, story).toBe('completed');
    expect(story).toMatch(/the upload is gone/);
    expect(stored).toBe(result.payloadDigest);
  });

  it('deletes it at the end where that is wished', async () => {
    const { result, story } = await upload({ deleteWhenDone: true }, []);
    expect(result, story).toMatchObject({
      outcome: 'completed',
      reason: expect.stringMatching(/DELETE with 204/),
    });
    expect(await peer!.kept()).toBe(0);
  });

  it('is refused where it is larger than the server takes', async () => {
    peer = await tusPeer({ maxSize: 1_000 });
    const { result } = await upload({}, []);
    expect(result).toMatchObject({ outcome: 'refused', final: { status: 413 } });
    const asked = await upload({ discover: true }, []);
    expect(asked.result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/1000 bytes at most/),
    });
  });

  // That server knows neither.
  it.each<[StrategyOptions, RegExp]>([
    [{ discover: true, checksum: 'sha256' }, /checks no sha256: the checksums that it knows are none/],
    [{ discover: true, parallel: 3 }, /concatenates no uploads: among its extensions \(creation,/],
    [{ parallel: 3 }, /creates no upload: it answered 501/],
  ])('is refused with what the server does not offer: %j', async (options, sentence) => {
    const { result, story } = await upload(options, []);
    expect(result.outcome, story).toBe('refused');
    expect(result.reason).toMatch(sentence);
  });

  it('ends with equal digests for 25 random plans of cuts', async () => {
    let fired = 0;
    const spec = fc
      .record({
        direction: fc.constantFrom('in' as const, 'out' as const),
        cut: fc.constantFrom('rst' as const, 'fin' as const, 'stall' as const),
        place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        near: fc.boolean(),
      })
      .map(({ direction, cut, place, near }): CutSpec => {
        const reach = direction === 'in' || near ? 600 : SIZE + 500;
        return { end: 'client', direction, at: Math.floor(place * reach), content: false, cut };
      });
    await fc.assert(
      fc.asyncProperty(
        fc.array(spec, { minLength: 1, maxLength: 3 }),
        fc.constantFrom<StrategyOptions>({}, { segmentSize: 60_000 }, { first: 'whole' }),
        async (cuts, options) => {
          const ran = await upload(options, cuts);
          fired += ran.fired;
          expect(ran.result.outcome, ran.story).toBe('completed');
          expect(ran.stored, ran.story).toBe(ran.result.payloadDigest);
        },
      ),
      { numRuns: 25 },
    );
    // The plans must have been able to hurt.
    expect(fired).toBeGreaterThan(25);
  });
});
