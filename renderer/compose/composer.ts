// The composer's state and what can be done in it: edit, send, stop, begin from what was captured. It outlives the view and
// is kept in the page's storage. Has no React and no DOM.

import { createStore } from 'zustand/vanilla';
import type { CommandArgs, CommandResult, FinalResponse } from '../../shared/contract.ts';
import { explain } from '../../shared/http1/explain.ts';
import {
  type CutDraft,
  type Draft,
  MOST_RECENT,
  MOST_REQUESTS,
  type Mode,
  NO_REQUEST,
  readDraft,
  rebased,
  type RequestDraft,
  writeDraft,
} from './draft.ts';
import { type Captured, requestFrom } from './from-exchange.ts';
import { batchArgs, judge, type Part, partOf, rawArgs, requestBytes, sendArgs } from './outgoing.ts';
import { readRaw, writeRaw } from './raw-text.ts';
import type { Asked, Mark } from './sent.ts';
import type { OptionName, StrategyName } from './strategies.ts';

/** What the composer needs of the laboratory. */
export interface ComposerHost {
  send(args: CommandArgs<'send'>): Promise<CommandResult<'send'>>;
  sendBatch(args: CommandArgs<'sendBatch'>): Promise<CommandResult<'sendBatch'>>;
  sendRaw(args: CommandArgs<'sendRaw'>): Promise<CommandResult<'sendRaw'>>;
  /** Ends what is being sent. */
  stop(): Promise<void>;
  /** Of the test server; '' before it is known. */
  serverUrl(): string;
  mark(): Mark;
  /** A word for the live region. */
  say(sentence: string): void;
  /** What was kept when the page was open last; null: nothing. */
  kept(): string | null;
  keep(text: string): void;
}

/** What was sent last. */
export interface Sent {
  readonly mode: Mode;
  readonly mark: Mark;
  readonly asked: readonly Asked[];
  /** Null while it runs. */
  readonly result: {
    readonly outcome: 'completed' | 'failed' | 'refused';
    readonly reason: string;
    /** Of a batch at the place of each request; of bytes in the order in which they came. */
    readonly answers: readonly (FinalResponse | null)[];
  } | null;
}

export interface ComposerState {
  readonly isOpen: boolean;
  readonly draft: Draft;
  /** The tab that is shown. */
  readonly part: Part;
  readonly sent: Sent | null;
  /** Why nothing was sent, one sentence; null: it was, or nobody tried. */
  readonly refused: string | null;
  /** What a captured request took the place of. */
  readonly replaced: { readonly draft: Draft; readonly says: string } | null;
  /** Grows when the control that is wrong is to have the focus. */
  readonly pointed: number;
}

export type Composer = ReturnType<typeof createComposer>;

export function createComposer(host: ComposerHost) {
  const store = createStore<ComposerState>(() => ({
    isOpen: false,
    draft: readDraft(host.kept()),
    part: 'fields',
    sent: null,
    refused: null,
    replaced: null,
    pointed: 0,
  }));
  const get = store.getState;

  const edit = (change: Partial<Draft>): void => {
    const draft = { ...get().draft, ...change };
    store.setState({ draft, refused: null });
    host.keep(writeDraft(draft));
  };
  const refuse = (sentence: string): void => {
    store.setState({ refused: sentence, pointed: get().pointed + 1 });
    host.say(sentence);
  };

  /** Addresses where there are none yet, on the test server. */
  const settle = (): void => {
    const server = rootOf(host.serverUrl());
    const draft = rebased(get().draft, server);
    const or = (url: string, path: string): string => (url === '' && server !== '' ? server + path : url);
    edit({
      ...draft,
      request: { ...draft.request, url: or(draft.request.url, 'collection') },
      batch: { ...draft.batch, url: or(draft.batch.url, '') },
      raw: { ...draft.raw, url: or(draft.raw.url, '') },
    });
  };

  /** What a mode begins with, where nothing is there. */
  const begun = (mode: Mode, draft: Draft): Draft => {
    if (mode === 'batch' && draft.batch.requests.length === 0) {
      const { request } = draft;
      const url = URL.canParse(request.url) ? new URL(request.url) : null;
      const target = url === null ? '/' : url.pathname + url.search;
      return {
        ...draft,
        batch: {
          url: url === null ? draft.batch.url : `${url.origin}/`,
          requests: [{ ...request, url: target }],
          chosen: 0,
        },
      };
    }
    if (mode === 'raw' && draft.raw.text === '') {
      const bytes = requestBytes(draft);
      if (bytes !== null)
        return { ...draft, raw: { url: `${new URL(draft.request.url).origin}/`, text: writeRaw(bytes) } };
    }
    return draft;
  };

  const askedOf = ({ mode, request, batch, raw }: Draft): readonly Asked[] => {
    switch (mode) {
      case 'request': {
        const url = new URL(request.url);
        return [{ method: request.method, target: url.pathname + url.search }];
      }
      case 'batch':
        return batch.requests.map(({ method, url }) => ({ method, target: url }));
      case 'raw':
        return explain(readRaw(raw.text).bytes, 'request').messages.map(({ method = '', target = '' }) => ({
          method,
          target,
        }));
    }
  };

  const carryOut = async (draft: Draft): Promise<NonNullable<Sent['result']>> => {
    switch (draft.mode) {
      case 'request': {
        const { outcome, reason, final } = await host.send(sendArgs(draft));
        return { outcome, reason, answers: [final] };
      }
      case 'batch':
        return host.sendBatch(batchArgs(draft));
      case 'raw': {
        const { outcome, reason, responses } = await host.sendRaw(rawArgs(draft));
        return { outcome, reason, answers: responses };
      }
    }
  };

  return {
    store,

    /** Once the server is known: whoever opened this before it finds its address. */
    settle(): void {
      if (get().isOpen) settle();
    },
    open(): void {
      settle();
      store.setState({ isOpen: true });
    },
    close(): void {
      store.setState({ isOpen: false });
    },
    toggle(): void {
      if (get().isOpen) this.close();
      else this.open();
    },

    setMode(mode: Mode): void {
      edit({ ...begun(mode, get().draft), mode });
    },
    setRequest(change: Partial<RequestDraft>): void {
      const { draft } = get();
      if (draft.mode !== 'batch') return edit({ request: { ...draft.request, ...change } });
      const { batch } = draft;
      edit({
        batch: {
          ...batch,
          requests: batch.requests.map((one, index) =>
            index === batch.chosen ? { ...one, ...change } : one,
          ),
        },
      });
    },
    showPart(part: Part): void {
      store.setState({ part });
    },
    setStrategy(strategy: StrategyName): void {
      edit({ strategy });
    },
    setOption(name: OptionName, typed: string): void {
      edit({ options: { ...get().draft.options, [name]: typed } });
    },
    setCut(change: Partial<CutDraft>): void {
      edit({ cut: { ...get().draft.cut, ...change } });
    },
    setBatchUrl(url: string): void {
      edit({ batch: { ...get().draft.batch, url } });
    },
    setRaw(change: Partial<Draft['raw']>): void {
      edit({ raw: { ...get().draft.raw, ...change } });
    },
    /** The request that was composed, as bytes, in place of what raw text is there. Says why not otherwise. */
    takeRequest(): void {
      const { draft } = get();
      const bytes = requestBytes(draft);
      if (bytes === null) return refuse('The request cannot be written yet: look at it under “Request”.');
      store.setState({ replaced: { draft, says: 'These are the bytes of the request.' } });
      edit({ raw: { url: `${new URL(draft.request.url).origin}/`, text: writeRaw(bytes) } });
    },

    chooseRequest(index: number): void {
      edit({ batch: { ...get().draft.batch, chosen: index } });
    },
    /** The chosen request of the batch once more, behind it. */
    addRequest(): void {
      const { batch } = get().draft;
      if (batch.requests.length >= MOST_REQUESTS) return;
      const like = batch.requests[batch.chosen] ?? { ...NO_REQUEST, url: '/' };
      const at = Math.min(batch.requests.length, batch.chosen + 1);
      edit({ batch: { ...batch, requests: batch.requests.toSpliced(at, 0, like), chosen: at } });
    },
    removeRequest(index: number): void {
      const { draft } = get();
      const { batch } = draft;
      if (batch.requests.length < 2) return;
      store.setState({ replaced: { draft, says: `Request ${index + 1} was taken out.` } });
      const requests = batch.requests.toSpliced(index, 1);
      const chosen = Math.min(batch.chosen > index ? batch.chosen - 1 : batch.chosen, requests.length - 1);
      edit({ batch: { ...batch, requests, chosen } });
    },

    /** Begins from a captured request; what was there can be had back. */
    compose(captured: Captured): void {
      const taken = requestFrom(captured);
      settle();
      store.setState({ isOpen: true });
      if (taken === null)
        return refuse('The head of this request is not whole: nothing can be composed from it.');
      const { draft } = get();
      const { request, left } = taken;
      const says = `Composed from ${request.method} ${new URL(request.url).pathname}. ${left}`.trimEnd();
      store.setState({ replaced: { draft, says } });
      edit({ mode: 'request', request, strategy: 'plain', cut: { ...draft.cut, on: false } });
      host.say(says);
    },
    bringBack(): void {
      const { replaced } = get();
      if (replaced === null) return;
      store.setState({ replaced: null });
      edit(replaced.draft);
    },
    dismiss(): void {
      store.setState({ replaced: null, refused: null });
    },

    /** Sends what was composed; the first thing that is wrong is said instead. */
    async send(): Promise<void> {
      const { draft, sent } = get();
      if (sent !== null && sent.result === null) return;
      const problem = judge(draft)[0];
      if (problem !== undefined) {
        if (problem.request !== null) this.chooseRequest(problem.request);
        store.setState({ part: partOf(problem.at) ?? get().part });
        return refuse(problem.sentence);
      }
      const begun: Sent = { mode: draft.mode, mark: host.mark(), asked: askedOf(draft), result: null };
      const url = addressOf(draft);
      edit({ recent: [url, ...draft.recent.filter((one) => one !== url)].slice(0, MOST_RECENT) });
      store.setState({ sent: begun, replaced: null });
      try {
        const result = await carryOut(draft);
        store.setState({ sent: { ...begun, result } });
        host.say(result.reason);
      } catch (error) {
        store.setState({ sent });
        refuse(error instanceof Error ? error.message : String(error));
      }
    },
    async stop(): Promise<void> {
      await host.stop();
    },
  };
}

/** With its slash; '' stays. */
export function rootOf(server: string): string {
  return server === '' || server.endsWith('/') ? server : `${server}/`;
}

/** Where the draft of that mode goes. */
export function addressOf({ mode, request, batch, raw }: Draft): string {
  return (mode === 'request' ? request.url : mode === 'batch' ? batch.url : raw.url).trim();
}
