// The sentences of each operation, bounded: those in the middle of a very long story give way, and are counted. Knows
// nothing of what is told.

import type { MessageType } from './events.ts';
import type { Model } from './model.ts';
import { grouped, type StoryPart, text } from './story-words.ts';

export type StoryTone = 'request' | 'interim' | 'final' | 'cut' | 'error' | 'quiet';

export interface Sentence {
  /** Nanoseconds: when the event began; what completes the sentence may have come a moment later. */
  readonly at: number;
  /** The event's row in the table. */
  readonly row: number;
  /** The exchange it speaks of; null for none. */
  readonly exchange: number | null;
  readonly tone: StoryTone;
  readonly parts: readonly StoryPart[];
  /** Why, in the words of whoever did it; '' where nobody said. */
  readonly why: string;
  /** It is the note of that number, which somebody wrote: nothing that happened. */
  readonly remark?: number;
}

/** Sentences of one operation at most: beyond, those after the first hundred give way, and are counted. */
const MOST = 5000;
const KEPT_FIRST = 100;
const GIVE_WAY = 500;

export interface Draft {
  at: number;
  row: number;
  exchange: number | null;
  tone: StoryTone;
  parts: StoryPart[];
  why: string;
}

/** One operation's story, and what a later event may still complete. */
export interface Told {
  readonly sentences: Draft[];
  leftOut: number;
  /** The sentence that told of the operation's end. */
  end: Draft | null;
  /** The first request's sentence, until its length is known. */
  opening: Draft | null;
  /** The note that was told last, and how often: the same again is counted. */
  note: { readonly draft: Draft; readonly what: string; times: number } | null;
  /** Questions that may be asked again, all of one path: several clients can take turns. The oldest first. */
  readonly questions: Question[];
  /** Some question was asked more than once. */
  asked: boolean;
  /** The exchange that began last; null before the first. */
  latest: number | null;
}

/** A GET that is asked again and again: it is told once, and counted. */
export interface Question {
  /** Its target; … for what in its query was not always the same. */
  target: string;
  readonly request: Draft;
  times: number;
  /** The exchange that asked it last. */
  exchange: number;
  /** Its answer, as it was told last; null before. */
  answer: Draft | null;
}

/** What must be remembered of an exchange. */
export interface Open {
  readonly request: Draft;
  /** What it asks, perhaps not for the first time; null: it is no question. */
  readonly question: Question | null;
  answer: Draft | null;
  ended: boolean;
  /** A PATCH of which no byte has been told. */
  sends: boolean;
  /** A response that begins within the representation, of which no byte has been told. */
  continues: boolean;
  /** It asks for a range. */
  ranged: boolean;
  /** It told the length of an upload, and its content has not been told. */
  announces: boolean;
  /** Interim responses that were told. */
  interims: number;
  /** Messages of its response, and what the first was. */
  messages: number;
  stream: MessageType | null;
  /** All or nothing: nothing of it is kept if it is cut. */
  atomic: 'asked' | 'told' | null;
}

export class StoryBook {
  readonly #model: Model;
  /** By exchange. */
  readonly open = new Map<number, Open>();
  readonly #told: Told[] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  /** An operation's story; null: none was begun. */
  known(operation: number): Told | null {
    return this.#told[operation] ?? null;
  }

  of(operation: number): Told {
    return (this.#told[operation] ??= {
      sentences: [],
      leftOut: 0,
      end: null,
      opening: null,
      note: null,
      questions: [],
      asked: false,
      latest: null,
    });
  }

  /** A new sentence, the last one so far. @param row of the event table */
  tell(row: number, exchange: number | null, operation: number, tone: StoryTone, parts: StoryPart[]): Draft {
    const told = this.of(operation);
    const at = this.#model.events.columns.time[row]!;
    const draft: Draft = { at, row, exchange, tone, parts, why: '' };
    told.sentences.push(draft);
    if (told.sentences.length > MOST) {
      const gap = told.sentences[KEPT_FIRST]!;
      const isGap = told.leftOut > 0;
      told.sentences.splice(KEPT_FIRST + (isGap ? 1 : 0), GIVE_WAY);
      told.leftOut += GIVE_WAY;
      const parts = [text(`${grouped(told.leftOut)} events are not told here: the timeline has them all.`)];
      if (isGap) gap.parts = parts;
      else told.sentences.splice(KEPT_FIRST, 0, { ...gap, exchange: null, tone: 'quiet', parts, why: '' });
    }
    return draft;
  }

  /** Whether the sentence that comes next gives way in any case when so many more follow it: nobody will read it. */
  givesWay(operation: number, following: number): boolean {
    return following >= MOST && this.of(operation).sentences.length > KEPT_FIRST;
  }

  /** Takes a sentence out of a story; whether it was still there. */
  takeBack(operation: number, sentence: Draft): boolean {
    const { sentences } = this.of(operation);
    const at = sentences.lastIndexOf(sentence);
    if (at !== -1) sentences.splice(at, 1);
    return at !== -1;
  }

  /** What belongs to the end of an operation has come behind it: the end is told once more. @param time nanoseconds */
  tellEndLast(operation: number, time: number): void {
    const { sentences, end } = this.of(operation);
    if (end === null || !this.takeBack(operation, end)) return;
    end.at = time;
    sentences.push(end);
  }
}
