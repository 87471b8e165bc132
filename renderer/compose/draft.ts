// What a user composes, as it was typed: one request, a batch for one connection, or bytes. Kept as text by the storage of
// the page and read back; what is not what it should be falls back to its default. Pure.

import type { CutKind, Direction, End } from '../../shared/capture/records.ts';
import { OPTIONS, type OptionName, STRATEGIES, type StrategyName } from './strategies.ts';

export type Mode = 'request' | 'batch' | 'raw';
export type Field = readonly [name: string, value: string];
export type BodyKind = 'none' | 'text' | 'generated' | 'file';

/** Each kind keeps its own, so that changing one's mind loses nothing. */
export interface BodyDraft {
  readonly kind: BodyKind;
  readonly text: string;
  /** Bytes, as typed. */
  readonly size: string;
  readonly file: FileDraft | null;
}

export interface FileDraft {
  readonly name: string;
  /** Null: the engine has them, or it was chosen before the page was loaded again and has to be chosen anew. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** Where the engine finds what is too long to go with the request. */
  readonly held?: { readonly path: string; readonly length: number };
}

export interface RequestDraft {
  readonly method: string;
  /** Absolute; of a request in a batch: path and query only. */
  readonly url: string;
  readonly fields: readonly Field[];
  readonly body: BodyDraft;
}

export interface CutDraft {
  readonly on: boolean;
  readonly end: End;
  readonly direction: Direction;
  readonly kind: CutKind;
  /** Byte, as typed. */
  readonly at: string;
  /** Of the representation, not of the connection. */
  readonly content: boolean;
}

export interface Draft {
  readonly mode: Mode;
  readonly request: RequestDraft;
  readonly strategy: StrategyName;
  /** As typed; absent: the default. */
  readonly options: Readonly<Partial<Record<OptionName, string>>>;
  readonly cut: CutDraft;
  readonly batch: {
    /** Scheme, host and port count. */
    readonly url: string;
    readonly requests: readonly RequestDraft[];
    /** Index of the one that is edited. */
    readonly chosen: number;
  };
  readonly raw: {
    readonly url: string;
    /** In the notation of raw-text.ts. */
    readonly text: string;
  };
  /** Addresses that something was sent to, newest first. */
  readonly recent: readonly string[];
  /** Root of the test server when this was kept: another start may have another port. */
  readonly server: string;
}

export const MOST_RECENT = 8;
export const MOST_REQUESTS = 20;
export const MOST_FIELDS = 100;
/** Characters of a body or of raw text that are kept across a reload. */
const KEPT_TEXT = 256 * 1024;

export const NO_BODY: BodyDraft = { kind: 'none', text: '', size: '1000000', file: null };
export const NO_REQUEST: RequestDraft = { method: 'GET', url: '', fields: [], body: NO_BODY };
const DEFAULTS: Draft = {
  mode: 'request',
  request: NO_REQUEST,
  strategy: 'plain',
  options: {},
  cut: { on: false, end: 'server', direction: 'in', kind: 'rst', at: '100000', content: true },
  batch: { url: '', requests: [], chosen: 0 },
  raw: { url: '', text: '' },
  recent: [],
  server: '',
};

/** What is kept of a draft: all but the bytes of files, and of very long texts. */
export function writeDraft(draft: Draft): string {
  const keptText = (text: string): string => (text.length > KEPT_TEXT ? '' : text);
  const request = ({ body, ...rest }: RequestDraft): unknown => ({
    ...rest,
    body: { ...body, text: keptText(body.text), file: body.file === null ? null : { name: body.file.name } },
  });
  return JSON.stringify({
    ...draft,
    request: request(draft.request),
    batch: { ...draft.batch, requests: draft.batch.requests.map(request) },
    raw: { ...draft.raw, text: keptText(draft.raw.text) },
  });
}

/** Reads what {@link writeDraft} wrote; null, and whatever else is none, is a draft to begin with. */
export function readDraft(text: string | null): Draft {
  let found: unknown;
  try {
    found = JSON.parse(text ?? 'null');
  } catch {
    found = null;
  }
  const kept = record(found);
  const batch = record(kept['batch']);
  const raw = record(kept['raw']);
  const cut = record(kept['cut']);
  const requests = list(batch['requests']).slice(0, MOST_REQUESTS).map(readRequest);
  const options = record(kept['options']);
  return {
    mode: oneOf(kept['mode'], ['request', 'batch', 'raw'], DEFAULTS.mode),
    request: readRequest(kept['request']),
    strategy: oneOf(
      kept['strategy'],
      STRATEGIES.map(({ name }) => name),
      DEFAULTS.strategy,
    ),
    options: Object.fromEntries(
      OPTIONS.flatMap(({ name }) => (typeof options[name] === 'string' ? [[name, options[name]]] : [])),
    ),
    cut: {
      on: cut['on'] === true,
      end: oneOf(cut['end'], ['client', 'server'], DEFAULTS.cut.end),
      direction: oneOf(cut['direction'], ['in', 'out'], DEFAULTS.cut.direction),
      kind: oneOf(cut['kind'], ['rst', 'fin', 'stall'], DEFAULTS.cut.kind),
      at: string(cut['at'], DEFAULTS.cut.at),
      content: cut['content'] !== false,
    },
    batch: {
      url: string(batch['url'], ''),
      requests,
      chosen: Math.min(
        Math.max(0, Math.trunc(Number(batch['chosen']) || 0)),
        Math.max(0, requests.length - 1),
      ),
    },
    raw: { url: string(raw['url'], ''), text: string(raw['text'], '') },
    recent: list(kept['recent'])
      .filter((url) => typeof url === 'string')
      .slice(0, MOST_RECENT),
    server: string(kept['server'], ''),
  };
}

/** The same draft for a test server that is somewhere else now; addresses of other hosts stay. */
export function rebased(draft: Draft, server: string): Draft {
  if (draft.server === server || server === '') return draft;
  const { server: before } = draft;
  const moved = (url: string): string =>
    before !== '' && url.startsWith(before) ? server + url.slice(before.length) : url;
  return {
    ...draft,
    request: { ...draft.request, url: moved(draft.request.url) },
    batch: { ...draft.batch, url: moved(draft.batch.url) },
    raw: { ...draft.raw, url: moved(draft.raw.url) },
    recent: draft.recent.map(moved),
    server,
  };
}

function readRequest(value: unknown): RequestDraft {
  const kept = record(value);
  const body = record(kept['body']);
  const file = record(body['file']);
  return {
    method: string(kept['method'], NO_REQUEST.method),
    url: string(kept['url'], ''),
    fields: list(kept['fields'])
      .slice(0, MOST_FIELDS)
      .map((field): Field => [string(list(field)[0], ''), string(list(field)[1], '')]),
    body: {
      kind: oneOf(body['kind'], ['none', 'text', 'generated', 'file'], NO_BODY.kind),
      text: string(body['text'], ''),
      size: string(body['size'], NO_BODY.size),
      file: typeof file['name'] === 'string' ? { name: file['name'], bytes: null } : null,
    },
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function oneOf<T>(value: unknown, choices: readonly T[], otherwise: T): T {
  return choices.includes(value as T) ? (value as T) : otherwise;
}
