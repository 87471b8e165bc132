import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../electron/engine.ts';
import type { Engine } from '../../electron/engine-types.ts';
import { push as pushShape, type Push } from '../../shared/contract.ts';
import { applyBatch } from '../../shared/model/batch.ts';
import { EventTable, Layer } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';
import { writeExchanges } from '../bench/big-sessions.ts';

/** An interface without a screen: takes in what the engine tells, as the real one does. */
class Listener {
  readonly pushes: Push[] = [];
  model = new Model(new EventTable());
  epoch = -1;
  #changed = (): void => undefined;

  constructor(engine: Engine) {
    engine.attach({
      push: (push) => {
        pushShape.parse(push);
        this.pushes.push(push);
        if (push.push === 'session' && push.session.epoch !== this.epoch) {
          this.epoch = push.session.epoch;
          this.model = new Model(new EventTable());
        }
        this.#changed();
      },
      batch: (bytes) => {
        const { epoch, number } = applyBatch(this.model.events, bytes);
        expect(epoch).toBe(this.epoch);
        this.model.fold();
        void engine.commands.taken({ epoch, batch: number });
        this.#changed();
      },
    });
  }

  /** Resolves when something that is told makes it true. */
  async until(true_: () => boolean): Promise<void> {
    while (!true_())
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
  }

  get run() {
    return this.pushes.findLast((push) => push.push === 'run')?.run;
  }

  get faults() {
    return this.pushes.findLast((push) => push.push === 'faults')?.faults.armed ?? [];
  }

  get session() {
    return this.pushes.findLast((push) => push.push === 'session')?.session;
  }
}

const RUN = { experiment: 'resumable-request', parameters: { size: 200_000 }, cuts: [] } as const;

describe('the engine', () => {
  let folder: string;
  let engine: Engine;
  let ui: Listener;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'interim-engine-'));
    engine = await createEngine({ dataDirectory: folder, port: 0, rate: 400_000 });
    ui = new Listener(engine);
    await engine.commands.hello({});
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs an experiment, tells of it as it happens, and cuts it where the user says', async () => {
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => (ui.model.operations[0]?.upload.total(Layer.received) ?? 0) > 20_000);
    await engine.commands.cut({ connection: 1, end: 'client', direction: 'out', cut: 'rst' });
    await ui.until(() => ui.run?.state === 'completed');
    await ui.until(() => ui.model.operations[0]?.upload.total(Layer.acknowledged) === 200_000);
    expect(ui.model.connections[0]?.closed).toMatchObject({ how: 'rst', by: 'fault', end: 'client' });
    expect(ui.run?.checks.filter(({ level }) => level === 'error')).toEqual([]);
    expect(ui.model.exchanges.map(({ method }) => method)).toEqual(['POST', 'HEAD', 'PATCH']);
  });

  it('runs against a server of the user’s own, and says of what is none how it is named', async () => {
    const other = await createEngine({ dataDirectory: join(folder, 'other'), port: 0, rate: 0 });
    try {
      const { server } = await other.commands.hello({});
      const target = `${server.url}/print`;
      await engine.commands.run({
        ...RUN,
        parameters: { ...RUN.parameters },
        cuts: [],
        target: target.replace('//', '//me:secret@'),
      });
      await ui.until(() => ui.run?.state !== 'running');
      await ui.until(() => ui.model.connections[0]?.closed !== null && ui.model.abouts.length > 0);
      expect(ui.run?.state).toBe('completed');
      expect(ui.model.connections[0]?.server).toBe(false);
      const about = ui.model.events.row(ui.model.abouts.values[0]!).text;
      expect(JSON.parse(about)).toMatchObject({ experiment: RUN.experiment, target });
    } finally {
      await other.close();
    }
    const wrong = engine.commands.run({
      ...RUN,
      parameters: { ...RUN.parameters },
      cuts: [],
      target: 'ftp://h/',
    });
    await expect(wrong).rejects.toThrow(/neither http nor https/);
  });

  it('arms a cut at a byte of an upload that is under way, exactly there', async () => {
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => (ui.model.operations[0]?.upload.total(Layer.received) ?? 0) > 1_000);
    await engine.commands.arm({ end: 'server', direction: 'in', at: 150_001, content: true, cut: 'rst' });
    await ui.until(() => ui.model.connections[0]?.closed !== null && ui.model.connections.length > 0);
    const at = ui.model.connections[0]!.closed!.at;
    expect(ui.model.operations[0]!.upload.total(Layer.received, at)).toBe(150_001);
    await ui.until(() => ui.run?.state === 'completed');
  });

  it('keeps what a user has armed when a run begins, beside the cuts of the run, and forgets what has fired', async () => {
    const spec = { end: 'server', direction: 'in', content: true, cut: 'rst' } as const;
    const armed = async (at: number) => (await engine.commands.arm({ ...spec, at })).id;
    const first = await armed(40_000);
    const last = await armed(120_000);
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [{ ...spec, at: 80_000 }] });
    await ui.until(() => ui.run?.state === 'completed');
    await ui.until(() => ui.model.operations[0]?.faults.length === 3);
    const { values } = ui.model.operations[0]!.faults;
    expect(Array.from(values.slice(0, 3), (event) => ui.model.events.row(event).b)).toEqual([
      40_000, 80_000, 120_000,
    ]);
    await ui.until(
      () => ui.faults.filter(({ id, fired }) => fired && [first, last].includes(id)).length === 2,
    );

    const waiting = await armed(10_000_000);
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed');
    await ui.until(() => ui.faults.length === 1);
    expect(ui.faults).toMatchObject([{ id: waiting, fired: false }]);
    expect(ui.model.operations[0]!.faults.length).toBe(0);
  });

  it('holds a connection and lets it go on', async () => {
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => (ui.model.operations[0]?.upload.total(Layer.received) ?? 0) > 1_000);
    await engine.commands.stall({ connection: 1 });
    await ui.until(() => ui.pushes.some((push) => push.push === 'faults' && push.faults.stalled.includes(1)));
    await engine.commands.resume({ connection: 1 });
    await ui.until(() => ui.run?.state === 'completed');
    expect(ui.model.connections).toHaveLength(1);
  });

  it('stops a run at once, and says so', async () => {
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => (ui.model.operations[0]?.upload.total(Layer.received) ?? 0) > 1_000);
    await expect(engine.commands.run({ ...RUN, parameters: {}, cuts: [] })).rejects.toThrow(/stop it first/);
    await engine.commands.stop({});
    expect(ui.run?.state).not.toBe('running');
    expect(ui.run?.reason).not.toBe('');
  });

  it('runs one experiment at a time, however fast the next is asked for, and stops one that is about to begin', async () => {
    const run = () => engine.commands.run({ ...RUN, parameters: {}, cuts: [] });
    const first = run();
    await expect(run()).rejects.toThrow(/stop it first/);
    await engine.commands.stop({});
    await first;
    expect(ui.run?.state).toBe('failed');
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed');
  });

  it('runs no experiment while a session is sent again: what came back would be compared with another', async () => {
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed');
    const sent = engine.commands.replay({ target: null, timing: 'asap', faults: true });
    await ui.until(() => ui.session?.name.endsWith('(sent again)') === true);
    await expect(engine.commands.run({ ...RUN, parameters: {}, cuts: [] })).rejects.toThrow(/sent again/);
    await sent;
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed');
  });

  it('saves a session, opens it again with the same model, and goes back to a new one', async () => {
    await engine.commands.run({ experiment: 'five-steps', parameters: {}, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed');
    await ui.until(() => ui.model.exchanges.at(-1)?.complete === true);
    const target = join(folder, 'kept.pcapng');
    expect(await engine.commands.saveSession({ path: target })).toBe(true);
    await ui.until(() => ui.session?.saved === true);
    const story = ui.model.exchanges.map(({ method, status, complete }) => [method, status, complete]);

    expect(await engine.commands.openSession({ path: target })).toBe(true);
    await ui.until(() => ui.session?.live === false && ui.model.exchanges.at(-1)?.complete === true);
    expect(ui.model.exchanges.map(({ method, status, complete }) => [method, status, complete])).toEqual(
      story,
    );
    expect(ui.session).toMatchObject({ name: 'kept', path: target, warning: null });
    expect(ui.run).toMatchObject({ experiment: 'five-steps', state: 'completed' });
    await expect(
      engine.commands.cut({ connection: 1, end: 'client', direction: 'out', cut: 'rst' }),
    ).rejects.toThrow(/recording/);
    const { bytes, kept } = await engine.commands.bytes({
      connection: 1,
      stream: 'request',
      start: 0,
      end: 16,
    });
    expect({ text: new TextDecoder().decode(bytes), kept }).toEqual({ text: 'POST /collection', kept: true });

    await engine.commands.newSession({});
    expect(ui.session).toMatchObject({ live: true, records: 0 });
    const hello = await engine.commands.hello({});
    expect(hello.recents.map(({ name }) => name)).toContain('kept');
    expect(hello.recents.map(({ name }) => name)).toContain('The five steps');
  });

  it('tells of a silence that a cut made, and lets it go on', async () => {
    const cut = { end: 'server', direction: 'in', at: 60_000, content: true, cut: 'stall' } as const;
    await engine.commands.run({ ...RUN, parameters: { ...RUN.parameters }, cuts: [cut] });
    await ui.until(() => ui.pushes.some((push) => push.push === 'faults' && push.faults.stalled.includes(1)));
    await engine.commands.resume({ connection: 1 });
    await ui.until(() => ui.run?.state === 'completed');
    expect(ui.model.connections).toHaveLength(1);
    expect(ui.pushes.findLast((push) => push.push === 'faults')?.faults.stalled).toEqual([]);
  });

  it('leaves nothing behind when its port is in use', async () => {
    const { server } = await engine.commands.hello({});
    const other = join(folder, 'other');
    const port = Number(new URL(server.url).port);
    await expect(createEngine({ dataDirectory: other, port })).rejects.toThrow(String(port));
    expect(await readdir(join(other, 'recordings'))).toEqual([]);
  });

  it('never exports a session over itself', async () => {
    const path = join(folder, 'self.pcapng');
    await engine.commands.saveSession({ path });
    await engine.commands.openSession({ path });
    const before = await readFile(path);
    await expect(engine.commands.exportSession({ as: 'har', path })).rejects.toThrow(/the session itself/);
    expect(await readFile(path)).toEqual(before);
  });

  it('neither breaks nor forgets the exchange of a foreign client when a run begins', async () => {
    const { server } = await engine.commands.hello({});
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.write('GET /test/ HTTP/1.1\r\nHost: a\r\nConn');
    await ui.until(() => ui.model.connections.length === 1);
    await engine.commands.run({ experiment: 'progress-102', parameters: {}, cuts: [] });
    socket.write('ection: close\r\n\r\n');
    await closed;
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
    await ui.until(() => ui.run?.state === 'completed');
    await ui.until(() => ui.model.exchanges.filter(({ complete }) => complete).length === 2);
    expect(ui.model.exchanges.map(({ target }) => target).sort()).toEqual(['/capture', '/test/']);
  });

  it('shows a long session while it is being read, and all of it in the end', async () => {
    const path = join(folder, 'long.pcapng');
    await writeExchanges(path, 2000);
    let isRead = false;
    const opened = engine.commands.openSession({ path }).finally(() => {
      isRead = true;
    });
    await ui.until(() => ui.session?.live === false && ui.model.exchanges.length > 0);
    expect(isRead).toBe(false);
    expect(ui.session?.read).toBeLessThan(1);
    const note = { id: null, connection: 1, beside: { event: 'exchange', time: 0 }, text: 'Too early.' };
    await expect(engine.commands.remark(note)).rejects.toThrow(/still being read/);
    expect(await opened).toBe(true);
    await ui.until(() => ui.model.exchanges.length === 2000);
    // Two ends of 40 connections; two messages of an exchange, or three of every tenth, at both ends.
    expect(ui.session).toMatchObject({ records: 80 + 2 * (2 * 2000 + 200), warning: null });
    expect(ui.session).not.toHaveProperty('read');
  });

  it('lets another session take the place of one that is still being read', async () => {
    const path = join(folder, 'long.pcapng');
    await writeExchanges(path, 2000);
    const short = join(folder, 'short.pcapng');
    await engine.commands.saveSession({ path: short });
    const first = engine.commands.openSession({ path });
    await ui.until(() => ui.session?.path === path);
    expect(await engine.commands.openSession({ path: short })).toBe(true);
    expect(await first).toBe(false);
    expect(ui.session).toMatchObject({ live: false, path: short });
    const again = engine.commands.openSession({ path });
    await ui.until(() => ui.session?.path === path);
    await engine.commands.newSession({});
    expect(await again).toBe(false);
    expect(ui.session?.live).toBe(true);
  });

  it('shows the live session on when a file is none', async () => {
    const path = join(folder, 'no.pcapng');
    await writeFile(path, 'nothing of the kind');
    const { epoch } = ui.session!;
    await expect(engine.commands.openSession({ path })).rejects.toThrow(/pcapng/);
    await expect(engine.commands.openSession({ path: join(folder, 'missing.pcapng') })).rejects.toThrow(
      /missing/,
    );
    expect(ui.session).toMatchObject({ live: true, epoch });
  });

  it('keeps no file of a session in which nothing happened', async () => {
    await engine.commands.newSession({});
    await engine.close();
    expect(await readdir(join(folder, 'recordings'))).toEqual([]);
  });

  it('keeps as many bytes of a session as it was told, of those that follow, too', async () => {
    await engine.commands.keep({ bytes: 1_048_576 });
    await engine.commands.newSession({});
    const parameters = { ...RUN.parameters, size: 1_500_000 };
    await engine.commands.pace({ rate: 0 });
    await engine.commands.run({ ...RUN, parameters, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed' && (ui.session?.leftOutBytes ?? 0) > 0);
    expect(ui.session!.keptBytes).toBeLessThanOrEqual(1_048_576);
  });

  it('exports and hands out what it shows', async () => {
    await engine.commands.run({ experiment: 'five-steps', parameters: {}, cuts: [] });
    await ui.until(() => ui.run?.state === 'completed');
    const path = join(folder, 'five.har');
    await engine.commands.exportSession({ as: 'har', path });
    const har = JSON.parse(await readFile(path, 'utf8')) as { log: { entries: unknown[] } };
    expect(har.log.entries).toHaveLength(6);
    const download = await engine.download('pcapng');
    const parts: Uint8Array[] = [];
    for await (const part of download.body) parts.push(part);
    const received = await engine.receive('../../five ☃.pcapng', pieces(parts));
    expect(received).not.toContain('..');
    expect(await engine.commands.openSession({ path: received })).toBe(true);
    await ui.until(() => ui.session?.live === false && ui.model.exchanges.length === 6);
  });

  it('ends a comparison when a run takes the place of what is compared, and says so', async () => {
    const path = join(folder, 'many.pcapng');
    await writeExchanges(path, 4000);
    await engine.commands.openSession({ path });
    const compared = engine.commands.compare({ path });
    const told = expect(compared).rejects.toThrow('The comparison was stopped before its end.');
    await ui.until(() => ui.pushes.some(({ push }) => push === 'comparing'));
    await engine.commands.run({ experiment: 'five-steps', parameters: {}, cuts: [] });
    await told;
    await ui.until(() => ui.run?.state === 'completed');
  });

  it('calls a file that it was handed by its own name, whatever cannot be done with it', async () => {
    const path = await engine.receive('no session.txt', pieces([new TextEncoder().encode('hello')]));
    const sentence = 'no session.txt is no session and no capture. Interim opens .pcapng and .pcap files.';
    await expect(engine.commands.openSession({ path })).rejects.toThrow(new Error(sentence));
    await expect(engine.commands.compare({ path })).rejects.toThrow(new Error(sentence));
  });
});

async function* pieces(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
