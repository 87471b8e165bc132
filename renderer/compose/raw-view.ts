// Raw text as the parser sees it: which characters are what, the messages in it, and what is wrong, each with its place in
// the text. All that it tells is what shared/http1 reports. Pure.

import { explain } from '../../shared/http1/explain.ts';
import type { SpanKind } from '../../shared/http1/types.ts';
import type { RuleLevel } from '../../shared/model/rules/rule.ts';
import { SYNTAX_RULES } from '../../shared/model/rules/syntax-rules.ts';
import { counted } from '../timeline/format.ts';
import { readRaw } from './raw-text.ts';

/** Characters of one kind; `crlf`: a line ends behind them. */
export interface Segment {
  readonly text: string;
  readonly kind: SpanKind | null;
  readonly crlf: boolean;
}

export interface RawNote {
  readonly level: RuleLevel;
  readonly sentence: string;
  readonly source: string;
  /** Character of the text. */
  readonly at: number;
  /** From 1. */
  readonly line: number;
}

export interface RawView {
  readonly segments: readonly Segment[];
  /** `GET /print`, and how its content is framed. */
  readonly messages: readonly { readonly title: string; readonly framing: string }[];
  readonly notes: readonly RawNote[];
  readonly bytes: number;
}

/** Longer text is sent, but not coloured. */
const COLOURED = 64 * 1024;

export function viewRaw(text: string): RawView {
  const { bytes, places, problem } = readRaw(text);
  const { spans, messages, notes, error } = explain(bytes, 'request');
  const noted = (at: number, level: RuleLevel, sentence: string, source: string): RawNote => ({
    level,
    sentence,
    source,
    at,
    line: text.slice(0, at).split('\n').length,
  });
  const all = notes.map(({ code, at }) => {
    const { level, says, source } = SYNTAX_RULES[code];
    return noted(places[at] ?? text.length, level, says, source);
  });
  if (error !== null && bytes.length > 0) {
    const { level, says, source } = SYNTAX_RULES[error.code];
    const at = places[error.at] ?? text.length;
    if (error.code === 'closed-before-head')
      all.push(noted(at, 'warning', 'The head is not finished: an empty line ends it.', 'RFC 9112 §2.1'));
    else if (error.code === 'closed-in-body')
      all.push(
        noted(at, 'warning', 'The content is not whole: the server waits for the rest.', 'RFC 9112 §8'),
      );
    else all.push(noted(at, level, says, source));
  }
  if (problem !== null) all.unshift(noted(problem.at, 'error', problem.sentence, ''));
  return {
    segments: text.length > COLOURED ? [{ text, kind: null, crlf: false }] : segmentsOf(text, spans, places),
    messages: messages.map(({ method, target, framing, bodyBytes }) => ({
      title: `${method} ${target}`,
      framing:
        framing === 'none'
          ? 'no content'
          : `${counted(bodyBytes, 'byte')} of content, ${framing === 'chunked' ? 'chunked' : 'by Content-Length'}`,
    })),
    notes: all,
    bytes: bytes.length,
  };
}

function segmentsOf(
  text: string,
  spans: readonly { readonly kind: SpanKind; readonly start: number; readonly end: number }[],
  places: Uint32Array,
): readonly Segment[] {
  const segments: Segment[] = [];
  const add = (from: number, to: number, kind: SpanKind | null): void => {
    let at = from;
    for (let end = from; end < to; end++) {
      if (text[end] !== '\n') continue;
      segments.push({ text: text.slice(at, end), kind, crlf: true });
      at = end + 1;
    }
    if (at < to) segments.push({ text: text.slice(at, to), kind, crlf: false });
  };
  let at = 0;
  for (const { kind, start, end } of spans) {
    const [from, to] = [places[start]!, places[end]!];
    if (from < at || to <= from) continue;
    add(at, from, null);
    add(from, to, kind);
    at = to;
  }
  add(at, text.length, null);
  return segments;
}
