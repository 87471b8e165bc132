// The filter of the interface: what is typed, what is wrong with it, and what of the session matches. Follows the feed;
// reads heads only while fields are asked for. Has no React and no DOM.

import { createStore } from 'zustand/vanilla';
import type { Stream } from '../../shared/capture/records.ts';
import { FilterFault } from '../../shared/filter/filter.ts';
import { fieldBits, fieldsOf } from '../../shared/filter/head-fields.ts';
import { Matcher } from '../../shared/filter/matcher.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { printFilter } from '../../shared/filter/print.ts';
import { parseTyped } from '../../shared/filter/typing.ts';
import { Vocabulary } from '../../shared/filter/vocabulary.ts';
import type { Model } from '../../shared/model/model.ts';
import { readHeads } from './heads.ts';

export interface FilterState {
  readonly text: string;
  /** What is wrong with the text; what was typed before it still holds. */
  readonly fault: FilterFault | null;
  /** Null: nothing is filtered. */
  readonly matcher: Matcher | null;
  /** Grows with every change of what matches, and of how much there is. */
  readonly version: number;
  /** Share of the heads that have been read, while they are; null else. */
  readonly reading: number | null;
}

interface FilterHost {
  model(): Model;
  /** Calls back after every fold and every new session. */
  subscribe(changed: () => void): () => void;
  read(
    connection: number,
    stream: Stream,
    start: number,
    end: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly kept: boolean }>;
  /** Says something in the live region. */
  say(sentence: string): void;
  /** Tells of what went wrong. */
  problem(sentence: string): void;
}

/** Rows that are read in no time. */
const WORTH_TELLING = 20_000;

/** A term that asks for a field, whole or not. */
const ASKS_FIELDS = /(?:^|[\s(-])field:/i;

export function createFilter(host: FilterHost) {
  const store = createStore<FilterState>(() => ({
    text: '',
    fault: null,
    matcher: null,
    version: 0,
    reading: null,
  }));
  let vocabulary = new Vocabulary(host.model());
  let model = host.model();
  /** Rows whose heads were read for the present matcher, and whose fields were counted. */
  let read = 0;
  let counted = 0;
  let reader = new AbortController();
  let isReading = false;
  /** What its notes have replaced so far. */
  let replaced = 0;
  let told = '';
  /** The filter that the matcher is for, as it is written. */
  let applied = '';

  const publish = (change: Partial<FilterState> = {}): void => {
    store.setState({ ...change, version: store.getState().version + 1 });
  };

  /** What has been read is for another filter, or of another session. */
  const forgetHeads = (): void => {
    reader.abort();
    reader = new AbortController();
    isReading = false;
    read = 0;
  };

  const readOn = async (): Promise<void> => {
    if (isReading || !ASKS_FIELDS.test(store.getState().text)) return;
    const { signal } = reader;
    isReading = true;
    try {
      while (read < model.folded && !signal.aborted) {
        const from = read;
        const to = model.folded;
        const { matcher } = store.getState();
        if (to - from > WORTH_TELLING) publish({ reading: from / to });
        // oxlint-disable-next-line no-await-in-loop -- one stretch of a session after the other
        await readHeads(
          model,
          { from, to },
          host.read,
          (head, bytes) => {
            const fields = fieldsOf(bytes);
            if (head.at >= counted) vocabulary.head(fields.map(({ name }) => name));
            matcher?.found(head.exchange, head.row, fieldBits(fields, matcher.fields));
          },
          (share) => {
            matcher?.settle();
            publish({ reading: share < 1 ? share : null });
          },
          signal,
        );
        if (signal.aborted) return;
        read = to;
        counted = Math.max(counted, to);
      }
      isReading = false;
    } catch (error) {
      // Of a session that is gone nothing can be read any more.
      if (signal.aborted) return;
      isReading = false;
      publish({ reading: null });
      const reason = error instanceof Error ? error.message : String(error);
      host.problem(`The fields could not be looked up: ${reason}`);
    }
  };

  const begin = (text: string, fault: FilterFault | null, matcher: Matcher | null): void => {
    forgetHeads();
    matcher?.update();
    publish({ text, fault, matcher, reading: null });
    void readOn();
  };

  host.subscribe(() => {
    const now = host.model();
    const { text, matcher } = store.getState();
    // A matcher never forgets: what it found in a note that says something else by now would stay.
    const isReplaced = now.remarks.replaced !== replaced && matcher !== null;
    replaced = now.remarks.replaced;
    if (now !== model || isReplaced) {
      model = now;
      vocabulary = new Vocabulary(model);
      counted = 0;
      const expression = parseFilter(applied);
      const isSet = expression !== null && !(expression instanceof FilterFault);
      if (text !== '') begin(text, store.getState().fault, isSet ? new Matcher(model, expression) : null);
      return;
    }
    if (matcher === null) return;
    const { version, total } = matcher;
    matcher.update();
    if (matcher.version !== version || matcher.total !== total) publish();
    void readOn();
  });

  return {
    store,

    /** Calls back after every fold and every change of what matches, until the returned function is called. */
    subscribe(changed: () => void): () => void {
      const stops = [host.subscribe(changed), store.subscribe(changed)];
      return () => stops.forEach((stop) => stop());
    },

    /** `isTyping`: what is not whole yet, or may still become a name, is not applied. */
    setText(text: string, isTyping = false): void {
      const whole = parseFilter(text);
      const parsed = isTyping ? parseTyped(text) : whole;
      const fault = whole instanceof FilterFault ? whole : null;
      if (parsed instanceof FilterFault) {
        publish({ text, fault });
        if (fault !== null && fault.code !== 'incomplete') host.say(fault.message);
        void readOn();
        return;
      }
      const key = parsed === null ? '' : printFilter(parsed);
      if (key === applied && model === store.getState().matcher?.model) {
        publish({ text, fault });
        void readOn();
        return;
      }
      applied = key;
      begin(text, fault, parsed === null ? null : new Matcher(model, parsed));
      const sentence = countWords(store.getState());
      if (sentence !== told) host.say(sentence === '' ? 'No filter' : sentence);
      told = sentence;
    },

    /** What occurs in the session, as of now. */
    vocabulary(): Vocabulary {
      vocabulary.update();
      return vocabulary;
    },
  };
}

/** `12 of 340 exchanges`; empty without a filter. */
export function countWords({ matcher }: Pick<FilterState, 'matcher'>): string {
  if (matcher === null) return '';
  const total = matcher.total.toLocaleString('en-US');
  return `${matcher.count.toLocaleString('en-US')} of ${total} ${matcher.total === 1 ? 'exchange' : 'exchanges'}`;
}
