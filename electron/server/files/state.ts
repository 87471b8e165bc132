// What is there of a file resource, as a value: of an upload which bytes have arrived, of a file how many there are; and what
// is written down of it. Reads and writes nothing.

import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { Intervals } from '../../../shared/byteranges/intervals.ts';
import type { Shape } from './plan.ts';
import type { SidecarToWrite } from './sidecar.ts';

/** What a file is when nobody has said it. */
export const UNKNOWN_TYPE = 'application/octet-stream';

export type FileState =
  | { readonly kind: 'absent' }
  /** Something that is no file is in the way. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'complete'; size: number }
  | { readonly kind: 'incomplete'; length: number | null; readonly received: Intervals };

/** Nothing has arrived yet. */
export function emptyUpload(length: number | null): FileState {
  return { kind: 'incomplete', length, received: new Intervals() };
}

/** Bytes that can be read: all of a complete file, else those before the first gap. */
export function haveOf(state: FileState): number {
  switch (state.kind) {
    case 'absent':
    case 'blocked':
      return 0;
    case 'complete':
      return state.size;
    case 'incomplete':
      return state.received.firstGap(0);
  }
}

/** Bytes that are there, whatever gaps are between them. */
export function bytesOf(state: FileState): number {
  return state.kind === 'incomplete' ? state.received.total : haveOf(state);
}

/** What decides on a patch. */
export function shapeOf(state: FileState): Shape {
  switch (state.kind) {
    case 'absent':
    case 'blocked':
      return { kind: 'absent' };
    case 'complete':
      return { kind: 'complete', size: state.size };
    case 'incomplete':
      return { kind: 'incomplete', length: state.length, end: state.received.list().at(-1)?.[1] ?? 0 };
  }
}

/** What is to be written beside a file in that state. */
export function sidecarOf(
  name: string,
  state: FileState,
  { contentType, tag, before }: Pick<SidecarToWrite, 'contentType' | 'tag' | 'before'>,
): SidecarToWrite {
  return {
    name,
    contentType,
    tag,
    ...(before === undefined ? {} : { before }),
    upload:
      state.kind === 'incomplete'
        ? { length: state.length, received: state.received.list().map(([first, end]) => [first, end]) }
        : null,
  };
}

/** The opaque part of an entity tag that nobody has had. */
export function newTag(): string {
  return randomBytes(9).toString('base64url');
}

/** Of a file that nobody has given one. */
export function tagOf({ size, mtimeNs }: BigIntStats): string {
  return `${size.toString(36)}-${mtimeNs.toString(36)}`;
}
