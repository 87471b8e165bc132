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
import type { CutSpec } from '../../../shared/contract.ts';
import type { ReplayVerdict } from '../../../shared/replay/verdict.ts';
import { withoutCustomBlocks } from '../../shared/capture/session-bytes.ts';
import { hurried } from '../hurried.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interim-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function laboratory(name: string) {
  const path = join(folder, `${name}.pcapng`);
  const view = liveView(name, path, () => undefined, expect.fail);
  const context = { recorder: view.recorder, board: createFaultBoard(), clock: hurried(10) };
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

/** Records an experiment; resolves with the path of its session. */
async function record(experiment: Experiment, cuts: CutSpec[] | null): Promise<string> {
  const lab = await laboratory(`${experiment.info.id}-${number++}`);
  try {
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

async function again(path: string, signal = new AbortController().signal): Promise<ReplayVerdict> {
  const recorded = await openRecorded(path, false);
  const lab = await laboratory(`again-${number++}`);
  try {
    return await replay(recorded, {
      ...lab.context,
      again: () => ({ model: lab.model(), read: lab.view.bytes.bind(lab.view) }),
      numberOf: (connection) => connection,
      embedded: { host: '127.0.0.1', port: Number(new URL(lab.server.url).port) },
      target: null,
      timing: 'asap',
      signal,
    });
  } finally {
    await lab.close();
    await recorded.close();
  }
}

const resuming = experiments.filter(({ info }) => info.group === 'resume');
const cases = resuming.flatMap((experiment) => [
  [experiment.info.id, 'its own cut', experiment, null] as const,
  ...experiment.info.cuts.map(({ label, specs }) => [experiment.info.id, label, experiment, specs] as const),
]);

describe('a session that is sent again', () => {
  it.each(cases)('%s (%s) comes out as it did', { timeout: 30_000 }, async (_, __, experiment, specs) => {
    const path = await record(experiment, specs === null ? null : [...specs]);
    const verdict = await again(path);
    const told = verdict.rows.flatMap(({ one: facts, differences }) =>
      differences
        .filter(({ level }) => level === 'differs')
        .map(
          ({ kind, one, other }) =>
            `${facts?.id} ${facts?.method} ${facts?.target} ${kind}: ${one} → ${other}`,
        ),
    );
    expect([...told, ...verdict.remarks]).toEqual([]);
    expect(verdict.same).toBe(true);
    expect(verdict.exchanges).toBeGreaterThan(0);
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
