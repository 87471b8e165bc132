// What only tus knows of an upload: the client's metadata, and whether it is a part or made of parts. Uploads that were
// begun by another protocol have none.

import type { FieldLines } from '../../../../shared/http1/writer.ts';
import type { Operation } from '../../operations/operation.ts';

export interface TusFacts {
  /** Values as the client sent them; null: it did not. */
  readonly metadata: string | null;
  readonly concat: string | null;
  readonly kind: 'whole' | 'partial' | 'final';
}

const FACTS = new WeakMap<Operation, TusFacts>();

const NONE: TusFacts = { metadata: null, concat: null, kind: 'whole' };

export function keepFacts(operation: Operation, facts: TusFacts): void {
  FACTS.set(operation, facts);
}

export function factsOf(operation: Operation): TusFacts {
  return FACTS.get(operation) ?? NONE;
}

/** Upload-Metadata and Upload-Concat, as they came. */
export function factFields({ metadata, concat }: TusFacts): FieldLines {
  return [
    ...(metadata === null ? [] : [['Upload-Metadata', metadata] as const]),
    ...(concat === null ? [] : [['Upload-Concat', concat] as const]),
  ];
}
