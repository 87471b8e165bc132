// The patch editor's state and what can be done in it: load, edit, send. It outlives the view, so that a send goes on
// while its user watches the timeline. Has no React and no DOM.

import { createStore } from 'zustand/vanilla';
import type { CommandArgs } from '../../shared/contract.ts';
import { base64 } from '../../shared/export/base64.ts';
import { count, counted } from '../timeline/format.ts';
import { absent, fieldOf, type Problem, readLoad, readSend, type SendResult, statusOf } from './answers.ts';
import { AT_START, type Caret, placed, selectionOf } from './caret.ts';
import { bytesOf, type Cells, cellsOf, missingIn, MOST, NO_CELLS, offsetName, sameCells } from './cells.ts';
import { CLOSER, findDifferences, isSame } from './differences.ts';
import {
  type Base,
  conditionOf,
  contentBytes,
  fieldsOf,
  type Form,
  type PlannedRequest,
  planForm,
  requestSummary,
  type Settings,
  written,
} from './forms.ts';
import { begun, edited, type History, redone, undone } from './history.ts';
import type { Typed } from './typing.ts';

/** What the editor needs of the laboratory. */
export interface EditorHost {
  send(args: CommandArgs<'send'>): Promise<SendResult>;
  /** Ends what is being sent. */
  stop(): Promise<void>;
  /** Of the test server; '' before it is known. */
  serverUrl(): string;
  /** How far the session has come, so that what is sent can be found in it. */
  mark(): Mark;
  /** A word for the live region. */
  say(sentence: string): void;
}

export interface Mark {
  readonly epoch: number;
  readonly exchanges: number;
}

/** One request that was sent, or waits to be. */
export interface Answer {
  readonly method: string;
  /** `bytes 16-18/100` */
  readonly what: string;
  readonly state: 'waiting' | 'sending' | 'done' | 'failed';
  /** `200 OK`, or that there was none. */
  readonly status: string;
  readonly etag: string | null;
}

export interface EditorState {
  readonly isOpen: boolean;
  readonly address: string;
  readonly phase: 'idle' | 'loading' | 'sending';
  /** Null: nothing was loaded or begun. */
  readonly base: Base | null;
  /** `200 OK`: how it was loaded or sent last; '' for what is new. */
  readonly status: string;
  readonly history: History;
  readonly caret: Caret;
  readonly form: Form;
  readonly settings: Settings;
  readonly problem: Problem | null;
  /** Unsent changes would be lost: asked first. */
  readonly asking: Asking | null;
  /** What the last edit did, where it is not seen. */
  readonly told: string;
  readonly answers: readonly Answer[];
  readonly tab: 'request' | 'answer';
  /** Where in the session the last send began. */
  readonly mark: Mark | null;
}

export type Asking = { readonly about: 'load' } | { readonly about: 'new'; readonly length: number };

/** Bytes that a new resource begins with unless its user says otherwise. */
export const NEW_LENGTH = 64;

/** Before anything is loaded. */
const NOTHING: Pick<EditorState, 'base' | 'status' | 'history' | 'caret' | 'answers'> = {
  base: null,
  status: '',
  history: begun(NO_CELLS),
  caret: AT_START,
  answers: [],
};

/** So many bytes are asked for: what the editor holds. */
const RANGE = `bytes=0-${MOST - 1}`;

export type PatchEditor = ReturnType<typeof createPatchEditor>;

export function createPatchEditor(host: EditorHost) {
  const store = createStore<EditorState>(() => ({
    isOpen: false,
    address: '',
    phase: 'idle',
    ...NOTHING,
    form: 'multipart',
    settings: { closer: CLOSER, segment: 64, conditional: true, transaction: null },
    problem: null,
    asking: null,
    told: '',
    tab: 'request',
    mark: null,
  }));
  const get = store.getState;
  /** Grows with every load and send: an answer to an older one is not looked at. */
  let turn = 0;

  const tell = (told: string): void => {
    store.setState({ told });
    if (told !== '') host.say(told);
  };
  const fail = (problem: Problem): void => {
    store.setState({ phase: 'idle', problem });
    host.say(problem.sentence);
  };

  /** Whether there is something that a load would throw away. */
  const unsent = (): boolean => {
    const { base, history, settings } = get();
    return base !== null && !isSame(findDifferences(base.cells, history.cells, settings.closer));
  };

  const begin = (base: Base, status: string, cells: Cells, says: string): void => {
    store.setState({
      phase: 'idle',
      base,
      status,
      history: begun(cells),
      caret: { ...get().caret, at: 0, anchor: 0, half: 0 },
      problem: null,
      answers: [],
      tab: 'request',
    });
    tell(says);
  };

  /** The same resource as it is now: what was edited can be had back. */
  const renew = (base: Base, status: string): void => {
    const { history, caret } = get();
    const isOurs = sameCells(base.cells, history.cells);
    store.setState({
      phase: 'idle',
      base,
      status,
      history: isOurs
        ? history
        : edited(history, { at: 0, removed: history.cells.length, inserted: base.cells }),
      caret: placed(caret, caret.at, base.cells.length),
      problem: null,
    });
    tell(
      isOurs
        ? 'Loaded again: it holds exactly the bytes that are here.'
        : `Loaded again: ${counted(base.cells.length, 'byte')}. Undo brings your bytes back.`,
    );
  };

  const load = async (): Promise<void> => {
    const address = get().address.trim();
    if (!isHttp(address)) {
      fail({
        sentence: 'Write the address whole, such as http://127.0.0.1:18080/uploads/example.bin.',
        ways: [],
      });
      return;
    }
    const mine = ++turn;
    const isSameUrl = get().base?.url === address;
    // What is shown is never that of another address.
    if (!isSameUrl) store.setState(NOTHING);
    store.setState({ phase: 'loading', problem: null, asking: null, address });
    const failed = (problem: Problem): void => {
      if (mine !== turn) return;
      if (problem.mild === true && !unsent()) store.setState(NOTHING);
      fail(problem);
    };
    let result: SendResult;
    try {
      result = await host.send({
        method: 'GET',
        url: address,
        fields: [['Range', RANGE]],
        content: null,
        strategy: 'plain',
      });
    } catch (error) {
      return failed({ sentence: sentence(error), ways: [] });
    }
    if (mine !== turn) return;
    const read = readLoad(address, result);
    if ('sentence' in read) return failed(read);
    const { base, status } = read;
    // Asked now, not before: somebody types faster than the server answers.
    if (isSameUrl && unsent()) renew(base, status);
    else begin(base, status, base.cells, loadedWords(base.cells));
  };

  const start = (length: number): void => {
    const { address } = get();
    if (!isHttp(address.trim())) {
      fail({ sentence: 'Write the address of what is to be made whole, with http:// before it.', ways: [] });
      return;
    }
    turn++;
    store.setState({ asking: null, address: address.trim() });
    begin(
      absent(address.trim()),
      '',
      cellsOf(new Uint8Array(length)),
      `${counted(length, 'byte')} to begin with.`,
    );
  };

  const sendAll = async (base: Base, cells: Cells, requests: readonly PlannedRequest[]): Promise<void> => {
    const mine = ++turn;
    const { settings } = get();
    let now = base;
    const answered = (index: number, change: Partial<Answer>): void =>
      store.setState({
        answers: get().answers.map((answer, i) => (i === index ? { ...answer, ...change } : answer)),
      });
    for (const [index, request] of requests.entries()) {
      answered(index, { state: 'sending' });
      let result: SendResult;
      try {
        result = await host.send({
          method: request.method,
          url: base.url,
          fields: fieldsOf(base, request, conditionOf(base, settings, index, now.etag), settings).map(
            ([name, value]) => [name, value],
          ),
          content: base64(contentBytes(request, cells)),
          strategy: 'repeat',
        });
      } catch (error) {
        if (mine !== turn) return;
        answered(index, { state: 'failed', status: 'not sent' });
        fail({ sentence: sentence(error), ways: [] });
        return;
      }
      if (mine !== turn) return;
      const { final } = result;
      const problem = readSend(request.method, result);
      const status = final === null ? 'no answer' : statusOf(final);
      const etag = final === null ? null : fieldOf(final, 'etag');
      answered(index, { state: problem === null ? 'done' : 'failed', status, etag });
      if (problem !== null) {
        fail(problem);
        return;
      }
      now = written(now, cells, request, etag);
      store.setState({ base: now, status });
    }
    // What was sent is what is there now, its missing bytes included.
    store.setState({ phase: 'idle', base: { ...now, cells } });
    tell(
      requests.length === 1
        ? `Sent: the server answered ${get().status}.`
        : `Sent in ${count(requests.length)} requests: the server answered ${get().status} at last.`,
    );
  };

  return {
    store,

    /** Shows the editor; with a URL, that resource in it. */
    open(url?: string): void {
      store.setState({ isOpen: true, ...(url === undefined ? {} : { address: url }) });
      this.settle();
      if (url !== undefined && url !== get().base?.url) this.load();
    },

    /** An address on the test server where there is none yet; again once the server is known. */
    settle(): void {
      const { isOpen, address } = get();
      const server = host.serverUrl().replace(/\/$/, '');
      if (isOpen && address === '' && server !== '')
        store.setState({ address: `${server}/uploads/example.bin` });
    },

    close(): void {
      store.setState({ isOpen: false });
    },

    toggle(): void {
      if (get().isOpen) this.close();
      else this.open();
    },

    setAddress(address: string): void {
      store.setState({ address });
    },

    /** Fetches the resource; asks first where that would throw away changes of another one. */
    load(): void {
      const { address, base, phase } = get();
      if (phase === 'sending') return;
      if (base?.url !== address.trim() && unsent()) store.setState({ asking: { about: 'load' } });
      else void load();
    },

    /** Begins a resource of so many zero bytes, 0 … 1 MiB; asks first where that would throw away changes. */
    startNew(length: number): void {
      if (get().phase === 'sending') return;
      if (unsent()) store.setState({ asking: { about: 'new', length } });
      else start(length);
    },

    /** The answer to what was asked: changes may go, or not. */
    answer(go: boolean): void {
      const { asking } = get();
      store.setState({ asking: null });
      if (!go || asking === null) return;
      if (asking.about === 'new') start(asking.length);
      else void load();
    },

    /** Takes what a key or a paste did. */
    type(typed: Typed): void {
      store.setState({ history: typed.history, caret: typed.caret });
      tell(typed.says ?? '');
    },

    setCaret(caret: Caret): void {
      store.setState({ caret, told: '' });
    },

    switchMode(): void {
      const { caret } = get();
      const mode = caret.mode === 'insert' ? 'overwrite' : 'insert';
      store.setState({ caret: { ...caret, mode, half: 0 } });
      tell(mode === 'insert' ? 'Inserting: what follows moves.' : 'Overwriting: the length stays.');
    },

    switchColumn(): void {
      const { caret } = get();
      const column = caret.column === 'hex' ? 'text' : 'hex';
      store.setState({ caret: { ...caret, column, half: 0 } });
      tell(column === 'hex' ? 'Keys type hex.' : 'Keys type text.');
    },

    /** A word on what cannot be done so. */
    hint(sentence: string): void {
      tell(sentence);
    },

    goTo(offset: number): void {
      const { caret, history } = get();
      store.setState({ caret: placed(caret, offset, history.cells.length) });
      tell(offset > history.cells.length ? `The end is at ${offsetName(history.cells.length)}.` : '');
    },

    undo(): void {
      const step = undone(get().history);
      if (step === null) return tell('There is nothing to take back.');
      const { history, at } = step;
      store.setState({ history, caret: placed(get().caret, at, history.cells.length) });
      tell(`Taken back at ${offsetName(at)}.`);
    },

    redo(): void {
      const step = redone(get().history);
      if (step === null) return tell('Nothing was taken back.');
      const { history, at } = step;
      store.setState({ history, caret: placed(get().caret, at, history.cells.length) });
      tell(`Done again at ${offsetName(at)}.`);
    },

    /** Back to what was loaded; can be taken back as any edit. */
    revert(): void {
      const { base, history, caret } = get();
      if (base === null || !unsent()) return;
      const reverted = edited(history, { at: 0, removed: history.cells.length, inserted: base.cells });
      store.setState({ history: reverted, caret: placed(caret, caret.at, base.cells.length) });
      tell('As it was loaded. Undo brings your bytes back.');
    },

    /** What is selected, as bytes; null, and said why, when some of it is missing or nothing is selected. */
    copied(): Uint8Array | null {
      const { caret, history } = get();
      const range = selectionOf(caret);
      if (range === null) {
        tell('Select bytes first, with Shift and the arrows or the pointer.');
        return null;
      }
      if (missingIn(history.cells, ...range) > 0) {
        tell('Some of these bytes are missing: there is nothing to copy of them.');
        return null;
      }
      tell(`${counted(range[1] - range[0], 'byte')} copied.`);
      return bytesOf(history.cells, ...range);
    },

    setForm(form: Form): void {
      store.setState({ form, tab: 'request' });
    },

    set(settings: Partial<Settings>): void {
      store.setState({ settings: { ...get().settings, ...settings } });
    },

    setTab(tab: EditorState['tab']): void {
      store.setState({ tab });
    },

    dismiss(): void {
      store.setState({ problem: null });
    },

    /** Sends what the plan of the chosen form says, one request after the other, until one is refused. */
    async send(): Promise<void> {
      const { base, history, form, settings, phase } = get();
      if (phase !== 'idle' || base === null) return;
      const { cells } = history;
      const plan = planForm(form, base, cells, findDifferences(base.cells, cells, settings.closer), settings);
      if (plan.refusal !== null) return tell(plan.refusal);
      store.setState({
        phase: 'sending',
        problem: null,
        tab: 'answer',
        mark: host.mark(),
        answers: plan.requests.map((request) => ({
          method: request.method,
          what: requestSummary(request, cells.length),
          state: 'waiting',
          status: '',
          etag: null,
        })),
      });
      await sendAll(base, cells, plan.requests);
    },

    /** Ends a load or a send that is under way; its answer says so. */
    async stop(): Promise<void> {
      await host.stop();
    },
  };
}

function isHttp(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'http:';
}

function loadedWords(cells: Cells): string {
  const missing = missingIn(cells);
  const all = `Loaded ${counted(cells.length, 'byte')}`;
  return missing === 0 ? `${all}.` : `${all}, of which ${count(missing)} are missing.`;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
