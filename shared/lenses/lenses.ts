// What node:http, undici and fetch let their user see of an answer: rules that were measured by sending requests through
// each of them, and that tests hold against them. Knows nothing of how a library works inside.

import type { FieldLines } from '../http1/writer.ts';
import type { AnswerHead, WireAnswer } from './answer.ts';

export type LensName = 'node:http' | 'undici' | 'fetch';
export const LENSES: readonly LensName[] = ['node:http', 'undici', 'fetch'];

export interface Seen {
  readonly interim: readonly AnswerHead[];
  readonly final: AnswerHead | null;
  /** Bytes of content. */
  readonly content: number;
  readonly trailers: FieldLines;
  /** `whole`, `open` while nothing ended it, or the code of the error that its user gets. */
  readonly ending: string;
}

const NOTHING: Seen = { interim: [], final: null, content: 0, trailers: [], ending: '' };

/** @param expects the request has Expect: 100-continue */
export function seenThrough(lens: LensName, answer: WireAnswer, expects: boolean): Seen {
  // undici, and fetch with it, sends no request with Expect.
  if (lens !== 'node:http' && expects) return { ...NOTHING, ending: 'UND_ERR_NOT_SUPPORTED' };
  switch (lens) {
    case 'node:http': {
      const { interim, final, content, trailers } = answer;
      return { interim, final, content, trailers, ending: endingOf(answer, 'ECONNRESET') };
    }
    case 'undici': {
      const seen = untilContinue(answer);
      return {
        interim: seen.interim.map((head) => ({ ...head, reason: '', fields: folded(head.fields) })),
        final: seen.final === null ? null : { ...seen.final, fields: folded(seen.final.fields) },
        content: seen.content,
        trailers: folded(seen.trailers),
        ending: seen.ending,
      };
    }
    case 'fetch': {
      const { final, content, ending } = untilContinue(answer);
      return {
        // The standard has no place for interim responses, nor for trailers.
        ...NOTHING,
        final: final === null ? null : { ...final, fields: joined(final.fields) },
        content,
        ending,
      };
    }
  }
}

/** A 100 that nobody asked for is a bad response to undici, and what comes behind it is never told. */
function untilContinue(answer: WireAnswer): Seen {
  const at = answer.interim.findIndex(({ status }) => status === 100);
  const { interim, final, content, trailers } = answer;
  if (at === -1) return { interim, final, content, trailers, ending: endingOf(answer, 'UND_ERR_SOCKET') };
  return { ...NOTHING, interim: interim.slice(0, at), ending: 'UND_ERR_SOCKET' };
}

/** @param fin the code of the error for a connection that was closed in good order within the answer */
function endingOf({ whole, broken, end, final }: WireAnswer, fin: string): string {
  if (whole) return 'whole';
  if (broken) return final === null ? 'no HTTP' : 'broken';
  switch (end) {
    case 'fin':
      return fin;
    case 'rst':
      return 'ECONNRESET';
    case 'silence':
    case 'open':
      return end;
  }
}

/** Fields as an object: names in lower case, the lines of one name together, where the first of them stood. */
function folded(fields: FieldLines): FieldLines {
  const object: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of fields) (object[name.toLowerCase()] ??= []).push(value);
  return Object.entries(object).flatMap(([name, values]) => values.map((value) => [name, value] as const));
}

/** Fields as the fetch standard's Headers: sorted by name, joined by a comma, but for Set-Cookie. */
function joined(fields: FieldLines): FieldLines {
  const names = [...new Set(fields.map(([name]) => name.toLowerCase()))].toSorted();
  return names.flatMap((name): FieldLines => {
    const values = fields.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
    return name === 'set-cookie' ? values.map((value) => [name, value]) : [[name, values.join(', ')]];
  });
}
