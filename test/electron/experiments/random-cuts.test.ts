// Whatever is cut, wherever and however: each experiment completes, and both ends have the same bytes. 500 seeds, or as
// many as INTERIM_SEEDS says (npm run test:long); a seed that fails names its plan, and can be run alone by INTERIM_SEED.

import { describe, expect, it } from 'vitest';
import { experiments } from '../../../electron/experiments/index.ts';
import type { Experiment } from '../../../electron/experiments/kit/types.ts';
import { streamOf } from '../../../shared/capture/records.ts';
import { formatCutSpec } from '../../../shared/export/specs.ts';
import type { CutSpec } from '../../../shared/contract.ts';
import { leaping, laboratory } from '../laboratory.ts';

const SEEDS = Number(process.env['INTERIM_SEEDS'] ?? 500);
const ONLY = process.env['INTERIM_SEED'];
/** Runs at once: most of a run is waiting. */
const AT_ONCE = 6;
const SIZE = 60_000;

const resumable = experiments.filter(({ fragile }) => fragile === undefined);

/** Sizes at which a run is short, and still has several segments and reads. */
const SMALL: Readonly<Record<string, string | number | boolean>> = {
  size: SIZE,
  segment: 11_000,
  parallel: 3,
};

/** A small seeded generator (xorshift32). 0 ≤ x < 1. */
function seeded(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

function oneOf<T>(random: () => number, of: readonly [T, ...T[]]): T {
  return of[Math.floor(random() * of.length)] ?? of[0];
}

/** How far the streams of an experiment go: the content, where it has much, and the heads that are always short. */
function reachOf({ info }: Experiment, stream: 'request' | 'response'): number {
  if (info.id === 'lost-download') return stream === 'response' ? 1_000_500 : 300;
  if (stream === 'response') return 700;
  if (info.parameters.some(({ name }) => name === 'size')) return SIZE + 1_500;
  return info.group === 'byte ranges' ? 11_000 : 700;
}

/** One to four cuts, at either end, in either direction, of all kinds. */
function planOf(experiment: Experiment, random: () => number): CutSpec[] {
  let stalls = 0;
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    let cut = oneOf(random, ['rst', 'fin', 'stall'] as const);
    // Three silences before any 100 end the client's wait for it: from then on a break may cost the upload.
    if (cut === 'stall' && ++stalls > 2) cut = 'rst';
    const end = oneOf(random, ['client', 'server'] as const);
    const direction = oneOf(random, ['in', 'out'] as const);
    const reach = reachOf(experiment, streamOf(end, direction));
    const near = Math.min(reach, oneOf(random, [120, 400, reach]));
    return { end, direction, at: Math.floor(random() * near), content: random() < 0.4, cut };
  });
}

interface Ran {
  readonly fired: number;
  /** What was wrong; null: nothing. */
  readonly wrong: string | null;
}

async function run(experiment: Experiment, seed: number): Promise<Ran> {
  const random = seeded(seed);
  const cuts = planOf(experiment, random);
  const parameters = Object.fromEntries(
    experiment.info.parameters.flatMap(({ name, type, choices }) =>
      name in SMALL
        ? [[name, SMALL[name]!]]
        : type === 'boolean'
          ? [[name, random() < 0.5]]
          : choices === undefined
            ? []
            : [[name, choices[Math.floor(random() * choices.length)]!]],
    ),
  );
  const lab = await laboratory(leaping());
  try {
    const { result, checks } = await lab.run(experiment, { cuts, parameters, random });
    const { outcome, reason, digest } = result;
    const errors = checks.filter(({ level }) => level === 'error');
    const compared = experiment.stores === false || digest.sent !== null;
    const right = outcome === 'completed' && compared && digest.sent === digest.stored;
    const told = [
      `${experiment.info.id}, seed ${seed}: ${cuts.map(formatCutSpec).join(' ')} ${JSON.stringify(parameters)}`,
      `${outcome}: ${reason}`,
      JSON.stringify(digest),
      ...errors.map(({ id, message }) => `${id}: ${message}`),
      lab.story(),
    ];
    return {
      fired: cuts.length - checks.filter(({ id }) => id === 'cut-not-reached').length,
      wrong: right && errors.length === 0 ? null : told.join('\n'),
    };
  } finally {
    await lab.close();
  }
}

describe('every resumable experiment', () => {
  it(
    `completes with equal digests under ${SEEDS} random plans of cuts`,
    async () => {
      const seeds = ONLY === undefined ? Array.from({ length: SEEDS }, (_, seed) => seed) : [Number(ONLY)];
      const wrong: string[] = [];
      const count = seeds.length;
      let fired = 0;
      const worker = async (): Promise<void> => {
        for (let seed = seeds.shift(); seed !== undefined && wrong.length < 5; seed = seeds.shift()) {
          const ran = await run(resumable[seed % resumable.length]!, seed);
          fired += ran.fired;
          if (ran.wrong !== null) wrong.push(ran.wrong);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      expect(wrong.join('\n\n')).toBe('');
      // The plans must have been able to hurt.
      if (ONLY === undefined) expect(fired).toBeGreaterThan(count / 2);
    },
    300_000 + SEEDS * 2_000,
  );
});
