// Writes HTTP/1.1 heads and chunks. Names and values go out as they are given, in their order and case; what would
// not be read back as it was meant is refused, except by the one function that says so in its name.

import { TEXT, TOKEN, VISIBLE, isBlank } from './grammar.ts';
import { reasonOf } from './status.ts';

/** Field lines in order, names in their own case. Values are ISO-8859-1. */
export type FieldLines = readonly (readonly [name: string, value: string])[];

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** HTTP minor version, 1 by default. */
  readonly minor?: 0 | 1;
  readonly fields: FieldLines;
}

export interface ResponseHead {
  /** 100–999. */
  readonly status: number;
  /** By default the status code's usual one. */
  readonly reason?: string;
  readonly minor?: 0 | 1;
  readonly fields: FieldLines;
}

export type HttpSyntaxCode =
  | 'method'
  | 'target'
  | 'status'
  | 'reason'
  | 'field-name'
  | 'field-value'
  | 'chunk-extension';

/** What cannot be written: which part it is, and a sentence that says what to do. */
export class HttpSyntaxError extends Error {
  readonly code: HttpSyntaxCode;
  constructor(code: HttpSyntaxCode, message: string) {
    super(message);
    this.name = 'HttpSyntaxError';
    this.code = code;
  }
}

/** Writes a request head (RFC 9112 §3). Throws HttpSyntaxError for what is no HTTP. */
export function writeRequest(head: RequestHead): Uint8Array<ArrayBuffer> {
  const { method, target, minor = 1, fields } = head;
  if (!isMade(method, TOKEN)) throw refusal('method', method, 'a method is a token such as PATCH');
  if (!isMade(target, VISIBLE))
    throw refusal('target', target, 'a target has no spaces or controls: percent-encode them');
  return latin1Bytes(`${method} ${target} HTTP/1.${minor}\r\n${fieldLines(fields)}\r\n`);
}

/** Writes a response head, interim or final (RFC 9112 §4). Throws HttpSyntaxError for what is no HTTP. */
export function writeResponse(head: ResponseHead): Uint8Array<ArrayBuffer> {
  const { status, minor = 1, fields } = head;
  const reason = head.reason ?? reasonOf(status);
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw refusal('status', String(status), 'a status code has three digits, 100 to 999');
  }
  if (!isText(reason)) throw refusal('reason', reason, 'a reason phrase is one line of text');
  return latin1Bytes(`HTTP/1.${minor} ${status} ${reason}\r\n${fieldLines(fields)}\r\n`);
}

/**
 * Writes a head exactly as given, broken or not: for experiments about malformed messages only. Lines end in CRLF
 * unless they bring their own LF; characters above U+00FF are refused, since they are no byte.
 * @param lines start line, field lines, and '' for the empty line if there is to be one
 */
export function writeMalformedHead(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return latin1Bytes(lines.map((line) => (line.endsWith('\n') ? line : `${line}\r\n`)).join(''));
}

/** Writes field lines without the empty line. Throws HttpSyntaxError for what is no HTTP. */
export function fieldLines(fields: FieldLines): string {
  let text = '';
  for (const [name, value] of fields) {
    if (!isMade(name, TOKEN))
      throw refusal('field-name', name, 'a field name is a token such as Content-Range');
    if (!isText(value))
      throw refusal('field-value', value, `the value of ${name} must be one line of ISO-8859-1 text`);
    text += value === '' ? `${name}:\r\n` : `${name}: ${value}\r\n`;
  }
  return text;
}

const CRLF = Uint8Array.of(0x0d, 0x0a);

/**
 * Wraps bytes as one chunk (RFC 9112 §7.1). Of no bytes: no bytes, because a chunk of size 0 would be the last.
 * @param extension with its `;`, for example `;name=value`
 */
export function writeChunk(data: Uint8Array, extension = ''): Uint8Array<ArrayBuffer> {
  if (data.length === 0) return new Uint8Array(0);
  const line = chunkLine(data.length, extension);
  const bytes = new Uint8Array(line.length + data.length + CRLF.length);
  bytes.set(line);
  bytes.set(data, line.length);
  bytes.set(CRLF, line.length + data.length);
  return bytes;
}

/** The last chunk, the trailer section and the empty line. */
export function writeLastChunk(trailers: FieldLines = [], extension = ''): Uint8Array<ArrayBuffer> {
  checkExtension(extension);
  return latin1Bytes(`0${extension}\r\n${fieldLines(trailers)}\r\n`);
}

function chunkLine(size: number, extension: string): Uint8Array<ArrayBuffer> {
  checkExtension(extension);
  return latin1Bytes(`${size.toString(16)}${extension}\r\n`);
}

function checkExtension(extension: string): void {
  if (extension !== '' && !(extension.startsWith(';') && isText(extension))) {
    throw refusal('chunk-extension', extension, 'an extension begins with ";" and is one line of text');
  }
}

function refusal(code: HttpSyntaxCode, what: string, rule: string): HttpSyntaxError {
  const shown = what.length > 60 ? `${what.slice(0, 60)}…` : what;
  return new HttpSyntaxError(code, `${JSON.stringify(shown)} cannot be sent: ${rule}.`);
}

/** Not empty, and every character is of the class. */
function isMade(text: string, of: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (of[text.charCodeAt(i)] !== 1) return false;
  return text.length > 0;
}

/** Text of one line that is read back as it is: no controls, no blanks at its ends, nothing beyond ISO-8859-1. */
function isText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff || (code < 0x80 && TEXT[code] !== 1)) return false;
  }
  return !isBlankAt(text, 0) && !isBlankAt(text, text.length - 1);
}

function isBlankAt(text: string, index: number): boolean {
  return index >= 0 && index < text.length && isBlank(text.charCodeAt(index));
}

function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff)
      throw refusal('field-value', text.slice(i), 'only ISO-8859-1 characters are single bytes');
    bytes[i] = code;
  }
  return bytes;
}
