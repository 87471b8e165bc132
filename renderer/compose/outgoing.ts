// From what was composed to what goes out: what is wrong with it and where, the head as it will be written, and what the
// engine is told. Pure; a draft with problems is never sent.

import type { CommandArgs, CutSpec, SendContent } from '../../shared/contract.ts';
import { base64 } from '../../shared/export/base64.ts';
import { fieldLines, HttpSyntaxError, writeRequest } from '../../shared/http1/writer.ts';
import { count } from '../timeline/format.ts';
import type { CutDraft, Draft, Field, RequestDraft } from './draft.ts';
import { preferenceOf } from './fields.ts';
import { readNumber } from '../ui/numbers.ts';
import { readRaw } from './raw-text.ts';
import { judgeOption, optionsOf, sendOptions, strategyInfo } from './strategies.ts';

/** Where something is wrong: a control of the panel, in the batch with the index of its request. */
export interface Problem {
  readonly at:
    | 'method'
    | 'url'
    | 'body'
    | 'cut'
    | 'raw'
    | 'batch'
    | 'patience'
    | `field ${number}`
    | `option ${string}`;
  readonly request: number | null;
  /** One sentence, or two. */
  readonly sentence: string;
}

/** A tab of the request. */
export type Part = 'fields' | 'body' | 'strategy' | 'cut';

/** The tab in which something wrong is mended; null: it is outside of them. */
export function partOf(at: Problem['at']): Part | null {
  if (at.startsWith('field ')) return 'fields';
  if (at === 'body' || at === 'cut') return at;
  return at.startsWith('option ') ? 'strategy' : null;
}

/** Bytes that go from this page to the engine with one request; a longer file is handed over. */
export const MOST_BYTES = 4 * 1024 * 1024;
const DEFAULT_PATIENCE = 5_000;

/** What would keep a draft from being sent, in the order of the panel. */
export function judge(draft: Draft): readonly Problem[] {
  const patience = draft.options.patience ?? '';
  switch (draft.mode) {
    case 'request':
      return [
        ...judgeAddress(draft.request.url),
        ...judgeRequest(draft.request, null),
        ...optionsOf(draft.strategy).flatMap((option): readonly Problem[] => {
          const sentence = judgeOption(option, draft.options[option.name] ?? '');
          return sentence === null ? [] : [{ at: `option ${option.name}`, request: null, sentence }];
        }),
        ...judgeCut(draft.cut),
      ];
    case 'batch': {
      const { url, requests } = draft.batch;
      if (requests.length === 0)
        return [...judgeAddress(url), { at: 'batch', request: null, sentence: 'Add a request first.' }];
      return [...judgeAddress(url), ...requests.flatMap(judgeRequest), ...judgePatience(patience)];
    }
    case 'raw':
      return [...judgeAddress(draft.raw.url), ...judgeRaw(draft.raw.text), ...judgePatience(patience)];
  }
}

/** An absolute http or https URL. */
function judgeAddress(url: string): readonly Problem[] {
  const at = 'url';
  if (url.trim() === '')
    return [{ at, request: null, sentence: 'Write where it goes, such as http://127.0.0.1:18080/print.' }];
  if (!/^https?:\/\//i.test(url.trim()) || !URL.canParse(url))
    return [{ at, request: null, sentence: 'Write a whole address that begins with http:// or https://.' }];
  return [];
}

function judgePatience(typed: string): readonly Problem[] {
  const option = optionsOf('plain').find(({ name }) => name === 'patience')!;
  const sentence = judgeOption(option, typed);
  return sentence === null ? [] : [{ at: 'patience', request: null, sentence }];
}

function judgeRequest(
  { method, url, fields, body }: RequestDraft,
  request: number | null,
): readonly Problem[] {
  const problems: Problem[] = [];
  const tell = (at: Problem['at'], sentence: string): void => void problems.push({ at, request, sentence });
  const refused = refusal(() => writeRequest({ method, target: '/', fields: [] }));
  if (refused !== null) tell('method', method === '' ? 'Write a method, such as GET.' : refused);
  if (request !== null) {
    const target = refusal(() => writeRequest({ method: 'GET', target: url, fields: [] }));
    if (target !== null) tell('url', url === '' ? 'Write a path, such as /print.' : target);
  }
  fields.forEach((field, index) => {
    const sentence = judgeField(field);
    if (sentence !== null) tell(`field ${index}`, sentence);
  });
  if (body.kind === 'generated') {
    if (readNumber(body.size) === null)
      tell('body', 'A whole number of bytes is needed, such as 1,000,000 or 64 KiB.');
  } else if (body.kind === 'file') {
    if (body.file === null) tell('body', 'Choose a file.');
    else if (body.file.bytes === null && body.file.held === undefined)
      tell('body', `Choose ${body.file.name} again: a page may not keep files while it is loaded anew.`);
  }
  const length = contentLength({ method, url, fields, body });
  const isHeld = body.kind === 'generated' || (body.kind === 'file' && body.file?.held !== undefined);
  if (isHeld && request !== null)
    tell('body', `A batch carries text and files of up to ${count(MOST_BYTES)} bytes: choose one of them.`);
  else if (!isHeld && length !== null && length > MOST_BYTES)
    tell(
      'body',
      `It has ${count(length)} bytes, and ${count(MOST_BYTES)} are the most that can be sent from here.`,
    );
  return problems;
}

/** What is wrong with a field, one sentence; null: nothing. */
function judgeField([name, value]: Field): string | null {
  if (name === '') return value === '' ? null : 'Write the name of the field.';
  return refusal(() => fieldLines([[name, value.trim()]]));
}

function judgeCut({ on, at }: CutDraft): readonly Problem[] {
  if (!on || readNumber(at) !== null) return [];
  return [{ at: 'cut', request: null, sentence: 'A whole number of bytes is needed, such as 100,000.' }];
}

function judgeRaw(text: string): readonly Problem[] {
  const { bytes, problem } = readRaw(text);
  const request = null;
  if (problem !== null) return [{ at: 'raw', request, sentence: problem.sentence }];
  if (bytes.length === 0) return [{ at: 'raw', request, sentence: 'Write the bytes that are to go out.' }];
  if (bytes.length > MOST_BYTES)
    return [
      { at: 'raw', request, sentence: `${count(MOST_BYTES)} bytes are the most that can be sent from here.` },
    ];
  return [];
}

function refusal(write: () => unknown): string | null {
  try {
    write();
    return null;
  } catch (error) {
    if (error instanceof HttpSyntaxError) return error.message;
    throw error;
  }
}

/** Bytes of content; null without any, and while nobody knows. */
export function contentLength({ body }: RequestDraft): number | null {
  switch (body.kind) {
    case 'none':
      return null;
    case 'text':
      return new TextEncoder().encode(body.text).length;
    case 'generated':
      return readNumber(body.size);
    case 'file':
      return body.file?.held?.length ?? body.file?.bytes?.length ?? null;
  }
}

/** Fields without rows that are empty still, and without blanks round values. */
function sentFields(fields: readonly Field[]): [string, string][] {
  return fields.filter(([name]) => name !== '').map(([name, value]) => [name, value.trim()]);
}

/** A line of a head. `added`: it is not the user's own. */
export interface HeadLine {
  readonly text: string;
  readonly added: boolean;
}

/**
 * The head as it will be written, with what the client adds (in its order); null while it cannot be. Of strategies that
 * make requests of their own there is none.
 */
export function headLines(draft: Draft): readonly HeadLine[] | null {
  if (draft.mode === 'raw' || judge(draft).length > 0) return null;
  const request = draft.mode === 'batch' ? draft.batch.requests[draft.batch.chosen]! : draft.request;
  const { adds } = strategyInfo(draft.mode === 'batch' ? 'plain' : draft.strategy);
  if (adds === null) return null;
  const url = new URL(draft.mode === 'batch' ? draft.batch.url : request.url);
  const target = draft.mode === 'batch' ? request.url : url.pathname + url.search;
  const fields = sentFields(request.fields);
  const has = (name: string): boolean => fields.some(([field]) => field.toLowerCase() === name);
  const length = contentLength(request);
  const own = (text: string): HeadLine => ({ text, added: false });
  const added = (text: string): HeadLine => ({ text, added: true });
  const isSecret = url.username !== '' || url.password !== '';
  const preferences = adds.filter((name) => preferenceOf(fields, name) === null);
  return [
    own(`${request.method} ${target} HTTP/1.1`),
    ...(has('host') ? [] : [added(`Host: ${url.host}`)]),
    ...(isSecret && !has('authorization') ? [added(`Authorization: Basic ${basic(url)}`)] : []),
    ...fields.map(([name, value]) => own(value === '' ? `${name}:` : `${name}: ${value}`)),
    ...(length === null || has('content-length') ? [] : [added(`Content-Length: ${length}`)]),
    ...(adds.includes('resume') && length !== null && length > 0 && !has('expect')
      ? [added('Expect: 100-continue')]
      : []),
    ...(preferences.length === 0 ? [] : [added(`Prefer: ${preferences.join(', ')}`)]),
  ];
}

/** RFC 7617 §2 */
function basic({ username, password }: URL): string {
  return base64(new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`));
}

/** What is no valid percent-encoding stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A request as bytes, head and content, for raw text to begin with; null while they are not known. */
export function requestBytes(draft: Draft): Uint8Array<ArrayBuffer> | null {
  const lines = headLines({
    ...draft,
    mode: 'request',
    strategy: 'plain',
    options: {},
    cut: { ...draft.cut, on: false },
  });
  const content = bytesOf(draft.request);
  if (lines === null || content === undefined) return null;
  const head = `${lines.map(({ text }) => text).join('\r\n')}\r\n\r\n`;
  const bytes = new Uint8Array(head.length + (content?.length ?? 0));
  for (let i = 0; i < head.length; i++) bytes[i] = head.charCodeAt(i);
  if (content !== null) bytes.set(content, head.length);
  return bytes;
}

/** Content that this page has in hand; null without any, undefined where it is made elsewhere. */
function bytesOf({ body }: RequestDraft): Uint8Array<ArrayBuffer> | null | undefined {
  switch (body.kind) {
    case 'none':
      return null;
    case 'text':
      return new TextEncoder().encode(body.text);
    case 'generated':
      return undefined;
    case 'file':
      return body.file?.bytes ?? undefined;
  }
}

/** @throws {TypeError} for a draft with problems: judge it first */
export function sendArgs(draft: Draft): CommandArgs<'send'> {
  const { request, strategy, options, cut } = draft;
  return {
    method: request.method,
    url: request.url.trim(),
    fields: sentFields(request.fields),
    content: contentOf(request),
    strategy,
    options: sendOptions(strategy, options),
    cuts: cut.on ? [cutSpec(cut)] : [],
  };
}

export function batchArgs({ batch, options }: Draft): CommandArgs<'sendBatch'> {
  return {
    url: batch.url.trim(),
    requests: batch.requests.map((request) => {
      const content = contentOf(request);
      if (typeof content === 'object' && content !== null) throw new TypeError('A batch carries bytes only.');
      return { method: request.method, target: request.url, fields: sentFields(request.fields), content };
    }),
    patience: patienceOf(options.patience),
  };
}

export function rawArgs({ raw, options }: Draft): CommandArgs<'sendRaw'> {
  return {
    url: raw.url.trim(),
    bytes: base64(readRaw(raw.text).bytes),
    patience: patienceOf(options.patience),
  };
}

function patienceOf(typed: string | undefined): number {
  return readNumber(typed ?? '') ?? DEFAULT_PATIENCE;
}

function contentOf(request: RequestDraft): SendContent | null {
  if (request.body.kind === 'generated') return { generated: readNumber(request.body.size)! };
  const held = request.body.kind === 'file' ? request.body.file?.held : undefined;
  if (held !== undefined) return { file: held.path };
  const bytes = bytesOf(request);
  if (bytes === undefined) throw new TypeError('The file is not there.');
  return bytes === null ? null : base64(bytes);
}

function cutSpec({ end, direction, kind, at, content }: CutDraft): CutSpec {
  return { end, direction, at: readNumber(at)!, content, cut: kind };
}
