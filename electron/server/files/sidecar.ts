// What is known of a file resource beside its bytes, as it is written next to them: JSON, one for each file. A sidecar
// never says more than the file holds; one that is damaged says that nothing is there.

import { z } from 'zod';

const position = z.int().nonnegative();

const sidecar = z.strictObject({
  /** Segments joined by `/`. */
  name: z.string(),
  contentType: z.string(),
  /** Of the entity tag; a new one for every state of the bytes that was told. */
  tag: z.string(),
  /** Of the file as it was when this was written: another one means that somebody else wrote to it. */
  stamp: z.string(),
  /** When it, or another of its name, had changed the last time before (ms since 1970); none: nobody knows. */
  before: position.optional(),
  /** Null: the file is complete. */
  upload: z
    .strictObject({
      /** Bytes in all; null while unknown. */
      length: position.nullable(),
      /** What has arrived, as half-open ranges. */
      received: z.array(z.tuple([position, position]).refine(([first, end]) => first < end)),
    })
    .nullable(),
});

export type Sidecar = z.infer<typeof sidecar>;

/** A sidecar as the steps of a commit know it: the stamp is taken when the file is what it is to be. */
export type SidecarToWrite = Omit<Sidecar, 'stamp'>;

export const sidecarToWrite = sidecar.omit({ stamp: true });

/** Reads a sidecar; null: it is none. */
export function readSidecar(text: string): Sidecar | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = sidecar.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** Of a file that was not complete and of which nothing else can be said any more. */
export function unknownSidecar(name: string): Sidecar {
  return { name, contentType: '', tag: '', stamp: '', upload: { length: null, received: [] } };
}
