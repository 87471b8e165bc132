// What of an upload is stored, as far as the wire tells: bytes arrive, are confirmed, given up, replaced. Pure: changes
// what an operation and an exchange remember, tells nothing.

import { Intervals } from '../byteranges/intervals.ts';
import type { PartHead } from '../byteranges/parts.ts';
import type { UploadRequest } from '../byteranges/upload-request.ts';
import { Layer } from './events.ts';
import type { OperationFacts } from './operations.ts';
import type { Running } from './running.ts';

/**
 * The layer that tells what has arrived: what the server read, or, without its end, what the client sent.
 * @param ends which ends are held: bit 0 the client's, bit 1 the server's
 */
export function arrivalLayer(ends: number): 1 | 2 {
  return (ends & 2) === 0 ? Layer.sent : Layer.received;
}

/** Bytes first … end of an upload have passed a layer. */
export function arrived(running: Running, layer: 1 | 2, first: number, end: number, arrival: 1 | 2): void {
  // A write taken back: the close follows, and with it all that this exchange could still tell.
  if (end <= first) return;
  const { watch, operation } = running;
  if (layer === Layer.sent) (watch.sent ??= new Intervals()).add(first, end);
  else (watch.received ??= new Intervals()).add(first, end);
  if (layer !== arrival) return;
  const { upload } = operation.watch;
  upload.arrived.add(first, end);
  upload.top = Math.max(upload.top, end);
  if (watch.keeps && layer === Layer.received) upload.stored.add(first, end);
}

/** A request of a resumable upload: what it says of the whole. */
export function begunUpload({ operation, method }: Running, { length, last, protocol }: UploadRequest): void {
  operation.protocol = protocol;
  if (length !== null) operation.length = length;
  // It is over when all bytes are there, or when a request says that these are the last.
  if (last === false || (protocol === 'tus' && method === 'POST')) operation.segmented = true;
}

/** A part of a byte-range patch: what it says of the upload that it belongs to. */
export function partTold(operation: OperationFacts, { range }: PartHead): void {
  const { first, last, complete } = range;
  if (complete !== null) operation.length = complete;
  // A length alone sets the size: what was beyond is gone.
  if (first === null && complete !== null)
    operation.watch.upload.stored.remove(complete, Number.MAX_SAFE_INTEGER);
  if (first === 0 && last !== null && complete !== null && last + 1 < complete) operation.segmented = true;
}

/** What a final status says of the bytes that came with its request. */
export function answered(running: Running, status: number, arrival: 1 | 2): void {
  const { operation, watchSoFar, method, role } = running;
  if (role !== 'request-content') {
    if (status === 201 && (method === 'PUT' || method === 'PATCH')) operation.watch.creates = true;
    if (status === 299 && method === 'PATCH') operation.segmented = true;
  }
  if (role === 'target' && method === 'HEAD' && (status === 404 || status === 410))
    operation.watch.upload.restart();
  const passed = (arrival === Layer.sent ? watchSoFar?.sent : watchSoFar?.received) ?? null;
  if (passed === null) return;
  const { stored } = operation.watch.upload;
  if (status >= 400) {
    // Whatever still comes of it is read to be thrown away.
    running.watch.keeps = false;
    for (const [first, end] of passed.list()) stored.remove(first, end);
  } else if (status < 300) for (const [first, end] of passed.list()) stored.add(first, end);
}

/** A HEAD told how much of the upload is there: what lies beyond was given up, and is to be sent again. */
export function found(operation: OperationFacts, bytes: number): void {
  const { upload } = operation.watch;
  if (operation.recovering) upload.found = bytes;
  if (upload.sparse) return;
  upload.stored.remove(bytes, Number.MAX_SAFE_INTEGER);
  upload.stored.add(0, bytes);
}

/** What was to be all or nothing, and was cut, is nothing. */
export function giveUp({ transaction, watchSoFar, operation }: Running): void {
  const received = watchSoFar?.received ?? null;
  if (transaction !== 'atomic' || received === null) return;
  for (const [first, end] of received.list()) operation.watch.upload.stored.remove(first, end);
}
