// What the fields of a part say together: its range, its length, its type. The same for all three media types.

import { parseContentOffset } from '../fields/content-offset.ts';
import { type ContentRange, parseContentRange } from '../fields/content-range.ts';
import { FieldFault } from '../fields/fault.ts';
import type { PartFault, PartFaultCode, PartHead, PartNote } from './parts.ts';

/** The fields of one part, however they were written. */
export interface PartFields {
  /** Where the head begins. */
  readonly at: number;
  /** All values of that name, joined by commas. @param name in lower case */
  field(name: string): string | null;
  /** Position of a character of the first value of that name. */
  position(name: string, index: number): number;
}

export interface ReadPart {
  readonly head: PartHead;
  readonly note: PartNote | null;
  /** The part has a Content-Length of its own. */
  readonly saysLength: boolean;
}

/** @param framed bytes of the body that the framing announces, null where it announces none */
export function readPart(fields: PartFields, framed: number | null): ReadPart | PartFault {
  const range = readRange(fields);
  if ('code' in range) return range;
  const { first, last } = range;
  const ranged = first === null ? 0 : last === null ? null : last - first + 1;
  const said = readLength(fields);
  if (said !== null && typeof said !== 'number') return said;
  const isOffset = fields.field('content-range') === null;
  if (said !== null && ranged !== null && said !== ranged) {
    return fault(
      fields,
      'differing-length',
      'content-length',
      `The part's Content-Length is ${said}, its Content-Range is of ${ranged} bytes.`,
    );
  }
  const announced = said ?? ranged;
  if (framed !== null && announced !== null && framed !== announced) {
    const name = said !== null ? 'content-length' : 'content-range';
    return fault(
      fields,
      'differing-length',
      name,
      `The part has ${framed} bytes of content, its fields announce ${announced}.`,
    );
  }
  const length = announced ?? framed;
  const name = isOffset ? 'content-offset' : 'content-range';
  if (length !== null && first !== null && length > Number.MAX_SAFE_INTEGER - first + 1) {
    return fault(
      fields,
      'invalid-range',
      name,
      `The ${length} bytes from ${first} on go beyond 9007199254740991.`,
    );
  }
  const note: PartNote | null =
    range.unit !== null
      ? null
      : {
          code: 'missing-unit',
          message: 'Content-Range lacks its unit; bytes are meant.',
          at: fields.position(name, 0),
        };
  const head: PartHead = {
    range,
    said: isOffset ? 'content-offset' : 'content-range',
    contentType: fields.field('content-type') ?? '',
    contentEncoding: fields.field('content-encoding') ?? '',
    length,
  };
  return { head, note, saysLength: said !== null };
}

function readRange(fields: PartFields): ContentRange | PartFault {
  const range = fields.field('content-range');
  const offset = fields.field('content-offset');
  if (range !== null && offset !== null) {
    return fault(
      fields,
      'range-and-offset',
      'content-offset',
      'The part has a Content-Range and a Content-Offset: it may have one of them.',
    );
  }
  if (range !== null) {
    const parsed = parseContentRange(range);
    if (!(parsed instanceof FieldFault)) return parsed;
    return fault(fields, 'invalid-range', 'content-range', parsed.message, parsed.at);
  }
  if (offset === null) {
    return {
      code: 'missing-range',
      message: 'The part has no Content-Range field, and no Content-Offset.',
      at: fields.at,
    };
  }
  const parsed = parseContentOffset(offset);
  if (parsed instanceof FieldFault) {
    return fault(fields, 'invalid-range', 'content-offset', parsed.message, parsed.at);
  }
  return { unit: parsed.unit, first: parsed.offset, last: null, complete: parsed.complete };
}

function readLength(fields: PartFields): number | null | PartFault {
  const value = fields.field('content-length');
  if (value === null) return null;
  const length = Number(value);
  if (/^[0-9]+$/.test(value) && length <= Number.MAX_SAFE_INTEGER) return length;
  return fault(
    fields,
    'invalid-length',
    'content-length',
    `${JSON.stringify(value.slice(0, 40))} is no Content-Length.`,
  );
}

function fault(
  fields: PartFields,
  code: PartFaultCode,
  field: string,
  message: string,
  index = 0,
): PartFault {
  return { code, message, at: fields.position(field, index) };
}
