// The experiments that wait for a job, with what they see under their parameters, and against a server that is not theirs.

import { describe, expect, it } from 'vitest';
import { delayedResponse } from '../../../electron/experiments/delayed-response.ts';
import { findExperiment } from '../../../electron/experiments/index.ts';
import type { Experiment, ExperimentContext } from '../../../electron/experiments/kit/types.ts';
import { countCheck } from '../../../electron/experiments/kit/waiting.ts';
import { longPolling } from '../../../electron/experiments/long-polling.ts';
import { serverSentEvents } from '../../../electron/experiments/server-sent-events.ts';
import { shortPolling } from '../../../electron/experiments/short-polling.ts';
import { laboratory } from '../laboratory.ts';

async function run(experiment: Experiment, over: Partial<ExperimentContext> = {}) {
  const lab = await laboratory();
  try {
    const { result, checks, tables } = await lab.run(experiment, { cuts: [], ...over });
    return {
      ...result,
      tables,
      story: lab.story(),
      messages: checks.map(({ id, level, message }) => `${level} ${id}: ${message}`),
      wrong: checks.filter(({ level }) => level === 'error').map(({ message }) => message),
      exchanges: lab.model().exchanges.map(({ method, target, status }) => ({ method, target, status })),
    };
  } finally {
    await lab.close();
  }
}

describe('a count', () => {
  const formula = { count: 4, written: '⌈T / interval⌉ = 4' };
  it.each([
    [4, false, 'pass'],
    [3, false, 'info'],
    [5, false, 'info'],
    [6, false, 'error'],
    [9, true, 'info'],
  ] as const)('of %i against 4, disturbed: %s, is %s', (seen, disturbed, level) => {
    expect(countCheck(seen, 'question', formula, disturbed)).toMatchObject({ id: 'count', level });
  });
});

describe('every experiment that waits', () => {
  it.each(['short-polling', 'long-polling', 'server-sent-events', 'delayed-response'])(
    '%s is listed',
    (id) => {
      expect(findExperiment(id)?.info.id).toBe(id);
    },
  );

  it.each([shortPolling, longPolling, serverSentEvents, delayedResponse])(
    '$info.id is refused with a sentence where nobody listens',
    async (experiment) => {
      const { outcome, reason } = await run(experiment, { target: 'http://127.0.0.1:9/' });
      expect(outcome).toBe('refused');
      expect(reason).toMatch(/Nothing listens on 127\.0\.0\.1:9/);
    },
  );

  it.each([shortPolling, longPolling, serverSentEvents, delayedResponse])(
    '$info.id stops when it is told to',
    async (experiment) => {
      const stop = new AbortController();
      stop.abort();
      expect(await run(experiment, { signal: stop.signal })).toMatchObject({
        outcome: 'failed',
        reason: 'It was stopped.',
      });
    },
  );
});

describe('short-polling', () => {
  it('is not held against its formula where checks take longer than the client’s patience', async () => {
    const { outcome, wrong } = await run(shortPolling, { parameters: { slow: 4000, patience: 1000 } });
    expect(outcome).toBe('failed');
    expect(wrong).toEqual([]);
  });

  it('asks no more often than its formula says, and hears of the end', async () => {
    const { outcome, story, exchanges, wrong, tables } = await run(shortPolling, {
      parameters: { steps: 3, step: 500, interval: 400 },
    });
    expect(outcome, story).toBe('completed');
    expect(wrong).toEqual([]);
    const asked = exchanges.filter(({ method }) => method === 'GET');
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(tables[0]!.rows[0]).toEqual([
      'Questions',
      String(asked.length),
      '⌈T / interval⌉ = ⌈1500 / 400⌉ = 4',
    ]);
  });

  it('gets small answers where nothing has changed', async () => {
    const { exchanges, story } = await run(shortPolling, {
      parameters: { steps: 1, step: 2000, interval: 400 },
    });
    expect(
      exchanges.map(({ status }) => status),
      story,
    ).toContain(304);
    expect(exchanges.at(-1)?.status).toBe(200);
  });

  it('asks of a resource of the user’s own, whose answers it only tells', async () => {
    const other = await laboratory();
    try {
      const { outcome, messages, exchanges } = await run(shortPolling, {
        target: `${other.server.url}/capture`,
      });
      expect(outcome).toBe('completed');
      expect(exchanges).toEqual([{ method: 'GET', target: '/capture', status: 200 }]);
      expect(messages).toContain('info end: The last answer says nothing of a job.');
    } finally {
      await other.close();
    }
  });
});

describe('long-polling', () => {
  it.each([
    ['deadline', 300, '⌈(T + tick) / hold⌉ = ⌈2500 / 1200⌉ = 3'],
    ['count', 100, '⌈(T + tick) / hold⌉ = ⌈2500 / 2000⌉ = 2'],
    ['notify', 100, '⌈(T + check) / hold⌉ = ⌈2500 / 1000⌉ = 3'],
  ])('by %s, with slow checks of %i ms, takes %s requests', async (program, slow, formula) => {
    const { outcome, messages, wrong, story } = await run(longPolling, { parameters: { program, slow } });
    expect(outcome, story).toBe('completed');
    expect(wrong).toEqual([]);
    expect(messages.find((message) => message.includes('count:'))).toContain(formula);
  });

  it('is answered at each change, and by 304 where there is none in time', async () => {
    const { exchanges, story, wrong } = await run(longPolling, {
      parameters: { steps: 2, step: 2500, until: 'change' },
    });
    expect(wrong, story).toEqual([]);
    const statuses = exchanges.slice(1).map(({ status }) => status);
    expect(statuses, story).toContain(304);
    expect([statuses[0], statuses.at(-1)]).toEqual([200, 200]);
  });

  it('hears of a job that fails while it waits, and goes on behind a check that fails', async () => {
    const job = await run(longPolling, { parameters: { trouble: 'job' } });
    expect(job.wrong).toEqual([]);
    expect(job.messages).toContain('pass end: The last answer says failed, 2/6; failed was due.');
    const failed = await run(longPolling, { parameters: { trouble: 'check' } });
    expect(failed.wrong).toEqual([]);
    expect(failed.exchanges.map(({ status }) => status)).toContain(503);
  });
});

describe('server-sent-events', () => {
  it('loses and doubles nothing when it is cut in the middle of an event', async () => {
    const { outcome, story, messages, exchanges, tables } = await run(serverSentEvents, { cuts: null });
    expect(outcome, story).toBe('completed');
    expect(messages).toContain('pass lost: All 8 events came.');
    expect(messages).toContain('pass doubled: Each came once, and in order.');
    expect(exchanges.slice(1).map(({ status }) => status)).toEqual([200, 200, 204]);
    expect(tables[0]!.rows.map(([, id]) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it('hears of the newest change only where the source is polled', async () => {
    const { wrong, tables, story } = await run(serverSentEvents, {
      parameters: { source: 'poll', step: 100, tick: 450 },
    });
    expect(wrong, story).toEqual([]);
    expect(tables[0]!.rows.length).toBeLessThan(8);
  });

  it('follows a stream of the user’s own', async () => {
    const other = await laboratory();
    try {
      const begun = await fetch(`${other.server.url}/waiting/jobs?steps=2&step=100`, { method: 'POST' });
      const target = `${other.server.url}${begun.headers.get('location')}/events`;
      const { outcome, tables } = await run(serverSentEvents, { target });
      expect(outcome).toBe('completed');
      expect(tables[0]!.rows.map((row) => row.slice(0, 4))).toEqual([
        ['1', '1', 'progress', '1/2'],
        ['1', '2', 'done', '2/2'],
      ]);
      const page = await run(serverSentEvents, { target: `${other.server.url}/` });
      expect(page).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/text\/plain/) });
    } finally {
      await other.close();
    }
  });
});

describe('delayed-response', () => {
  it.each([
    ['style=wait', { style: 'wait' }, 200, 'done', 'The result came.'],
    ['a time-out in silence', { style: 'wait', timeout: 300 }, 202, 'cancel', /202 said so/],
    ['a time-out among spaces', { timeout: 500 }, 202, 'cancel', /202 said so/],
    ['an error in silence', { style: 'wait', result: 'error' }, 500, 'error', /500 Internal Server Error/],
    ['an error behind the head', { result: 'error' }, 202, 'error', /its content broke off/],
    ['a rejection before the head', { result: 'reject', initial: 2000 }, 500, 'error', /500/],
    ['a client that leaves', { leaves: true }, null, 'abort', 'The client left before there was a result.'],
    ['a client that leaves in silence', { style: 'wait', leaves: true }, null, 'abort', /^The client left/],
  ] as const)('with %s is as it must be', async (_name, parameters, status, how, reason) => {
    const { outcome, wrong, messages, story, ...rest } = await run(delayedResponse, { parameters });
    expect(outcome, story).toBe('completed');
    expect(wrong, story).toEqual([]);
    expect(rest.reason).toMatch(reason);
    expect(messages.find((message) => message.includes('ending:'))).toMatch(
      `pass ending: The server says that it ended by “${how}”`,
    );
    if (status !== null)
      expect(messages).toContain(`pass status: The status was ${status}; ${status} was due.`);
  });

  it('tells the spaces of a response of the user’s own', async () => {
    const other = await laboratory();
    try {
      const { outcome, messages } = await run(delayedResponse, {
        target: `${other.server.url}/delayed?style=start&after=400&interval=100&initial=0`,
      });
      expect(outcome).toBe('completed');
      expect(messages).toEqual([
        expect.stringMatching(/^info spaces: The answer 202 begins with \d spaces?\.$/),
      ]);
    } finally {
      await other.close();
    }
  });
});
