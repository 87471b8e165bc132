// Sessions that are sent again: every experiment that resumes, cut as it cuts itself, comes out as it did.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveView } from '../../../electron/engine/view.ts';
import { experiments, findExperiment } from '../../../electron/experiments/index.ts';
import type { Experiment } from '../../../electron/experiments/kit/types.ts';
import { runExperiment } from '../../../electron/experiments/kit/run.ts';
import { openRecorded } from '../../../electron/replay/recorded.ts';
import { replay } from '../../../electron/replay/replay.ts';
import { createTestServer } from '../../../electron/server/server.ts';
import { createFaultBoard } from '../../../electron/wire/faults.ts';
import type { CutSpec, Disturbance } from '../../../shared/contract.ts';
import { unpackFault } from '../../../shared/model/events.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { ReplayVerdict } from '../../../shared/replay/verdict.ts';
import { withoutCustomBlocks } from '../../shared/capture/session-bytes.ts';
import { leaping } from '../leaping.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function laboratory(name: string, changed: () => void = () => undefined) {
  const path = join(folder, `${name}.pcapng`);
  const view = liveView(name, path, changed, expect.fail);
  const context = { recorder: view.recorder, board: createFaultBoard(), clock: leaping() };
  const server = await createTestServer({ context, port: 0 });
  const model = () => {
    view.model.fold();
    return view.model;
  };
  return {
    path,
    view,
    context,
    server,
    model,
    close: async () => {
      await server.close();
      await view.close();
    },
  };
}

let number = 0;

type Laboratory = Awaited<ReturnType<typeof laboratory>>;

/** Records an experiment; resolves with the path of its session. `meddle` is called at first and after each record. */
async function record(
  experiment: Experiment,
  cuts: CutSpec[] | null,
  meddle: (lab: Laboratory) => void = () => undefined,
): Promise<string> {
  let lab: Laboratory | null = null;
  lab = await laboratory(`${experiment.info.id}-${number++}`, () => {
    if (lab !== null) meddle(lab);
  });
  try {
    meddle(lab);
    await runExperiment(experiment, {
      ...lab.context,
      server: lab.server,
      target: null,
      parameters: {},
      cuts,
      random: () => 0.5,
      signal: new AbortController().signal,
      model: lab.model,
    });
  } finally {
    await lab.close();
  }
  return lab.path;
}

async function again(
  path: string,
  signal = new AbortController().signal,
  withFaults = true,
): Promise<ReplayVerdict> {
  return (await sentAgain(path, signal, withFaults)).verdict;
}

/** Sends a session again; what differed, and the faults of both, each as `1 client out delay at 0: 200`. */
async function sentAgain(path: string, signal = new AbortController().signal, withFaults = true) {
  const recorded = await openRecorded(path, false, withFaults);
  const lab = await laboratory(`again-${number++}`);
  try {
    const verdict = await replay(recorded, {
      ...lab.context,
      again: () => ({ model: lab.model(), read: lab.view.bytes.bind(lab.view) }),
      numberOf: (connection) => connection,
      embedded: { host: '127.0.0.1', port: Number(new URL(lab.server.url).port) },
      target: null,
      timing: 'asap',
      signal,
    });
    return { verdict, faults: { before: faultsOf(recorded.model), now: faultsOf(lab.model()) } };
  } finally {
    await lab.close();
    await recorded.close();
  }
}

function faultsOf(model: Model): string[] {
  return model.connections.flatMap(({ id, faults }) =>
    Array.from(faults.values.subarray(0, faults.length), (row) => {
      const { code, a, text } = model.events.row(row);
      const { end, direction, action, cut } = unpackFault(code);
      return `${id} ${end} ${direction} ${action}${cut === null ? '' : ` ${cut}`} at ${a}: ${text}`;
    }).sort(),
  );
}

/** Differences that count, in words. */
function differing({ rows }: ReplayVerdict): string[] {
  return rows.flatMap(({ one: facts, differences }) =>
    differences
      .filter(({ level }) => level === 'differs')
      .map(
        ({ kind, one, other }) => `${facts?.id} ${facts?.method} ${facts?.target} ${kind}: ${one} → ${other}`,
      ),
  );
}

const resuming = experiments.filter(({ info }) => info.group === 'resume');
const cases = resuming.flatMap((experiment) => [
  [experiment.info.id, 'its own cut', experiment, null] as const,
  ...experiment.info.cuts.map(({ label, specs }) => [experiment.info.id, label, experiment, specs] as const),
]);

describe('a session that is sent again', () => {
  it.each(cases)('%s (%s) comes out as it did', async (_, __, experiment, specs) => {
    const path = await record(experiment, specs === null ? null : [...specs]);
    const verdict = await again(path);
    expect([...differing(verdict), ...verdict.remarks]).toEqual([]);
    expect(verdict.same).toBe(true);
    expect(verdict.exchanges).toBeGreaterThan(0);
  });
});

describe('a session that was disturbed', () => {
  const both = ['out', 'in'] as const;
  const disturbances: Disturbance[] = [
    ...(['client', 'server'] as const).flatMap((end) => [
      ...both.flatMap((direction): Disturbance[] => [
        { fault: 'throttle', end, direction, rate: 2_000_000 },
        { fault: 'delay', end, direction, milliseconds: 120 },
        { fault: 'fragment', end, direction, bytes: 4_096 },
      ]),
      { fault: 'corrupt', end, at: end === 'client' ? 40_000 : 150, mask: 4 } satisfies Disturbance,
    ]),
    { fault: 'cut-after', end: 'server', direction: 'in', milliseconds: 300, cut: 'rst' },
  ];

  it.each(disturbances.map((one) => [JSON.stringify(one), one] as const))(
    'is disturbed again at the same bytes and comes out as it did: %s',
    async (_, disturbance) => {
      let isArmed = false;
      const path = await record(findExperiment('resumable-request')!, [], ({ context }) => {
        if (!isArmed) context.board.disturb(disturbance, 'user');
        isArmed = true;
      });
      const { verdict, faults } = await sentAgain(path);
      expect(faults.before).not.toEqual([]);
      expect(faults.now).toEqual(faults.before);
      expect([...differing(verdict), ...verdict.remarks]).toEqual([]);
    },
  );

  it('in the middle of it is disturbed from the same byte to the same byte', async () => {
    let stage: 'before' | 'under' | 'over' = 'before';
    const path = await record(findExperiment('resumable-request')!, [], ({ context: { board } }) => {
      // In slices, so that there is a middle.
      if (board.rate === 0) board.rate = 1_000_000;
      const sent = board.wire(1, 'client')?.sent ?? 0;
      if (stage === 'before' && sent > 100_000) {
        stage = 'under';
        board.disturb({ fault: 'fragment', end: 'client', direction: 'out', bytes: 1000 }, 'user');
      } else if (stage === 'under' && sent > 300_000) {
        stage = 'over';
        board.disarm(board.disturbances()[0]!.id);
      }
    });
    const { verdict, faults } = await sentAgain(path);
    expect(faults.before).toHaveLength(2);
    expect(faults.now).toEqual(faults.before);
    expect([...differing(verdict), ...verdict.remarks]).toEqual([]);
  });

  it('says that a disturbance did not come about where its byte is not reached', async () => {
    const path = join(folder, 'short.pcapng');
    const view = liveView('short', path, () => undefined, expect.fail);
    const at = { address: '127.0.0.1', port: 1 };
    const connection = view.recorder.opened('client', at, { ...at, port: 2 });
    view.recorder.opened('server', at, { ...at, port: 2 });
    view.recorder.sent(
      connection,
      'client',
      new TextEncoder().encode('GET /test/ HTTP/1.1\r\nHost: a\r\n\r\n'),
    );
    view.recorder.fault(connection, 'server', {
      direction: 'out',
      action: 'throttle',
      origin: 'user',
      at: 10_000_000,
      amount: 10,
    });
    await view.close();
    expect((await again(path)).remarks).toContain(
      'A throttle did not slow connection 1 any more: its byte was not reached.',
    );
  });

  it('comes without what disturbed and cut it where it is sent without its faults', async () => {
    const [cut] = findExperiment('lost-download')!.info.cuts;
    const path = await record(findExperiment('lost-download')!, [...cut!.specs], ({ context }) => {
      if (context.board.disturbances().length === 0)
        context.board.disturb({ fault: 'fragment', end: 'server', direction: 'out', bytes: 5_000 }, 'user');
    });
    const { verdict, faults } = await sentAgain(path, undefined, false);
    expect(faults.before.length).toBeGreaterThan(1);
    expect(faults.now).toEqual([]);
    // The response that was cut came whole: that is what differs.
    expect(differing(verdict).some((line) => line.startsWith('0 GET'))).toBe(true);
    expect(verdict.remarks).toEqual([]);
  });
});

describe('a session that cannot be sent again', () => {
  it('says in one sentence that it holds no request', async () => {
    const lab = await laboratory('empty');
    lab.view.recorder.about({ title: 'Nothing' });
    await lab.close();
    await expect(openRecorded(lab.path, false)).rejects.toThrow(
      'The session holds no request: there is nothing to send again.',
    );
  });

  it('says that a capture of another program needs a server to go to', async () => {
    const path = await record(findExperiment('lost-download')!, []);
    // The same packets, as if another program had written them.
    const bytes = withoutCustomBlocks(await readFile(path));
    const names = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = names.indexOf('interim-'); at !== -1; at = names.indexOf('interim-'))
      names.write('another-', at);
    await writeFile(path, bytes);
    await expect(openRecorded(path, false)).rejects.toThrow(
      'This capture was made by another program: name the server that it is to be sent to (--target URL).',
    );
    const recorded = await openRecorded(path, true);
    expect(recorded.plan.steps.map(({ kind }) => kind)).toContain('send');
    await recorded.close();
  });

  it('says which connection has bytes that were not kept, before anything is sent', async () => {
    const path = join(folder, 'over-budget.pcapng');
    const view = liveView('over budget', path, () => undefined, expect.fail, 4);
    const at = { address: '127.0.0.1', port: 1 };
    const connection = view.recorder.opened('client', at, { ...at, port: 2 });
    view.recorder.sent(connection, 'client', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    await view.close();
    await expect(openRecorded(path, false)).rejects.toThrow(
      'Bytes of the requests on connection 1 were counted, not kept: such a session cannot be sent again.',
    );
  });

  it('sends what is there of a file that was cut short, and says what came of it', async () => {
    const path = await record(findExperiment('lost-download')!, null);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 3)));
    const recorded = await openRecorded(path, false);
    expect(recorded.warning).toMatch(/cut short/);
    await recorded.close();
    expect((await again(path)).exchanges).toBe(1);
  });

  it('ends what it has open when it is stopped', async () => {
    const path = await record(findExperiment('resumable-request')!, null);
    const { same, remarks } = await again(path, AbortSignal.abort());
    expect(same).toBe(false);
    expect(remarks).toContain('It was stopped before its end.');
  });

  it('says that nothing listens where the session went', async () => {
    const path = join(folder, 'gone.pcapng');
    const view = liveView('gone', path, () => undefined, expect.fail);
    const at = { address: '127.0.0.1', port: 40_000 };
    const connection = view.recorder.opened('client', at, { ...at, port: 1 });
    view.recorder.sent(connection, 'client', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    await view.close();
    const { differing, remarks } = await again(path);
    expect(differing).toBe(1);
    expect(remarks).toEqual(['Nothing listens on 127.0.0.1:1: start the server, or check host and port.']);
  });
});
