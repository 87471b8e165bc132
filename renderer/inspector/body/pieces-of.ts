// The pieces that content of a kind is made of, as they are listed: what each is called and what it says of itself. Pure.

import { splitMultipart } from '../../../shared/body/multipart.ts';
import { nestedMessages } from '../../../shared/body/nested.ts';
import { readRanges } from '../../../shared/body/ranges.ts';
import { parameterOf } from '../../../shared/fields/media-type.ts';
import { count } from '../../timeline/format.ts';

export interface Piece {
  readonly title: string;
  /** Beside the title, e.g. its media type. */
  readonly hint: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly bytes: Uint8Array;
  /** All of it has come. */
  readonly whole: boolean;
  /** Where its first byte belongs. */
  readonly origin: number;
}

export interface FoundPieces {
  readonly pieces: readonly Piece[];
  /** Why it cannot be read, or not on from there; null: it can. */
  readonly problem: string | null;
}

export function partPieces(contentType: string, bytes: Uint8Array, whole: boolean): FoundPieces {
  const found = splitMultipart(bytes, parameterOf(contentType, 'boundary'));
  if (found === null) return { pieces: [], problem: 'The boundary that its media type names is not in it.' };
  const pieces = found.parts.map((part, index): Piece => {
    const field = (name: string): string =>
      part.fields.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
    const disposition = field('content-disposition');
    const name = parameterOf(disposition, 'name');
    const file = parameterOf(disposition, 'filename');
    const type = field('content-type');
    return {
      title: name ?? `part ${index + 1}`,
      hint: [file, type].filter((said) => said !== null && said !== '').join(' · '),
      fields: part.fields,
      contentType: type,
      contentEncoding: field('content-encoding'),
      bytes: bytes.subarray(part.from, part.to),
      whole: part.whole,
      origin: 0,
    };
  });
  return {
    pieces,
    problem: found.more
      ? `These are the first ${count(pieces.length)} parts.`
      : found.closed || !whole
        ? null
        : 'It ends without its last boundary.',
  };
}

export function rangePieces(contentType: string, bytes: Uint8Array, whole: boolean): FoundPieces {
  const found = readRanges(contentType, bytes);
  if (found === null) return { pieces: [], problem: null };
  const pieces = found.parts.map(({ head, bytes, whole }): Piece => {
    const { first, last, complete } = head.range;
    const of = complete === null ? '' : ` of ${count(complete)}`;
    return {
      title:
        first === null ? `no bytes${of}` : `bytes ${count(first)}–${last === null ? '' : count(last)}${of}`,
      hint: head.contentType,
      fields: [],
      contentType: head.contentType,
      contentEncoding: '',
      bytes,
      whole,
      origin: first ?? 0,
    };
  });
  return { pieces, problem: whole ? found.fault : null };
}

export function messagePieces(bytes: Uint8Array): FoundPieces {
  const pieces = nestedMessages(bytes).map(({ startLine, fields, content, complete }): Piece => {
    const field = (name: string): string => fields.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
    const contentType = field('content-type');
    return {
      title: startLine,
      hint: contentType,
      fields,
      contentType,
      contentEncoding: field('content-encoding'),
      bytes: content,
      whole: complete,
      origin: 0,
    };
  });
  return { pieces, problem: pieces.length === 0 ? 'There is no HTTP/1.1 message in it.' : null };
}
