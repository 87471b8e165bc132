// Which experiments a few words are about. Pure.

import type { ExperimentInfo } from '../../shared/contract.ts';

/** Whether each word occurs in what an experiment says of itself: its id, title, group, sources or what it teaches. */
export function isAbout({ id, title, group, teaches, sources }: ExperimentInfo, words: string): boolean {
  const said = [id, title, group, teaches, ...sources].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}
