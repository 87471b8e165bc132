// Says in lines what an example means: the parser of HTTP/1.1, then the reader of each field, then the reader of the
// patch. Nothing is looked up in the text itself.

import type { PatchReader } from '../../../shared/byteranges/parts.ts';
import { createPatchReader } from '../../../shared/byteranges/patch-reader.ts';
import { parseContentOffset } from '../../../shared/fields/content-offset.ts';
import { parseContentRange } from '../../../shared/fields/content-range.ts';
import { parseEntityTags, writeEntityTag } from '../../../shared/fields/entity-tag.ts';
import { parseExpect } from '../../../shared/fields/expect.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseHttpDate } from '../../../shared/fields/http-date.ts';
import { resolveLocation } from '../../../shared/fields/location.ts';
import { parsePrefer } from '../../../shared/fields/prefer.ts';
import { parseProgress } from '../../../shared/fields/progress.ts';
import type { Remark } from '../../../shared/fields/progress.ts';
import { parseStatusUri } from '../../../shared/fields/status-uri.ts';
import { createParser } from '../../../shared/http1/parser.ts';
import type { Role } from '../../../shared/http1/types.ts';

/** What a message is read in the light of. */
export interface Context {
  readonly role: Role;
  /** Method of the request that responses answer. */
  readonly method: string;
  /** Absolute URI of the request. */
  readonly base: string;
}

/** The lines: each start line, field, note, part and body, and how the message ended. */
export function account(bytes: Uint8Array, context: Context): string[] {
  const lines: string[] = [];
  let patch: PatchReader | null = null;
  let content = '';
  const parser = createParser(context.role, {
    head(head) {
      lines.push(head.role === 'request' ? `${head.method} ${head.target}` : `${head.status} ${head.reason}`);
      for (let i = 0; i < head.fieldCount; i++) {
        lines.push(`${head.fieldName(i)}: ${meaning(head.fieldName(i), head.fieldValue(i), context.base)}`);
      }
      patch = patchReader(head.field('content-type') ?? '', lines);
    },
    content(piece, from, to, at) {
      if (patch !== null) patch.feed(piece, from, to, at);
      else content += String.fromCharCode(...piece.subarray(from, to));
    },
    messageEnd(_end, complete) {
      if (patch !== null) lines.push(`patch ${patch.end() ? 'whole' : 'cut short'}`);
      if (content !== '') lines.push(`content ${JSON.stringify(content)}`);
      lines.push(complete ? 'complete' : 'cut short');
    },
    note: (note) => lines.push(`note ${note.code}`),
    error: (error) => lines.push(`error ${error.code}`),
  });
  if (context.role === 'response') parser.expect(context.method);
  parser.feed(bytes);
  parser.end();
  return lines;
}

/** Reads a patch document into the same kind of lines. */
export function accountOfPatch(contentType: string, bytes: Uint8Array): string[] {
  const lines: string[] = [];
  const reader = patchReader(contentType, lines)!;
  reader.feed(bytes, 0, bytes.length, 0);
  lines.push(`patch ${reader.end() ? 'whole' : 'cut short'}`);
  return lines;
}

function patchReader(contentType: string, lines: string[]): PatchReader | null {
  return createPatchReader(contentType, {
    head: ({ range, contentType: type, length }) =>
      lines.push(`part ${span(range)}${type === '' ? '' : `, ${type}`}, ${length ?? 'unknown'} bytes`),
    body: (bytes, from, to) =>
      lines.push(`body ${JSON.stringify(String.fromCharCode(...bytes.subarray(from, to)))}`),
    partEnd: (whole) => lines.push(`part ${whole ? 'whole' : 'cut short'}`),
    note: ({ code }) => lines.push(`note ${code}`),
    fault: ({ code }) => lines.push(`fault ${code}`),
  });
}

/** What a field value says, or which fault it has where. */
export function meaning(name: string, value: string, base = 'http://example.com/'): string {
  switch (name.toLowerCase()) {
    case 'progress':
      return told(parseProgress(value), ({ remarks }) => remarks.map(remarkInWords).join(', '));
    case 'status-uri':
      return told(parseStatusUri(value), (results) =>
        results.map(({ status, reference }) => `${status} of ${locationInWords(reference, base)}`).join(', '),
      );
    case 'location':
    case 'content-location':
      return locationInWords(value, base);
    case 'prefer':
    case 'preference-applied':
      return told(parsePrefer(value), (preferences) =>
        [...preferences]
          .map(([key, { value: said }]) => (said === '' ? key : `${key} is ${said}`))
          .join(', '),
      );
    case 'content-range':
      return told(parseContentRange(value), span);
    case 'content-offset':
      return told(
        parseContentOffset(value),
        ({ offset, complete }) => `from ${offset} of ${complete ?? '?'}`,
      );
    case 'if-match':
    case 'if-none-match':
      return told(parseEntityTags(value), (tags) =>
        tags === '*' ? 'any' : tags.map(writeEntityTag).join(' or '),
      );
    case 'if-unmodified-since':
      return told(parseHttpDate(value), (ms) => new Date(ms).toISOString());
    case 'expect':
      return told(parseExpect(value), (expected) =>
        expected.continue ? 'a 100' : expected.others.join(', '),
      );
    default:
      return value;
  }
}

function told<T>(parsed: T | FieldFault, words: (parsed: T) => string): string {
  return parsed instanceof FieldFault ? `${parsed.code} at ${parsed.at}` : words(parsed);
}

function span(range: Exclude<ReturnType<typeof parseContentRange>, FieldFault>): string {
  const which = range.first === null ? 'nothing' : `${range.first} to ${range.last ?? '?'}`;
  return `${which} of ${range.complete ?? '?'}${range.unit === null ? ', without unit' : ''}`;
}

function locationInWords(value: string, base: string): string {
  return told(
    resolveLocation(value, base),
    ({ url, bracketed }) => `${url.href}${bracketed ? ' in < >' : ''}`,
  );
}

function remarkInWords(remark: Remark): string {
  const deep = '·'.repeat(remark.depth);
  switch (remark.kind) {
    case 'fraction':
      return `${deep}${remark.numerator} of ${remark.denominator ?? '?'}`;
    case 'comment':
      return `${deep}(${remark.text})`;
    case 'quoted':
      return `${deep}"${remark.text}"`;
    case 'text':
      return `${deep}${remark.language} ${remark.text}`;
  }
}
