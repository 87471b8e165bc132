// What is said of a body beside its bytes: how much of it there is, what it is called, how else it can be shown. Pure.

import type { BodyKind } from '../../../shared/body/kind.ts';
import { mediaType } from '../../../shared/byteranges/patch-reader.ts';
import type { Representation } from '../../../shared/body/representation.ts';
import { size } from '../../../shared/model/coverage.ts';
import { parameterOf } from '../../../shared/fields/media-type.ts';
import type { Stream } from '../../../shared/capture/records.ts';
import { count, counted, shortBytes } from '../../timeline/format.ts';
import { MOST } from './source.ts';

export interface Extent {
  readonly stream: Stream;
  /** Bytes of content that were read. */
  readonly size: number;
  readonly announced: number | null;
  readonly complete: boolean;
  readonly missing: boolean;
  readonly broken: boolean;
  readonly more: boolean;
  /** It may still grow. */
  readonly growing: boolean;
  /** Bytes of a request's content that the server had read; null: not known, or all that were sent. */
  readonly arrived: number | null;
}

/** `12,345 of 100,000 bytes arrived, then cut short`. `short`: it is not all there will ever be. */
export function extentWords(extent: Extent): { readonly text: string; readonly short: boolean } {
  const { stream, size, announced, arrived } = extent;
  const of = announced === null ? counted(size, 'byte') : `${count(size)} of ${counted(announced, 'byte')}`;
  if (extent.more) return { text: `the first ${of}`, short: false };
  if (extent.missing) return { text: `${of} kept; the others were counted, not kept`, short: true };
  if (extent.complete) return { text: counted(size, 'byte'), short: false };
  if (extent.broken) return { text: `${of}, then what is no HTTP/1.1`, short: true };
  if (extent.growing) return { text: `${of} so far`, short: false };
  if (stream === 'request' && arrived !== null && arrived < size)
    return { text: `${of} sent, ${count(arrived)} of them arrived`, short: true };
  return { text: `${of} ${stream === 'request' ? 'sent' : 'arrived'}, then cut short`, short: true };
}

/** `all 1,000,000 bytes, brought by 3 exchanges`: what is said of a representation that is put together. */
export function assembledWords({ bytes, ranges, length, exchanges }: Representation): {
  readonly text: string;
  readonly short: boolean;
} {
  const there = size(ranges);
  const by = `brought by ${counted(exchanges, 'exchange')}`;
  const gaps = ranges.length - 1 + (ranges.length > 0 && ranges[0]![0] > 0 ? 1 : 0);
  if (there === length) return { text: `all ${counted(there, 'byte')}, ${by}`, short: false };
  const of = length === null ? counted(there, 'byte') : `${count(there)} of ${counted(length, 'byte')}`;
  const bounded = bytes.length === MOST ? `; only the first ${shortBytes(MOST)} are put together here` : '';
  const zeros = gaps > 0 ? `; ${counted(gaps, 'gap')}, shown as zeros` : '';
  return { text: `${of}, ${by}${zeros}${bounded}`, short: bounded === '' };
}

/** How a body can be shown. */
export type BodyView = 'structure' | 'text' | 'hex';

/** The ways that fit a kind, the best first. */
export function viewsOf(kind: BodyKind, isSvg: boolean): readonly BodyView[] {
  switch (kind) {
    case 'empty':
      return [];
    case 'text':
    case 'events':
      return ['text', 'hex'];
    case 'binary':
      return ['hex', 'text'];
    case 'image':
      return isSvg ? ['structure', 'text', 'hex'] : ['structure', 'hex'];
    case 'byteranges':
      return ['structure', 'hex'];
    case 'json':
    case 'form':
    case 'multipart':
    case 'message':
      return ['structure', 'text', 'hex'];
  }
}

const NAMES: Record<BodyKind, string> = {
  empty: '',
  json: 'JSON',
  text: 'Text',
  form: 'Fields',
  multipart: 'Parts',
  byteranges: 'Ranges',
  message: 'Messages',
  events: 'Text',
  image: 'Image',
  binary: 'Hex',
};

/** `JSON`, `Text`: the name of a way to show a body. */
export function viewName(view: BodyView, kind: BodyKind): string {
  return view === 'structure' ? NAMES[kind] : view === 'text' ? 'Text' : 'Hex';
}

const ENDINGS: Record<string, string> = {
  'application/json': 'json',
  'application/problem+json': 'json',
  'application/xml': 'xml',
  'message/http': 'http',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/event-stream': 'txt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
};

/**
 * A name for the file that a body is saved as: the one its sender gives it, or the last of its path.
 * @param disposition a Content-Disposition value, '' without one
 */
export function fileName(target: string, disposition: string, contentType: string): string {
  const said = parameterOf(disposition, 'filename') ?? '';
  const path = target.split(/[?#]/, 1)[0]!;
  const last = said === '' ? (path.split('/').findLast((piece) => piece !== '') ?? '') : said;
  // Nothing that names a folder, or that a file system takes for more than a letter.
  const plain = last
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(0, 100);
  const name = plain === '' ? 'body' : plain;
  if (/\.[A-Za-z0-9]{1,8}$/.test(name)) return name;
  return `${name}.${ENDINGS[mediaType(contentType)] ?? 'bin'}`;
}
