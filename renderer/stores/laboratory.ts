// Everything the panels stand on: the engine's word (experiments, session, run, server, faults), the feed of events,
// the playhead, the selection, notices and preferences, and the actions that go up. Has no React and no DOM.

import { createStore } from 'zustand/vanilla';
import type {
  CommandArgs,
  ExperimentInfo,
  ExportFormat,
  FaultState,
  Hello,
  Push,
  Recent,
  RunState,
  ServerState,
  SessionState,
} from '../../shared/contract.ts';
import { assertNever } from '../../shared/capture/records.ts';
import type { Api, Link } from '../api.ts';
import type { CutTarget, Selection } from '../timeline/types.ts';
import { createArmory } from '../faults/armory.ts';
import { liveConnection } from '../faults/target.ts';
import { createComposer } from '../compose/composer.ts';
import { createFilter } from '../filter/store.ts';
import { createPatchEditor } from '../patch/editor.ts';
import { createDesk } from '../sessions/desk.ts';
import { createWriter } from '../remarks/writer.ts';
import { createServerKeeper } from '../server/keeper.ts';
import { applyPreferences } from '../settings/apply.ts';
import { TOURED } from '../tour/stops.ts';
import { createTour } from '../tour/tour.ts';
import { announcement } from './announce.ts';
import { createArrangement } from './arrangement.ts';
import { createDialogs } from './dialogs.ts';
import { createFeed } from './feed.ts';
import { whileHandedOver } from './handing-over.ts';
import { createNotices } from './notices.ts';
import { createPlayhead } from './playhead.ts';
import { createPointed } from './pointed.ts';
import type { Preferences } from './preferences.ts';

export interface EngineState {
  readonly link: Link;
  /** False until the first hello was answered. */
  readonly ready: boolean;
  readonly version: string;
  readonly experiments: readonly ExperimentInfo[];
  readonly session: SessionState;
  readonly run: RunState;
  readonly server: ServerState;
  readonly faults: FaultState;
  readonly recents: readonly Recent[];
}

/** What the native menu can ask for; the shell answers. */
export type MenuAction = Extract<Push, { push: 'menu' }>['action'];

/** Until the engine has told its own. */
const NO_SETTINGS: ServerState['settings'] = {
  interimLimit: 0,
  incompleteStatus: 299,
  transaction: 'by-method',
  acknowledgeBytes: 1024,
  stepMilliseconds: 1,
  silenceMilliseconds: 100,
};

const NO_SESSION: SessionState = {
  epoch: -1,
  name: '',
  path: null,
  live: true,
  saved: true,
  records: 0,
  keptBytes: 0,
  leftOutBytes: 0,
  startedAt: 0,
  warning: null,
};

interface LaboratoryHost {
  readonly api: Api;
  readonly preferences: Preferences;
  nextFrame(callback: (now: number) => void): void;
}

export type Laboratory = ReturnType<typeof createLaboratory>;

export function createLaboratory({ api, preferences, nextFrame }: LaboratoryHost) {
  const engine = createStore<EngineState>(() => ({
    link: 'connecting',
    ready: false,
    version: '',
    experiments: [],
    session: NO_SESSION,
    run: { experiment: null, state: 'idle', reason: '', checks: [], tables: [] },
    server: { url: '', settings: NO_SETTINGS, resources: [] },
    faults: { armed: [], disturbances: [], rate: 0, stalled: [] },
    recents: [],
  }));
  const selection = createStore<{ selected: Selection | null }>(() => ({ selected: null }));
  const pointed = createPointed();
  const notices = createNotices();
  const dialogs = createDialogs();
  const feed = createFeed({
    nextFrame: (callback) => nextFrame(callback),
    taken: (epoch, batch) => void api.commands.taken({ epoch, batch }).catch(() => undefined),
    outOfStep: () => void hello(),
  });
  const filter = createFilter({
    model: () => feed.store.getState().model,
    subscribe: feed.subscribe,
    read: (connection, stream, start, end) => api.commands.bytes({ connection, stream, start, end }),
    say: (sentence) => notices.say(sentence),
    problem: (sentence) => notices.tell('error', sentence),
  });
  const playhead = createPlayhead({ endTime: () => feed.store.getState().model.endTime, nextFrame });
  const patch = createPatchEditor({
    send: (args) => {
      playhead.toEnd();
      return api.commands.send(args);
    },
    stop: async () => {
      await attempt(api.commands.stop({}));
    },
    serverUrl: () => engine.getState().server.url,
    mark: () => {
      const { model, epoch } = feed.store.getState();
      return { epoch, exchanges: model.exchanges.length };
    },
    say: (sentence) => notices.say(sentence),
  });
  const window = preferences.place('window');
  const arrangement = createArrangement({
    kept: window.read,
    keep: (text) => {
      window.write(text);
    },
  });
  const kept = preferences.place('compose');
  const live = <A, R>(command: (args: A) => Promise<R>) => {
    return (args: A): Promise<R> => {
      playhead.toEnd();
      return command(args);
    };
  };
  const composer = createComposer({
    send: live(api.commands.send),
    sendBatch: live(api.commands.sendBatch),
    sendRaw: live(api.commands.sendRaw),
    stop: async () => {
      await attempt(api.commands.stop({}));
    },
    serverUrl: () => engine.getState().server.url,
    mark: () => {
      const { model, epoch } = feed.store.getState();
      return { epoch, exchanges: model.exchanges.length, connections: model.connections.length };
    },
    say: (sentence) => notices.say(sentence),
    kept: kept.read,
    keep: (text) => {
      if (kept.write(text)) return;
      notices.tell(
        'info',
        'The storage of this page is full: what is composed is lost when it is loaded anew.',
      );
    },
  });
  engine.subscribe(({ server }, before) => {
    if (server.url === before.server.url) return;
    patch.settle();
    composer.settle();
  });
  const tour = createTour({
    engine,
    preferences,
    model: () => feed.store.getState().model,
    select: (selected) => selection.setState({ selected }),
    showStory: () => arrangement.showTab('story'),
    say: (sentence) => notices.say(sentence),
    run: () => void attempt(api.commands.run({ experiment: TOURED, parameters: {}, cuts: [] })),
  });
  let menu: (action: MenuAction) => void = () => undefined;

  const sessionChanged = (session: SessionState): void => {
    const before = engine.getState().session;
    engine.setState({ session });
    feed.begin(session.epoch);
    const isAnother = before.epoch !== session.epoch;
    // What is wrong with a file is known when all of it was read.
    if (session.warning !== null && (isAnother || before.warning === null))
      notices.tell('info', session.warning);
    if (!isAnother) return;
    selection.setState({ selected: null });
    pointed.point(null);
    playhead.toEnd();
    if (isToldAnew(before, session)) return;
    writer.forget();
    desk.close();
    desk.dismiss();
  };

  const runChanged = (run: RunState): void => {
    const before = engine.getState().run;
    engine.setState({ run });
    if (before.state === 'running' && run.state !== 'running') notices.say(`${run.state}: ${run.reason}`);
  };

  const take = (push: Push): void => {
    switch (push.push) {
      case 'session':
        return sessionChanged(push.session);
      case 'run':
        return runChanged(push.run);
      case 'server':
        return engine.setState({ server: push.server });
      case 'faults':
        return engine.setState({ faults: push.faults });
      case 'recents':
        return engine.setState({ recents: push.recents });
      case 'comparing':
        return desk.progress(push.share);
      case 'news':
        notices.tell('info', push.message);
        return;
      case 'problem':
        notices.tell('error', push.message);
        return;
      case 'menu':
        return menu(push.action);
      default:
        return assertNever(push);
    }
  };

  const greeted = (answer: Hello): void => {
    const { session, ...rest } = answer;
    engine.setState({ ...rest, ready: true });
    sessionChanged(session);
  };

  let greeting: Promise<void> | null = null;
  /** Asks for everything anew; several askers share one answer. */
  const hello = (): Promise<void> => {
    greeting ??= api.commands
      .hello({})
      .then(greeted, (error: unknown) => {
        notices.tell('error', sentence(error));
      })
      .finally(() => {
        greeting = null;
      });
    return greeting;
  };

  /** Runs a command; its refusal becomes a notice. Undefined when refused. */
  const attempt = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work;
    } catch (error) {
      notices.tell('error', sentence(error));
      return undefined;
    }
  };

  const writer = createWriter({
    commands: () => api.commands,
    model: () => feed.store.getState().model,
    selected: () => selection.getState().selected,
    select: (selected) => selection.setState({ selected }),
    playhead: () => playhead.store.getState().time,
    seek: (time) => playhead.seek(time),
    say: (sentence) => notices.say(sentence),
    refused: (sentence) => notices.tell('error', sentence),
    offer: (sentence, undo) => notices.tell('info', sentence, { label: 'Undo', run: () => void undo() }),
  });
  const keeper = createServerKeeper({
    commands: api.commands,
    say: (sentence) => notices.say(sentence),
  });
  const armory = createArmory({
    arm: (fault) => attempt('fault' in fault ? api.commands.disturb(fault) : api.commands.arm(fault)),
    choice: () => preferences.store.getState().cut,
    say: (sentence) => notices.say(sentence),
  });

  const cut = async (target: Omit<CutTarget, 'at'>): Promise<void> => {
    const { kind } = preferences.store.getState().cut;
    const { connection, end, direction } = target;
    await attempt(api.commands.cut({ connection, end, direction, cut: kind }));
  };

  const desk = createDesk({
    commands: () => api.commands,
    attempt,
    say: (sentence) => notices.say(sentence),
    follow: () => playhead.toEnd(),
  });

  return {
    api,
    engine,
    feed,
    filter,
    playhead,
    selection,
    pointed,
    notices,
    dialogs,
    arrangement,
    tour,
    preferences,
    patch,
    desk,
    writer,
    armory,
    keeper,
    composer,

    /** Begins to listen. Call once. */
    start(onMenu: (action: MenuAction) => void): void {
      menu = onMenu;
      let heard = { model: feed.store.getState().model, row: 0 };
      feed.subscribe(() => {
        const { model } = feed.store.getState();
        const news = announcement(model, heard.model === model ? heard.row : 0);
        heard = { model, row: model.events.length };
        if (news !== null && engine.getState().session.live) notices.say(news);
      });
      api.onPush(take);
      api.onBatch((bytes) => feed.batch(bytes));
      api.onLink((link) => {
        engine.setState({ link });
        if (link === 'connected') void hello().then(() => attempt(applyPreferences(api, preferences)));
      });
    },

    select(selected: Selection | null): void {
      selection.setState({ selected });
    },

    /** Selects a conformance note by its row of the event table, where all of them are listed. */
    showNote(row: number): void {
      selection.setState({ selected: { kind: 'event', id: row } });
      arrangement.showTab('notes');
    },

    /** The connection that Cut and Stall act on: the selected one if it is open, else the newest that is. */
    target(): number | null {
      const { session } = engine.getState();
      if (!session.live) return null;
      return liveConnection(feed.store.getState().model, selection.getState().selected);
    },

    async run(args: CommandArgs<'run'>): Promise<void> {
      notices.clearInformation();
      desk.close();
      await attempt(api.commands.run(args));
    },

    async stop(): Promise<void> {
      await attempt(api.commands.stop({}));
    },

    cut,

    /** Cuts the target connection as the Cut button's menu says. */
    async cutNow(): Promise<void> {
      const connection = this.target();
      if (connection === null) {
        notices.tell(
          'info',
          'No connection is open now: run an experiment, then cut it while its bars grow.',
        );
        return;
      }
      const { end, direction } = preferences.store.getState().cut;
      await cut({ connection, end, direction });
    },

    /** Holds the bytes of the target connection, or lets go of those that are held. */
    async stallOrResume(): Promise<void> {
      const held = engine.getState().faults.stalled[0];
      if (held !== undefined) {
        await attempt(api.commands.resume({ connection: held }));
        return;
      }
      const connection = this.target();
      if (connection === null)
        notices.tell(
          'info',
          'No connection is open now: run an experiment, then stall it while its bars grow.',
        );
      else await attempt(api.commands.stall({ connection }));
    },

    /** Arms a cut at a byte of the representation, as the Cut button's menu says. */
    async arm(at: number): Promise<void> {
      const { end, direction, kind } = preferences.store.getState().cut;
      const done = await attempt(api.commands.arm({ end, direction, at, content: true, cut: kind }));
      if (done !== undefined) notices.say(`A cut is armed at byte ${at.toLocaleString('en-US')}.`);
    },

    async disarm(id: number): Promise<void> {
      await attempt(api.commands.disarm({ id }));
    },

    /** Takes back every cut that waits and everything that disturbs. */
    async disarmAll(): Promise<void> {
      const { armed, disturbances } = engine.getState().faults;
      const waiting = [...armed.filter(({ fired }) => !fired), ...disturbances];
      for (const { id } of waiting) await this.disarm(id);
      notices.say(waiting.length === 0 ? 'No fault is armed.' : 'Every armed fault was taken back.');
    },

    async pace(rate: number): Promise<void> {
      await attempt(api.commands.pace({ rate }));
    },

    /** How many bytes of a session are kept, from now on. */
    async keep(keptBytes: number): Promise<void> {
      const done = await attempt(api.commands.keep({ bytes: keptBytes }));
      if (done !== undefined) preferences.set({ keptBytes });
    },

    async newSession(): Promise<void> {
      await attempt(api.commands.newSession({}));
    },

    async open(): Promise<void> {
      await attempt(api.openDialog());
    },

    async openPath(path: string): Promise<void> {
      await attempt(api.commands.openSession({ path }));
    },

    async openFile(file: File): Promise<void> {
      await attempt(whileHandedOver(file, { api, notices }, () => api.openFile(file)));
    },

    /** Holds the session that is looked at against a file that the user chose. */
    async compareFile(file: File): Promise<void> {
      const path = await attempt(whileHandedOver(file, { api, notices }, () => api.handOver(file)));
      if (path !== undefined) await desk.compareWith(path);
    },

    async save(): Promise<void> {
      if ((await attempt(api.save())) === true) notices.say('The session was saved.');
    },

    async exportAs(format: ExportFormat): Promise<void> {
      if ((await attempt(api.exportAs(format))) === true) notices.say('The session was exported.');
    },
  };
}

/** A session that the engine tells from its beginning because another window has said hello: what is typed on it stays. */
function isToldAnew(before: SessionState, session: SessionState): boolean {
  return (
    before.startedAt === session.startedAt &&
    before.live === session.live &&
    (session.live || before.path === session.path)
  );
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
