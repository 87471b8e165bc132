// The sentences of a story that a filter shows, kept until story or filter change: a frame of a playback asks for a
// million of them again. Pure but for what it remembers.

import type { Matcher } from '../../shared/filter/matcher.ts';
import { NONE } from '../../shared/model/events.ts';
import type { Sentence } from '../../shared/model/story.ts';

export class MatchingSentences {
  #of: readonly Sentence[] = [];
  #length = 0;
  #matcher: Matcher | null = null;
  #version = -1;
  #found: readonly Sentence[] = [];

  /** What is told of exchanges that match, and of none of them: nothing, where there are no such exchanges. */
  of(sentences: readonly Sentence[], matcher: Matcher): readonly Sentence[] {
    const { length } = sentences;
    const isKnown = sentences === this.#of && length === this.#length && matcher === this.#matcher;
    if (isKnown && matcher.version === this.#version) return this.#found;
    this.#of = sentences;
    this.#length = length;
    this.#matcher = matcher;
    this.#version = matcher.version;
    const told = sentences.filter(({ row }) => matcher.tells(row));
    this.#found = told.some(({ row }) => matcher.exchangeOf(row) !== NONE) ? told : [];
    return this.#found;
  }
}
