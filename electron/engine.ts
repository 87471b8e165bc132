// The composition root: test server, client, experiments, sessions and what interfaces are told of them.
// It decides nothing about protocols and draws nothing; hosts hold it through engine-types.ts.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandArgs, EngineCommands, Push, RunState, SessionState } from '../shared/contract.ts';
import { BYTES_AT_ONCE } from '../shared/contract.ts';
import { Again, replayPreview } from './engine/again.ts';
import { exportSession, extensionOf } from './engine/export.ts';
import { LiveFaults } from './engine/live-faults.ts';
import { fileName, sessionName } from './engine/names.ts';
import { Outlet } from './engine/outlet.ts';
import { Pump } from './engine/pump.ts';
import { Recents } from './engine/recents.ts';
import { leaveView, writeRemark } from './engine/remarks.ts';
import { IDLE, runOf } from './engine/run-of.ts';
import { Runs } from './engine/runs.ts';
import { Sends } from './engine/sends.ts';
import { ServerPanel } from './engine/server-panel.ts';
import { Switchboard } from './engine/switchboard.ts';
import { downloadOf, Received } from './engine/transfers.ts';
import { type LiveView, liveView, type ReadingView, readView, type View } from './engine/view.ts';
import type { CreateEngine, Download, Engine, EngineOptions, EngineUi, SaveFormat } from './engine-types.ts';
import { experiments } from './experiments/index.ts';
import { sameFile, writeResult } from './session/results.ts';
import { saveSession } from './session/save.ts';
import { systemClock } from './wire/clock.ts';
import { createFaultBoard } from './wire/faults.ts';
import type { FaultBoard } from './wire/types.ts';
import packageJson from '../package.json' with { type: 'json' };

/** 250 kB/s: slow enough for a person to act. */
const DEFAULT_RATE = 250_000;
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
  readonly #outlet = new Outlet();
  readonly #pump: Pump;
  #server!: ServerPanel;
  #live: LiveView;
  /** What is looked at: the live session, or a file. */
  #view: View;
  #run: RunState = IDLE;
  readonly #faults: LiveFaults;
  readonly #runs: Runs;
  readonly #sends: Sends;
  readonly #again: Again;
  readonly #received = new Received();
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
    this.#board.changed = () => this.#faultsChanged();
    this.#pump = new Pump((bytes) => this.#outlet.batch(bytes));
    this.#live = this.#newLive(UNTITLED);
    this.#view = this.#live;
    this.#switchboard = new Switchboard(this.#live.recorder);
    this.#pump.restart(this.#live.table);
    this.#faults = new LiveFaults(this.#board, this.#switchboard, () => {
      if (this.#view !== this.#live) return null;
      this.#live.model.fold();
      return this.#live.model;
    });
    this.#runs = new Runs({ context: this.#context(), changed: (run) => this.#setRun(run) });
    this.#sends = new Sends(this.#context());
    this.#again = new Again(this.#context());
    this.commands = this.#makeCommands();
  }

  attach(ui: EngineUi): () => void {
    return this.#outlet.attach(ui);
  }

  async download(as: SaveFormat): Promise<Download> {
    const download = await downloadOf(this.#view, as);
    this.#later('session', () => this.#sessionPush());
    return download;
  }

  receive(name: string, body: AsyncIterable<Uint8Array>): Promise<string> {
    return this.#received.take(name, body);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#stopAll();
    await this.#again.close();
    this.#pump.stop();
    this.#outlet.close();
    await this.#server.close();
    if (this.#view !== this.#live) await this.#leave(this.#view);
    await closeLive(this.#live);
    await this.#received.close();
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
    await this.#again.stopComparing();
    this.#live.model.fold();
    for (const connection of this.#live.model.connections) this.#faults.reset(connection.id);
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
  async #sessionForRun(name: string): Promise<LiveView> {
    this.#live.model.fold();
    if (this.#live.model.connections.some(({ id }) => this.#faults.isOpen(id))) {
      this.#live.name = name;
      await this.#showLive();
    } else await this.#freshLive(name);
    // What has struck belongs to what was before.
    this.#board.forgetFired();
    return this.#live;
  }

  /** A recording that is looked at gives way to the session that is live, as it is. */
  async #showLive(): Promise<void> {
    await this.#again.stopComparing();
    if (this.#view === this.#live) return;
    const looked = this.#view;
    this.#setRun(IDLE);
    this.#show(this.#live);
    await this.#leave(looked);
  }

  /** A recording is no longer looked at. */
  #leave(view: View): Promise<void> {
    return leaveView(view, this.#folder, (push, message) => this.#push({ push, message }));
  }

  #show(view: View): void {
    this.#view = view;
    void this.#again.forget();
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

  #setRun(run: RunState): void {
    this.#run = run;
    this.#push({ push: 'run', run });
  }

  #faultsChanged(): void {
    this.#later('faults', () => ({ push: 'faults', faults: this.#faults.state() }));
  }

  #push(push: Push): void {
    this.#outlet.push(push);
  }

  #later(kind: string, make: () => Push): void {
    this.#outlet.later(kind, make);
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
          faults: this.#faults.state(),
          recents: this.#recents.list(),
        };
      },
      run: async (args) => {
        this.#again.refuseWhileSending();
        const session = (name: string): Promise<LiveView> => this.#sessionForRun(name);
        await this.#runs.start(args, { server: this.#server.server, session });
        return null;
      },
      send: (args) => this.#sends.send(args, () => this.#showLive()),
      sendRaw: (args) => this.#sends.sendRaw(args, () => this.#showLive()),
      sendBatch: (args) => this.#sends.sendBatch(args, () => this.#showLive()),
      replay: async (args) => this.#sendAgain(args),
      replayPreview: () => replayPreview(this.#view),
      compare: async ({ path }) => {
        const told = (share: number): void => this.#push({ push: 'comparing', share });
        return this.#again.compare(this.#view, path, told).catch((error: unknown) => {
          throw this.#received.named(error, path);
        });
      },
      comparedRow: ({ index }) => this.#again.row(index),
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
      cut: async ({ connection, end, direction, cut }) => {
        this.#faults.cut(connection, end, direction, cut);
        return null;
      },
      stall: async ({ connection }) => {
        this.#faults.wire(connection, 'client').stall('user');
        return null;
      },
      resume: async ({ connection }) => {
        this.#faults.resume(connection);
        return null;
      },
      arm: async (spec) => ({ id: this.#faults.arm(spec) }),
      disturb: async (disturbance) => ({ id: this.#board.disturb(disturbance, 'user') }),
      disarm: async ({ id }) => {
        if (!this.#board.disarm(id)) throw new Error('That fault has struck already, or was taken back.');
        return null;
      },
      pace: async ({ rate }) => {
        this.#board.rate = rate;
        this.#faultsChanged();
        return null;
      },
      serverSettings: async (settings) => {
        await this.#server.set(settings);
        return null;
      },
      serverRestart: async () => {
        this.#runs.refuseWhileRunning('An experiment uses the server: stop it first.');
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
      throw this.#received.named(error, path);
    }
  }

  /** All of a file that is shown was read; false: something else is shown by now. A disk that fails: the live session is. */
  async #readWhole(view: ReadingView, path: string): Promise<boolean> {
    try {
      await view.whole;
    } catch (error) {
      if (this.#view !== view || this.#closed) return false;
      await this.#showLive();
      throw this.#received.named(error, path);
    }
    return this.#view === view && !this.#closed;
  }

  #sendAgain(args: CommandArgs<'replay'>): ReturnType<EngineCommands['replay']> {
    this.#runs.refuseWhileRunning();
    return this.#again.send(this.#view, args, {
      serverUrl: this.#server.server.url,
      numberOf: (connection) => this.#switchboard.sessionNumber(connection),
      begin: (name) => {
        this.#setRun(IDLE);
        return this.#sessionForRun(name);
      },
    });
  }

  /** The run, what is sent again, and every request of the user's own. */
  async #stopAll(): Promise<void> {
    await Promise.all([this.#runs.stop(), this.#sends.stop(), this.#again.stop()]);
  }
}

/** Ends a live session; a file without a record is not kept. */
async function closeLive(live: LiveView): Promise<void> {
  await live.close();
  if (live.recorder.records === 0 && live.file !== null) await rm(live.file, { force: true });
}
