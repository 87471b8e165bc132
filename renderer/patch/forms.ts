// The requests that turn what was loaded into what was edited, in five forms, byte for byte as they are sent. Pure.

import { PARTS_LIMIT } from '../../shared/byteranges/parts.ts';
import {
  layoutPatch,
  type LayoutPiece,
  type PartToWrite,
  type PatchForm,
} from '../../shared/byteranges/patch-layout.ts';
import { type FieldLines, writeRequest } from '../../shared/http1/writer.ts';
import { count, counted } from '../timeline/format.ts';
import { bytesOf, type Cells, MISSING, missingIn } from './cells.ts';
import { type Differences, isSame, type Range } from './differences.ts';

/** What is known of a resource: the state that differences are measured against. */
export interface Base {
  /** Absolute http URL. */
  readonly url: string;
  /** False for one that is to be made. */
  readonly exists: boolean;
  /** As the server wrote it. */
  readonly etag: string | null;
  readonly contentType: string;
  readonly cells: Cells;
}

export type Form = 'put' | 'segments' | PatchForm;

/** In the order in which they are offered; `whole` sends every byte, the others the differences. */
export const FORMS: readonly { readonly form: Form; readonly title: string; readonly whole: boolean }[] = [
  { form: 'put', title: 'PUT', whole: true },
  { form: 'segments', title: 'PATCH in segments', whole: true },
  { form: 'message', title: 'message/byterange', whole: false },
  { form: 'multipart', title: 'multipart/byteranges', whole: false },
  { form: 'application', title: 'application/byteranges', whole: false },
];

export interface Settings {
  /** Differences nearer than this many bytes become one range. */
  readonly closer: number;
  /** Bytes of a segment. */
  readonly segment: number;
  /** Send only if the resource is still what was loaded (If-Match), or is not there yet (If-None-Match). */
  readonly conditional: boolean;
  readonly transaction: 'atomic' | 'persist' | null;
}

export interface PlannedRequest {
  readonly method: 'PUT' | 'PATCH';
  readonly contentType: string;
  /** Bytes of the content; `from … to` are bytes of the edited state. */
  readonly length: number;
  readonly pieces: readonly LayoutPiece[];
  /** What it writes. */
  readonly ranges: readonly Range[];
  /** The length that the resource has afterwards, where the request says so by itself. */
  readonly sets: number | null;
}

export interface Plan {
  readonly form: Form;
  /** In order, one after the other. */
  readonly requests: readonly PlannedRequest[];
  /** Why there is nothing to send in this form, a sentence; null: there is. */
  readonly refusal: string | null;
  /** Bytes of content, of all requests. */
  readonly content: number;
  /** The same with their heads. */
  readonly total: number;
}

const MOST_REQUESTS = 1_000;
/** What a `send` takes. */
const MOST_CONTENT = 4 * 1024 * 1024;

/** The plan of one form. `differences` are those of `cells` against the base. */
export function planForm(
  form: Form,
  base: Base,
  cells: Cells,
  differences: Differences,
  settings: Settings,
): Plan {
  const refused = (refusal: string): Plan => ({ form, requests: [], refusal, content: 0, total: 0 });
  if (form === 'put') {
    const missing = missingIn(cells);
    if (missing > 0)
      return refused(
        `PUT sends the whole, and ${counted(missing, 'byte')} of it ${missing === 1 ? 'is' : 'are'} missing.`,
      );
    return planned(form, [putRequest(base, cells)], base, settings);
  }
  if (form !== 'segments' && isSame(differences)) return refused('Nothing differs from what was loaded.');
  const ranges = form === 'segments' ? segmentsOf(cells, settings.segment) : differences.ranges;
  const parts = partsOf(ranges, cells.length, differences.truncateTo, form === 'segments');
  const single = form === 'segments' || form === 'message';
  if (single && parts.length > MOST_REQUESTS)
    return refused(
      `It would take ${count(parts.length)} requests, and ${count(MOST_REQUESTS)} are the most: ` +
        (form === 'segments' ? 'choose larger segments.' : 'join more differences, or send one multipart.'),
    );
  if (parts.length > PARTS_LIMIT)
    return refused(
      `It would take ${count(parts.length)} ranges, and ${count(PARTS_LIMIT)} are the most: join more differences, or send a PUT.`,
    );
  const requests = single
    ? parts.map((part) => patchRequest('message', [part], cells))
    : [patchRequest(form, parts, cells)];
  if (requests.some(({ length }) => length > MOST_CONTENT))
    return refused(`The request would have more than ${count(MOST_CONTENT)} bytes: send a PUT.`);
  return planned(form, requests, base, settings);
}

function planned(form: Form, requests: readonly PlannedRequest[], base: Base, settings: Settings): Plan {
  const content = requests.reduce((sum, { length }) => sum + length, 0);
  const heads = requests.reduce(
    (sum, request, index) =>
      sum + headBytes(base, request, conditionOf(base, settings, index, base.etag), settings).length,
    0,
  );
  return { form, requests, refusal: null, content, total: content + heads };
}

function putRequest(base: Base, cells: Cells): PlannedRequest {
  const { length } = cells;
  return {
    method: 'PUT',
    contentType: base.contentType,
    length,
    pieces: length === 0 ? [] : [{ from: 0, to: length }],
    ranges: length === 0 ? [] : [{ first: 0, end: length }],
    sets: length,
  };
}

/** All bytes that are there, in pieces that begin at multiples of the size. */
function segmentsOf(cells: Cells, size: number): readonly Range[] {
  const found: Range[] = [];
  let first = -1;
  for (let i = 0; i <= cells.length; i++) {
    const ends = i === cells.length || cells[i] === MISSING || i % size === 0;
    if (ends && first !== -1) found.push({ first, end: i });
    if (ends) first = -1;
    if (first === -1 && i < cells.length && cells[i] !== MISSING) first = i;
  }
  return found;
}

interface Part extends PartToWrite {
  readonly range: { readonly first: number | null; readonly last: number | null; readonly complete: number };
}

/** A shorter state needs a part that says so: what a range says of the length never changes it. */
function partsOf(
  ranges: readonly Range[],
  complete: number,
  truncateTo: number | null,
  whole: boolean,
): Part[] {
  const parts = ranges.map(({ first, end }): Part => ({
    range: { first, last: end - 1, complete },
    from: first,
    to: end,
  }));
  if (truncateTo !== null || (whole && complete === 0))
    parts.push({ range: { first: null, last: null, complete }, from: 0, to: 0 });
  return parts;
}

function patchRequest(form: PatchForm, parts: readonly Part[], cells: Cells): PlannedRequest {
  const { contentType, length, pieces } = layoutPatch(
    form,
    parts,
    form === 'multipart' ? { boundary: freeBoundary(parts, cells) } : {},
  );
  return {
    method: 'PATCH',
    contentType,
    length,
    pieces,
    ranges: parts
      .filter(({ range }) => range.first !== null)
      .map(({ from, to }) => ({ first: from, end: to })),
    sets: parts.some(({ range }) => range.first === null) ? cells.length : null,
  };
}

/** RFC 2046 §5.1.1: a boundary must not occur in what it bounds; the same bytes always get the same. */
function freeBoundary(parts: readonly Part[], cells: Cells): string {
  for (let number = 0; ; number++) {
    const boundary = number === 0 ? 'range' : `range-${number}`;
    const wanted = new TextEncoder().encode(`--${boundary}`);
    if (!parts.some(({ from, to }) => occurs(cells, from, to, wanted))) return boundary;
  }
}

function occurs(cells: Cells, from: number, to: number, wanted: Uint8Array): boolean {
  for (let at = from; at + wanted.length <= to; at++)
    if (wanted.every((byte, i) => cells[at + i] === byte)) return true;
  return false;
}

/** What a request of a plan is conditional on. */
export type Condition =
  | { readonly on: 'nothing' }
  | { readonly on: 'absent' }
  | { readonly on: 'etag'; readonly etag: string };

/** @param etag of the resource when the request goes out; null: none is known */
export function conditionOf(base: Base, settings: Settings, index: number, etag: string | null): Condition {
  if (!settings.conditional) return { on: 'nothing' };
  if (!base.exists && index === 0) return { on: 'absent' };
  // RFC 9110 §13.1.1: If-Match compares strongly, so a weak tag would never match.
  return etag === null || etag.startsWith('W/') ? { on: 'nothing' } : { on: 'etag', etag };
}

/** Every field that goes out, so that nothing is added on the way. */
export function fieldsOf(
  base: Base,
  request: PlannedRequest,
  condition: Condition,
  { transaction }: Settings,
): FieldLines {
  return [
    ['Host', new URL(base.url).host],
    ['Content-Type', request.contentType],
    ['Content-Length', String(request.length)],
    ...(condition.on === 'etag' ? [['If-Match', condition.etag] as const] : []),
    ...(condition.on === 'absent' ? [['If-None-Match', '*'] as const] : []),
    ...(transaction === null ? [] : [['Prefer', `transaction=${transaction}`] as const]),
  ];
}

/** The head as it goes over the wire. */
export function headBytes(
  base: Base,
  request: PlannedRequest,
  condition: Condition,
  settings: Settings,
): Uint8Array {
  const { pathname, search } = new URL(base.url);
  return writeRequest({
    method: request.method,
    target: pathname + search,
    fields: fieldsOf(base, request, condition, settings),
  });
}

/** The content as it goes over the wire. */
export function contentBytes({ pieces, length }: PlannedRequest, cells: Cells): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    const part = 'bytes' in piece ? piece.bytes : bytesOf(cells, piece.from, piece.to);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** `bytes 16-18, 40-41/100`, `all 100 bytes`: what a request writes, in few words. */
export function requestSummary({ method, ranges, sets }: PlannedRequest, complete: number): string {
  if (method === 'PUT') return `all ${counted(complete, 'byte')}`;
  const [range] = ranges;
  if (range === undefined) return `bytes */${sets ?? complete}`;
  if (ranges.length === 1 && sets === null) return `bytes ${range.first}-${range.end - 1}/${complete}`;
  const what = counted(ranges.length, 'range');
  return sets === null ? what : `${what} and the new length`;
}

/** The base after a request was carried out: what it wrote is there now. */
export function written(base: Base, cells: Cells, request: PlannedRequest, etag: string | null): Base {
  const reach = request.ranges.reduce((most, { end }) => Math.max(most, end), 0);
  const length = request.sets ?? Math.max(base.cells.length, reach);
  const now = new Int16Array(length).fill(MISSING);
  now.set(base.cells.subarray(0, length));
  for (const { first, end } of request.ranges) now.set(cells.subarray(first, end), first);
  return { ...base, exists: true, etag, cells: now };
}
