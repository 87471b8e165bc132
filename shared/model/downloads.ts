// What a response's content is to its operation: a representation that was asked for, bytes that were uploaded before,
// a response document. Decides by the heads alone.

import { parseContentRange } from '../fields/content-range.ts';
import { FieldFault } from '../fields/fault.ts';
import type { Head } from '../http1/types.ts';
import { type DocumentSink, NestedDocument } from './nested-document.ts';
import type { Operations } from './operations.ts';
import type { Running } from './running.ts';
import type { Meaning } from './stream-items.ts';

/** Only what was asked for as a download counts as one: not the reports of an upload's own requests. */
export function isDownload(running: Running, meaning: Meaning | null, operations: Operations): boolean {
  const { operation, method, role, url, status } = running;
  if (operation.asked || meaning?.again === true) return false;
  if (method === 'GET')
    return (status === 200 || status === 206) && (operation.method === 'GET' || role === 'result');
  // What a POST made comes with its answer, and can be had again where Content-Location says.
  if (method !== 'POST' || meaning === null || meaning.content === null) return false;
  if (status !== 200 && status !== 201) return false;
  const known = operations.roleOf(operation, meaning.content, url);
  return known === null || known === 'result';
}

/** Whether a response sends back what this operation uploaded, and nothing else. */
export function looksAtUpload({ operation, method, role, status }: Running): boolean {
  if (method !== 'GET' || role !== 'target' || operation.settled || !operation.watch.creates) return false;
  return status === 200 || status === 206 || status === 299;
}

/** What reads a message/http document: from its beginning, or on from where a response before it broke off. */
export function documentOf(
  running: Running | undefined,
  head: Head,
  sink: DocumentSink,
): NestedDocument | null {
  if (running === undefined || head.framing === 'none') return null;
  const { operation } = running;
  if (head.status !== 206) return (operation.document = new NestedDocument(sink));
  const range = parseContentRange(head.field('content-range') ?? '');
  const { document } = operation;
  if (document === null || range instanceof FieldFault || range.first !== document.position) return null;
  document.sink = sink;
  document.ends = range.last !== null && range.last + 1 === range.complete;
  return document;
}
