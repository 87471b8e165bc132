// What every run does around an experiment: parameters, cuts, warnings. And what every declaration must be.

import { describe, expect, it } from 'vitest';
import { experiments, findExperiment } from '../../../electron/experiments/index.ts';
import { ExperimentError } from '../../../electron/experiments/kit/run.ts';
import type { Experiment, ExperimentContext } from '../../../electron/experiments/kit/types.ts';
import { commands } from '../../../shared/contract.ts';
import { laboratory } from '../laboratory.ts';

let seen: ExperimentContext | null = null;
const idle: Experiment = {
  info: {
    id: 'idle',
    title: 'Idle',
    group: 'resume',
    teaches: 'Nothing.',
    sources: [],
    parameters: [
      { name: 'size', title: 'Size', help: 'Bytes.', type: 'number', default: 5, minimum: 1, maximum: 10 },
      { name: 'how', title: 'How', help: 'Which way.', type: 'string', default: 'a', choices: ['a', 'b'] },
      { name: 'really', title: 'Really', help: 'Whether.', type: 'boolean', default: false },
    ],
    cuts: [],
  },
  ownCuts: () => [{ end: 'client', direction: 'out', at: 5, content: false, cut: 'rst' }],
  run: (context) => {
    seen = context;
    return Promise.resolve({
      result: {
        outcome: 'completed',
        reason: 'Nothing was to be done.',
        digest: { sent: null, stored: null },
      },
      observed: [{ id: 'observed', level: 'pass', message: 'Seen.' }],
      tables: [{ title: 'Found', columns: ['What'], rows: [['nothing']] }],
    });
  },
  expect: () => [{ id: 'expected', level: 'pass', message: 'Met.' }],
};

describe('a run', () => {
  it('fills in parameters, gives every check, and warns of a cut that never fired', async () => {
    const lab = await laboratory();
    try {
      const { checks, tables } = await lab.run(idle, { parameters: { how: 'b' } });
      expect(tables.map(({ title }) => title)).toEqual(['Found']);
      expect(seen?.parameters).toEqual({ size: 5, how: 'b', really: false });
      expect(checks.map(({ id, level }) => `${id} ${level}`)).toEqual([
        'observed pass',
        'expected pass',
        'cut-not-reached warning',
      ]);
      expect(checks.at(-1)!.message).toContain('client:out:5:rst');
      // Taken back: it must not break the next run.
      expect(lab.context.board.list()).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('arms the user’s cuts instead of its own', async () => {
    const lab = await laboratory();
    try {
      const cut = { end: 'client', direction: 'in', at: 7, content: true, cut: 'fin' } as const;
      const { checks } = await lab.run(idle, { cuts: [cut] });
      expect(checks.filter(({ id }) => id === 'cut-not-reached')).toEqual([
        expect.objectContaining({ message: expect.stringContaining('client:in:content:7:fin') }),
      ]);
    } finally {
      await lab.close();
    }
  });

  it.each([
    [{ colour: 'red' }, 'unknown-parameter', /has no parameter "colour"\. It has: size, how, really/],
    [{ size: 0 }, 'parameter-value', /size of idle must be a whole number from 1 to 10, not "0"/],
    [{ size: 11 }, 'parameter-value', /from 1 to 10/],
    [{ size: 1.5 }, 'parameter-value', /whole number/],
    [{ size: '5' }, 'parameter-value', /must be a number/],
    [{ how: 'c' }, 'parameter-value', /one of a, b/],
    [{ really: 'yes' }, 'parameter-value', /true or false/],
  ])('is refused with %j', async (parameters, code, sentence) => {
    const lab = await laboratory();
    try {
      const failure = await lab.run(idle, { parameters }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ExperimentError);
      expect(failure).toMatchObject({ code, message: expect.stringMatching(sentence) });
      expect(lab.context.board.list()).toEqual([]);
    } finally {
      await lab.close();
    }
  });

  it('cannot cut the server end of a foreign server', async () => {
    const lab = await laboratory();
    try {
      const cuts = [{ end: 'server', direction: 'in', at: 5, content: false, cut: 'rst' }] as const;
      await expect(lab.run(idle, { cuts, target: 'http://127.0.0.1:9/' })).rejects.toMatchObject({
        code: 'foreign-cut',
      });
    } finally {
      await lab.close();
    }
  });

  it('may be stopped for as many as take part, without a warning of Node’s', async () => {
    const lab = await laboratory();
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    try {
      const { signal } = new AbortController();
      const run: Experiment['run'] = (context) => {
        for (let part = 0; part < 20; part++) context.signal.addEventListener('abort', () => part);
        return idle.run(context);
      };
      await lab.run({ ...idle, run }, { signal });
      await new Promise<void>((resolve) => void setImmediate(resolve));
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', warned);
      await lab.close();
    }
  });

  it('stops when it is told to', async () => {
    const lab = await laboratory();
    try {
      const stop = new AbortController();
      stop.abort();
      const { result } = await lab.run(experiments[0]!, { signal: stop.signal });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'It was stopped.' });
    } finally {
      await lab.close();
    }
  });
});

describe('the declarations', () => {
  it('are those that were agreed, in order, each valid', () => {
    expect(experiments.map(({ info }) => info.id)).toEqual([
      'five-steps',
      'resumable-request',
      'acknowledged-upload',
      'lost-response',
      'lost-download',
      'progress-102',
      'respond-async',
      'status-document',
      'byte-range-patch',
      'segmented-upload',
      'sparse-upload',
      'put-then-patch',
      'atomic-or-persist',
      'truncate-and-append',
      'short-polling',
      'long-polling',
      'server-sent-events',
      'delayed-response',
      'append-and-follow',
      'failure-after-200',
      'early-refusal',
      'lost-response-tracking',
      'idempotency-key',
      'pipelining',
      'ietf-resumable-upload',
      'tus-upload',
      'long-running-presets',
      'interim-survival',
      'library-lenses',
      'early-success',
      'idle-timeout',
      'five-ways-to-wait',
    ]);
    for (const { info } of experiments) {
      const hello = commands.hello.result.shape.experiments.parse([info]);
      expect(hello).toEqual([info]);
      expect(info.teaches.split('. ').length).toBeGreaterThanOrEqual(2);
      // Longer ones are cut off in the rail.
      expect(info.title.length, info.title).toBeLessThanOrEqual(26);
      for (const { default: value, minimum, maximum, choices } of info.parameters) {
        if (typeof value === 'number') {
          expect(value).toBeGreaterThanOrEqual(minimum ?? -Infinity);
          expect(value).toBeLessThanOrEqual(maximum ?? Infinity);
        }
        if (choices !== undefined) expect(choices).toContain(value);
      }
    }
  });

  it('are found by their id, and only by that', () => {
    expect(findExperiment('five-steps')).toBe(experiments[0]);
    expect(findExperiment('six-steps')).toBeNull();
  });
});
