// The composition root: test server, client, experiments, sessions and what interfaces are told of them.
// It decides nothing about protocols and draws nothing; hosts hold it through engine-types.ts.

import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CutKind, Direction, End } from '../shared/capture/records.ts';
import type {
  CommandArgs,
  CutSpec,
  EngineCommands,
  FaultState,
  Push,
  RunState,
  SessionState,
} from '../shared/contract.ts';
import { BYTES_AT_ONCE } from '../shared/contract.ts';
import { Again, compareWith, replayPreview } from './engine/again.ts';
import { exportSession, extensionOf, mediaTypeOf } from './engine/export.ts';
import { livePositions } from './engine/live-position.ts';
import { fileName, sessionName } from './engine/names.ts';
import { Pump } from './engine/pump.ts';
import { Recents } from './engine/recents.ts';
import { leaveView, writeRemark } from './engine/remarks.ts';
import { IDLE, runOf } from './engine/run-of.ts';
import { Sends } from './engine/sends.ts';
import { ServerPanel } from './engine/server-panel.ts';
import { Switchboard } from './engine/switchboard.ts';
import { type LiveView, liveView, type ReadingView, readView, type View } from './engine/view.ts';
import type { CreateEngine, Download, Engine, EngineOptions, EngineUi, SaveFormat } from './engine-types.ts';
import { experiments, findExperiment } from './experiments/index.ts';
import { begun } from './experiments/kit/begun.ts';
import { runExperiment } from './experiments/kit/run.ts';
import { sameFile, writeResult } from './session/results.ts';
import { saveSession } from './session/save.ts';
import { systemClock } from './wire/clock.ts';
import { createFaultBoard } from './wire/faults.ts';
import type { FaultBoard, Wire } from './wire/types.ts';
import packageJson from '../package.json' with { type: 'json' };

/** 250 kB/s: slow enough for a person to act. */
const DEFAULT_RATE = 250_000;
/** Pushes of one kind go out at most this often, milliseconds. */
const PUSH_EVERY = 50;
/** Of a file that is being read interfaces are told how far it has come after so many parts (256 KiB each). */
const PARTS = 16;
const UNTITLED = 'Untitled session';

export const createEngine: CreateEngine = async (options) => {
  const folder = join(options.dataDirectory, 'recordings');
  await mkdir(folder, { recursive: true });
  const recents = new Recents(options.dataDirectory, folder);
  await recents.load();
  return Laboratory.start(options, folder, recents);
};

class Laboratory implements Engine {
  readonly commands: EngineCommands;
  readonly #options: EngineOptions;
  readonly #folder: string;
  readonly #recents: Recents;
  readonly #board: FaultBoard;
  readonly #switchboard: Switchboard;
  readonly #uis = new Set<EngineUi>();
  readonly #pump: Pump;
  readonly #pushes = new Map<string, () => Push>();
  #pushTimer: NodeJS.Timeout | null = null;
  #server!: ServerPanel;
  #live: LiveView;
  /** What is looked at: the live session, or a file. */
  #view: View;
  #run: RunState = IDLE;
  #running: { abort: AbortController; done: Promise<void> } | null = null;
  readonly #sends: Sends;
  readonly #again: Again;
  #uploads: string | null = null;
  /** Captured bytes of a live session that are kept; undefined: the recorder's own. */
  #budget: number | undefined;
  #closed = false;

  static async start(options: EngineOptions, folder: string, recents: Recents): Promise<Engine> {
    const laboratory = new Laboratory(options, folder, recents);
    try {
      laboratory.#server = await ServerPanel.start({
        context: laboratory.#context(),
        port: options.port ?? 'default',
        dataDirectory: options.dataDirectory,
        changed: () => laboratory.#later('server', () => laboratory.#serverPush()),
      });
    } catch (error) {
      laboratory.#pump.stop();
      await closeLive(laboratory.#live);
      throw error;
    }
    return laboratory;
  }

  private constructor(options: EngineOptions, folder: string, recents: Recents) {
    this.#options = options;
    this.#folder = folder;
    this.#recents = recents;
    this.#board = createFaultBoard();
    this.#board.rate = options.rate ?? DEFAULT_RATE;
    this.#board.changed = () => this.#later('faults', () => ({ push: 'faults', faults: this.#faults() }));
    this.#pump = new Pump((bytes) => {
      for (const ui of this.#uis) ui.batch(bytes);
    });
    this.#live = this.#newLive(UNTITLED);
    this.#view = this.#live;
    this.#switchboard = new Switchboard(this.#live.recorder);
    this.#pump.restart(this.#live.table);
    this.#sends = new Sends(this.#context());
    this.#again = new Again(this.#context());
    this.commands = this.#makeCommands();
  }

  attach(ui: EngineUi): () => void {
    this.#uis.add(ui);
    return () => this.#uis.delete(ui);
  }

  async download(as: SaveFormat): Promise<Download> {
    const view = this.#view;
    const name = `${fileName(view.name)}.${extensionOf(as)}`;
    if (as !== 'pcapng') return { name, type: mediaTypeOf(as), body: encoded(exportSession(view, as)) };
    await view.flush();
    if (view.file === null) throw new Error('This session is in memory only and has no file to download.');
    const added = view.added();
    view.markSaved(name);
    this.#later('session', () => this.#sessionPush());
    // What is recorded from now on is not part of it: the file may end in the middle of a block by then.
    const size = view.wholeLength ?? statSync(view.file).size;
    return { name, type: 'application/x-pcapng', body: withAdded(view.file, size, added) };
  }

  async receive(name: string, body: AsyncIterable<Uint8Array>): Promise<string> {
    this.#uploads ??= await mkdtemp(join(tmpdir(), 'interim-'));
    const folder = await mkdtemp(join(this.#uploads, 'file-'));
    const path = join(folder, basename(name).replaceAll(/[^\w .()-]/g, '_') || 'session.pcapng');
    await pipeline(body, createWriteStream(path));
    return path;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#stopAll();
    this.#pump.stop();
    if (this.#pushTimer !== null) clearTimeout(this.#pushTimer);
    await this.#server.close();
    if (this.#view !== this.#live) await this.#leave(this.#view);
    await closeLive(this.#live);
    if (this.#uploads !== null) await rm(this.#uploads, { recursive: true, force: true });
  }

  #context(): { recorder: Switchboard; board: FaultBoard; clock: typeof systemClock } {
    return { recorder: this.#switchboard, board: this.#board, clock: systemClock };
  }

  // ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #newLive(name: string): LiveView {
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-').slice(0, 23);
    const view: LiveView = liveView(
      name,
      join(this.#folder, `${stamp} ${fileName(name)}.pcapng`),
      () => {
        if (this.#view !== view) return;
        this.#pump.wake();
        this.#later('session', () => this.#sessionPush());
      },
      (message) => this.#push({ push: 'problem', message }),
      this.#budget,
    );
    return view;
  }

  /** A new live session is shown, whatever was shown before: its clock begins now. */
  async #freshLive(name: string): Promise<void> {
    this.#live.model.fold();
    for (const connection of this.#live.model.connections) this.#resetConnection(connection.id);
    const old = this.#live;
    const looked = this.#view;
    this.#live = this.#newLive(name);
    this.#switchboard.switchTo(this.#live.recorder);
    this.#show(this.#live);
    if (looked !== old) await this.#leave(looked);
    await closeLive(old);
    await this.#refreshRecents();
  }

  /**
   * A run has a session of its own, with its clock at 0; but while somebody's own client is connected, their
   * exchange is neither broken nor left unrecorded: then the run goes on in the session that is live.
   */
  async #sessionForRun(name: string): Promise<void> {
    this.#live.model.fold();
    if (!this.#live.model.connections.some(({ id }) => this.#open(id))) return this.#freshLive(name);
    this.#live.name = name;
    await this.#showLive();
  }

  /** A recording that is looked at gives way to the session that is live, as it is. */
  async #showLive(): Promise<void> {
    if (this.#view === this.#live) return;
    const looked = this.#view;
    this.#setRun(IDLE);
    this.#show(this.#live);
    await this.#leave(looked);
  }

  /** A recording is no longer looked at. */
  #leave(view: View): Promise<void> {
    return leaveView(view, this.#folder, (message) => this.#push({ push: 'problem', message }));
  }

  #resetConnection(connection: number): void {
    const number = this.#switchboard.wireNumber(connection);
    for (const end of ['client', 'server'] as const) this.#board.wire(number, end)?.close('rst');
  }

  #show(view: View): void {
    this.#view = view;
    this.#pump.restart(view.table);
    this.#push(this.#sessionPush());
  }

  async #refreshRecents(): Promise<void> {
    await this.#recents.scan(this.#live.file);
    this.#push({ push: 'recents', recents: this.#recents.list() });
  }

  // ── what interfaces are told ─────────────────────────────────────────────────────────────────────────────────────

  #session(): SessionState {
    return { epoch: this.#pump.epoch, ...this.#view.describe() };
  }

  #sessionPush(): Push {
    return { push: 'session', session: this.#session() };
  }

  #serverPush(): Push {
    return { push: 'server', server: this.#server.server.state() };
  }

  #faults(): FaultState {
    return {
      armed: this.#board.list().map(({ id, spec, fired }) => ({ id, spec, fired })),
      disturbances: this.#board.disturbances().map(({ id, disturbance }) => ({ id, disturbance })),
      rate: this.#board.rate,
      stalled: this.#stalled(),
    };
  }

  /** Connections of this session that hold their bytes, at either end. */
  #stalled(): number[] {
    const numbers = this.#board
      .wires()
      .filter((wire) => wire.open && wire.stalled)
      .map((wire) => this.#switchboard.sessionNumber(wire.connection));
    return [...new Set(numbers)].filter((number) => number > 0);
  }

  #setRun(run: RunState): void {
    this.#run = run;
    this.#push({ push: 'run', run });
  }

  #push(push: Push): void {
    for (const ui of this.#uis) ui.push(push);
  }

  /** The newest of each kind goes out soon; what it replaces does not. */
  #later(kind: string, make: () => Push): void {
    if (this.#closed) return;
    this.#pushes.set(kind, make);
    this.#pushTimer ??= setTimeout(() => {
      this.#pushTimer = null;
      const due = [...this.#pushes.values()];
      this.#pushes.clear();
      for (const made of due) this.#push(made());
    }, PUSH_EVERY);
  }

  // ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #makeCommands(): EngineCommands {
    return {
      hello: async () => {
        await this.#recents.scan(this.#live.file);
        this.#pump.restart(this.#view.table);
        // Other interfaces begin anew as well: an epoch belongs to all.
        this.#push(this.#sessionPush());
        return {
          version: packageJson.version,
          experiments: experiments.map((experiment) => experiment.info),
          session: this.#session(),
          run: this.#run,
          server: this.#server.server.state(),
          faults: this.#faults(),
          recents: this.#recents.list(),
        };
      },
      run: (args) => this.#startRun(args),
      send: (args) => this.#sends.send(args, () => this.#showLive()),
      sendRaw: (args) => this.#sends.sendRaw(args, () => this.#showLive()),
      sendBatch: (args) => this.#sends.sendBatch(args, () => this.#showLive()),
      replay: async (args) => this.#sendAgain(args),
      replayPreview: () => replayPreview(this.#view),
      compare: ({ path }) => compareWith(this.#view, path),
      remark: async (args) => {
        this.#view.model.fold();
        const id = writeRemark(this.#view, args);
        this.#pump.wake();
        this.#later('session', () => this.#sessionPush());
        return { id };
      },
      stop: async () => {
        await this.#stopAll();
        return null;
      },
      cut: async (args) => this.#cut(args.connection, args.end, args.direction, args.cut),
      stall: async ({ connection }) => {
        this.#wire(connection, 'client').stall('user');
        return null;
      },
      resume: async ({ connection }) => {
        // Whichever end holds its bytes: a cut by silence may have struck either.
        for (const end of ['client', 'server'] as const) this.#wire(connection, end).resume('user');
        return null;
      },
      arm: async (spec) => this.#arm(spec),
      disturb: async (disturbance) => ({ id: this.#board.disturb(disturbance, 'user') }),
      disarm: async ({ id }) => {
        if (!this.#board.disarm(id)) throw new Error('That fault has struck already, or was taken back.');
        return null;
      },
      pace: async ({ rate }) => {
        this.#board.rate = rate;
        this.#later('faults', () => ({ push: 'faults', faults: this.#faults() }));
        return null;
      },
      serverSettings: async (settings) => {
        await this.#server.set(settings);
        return null;
      },
      serverRestart: async () => {
        if (this.#running !== null) throw new Error('An experiment uses the server: stop it first.');
        return this.#server.restart();
      },
      serverCreate: (args) => this.#server.create(args, this.commands.send),
      serverDelete: async ({ path }) => {
        await this.#server.remove(path, this.commands.send);
        return null;
      },
      keep: async ({ bytes }) => {
        this.#budget = bytes;
        this.#live.recorder.budget = bytes;
        return null;
      },
      newSession: async () => {
        await this.#stopAll();
        this.#setRun(IDLE);
        await this.#freshLive(UNTITLED);
        return null;
      },
      openSession: async ({ path }) => {
        const chosen = path ?? (await this.#options.dialogs?.open()) ?? null;
        if (chosen === null) return false;
        const view = await this.#read(chosen);
        await this.#stopAll();
        const looked = this.#view;
        this.#setRun(IDLE);
        this.#show(view);
        if (looked !== this.#live) await this.#leave(looked);
        if (!(await this.#readWhole(view, chosen))) return false;
        this.#setRun(runOf(view));
        this.#push(this.#sessionPush());
        await this.#recents.opened(chosen);
        await this.#refreshRecents();
        return true;
      },
      saveSession: async ({ path }) => {
        const view = this.#view;
        const suggested = `${fileName(view.name)}.pcapng`;
        const chosen = path ?? (await this.#options.dialogs?.save(suggested, 'pcapng')) ?? null;
        if (chosen === null) return false;
        await view.flush();
        if (view.file === null) throw new Error('This session is in memory only and cannot be saved.');
        await saveSession(view.file, chosen, view.added());
        view.markSaved(chosen);
        view.name = sessionName(chosen);
        this.#push(this.#sessionPush());
        await this.#recents.opened(chosen);
        await this.#refreshRecents();
        return true;
      },
      exportSession: async ({ as, path }) => {
        const suggested = `${fileName(this.#view.name)}.${extensionOf(as)}`;
        const chosen = path ?? (await this.#options.dialogs?.save(suggested, as)) ?? null;
        if (chosen === null) return false;
        if (this.#view.file !== null && (await sameFile(this.#view.file, chosen)))
          throw new Error(`${chosen} is the session itself: choose another name for the export.`);
        await writeResult(chosen, exportSession(this.#view, as));
        return true;
      },
      bytes: async ({ connection, stream, start, end }) => {
        if (end < start || end - start > BYTES_AT_ONCE)
          throw new Error(`Ask for ${BYTES_AT_ONCE} bytes at most, from a smaller to a larger position.`);
        return this.#view.bytes(connection, stream, start, end);
      },
      taken: async ({ epoch, batch }) => {
        this.#pump.taken(epoch, batch);
        return null;
      },
    };
  }

  #open(connection: number): boolean {
    const number = this.#switchboard.wireNumber(connection);
    return (this.#board.wire(number, 'client') ?? this.#board.wire(number, 'server'))?.open ?? false;
  }

  /** The wire of a live connection; the other end where only that one is ours. */
  #wire(connection: number, end: End): Wire {
    if (this.#view !== this.#live)
      throw new Error('This is a recording: what it shows is over. Run something to have a live connection.');
    const number = this.#switchboard.wireNumber(connection);
    const other = end === 'client' ? 'server' : 'client';
    const wire = this.#board.wire(number, end) ?? this.#board.wire(number, other);
    if (wire === undefined || !wire.open) throw new Error(`Connection ${connection} is closed already.`);
    return wire;
  }

  /** Begins to read a file. */
  async #read(path: string): Promise<ReadingView> {
    try {
      let parts = 0;
      const view = await readView(path, () => {
        if (this.#view !== view) return;
        this.#pump.wake();
        if (++parts % PARTS === 0) this.#later('session', () => this.#sessionPush());
      });
      return view;
    } catch (error) {
      throw this.#named(error, path);
    }
  }

  /** All of a file that is shown was read; false: something else is shown by now. A disk that fails: the live session is. */
  async #readWhole(view: ReadingView, path: string): Promise<boolean> {
    try {
      await view.whole;
    } catch (error) {
      if (this.#view !== view || this.#closed) return false;
      await this.#showLive();
      throw this.#named(error, path);
    }
    return this.#view === view && !this.#closed;
  }

  /** What an upload is called on our disk is nothing to its user. */
  #named(error: unknown, path: string): unknown {
    if (this.#uploads === null || !path.startsWith(this.#uploads) || !(error instanceof Error)) return error;
    return new Error(error.message.replaceAll(path, basename(path)), { cause: error });
  }

  /** For connections to come, and for those on which that byte of the representation is still to come. */
  #arm(spec: CutSpec): { id: number } {
    const id = this.#board.arm(spec, 'user');
    if (!spec.content || this.#view !== this.#live) return { id };
    this.#live.model.fold();
    for (const { connection, at } of livePositions(this.#live.model, spec))
      this.#board
        .wire(this.#switchboard.wireNumber(connection), spec.end)
        ?.cutAt(at, spec.cut, spec.direction, 'user', spec.at);
    return { id };
  }

  #cut(connection: number, end: End, direction: Direction, kind: CutKind): null {
    const wire = this.#wire(connection, end);
    // The same stream, seen from the end that is ours.
    const seen = wire.end === end ? direction : direction === 'in' ? 'out' : 'in';
    wire.cut(kind, seen, 'user');
    return null;
  }

  async #startRun({ experiment: id, parameters, cuts, target }: CommandArgs<'run'>): Promise<null> {
    if (this.#running !== null) throw new Error('An experiment is running: stop it first.');
    const experiment = findExperiment(id);
    if (experiment === null) throw new Error(`There is no experiment “${id}”.`);
    const about = begun(experiment.info, { parameters, target: target ?? null, cuts });
    await this.#sessionForRun(experiment.info.title);
    this.#board.forgetFired();
    const abort = new AbortController();
    this.#setRun({ ...IDLE, experiment: id, state: 'running' });
    const live = this.#live;
    live.recorder.about(about);
    const done = runExperiment(experiment, {
      ...this.#context(),
      server: this.#server.server,
      target: target ?? null,
      parameters,
      cuts: cuts.length === 0 ? null : cuts,
      random: Math.random,
      signal: abort.signal,
      model: () => {
        live.model.fold();
        return live.model;
      },
    }).then(
      ({ result, checks, tables }) => {
        live.recorder.about({ experiment: id, ...result, checks, tables });
        this.#setRun({ experiment: id, state: result.outcome, reason: result.reason, checks, tables });
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        live.recorder.about({ experiment: id, outcome: 'failed', reason });
        this.#setRun({ ...IDLE, experiment: id, state: 'failed', reason });
      },
    );
    this.#running = {
      abort,
      done: done.finally(() => {
        this.#running = null;
      }),
    };
    return null;
  }

  #sendAgain(args: CommandArgs<'replay'>): ReturnType<EngineCommands['replay']> {
    if (this.#running !== null) throw new Error('An experiment is running: stop it first.');
    return this.#again.send(this.#view, args, {
      serverUrl: this.#server.server.url,
      numberOf: (connection) => this.#switchboard.sessionNumber(connection),
      begin: async (name) => {
        this.#setRun(IDLE);
        await this.#sessionForRun(name);
        this.#board.forgetFired();
        return this.#live;
      },
    });
  }

  /** The run, what is sent again, and every request of the user's own. */
  async #stopAll(): Promise<void> {
    const running = this.#running;
    running?.abort.abort();
    await Promise.all([running?.done, this.#sends.stop(), this.#again.stop()]);
  }
}

/** Ends a live session; a file without a record is not kept. */
async function closeLive(live: LiveView): Promise<void> {
  await live.close();
  if (live.recorder.records === 0 && live.file !== null) await rm(live.file, { force: true });
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(piece);
}

/** A file's whole blocks, and those that are to come behind them. */
async function* withAdded(
  path: string,
  size: number,
  added: readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { end: size - 1 });
  yield* added;
}
