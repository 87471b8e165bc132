// What every strategy takes and gives. A strategy turns one wish of the user into as many exchanges as it needs.
// Types only: it must not know how any strategy works.

import type { WireContext } from '../wire/types.ts';
import type { Fields } from './connection.ts';
import type { ContentSource } from './content.ts';
import type { Decision, Happening, Situation } from './situation.ts';

export type StrategyName = 'plain' | 'resumable-request' | 'follow-progress';

/** What makes a strategy: whether it asks for resumability, and what it decides. */
export interface Strategy {
  readonly resumable: boolean;
  /** Pure; `random`: 0 ≤ x < 1. */
  readonly decide: (before: Situation, happening: Happening, random: number) => Decision;
}

export interface OperationRequest {
  readonly method: string;
  /** Absolute http URL; a userinfo part becomes Authorization. */
  readonly url: string;
  /** The user's own fields; Host, Content-Length, Expect and Prefer are added where they are missing. */
  readonly fields: Fields;
  readonly content: ContentSource | null;
}

export interface StrategyOptions {
  /** Milliseconds without a byte either way after which the server is taken for dead. Default 5,000. */
  readonly patience?: number;
  /** Preferences beyond the strategy's own, as they are written: `processing`, `respond-async`, `wait=1`. */
  readonly preferences?: readonly string[];
  /** Ends (exclusive, ascending) of the segments in which a resumed upload goes on; default: all at once. */
  readonly segments?: readonly number[];
  /** Write Content-Range without its unit whatever the server seems to be. */
  readonly legacyRange?: boolean;
  /** DELETE the response-message resource at the end. */
  readonly deleteWhenDone?: boolean;
}

export interface StrategyContext extends WireContext {
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** A response as the user of a strategy gets it; content beyond 1 MiB is left out. */
export interface FinalResponse {
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  readonly content: Uint8Array;
}

export interface OperationResult {
  readonly outcome: 'completed' | 'failed' | 'refused';
  /** One sentence, for a person. */
  readonly reason: string;
  readonly final: FinalResponse | null;
  /** Absolute URLs that the server named, as far as it did. */
  readonly locations: {
    readonly requestContent: string | null;
    readonly responseMessage: string | null;
    readonly status: string | null;
  };
  /** SHA-256 (hex) of the content that the client had; null if it could not be read, or was not because of a stop. */
  readonly payloadDigest: string | null;
  /** Times that it found out where it stood and went on. */
  readonly resumes: number;
  /** Largest offset that the server told by Acknowledge; 0 without. */
  readonly acknowledged: number;
}

export const DEFAULT_PATIENCE = 5_000;
