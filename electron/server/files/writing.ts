// What the two ways of writing a patch have in common: every byte kept as it comes (persist.ts), or all of it or nothing
// (atomic.ts). One writing is one request.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { PartToPlan } from './plan.ts';
import type { FileResource } from './resource.ts';
import type { FileStore } from './store.ts';
import type { Writer } from './writers.ts';

export interface Refusal {
  readonly status: number;
  /** Tells a person what was wrong and what to do instead. */
  readonly sentence: string;
  readonly fields?: FieldLines;
}

export type PartToWrite = PartToPlan & {
  /** Media type of the resource; '' where the part does not say it. */
  readonly contentType: string;
};

export interface WritingContext {
  readonly store: FileStore;
  readonly resource: FileResource;
  /** Most bytes that a resource may have. */
  readonly limit: number;
  /** Breaks the connection of the request. */
  readonly overtaken: () => void;
}

export interface Writing extends Writer {
  /** A newer request, or the end of the resource, has ended this one. */
  readonly ended: boolean;
  /** A part begins. Null: it may. @throws ServerError */
  part(part: PartToWrite): Refusal | null;
  /** Bytes that the part may still bring. */
  readonly room: number;
  /** The next bytes[from … to) of the part, `room` at most. @throws ServerError */
  body(bytes: Uint8Array, from: number, to: number): void;
  /** The part is over, all of it or as much as there is. @throws ServerError */
  partEnd(): void;
  /**
   * The request is whole. Resolves null when what it brought is there to stay; it is the last call.
   * @param recheck whether the resource is still one that the request wants changed
   * @throws ServerError
   */
  commit(recheck: () => Refusal | null): Promise<Refusal | null>;
  /** The request was cut or refused: what is to stay is written down, the rest goes. Does nothing after the first call. */
  stop(): void;
}

/** Gaps and stretches of one upload: more are not kept apart. */
export const MOST_STRETCHES = 4096;

export const TOO_MANY_STRETCHES: Refusal = {
  status: 400,
  sentence: `An upload may have ${MOST_STRETCHES} separate stretches here: fill some of its gaps first.`,
};
