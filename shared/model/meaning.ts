// What a response head says that operations live on: progress, stored bytes, locations. Reads fields, decides nothing.

import type { UploadRequest } from '../byteranges/upload-request.ts';
import { parseAcknowledge, parseAcknowledgeReason } from '../fields/acknowledge.ts';
import { parseContentRange } from '../fields/content-range.ts';
import { FieldFault } from '../fields/fault.ts';
import { parseLink } from '../fields/link.ts';
import { parsePrefer } from '../fields/prefer.ts';
import { parseUploadComplete, parseUploadIncomplete } from '../fields/upload-complete.ts';
import { parseUploadLength } from '../fields/upload-length.ts';
import { parseUploadOffset } from '../fields/upload-offset.ts';
import type { Head } from '../http1/types.ts';
import type { OperationFacts, Role } from './operations.ts';
import type { FieldOfInterest, FieldPlaces } from './rules/field-places.ts';
import type { Meaning } from './stream-items.ts';

/** Whose answer a response head is. */
export interface Answered {
  readonly method: string;
  readonly role: Role | null;
  readonly operation: OperationFacts;
  readonly upload: UploadRequest | null;
}

/** How much of an upload is stored. */
interface Stored {
  readonly acknowledged: number | null;
  readonly segment: readonly [number, number] | null;
  readonly complete: number | null;
  /** The field that tells it; null: the reason phrase of the proof of concept. */
  readonly by: FieldOfInterest | null;
}

/** Takes out of a response head what operations live on. Null: nothing. @param places of this head */
export function meaningOf(head: Head, places: FieldPlaces, of: Answered): Meaning | null {
  if (places.usual && of.method !== 'HEAD' && head.status !== 199) return null;
  const { status } = head;
  const stored = storedOf(head, places, of);
  const location = places.first('location');
  const isFinal = status >= 200;
  const uploads = of.method !== 'GET' && of.method !== 'HEAD';
  const completes = completesOf(places);
  // An upload resource was made, and not what the upload is for.
  const hands = (status === 104 || (status === 201 && makesUpload(of, completes))) && location !== null;
  const requestContent = places.first('request-content-location') ?? (hands ? location : null);
  const meaning: Meaning = {
    progress: places.first('progress'),
    acknowledged: stored?.acknowledged ?? null,
    acknowledgedAt: stored === null || stored.by === null ? head.start : places.position(stored.by),
    segment: stored?.segment ?? null,
    complete: stored?.complete ?? null,
    requestContent,
    duplicates:
      requestContent !== null || of.role === 'request-content' ? duplicatesOf(places) : NO_DUPLICATES,
    responseMessage: places.first('response-message-location'),
    status: statusOf(status, places),
    result: !hands && ((status === 201 && uploads) || status === 303) ? location : null,
    content: isFinal && status < 300 && status !== 202 && uploads ? places.first('content-location') : null,
    results: places.all('status-uri'),
    transaction: transactionOf(places.all('preference-applied')),
    // A 413 that tells what is taken asks for less at a time.
    again: isFinal && (places.has('retry-after') || (status === 413 && places.has('upload-limit'))),
    completes,
  };
  return says(meaning) ? meaning : null;
}

function says(meaning: Meaning): boolean {
  return (
    meaning.progress !== null ||
    meaning.acknowledged !== null ||
    meaning.segment !== null ||
    meaning.complete !== null ||
    meaning.requestContent !== null ||
    meaning.duplicates.length > 0 ||
    meaning.responseMessage !== null ||
    meaning.status !== null ||
    meaning.result !== null ||
    meaning.content !== null ||
    meaning.results !== null ||
    meaning.transaction !== null ||
    meaning.again ||
    meaning.completes !== null
  );
}

/** Where the status of work that goes on can be asked for, as it is told in practice. */
function statusOf(status: number, places: FieldPlaces): string | null {
  if (status === 102) return places.first('location');
  if (status < 200 || status >= 300) return null;
  const told = places.first('azure-asyncoperation') ?? places.first('operation-location');
  return told ?? (status === 202 ? places.first('location') : null);
}

const NO_DUPLICATES: readonly string[] = [];
/** Places of one upload that are taken from one answer. */
const MOST_DUPLICATES = 8;

/** RFC 6249 §3: the same upload at other addresses, where it can be asked about and gone on with as well. */
function duplicatesOf(places: FieldPlaces): readonly string[] {
  const value = places.all('link');
  const links = value === null ? null : known(parseLink(value));
  if (links === null) return NO_DUPLICATES;
  return links
    .filter(({ relations, anchored }) => !anchored && relations.includes('duplicate'))
    .map(({ reference }) => reference)
    .slice(0, MOST_DUPLICATES);
}

/** Whether the answer to this request makes an upload resource: that of one which does not bring all of the upload. */
function makesUpload({ upload, role }: Answered, completes: boolean | null): boolean {
  if (upload === null || role !== null) return false;
  if (upload.protocol === 'tus') return true;
  return completes === null ? upload.last === false : !completes;
}

/** Upload-Complete, or the field that says the opposite. */
function completesOf(places: FieldPlaces): boolean | null {
  const complete = places.first('upload-complete');
  if (complete !== null) return known(parseUploadComplete(complete));
  const incomplete = places.first('upload-incomplete');
  if (incomplete === null) return null;
  const more = known(parseUploadIncomplete(incomplete));
  return more === null ? null : !more;
}

function known<Value>(value: Value | FieldFault): Value | null {
  return value instanceof FieldFault ? null : value;
}

function storedOf(head: Head, places: FieldPlaces, of: Answered): Stored | null {
  const told = places.first('acknowledge');
  if (told !== null) return { acknowledged: bytesOf(told), segment: null, complete: null, by: 'acknowledge' };
  const offset = places.first('upload-offset');
  const length = places.first('upload-length');
  const complete = length === null ? null : known(parseUploadLength(length));
  if (offset !== null) {
    const acknowledged = known(parseUploadOffset(offset));
    return { acknowledged, segment: null, complete, by: 'upload-offset' };
  }
  const { status } = head;
  if (status === 199) {
    const acknowledged = parseAcknowledgeReason(head.reason);
    return acknowledged === null ? null : { acknowledged, segment: null, complete: null, by: null };
  }
  // The length of what an upload resource has, told by its HEAD, and the range of what is there of it.
  const asked = of.method === 'HEAD' && status >= 200 && status < 300 && tellsOfUpload(status, of);
  const written = status === 299 && of.method !== 'HEAD' && of.method !== 'GET';
  if (!asked && !written) return null;
  const value = places.first('content-range');
  const range = value === null ? null : parseContentRange(value);
  const by = 'content-range';
  if (range !== null && !(range instanceof FieldFault)) {
    const { first, last, complete } = range;
    if (first === 0 && last !== null) return { acknowledged: last + 1, segment: null, complete, by };
    if (first !== null && last !== null)
      return { acknowledged: null, segment: [first, last + 1], complete, by };
    if (!asked) return { acknowledged: null, segment: null, complete, by };
    return { acknowledged: lengthOf(places), segment: null, complete, by: 'content-length' };
  }
  if (!asked) return null;
  return { acknowledged: lengthOf(places), segment: null, complete: null, by: 'content-length' };
}

/** Whether what is there is what was uploaded: a resource may have been there before. */
function tellsOfUpload(status: number, { role, operation }: Answered): boolean {
  if (role === 'request-content') return true;
  return role === 'target' && (status === 299 || operation.watch.creates || operation.segmented);
}

function lengthOf(places: FieldPlaces): number | null {
  return bytesOf(places.first('content-length') ?? '');
}

/** draft-ietf-httpapi-patch-byterange: whether a request is all or nothing, or every byte of it is kept. */
export function transactionOf(preferences: string | null): 'atomic' | 'persist' | null {
  if (preferences === null) return null;
  const parsed = parsePrefer(preferences);
  if (parsed instanceof FieldFault) return null;
  const value = parsed.get('transaction')?.value;
  return value === 'atomic' || value === 'persist' ? value : null;
}

/** A length or an offset, which are written as an Acknowledge value is. */
function bytesOf(value: string): number | null {
  const bytes = parseAcknowledge(value);
  return typeof bytes === 'number' ? bytes : null;
}
