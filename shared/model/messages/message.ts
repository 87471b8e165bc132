// Messages within the content of a response, or behind a 101: who reads them, and who is told. Only the vocabulary, and
// the gist that a message has in the timeline.

import type { MessageType } from '../events.ts';
import type { JsonProgress } from '../../fields/json-progress.ts';
import type { RuleId } from '../rules/rules.ts';

/** Told of what a reader finds. Positions are absolute, in the stream. */
export interface MessageSink {
  /** @param at the position behind its last byte; never below that of what was told before */
  message(what: MessageType, start: number, at: number, gist: string): void;
  progress(progress: JsonProgress, at: number): void;
  /** The next bytes of what the messages bring, one behind the other; `at`: of the first. */
  brings(at: number, length: number): void;
  /** The work that a document stands for is not done. @param name by which it can be asked for; null: it has none */
  unfinished(name: string | null): void;
  /** Whatever was asked for has failed, or cannot be read any further. @param why for a person */
  failed(why: string): void;
  /** Nothing more is to come, though the connection lasts. */
  over(at: number): void;
  breach(rule: RuleId, at: number): void;
}

export interface MessageReader {
  /** The next bytes[from … to); bytes[from] is at `at`. */
  feed(bytes: Uint8Array, from: number, to: number, at: number): void;
  /** A chunk of that size begins at `at`; 0: the last one. */
  chunk(at: number, size: number): void;
  /** @returns whether what was to come did; null: only the transfer can tell. @param whole as far as that knows */
  end(whole: boolean): boolean | null;
}

/** Characters of a gist. */
const GIST = 200;
/** Bytes that as many characters can take. */
export const GIST_BYTES = GIST * 4;
/** Bytes of a text that are looked through for progress. */
export const TEXT_BYTES = 64 * 1024;

/** The beginning of a text, in one line. */
export function gistOf(text: string): string {
  const line = text.slice(0, GIST * 2).replaceAll(/\s*[\r\n]\s*/g, ' ');
  return line.length > GIST ? `${line.slice(0, GIST - 1)}…` : line;
}

/** What a message says that tells progress, whatever else is in it: `3/8 Slaying dragons`. */
export function gistOfProgress({ numerator, denominator, remark }: JsonProgress): string {
  return gistOf(`${numerator}/${Number.isNaN(denominator) ? '' : denominator} ${remark}`.trimEnd());
}

/** Bytes as text; a character cut at the end is left out, others that are none are U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
}
