// What a client prefers, as far as this server honours it (RFC 7240; the preferences of both drafts). The preferences of
// the first request of an operation hold for the requests that complete it, too.

import { chooseLanguage, parseAcceptLanguage } from '../../../shared/fields/accept-language.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parsePrefer } from '../../../shared/fields/prefer.ts';
import type { Exchange } from '../http/exchange.ts';
import { type Language, LANGUAGES } from './phrases.ts';

export interface RequestPreferences {
  /** `processing`: 102s, please. */
  readonly processing: boolean;
  /** `respond-async`: a 202 rather than a long wait. */
  readonly respondAsync: boolean;
  /** `wait`, in seconds; null: none was named. */
  readonly waitSeconds: number | null;
  /** `resume`: what is to become of a broken upload; null: the client did not ask to resume. */
  readonly resume: 'save-incomplete' | 'ignore-incomplete' | null;
  /** `acknowledge`: tell how much is stored. */
  readonly acknowledge: boolean;
  /** `return=representation` (RFC 7240 §4.2): the final response, please, with the new resource. */
  readonly representation: boolean;
  /** Of remarks (Accept-Language); null: it was not asked for one, or for none that there is. */
  readonly language: Language | null;
}

export function readPreferences(exchange: Exchange): RequestPreferences {
  const parsed = parsePrefer(exchange.field('Prefer') ?? '');
  // RFC 7240 §2: what cannot be understood is done without.
  const all: ReadonlyMap<string, { readonly value: string }> =
    parsed instanceof FieldFault ? new Map() : parsed;
  const wait = all.get('wait')?.value;
  const resume = all.get('resume');
  return {
    processing: all.has('processing'),
    respondAsync: all.has('respond-async'),
    waitSeconds: wait !== undefined && /^\d{1,9}$/.test(wait) ? Number(wait) : null,
    resume:
      resume === undefined
        ? null
        : resume.value === 'ignore-incomplete'
          ? 'ignore-incomplete'
          : 'save-incomplete',
    acknowledge: all.has('acknowledge'),
    representation: all.get('return')?.value === 'representation',
    language: languageOf(exchange.field('Accept-Language')),
  };
}

/** A field that cannot be read, or is empty, is as good as none. */
function languageOf(value: string | null): Language | null {
  const ranges = value === null ? [] : parseAcceptLanguage(value);
  if (ranges instanceof FieldFault || ranges.length === 0) return null;
  const chosen = chooseLanguage(value, LANGUAGES);
  return LANGUAGES.find((language) => language === chosen) ?? null;
}
