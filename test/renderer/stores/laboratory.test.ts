import { beforeEach, describe, expect, it } from 'vitest';
import type { Api, Link } from '../../../renderer/api.ts';
import { createLaboratory, type Laboratory } from '../../../renderer/stores/laboratory.ts';
import { createPreferences } from '../../../renderer/stores/preferences.ts';
import { type CommandName, commands, type Hello, type Push } from '../../../shared/contract.ts';
import { encodeBatch } from '../../../shared/model/batch.ts';
import { storyTable } from '../story-fixture.ts';

const HELLO: Hello = {
  version: '1.2.3',
  experiments: [],
  session: {
    epoch: 1,
    name: 'Untitled session',
    path: null,
    live: true,
    saved: false,
    records: 0,
    keptBytes: 0,
    leftOutBytes: 0,
    startedAt: 0,
    warning: null,
  },
  run: { experiment: null, state: 'idle', reason: '', checks: [], tables: [] },
  server: {
    url: 'http://127.0.0.1:18080/',
    settings: {
      interimLimit: 10,
      incompleteStatus: 299,
      transaction: 'by-method',
      acknowledgeBytes: 65_536,
      stepMilliseconds: 400,
      silenceMilliseconds: 10_000,
    },
    resources: [],
  },
  faults: { armed: [], disturbances: [], rate: 0, stalled: [] },
  recents: [],
};

/** An engine that answers at once and remembers what it was asked. */
class FakeEngine {
  readonly asked: [CommandName, unknown][] = [];
  readonly frames: ((now: number) => void)[] = [];
  refuse: string | null = null;
  push: (push: Push) => void = () => undefined;
  batch: (bytes: Uint8Array) => void = () => undefined;
  link: (link: Link) => void = () => undefined;
  readonly laboratory: Laboratory;

  constructor() {
    const answer = (name: CommandName) => (args: unknown) => {
      this.asked.push([name, args]);
      if (this.refuse !== null && name !== 'taken') return Promise.reject(new Error(this.refuse));
      return Promise.resolve(name === 'hello' ? HELLO : name === 'arm' ? { id: 1 } : null);
    };
    const made = Object.fromEntries(
      (Object.keys(commands) as CommandName[]).map((name) => [name, answer(name)]),
    );
    const api: Api = {
      kind: 'desktop',
      platform: 'linux',
      commands: made as unknown as Api['commands'],
      onPush: (callback) => void (this.push = callback),
      onBatch: (callback) => void (this.batch = callback),
      onLink: (callback) => {
        this.link = callback;
        callback('connected');
      },
      openDialog: () => Promise.resolve(false),
      openFile: () => Promise.reject(new Error('That is no session.')),
      handOver: () => Promise.resolve('/chosen'),
      save: () => Promise.resolve(true),
      exportAs: () => Promise.resolve(true),
    };
    this.laboratory = createLaboratory({
      api,
      preferences: createPreferences({ getItem: () => null, setItem: () => undefined }),
      nextFrame: (callback) => this.frames.push(callback),
    });
  }

  names(): CommandName[] {
    return this.asked.map(([name]) => name);
  }

  /** The story's events, up to `ms`, as one batch, taken in. */
  tell(ms: number): void {
    this.batch(encodeBatch(storyTable(ms), { row: 0, string: 1 }, 1, 1)!.bytes);
    for (const frame of this.frames.splice(0)) frame(0);
  }
}

/** What was asked for and answered at once has been taken in. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the laboratory', () => {
  let engine: FakeEngine;
  let laboratory: Laboratory;
  const actions: string[] = [];

  beforeEach(async () => {
    engine = new FakeEngine();
    laboratory = engine.laboratory;
    actions.length = 0;
    laboratory.start((action) => actions.push(action));
    await settled();
  });

  const shown = () => laboratory.notices.store.getState().notices.map(({ message }) => message);

  it('says hello once it is connected, and shows what it was answered', () => {
    expect(engine.names()).toEqual(['hello']);
    expect(laboratory.engine.getState()).toMatchObject({ ready: true, version: '1.2.3', link: 'connected' });
    expect(laboratory.feed.store.getState().epoch).toBe(1);
  });

  it('gives an editor that was opened before the server was known its address', async () => {
    const early = new FakeEngine().laboratory;
    early.patch.open();
    early.composer.open();
    expect(early.patch.store.getState().address).toBe('');
    expect(early.composer.store.getState().draft.request.url).toBe('');
    early.start(() => undefined);
    await settled();
    expect(early.patch.store.getState().address).toBe('http://127.0.0.1:18080/uploads/example.bin');
    expect(early.composer.store.getState().draft.request.url).toBe('http://127.0.0.1:18080/collection');
  });

  it('says hello again when the engine has come back', async () => {
    engine.link('lost');
    expect(laboratory.engine.getState().link).toBe('lost');
    engine.link('connected');
    await settled();
    expect(engine.names()).toEqual(['hello', 'hello']);
  });

  it('asks for everything anew when a batch is missing', async () => {
    engine.batch(new Uint8Array(2));
    await settled();
    expect(engine.names()).toEqual(['hello', 'hello']);
  });

  it('tells the engine what it has taken in, so that more can come', () => {
    engine.tell(1000);
    expect(engine.asked.at(-1)).toEqual(['taken', { epoch: 1, batch: 1 }]);
  });

  it('cuts the youngest connection that is busy, as the menu says', async () => {
    engine.tell(2000);
    laboratory.preferences.setCut({ kind: 'fin', end: 'client', direction: 'out' });
    await laboratory.cutNow();
    expect(engine.asked.at(-1)).toEqual([
      'cut',
      { connection: 2, end: 'client', direction: 'out', cut: 'fin' },
    ]);
  });

  it('says what to do when nothing is open to be cut', async () => {
    await laboratory.cutNow();
    await laboratory.stallOrResume();
    expect(engine.names()).toEqual(['hello']);
    expect(shown().every((message) => message.startsWith('No connection is open now'))).toBe(true);
  });

  it('cuts nothing in a recording', () => {
    engine.push({ push: 'session', session: { ...HELLO.session, live: false } });
    engine.tell(2000);
    expect(laboratory.target()).toBeNull();
  });

  it('stalls the target, and lets go of what is held', async () => {
    engine.tell(2000);
    await laboratory.stallOrResume();
    expect(engine.asked.at(-1)).toEqual(['stall', { connection: 2 }]);
    engine.push({ push: 'faults', faults: { ...HELLO.faults, stalled: [2] } });
    await laboratory.stallOrResume();
    expect(engine.asked.at(-1)).toEqual(['resume', { connection: 2 }]);
  });

  it('arms a cut at a byte of the content', async () => {
    await laboratory.arm(750_000);
    expect(engine.asked.at(-1)).toEqual([
      'arm',
      { end: 'server', direction: 'in', at: 750_000, content: true, cut: 'rst' },
    ]);
  });

  it('shows a refusal in its own words', async () => {
    engine.refuse = 'An experiment is running: stop it first.';
    await laboratory.run({ experiment: 'five-steps', parameters: {}, cuts: [] });
    expect(shown()).toEqual(['An experiment is running: stop it first.']);
    await laboratory.openFile(new File([], 'x.pcapng'));
    expect(shown()).toContain('That is no session.');
  });

  it('lets go of selection and playhead when another session takes the place', () => {
    engine.tell(4000);
    laboratory.select({ kind: 'exchange', id: 1 });
    laboratory.playhead.seek(1e9);
    engine.push({
      push: 'session',
      session: { ...HELLO.session, epoch: 2, warning: 'The file is cut short.' },
    });
    expect(laboratory.selection.getState().selected).toBeNull();
    expect(laboratory.playhead.store.getState().time).toBe(Infinity);
    expect(laboratory.feed.store.getState().model.events.length).toBe(0);
    expect(shown()).toEqual(['The file is cut short.']);
  });

  it('keeps a note that is being written when another window says hello, and lets go of it with its session', () => {
    engine.tell(4000);
    laboratory.writer.write();
    laboratory.writer.setText('Half of a');
    engine.push({ push: 'session', session: { ...HELLO.session, epoch: 2 } });
    expect(laboratory.writer.store.getState()).toMatchObject({ text: 'Half of a' });
    expect(laboratory.writer.store.getState().open).not.toBeNull();
    const opened = { ...HELLO.session, live: false, path: '/one.pcapng' };
    for (const [epoch, session] of [opened, { ...opened, path: '/two.pcapng' }].entries()) {
      engine.push({ push: 'session', session: { ...session, epoch: 3 + epoch } });
      expect(laboratory.writer.store.getState().open).toBeNull();
    }
  });

  it('keeps them when the same session only changed', () => {
    engine.tell(4000);
    laboratory.select({ kind: 'exchange', id: 1 });
    engine.push({ push: 'session', session: { ...HELLO.session, records: 12 } });
    expect(laboratory.selection.getState().selected).toEqual({ kind: 'exchange', id: 1 });
  });

  it('tells once what is wrong with a file, when all of it was read', () => {
    const session = { ...HELLO.session, epoch: 2, live: false, warning: null };
    engine.push({ push: 'session', session: { ...session, read: 0.5 } });
    expect(shown()).toEqual([]);
    const warning = 'The file is cut short.';
    engine.push({ push: 'session', session: { ...session, warning } });
    engine.push({ push: 'session', session: { ...session, warning, saved: true } });
    expect(shown()).toEqual([warning]);
  });

  it('passes on what the menu asks, and shows problems', () => {
    engine.push({ push: 'menu', action: 'palette' });
    engine.push({ push: 'problem', message: 'The disk is full.' });
    engine.push({ push: 'news', message: 'A copy is among the sessions.' });
    expect(actions).toEqual(['palette']);
    expect(laboratory.notices.store.getState().notices).toMatchObject([
      { tone: 'error', message: 'The disk is full.' },
      { tone: 'info', message: 'A copy is among the sessions.' },
    ]);
  });

  it('says aloud that a connection was cut, and that a run ended', () => {
    engine.tell(1310);
    expect(laboratory.notices.store.getState().spoken).toBe('Connection 1 was cut.');
    engine.push({
      push: 'run',
      run: { experiment: 'x', state: 'running', reason: '', checks: [], tables: [] },
    });
    engine.push({
      push: 'run',
      run: { experiment: 'x', state: 'completed', reason: 'All is well.', checks: [], tables: [] },
    });
    expect(laboratory.notices.store.getState().spoken).toBe('completed: All is well.');
  });
});
