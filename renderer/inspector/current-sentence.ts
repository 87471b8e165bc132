// Which sentence of a story stands for what is selected, and how many are told at a time. Pure.

import type { Model } from '../../shared/model/model.ts';
import type { Sentence } from '../../shared/model/story.ts';
import type { Selection } from '../timeline/types.ts';

/** How many sentences, from the first, are told by `time`. Sentences are in the order of their times. */
export function toldBy(sentences: readonly Sentence[], time: number): number {
  let low = 0;
  let high = sentences.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sentences[middle]!.at <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index of the sentence for what is selected: of an event its own, or the last before it of the same exchange;
 * of an exchange its first; of a connection the first about it. −1 for none among the first `count`.
 */
export function currentSentence(
  sentences: readonly Sentence[],
  count: number,
  selected: Selection | null,
  model: Model,
): number {
  if (selected === null || selected.kind === 'operation') return -1;
  const told = sentences.slice(0, count);
  if (selected.kind === 'exchange') return told.findIndex(({ exchange }) => exchange === selected.id);
  if (selected.kind === 'connection')
    return told.findIndex(
      ({ exchange }) => exchange !== null && model.exchanges[exchange]?.connection === selected.id,
    );
  const own = told.findIndex(({ row }) => row === selected.id);
  if (own !== -1 || selected.id >= model.events.length) return own;
  const exchange = model.events.columns.exchange[selected.id]!;
  return told.findLastIndex((sentence) => sentence.row <= selected.id && sentence.exchange === exchange);
}
