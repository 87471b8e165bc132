// A story with what people wrote beside it: each note behind the sentence of what it is beside. Pure but for what it
// remembers; must never change a sentence.

import type { Model } from './model.ts';
import type { Remark } from './remarks.ts';
import type { Sentence } from './story-book.ts';
import { strong, text } from './story-words.ts';

/** The notes of one operation among its sentences, kept until either changes. */
export class RemarkedStory {
  readonly #model: Model;
  #of: readonly Sentence[] = [];
  #length = 0;
  #operation = -1;
  #rows = -1;
  #found: readonly Sentence[] = [];

  constructor(model: Model) {
    this.#model = model;
  }

  /** The sentences with the notes of the operation, in order of time. */
  of(sentences: readonly Sentence[], operation: number): readonly Sentence[] {
    const { remarks } = this.#model;
    if (remarks.size === 0) return sentences;
    const { length } = sentences;
    const isKnown = sentences === this.#of && length === this.#length && operation === this.#operation;
    if (isKnown && remarks.rows === this.#rows) return this.#found;
    this.#of = sentences;
    this.#length = length;
    this.#operation = operation;
    this.#rows = remarks.rows;
    const found = [...sentences];
    for (const remark of remarks.list().toReversed()) {
      if (!belongs(this.#model, remark, operation)) continue;
      // Behind its own sentence, else behind all that had happened by then.
      const own = found.findLastIndex(({ row }) => row === remark.beside);
      const before = own === -1 ? found.findLastIndex(({ at }) => at <= remark.time) : own;
      found.splice(before + 1, 0, told(remark, found[before]?.at ?? remark.time));
    }
    this.#found = found;
    return found;
  }
}

/** Whether a note is of an operation: of its exchanges, of a connection that carried it, or of a moment of its life. */
function belongs({ operations, exchanges }: Model, remark: Remark, id: number): boolean {
  if (remark.exchange !== null) return exchanges[remark.exchange]?.operation === id;
  const operation = operations[id];
  if (operation === undefined) return false;
  if (remark.connection !== 0) return operation.connections.includes(remark.connection);
  return remark.time >= operation.startedAt;
}

function told({ id, row, exchange, text: words }: Remark, at: number): Sentence {
  return {
    at,
    row,
    exchange,
    tone: 'quiet',
    remark: id,
    parts: [strong('Your note: '), text(words)],
    why: '',
  };
}
