// What a filter says, once it is read: terms joined by and, or and not; and what is wrong with one that cannot be read.
// Only the vocabulary: parse.ts reads it, print.ts writes it, matcher.ts applies it.

/** Terms of a filter at most: each is a bit of a 32-bit mask, some of which are the matcher's own. */
export const MOST_TERMS = 24;
/** Characters of a filter at most. */
export const LONGEST = 1000;

/** What an event can be, as `kind:` names it. */
export const KINDS = ['interim', 'final', 'cut', 'fault', 'note', 'message', 'request'] as const;
export type FilterKind = (typeof KINDS)[number];

export const COMPARISONS = ['>=', '<=', '>', '<', '='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Term =
  /** `404`, `1xx`: three characters, of which `x` is any digit. */
  | { readonly name: 'status'; readonly pattern: string }
  | { readonly name: 'status-range'; readonly comparison: Comparison; readonly status: number }
  | { readonly name: 'kind'; readonly kind: FilterKind }
  /** In capitals; compared without regard to case. */
  | { readonly name: 'method'; readonly method: string }
  /** Connections and operations count from 1. */
  | { readonly name: 'conn'; readonly id: number }
  | { readonly name: 'op'; readonly id: number }
  /** In small letters; `value` null: any. A `*` in the value stands for anything. */
  | { readonly name: 'field'; readonly field: string; readonly value: string | null }
  /** Bytes of an exchange's request and response together, heads included. */
  | { readonly name: 'size'; readonly comparison: Comparison; readonly bytes: number }
  /** `error`, `warning`, `info`, or the code of a rule. */
  | { readonly name: 'note'; readonly note: string }
  /** Part of the target. */
  | { readonly name: 'path'; readonly text: string }
  /** Part of the target, the operation's title, a reason, a gist or a note. */
  | { readonly name: 'text'; readonly text: string };

export type Expression =
  | { readonly op: 'term'; readonly term: Term }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'all'; readonly of: readonly Expression[] }
  | { readonly op: 'any'; readonly of: readonly Expression[] };

export type FilterFaultCode =
  /** It ends before it is whole: more is to be typed. */
  | 'incomplete'
  | 'unknown-name'
  /** Not a value of that name. */
  | 'value'
  /** A parenthesis or a word that nothing belongs to. */
  | 'misplaced'
  /** More terms, characters or parentheses than are read. */
  | 'too-many';

/** What is wrong with a filter: returned, never thrown, because half a filter is what one sees while it is typed. */
export class FilterFault {
  readonly code: FilterFaultCode;
  /** First and end (exclusive) of the characters that are wrong. */
  readonly from: number;
  readonly to: number;
  /** One sentence for a person. */
  readonly message: string;

  constructor(code: FilterFaultCode, from: number, to: number, message: string) {
    this.code = code;
    this.from = from;
    this.to = to;
    this.message = message;
  }
}
