// What a lens takes and gives: one request through one library, and everything that this library told its user.
// A lens adds nothing to what the library says and hides nothing of it.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { ContentSource } from '../content.ts';
import type { StrategyContext } from '../strategy.ts';
import type { Target } from '../target.ts';
import type { Telling } from './telling.ts';

export type LensName = 'raw' | 'node:http' | 'undici' | 'fetch' | 'curl';

export interface LensRequest {
  readonly method: string;
  /** Absolute http URL; a userinfo part becomes Authorization. */
  readonly url: string;
  /** The user's own fields. Host and Content-Length are added; Transfer-Encoding is not to be among them. */
  readonly fields: FieldLines;
  readonly content: ContentSource | null;
  /** Milliseconds without a byte either way after which the library's user gives up. */
  readonly patience: number;
}

/** What the user of a library was told, and when: milliseconds since the request began. */
export type Told = { readonly at: number } & (
  | { readonly what: 'interim'; readonly status: number; readonly fields: FieldLines }
  | { readonly what: 'final'; readonly status: number; readonly reason: string; readonly fields: FieldLines }
  /** Bytes of content so far. */
  | { readonly what: 'content'; readonly bytes: number }
  | { readonly what: 'trailers'; readonly fields: FieldLines }
  /** The response is whole, as far as the library knows. */
  | { readonly what: 'end' }
  | ({ readonly what: 'error' } & LensError)
);

/** An error as the library's user meets it. `code` is '' where it has none. */
export interface LensError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface LensReport {
  readonly lens: LensName;
  /** Of the library: `v20.20.2` of Node, `7.30.2` of undici, `7.88.1` of curl; of the raw client: ''. */
  readonly version: string;
  /** At most 10,000; past that, content is told by its last number only, and what else comes is left out. */
  readonly told: readonly Told[];
  /** The first 1 MiB of the content, as the library hands it on. */
  readonly content: Uint8Array;
  /** Its user was told of a whole response. */
  readonly completed: boolean;
  readonly error: LensError | null;
  /** The captured connection; null: none was opened, or the library opens its own (curl). */
  readonly connection: number | null;
}

/** A request that was checked: the URL is taken apart, Authorization and Content-Length are among the fields. */
export interface CheckedRequest extends Omit<LensRequest, 'url'> {
  readonly target: Target;
}

/** Sends the request through one library and tells what comes of it. Rejects only for a failure of our own. */
export type Look = (request: CheckedRequest, context: StrategyContext, telling: Telling) => Promise<void>;
