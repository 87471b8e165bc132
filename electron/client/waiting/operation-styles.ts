// How operations that take long are told of by well-known interfaces: what begins one, where to ask, what says that it is
// done, and where its result is. Pure: reads one response after the other, and asks nothing.

import { assertNever } from '../../../shared/capture/records.ts';
import { statusOf } from '../../../shared/fields/json-progress.ts';
import { resolved, retryAfter } from '../answer.ts';
import type { FinalResponse } from '../strategy.ts';

/**
 * `polling`: 202 and Location, or the Location of a 201 whose content says that it is not done; `azure`:
 * Operation-Location or Azure-AsyncOperation; `aip151`: a JSON operation with a name; `incremental`: the answer itself, as
 * events.
 */
export type OperationStyle = 'polling' | 'azure' | 'aip151' | 'incremental';

/** What is known of an operation, learned from its responses. Never changed in place. */
export interface Learned {
  /** Null: nothing was told that is known to be an operation. */
  readonly style: OperationStyle | null;
  /** Where to ask how far it is; absolute. */
  readonly ask: string | null;
  /** Where the result will be, if that was said ahead; absolute. */
  readonly result: string | null;
}

export const NOTHING_LEARNED: Learned = { style: null, ask: null, result: null };

/** How an operation stands after one of its responses. */
export type Standing =
  /** Milliseconds to wait before the next question, as the server says; null: it does not. */
  | { readonly is: 'running'; readonly retryAfter: number | null }
  /** The result is to be read elsewhere. `told`: what said that it is done. */
  | { readonly is: 'elsewhere'; readonly at: string; readonly told: string }
  /** The response holds the result, or all there is to it. */
  | { readonly is: 'done'; readonly told: string }
  | { readonly is: 'failed'; readonly told: string; readonly why: string };

/** Reads one response of an operation. @param url absolute, of the request that it answers */
export function readStanding(
  response: FinalResponse,
  url: string,
  before: Learned,
): { readonly learned: Learned; readonly standing: Standing } {
  const answer = new Reading(response, url);
  const learned = before.style === null ? learn(answer) : before;
  return { learned, standing: standingOf(answer, learned, before.style === null) };
}

/** States of operations that are over, in lower case. */
const SUCCEEDED: ReadonlySet<string> = new Set(['succeeded', 'success', 'done', 'completed', 'complete']);
const FAILED: ReadonlySet<string> = new Set(['failed', 'failure', 'error', 'canceled', 'cancelled']);
/** Characters of what an operation says of its failure. */
const MOST_WHY = 300;

type Members = Readonly<Record<string, unknown>>;

class Reading {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  /** The content as a JSON object; null: it is none. */
  readonly json: Members | null;
  readonly #fields: FinalResponse['fields'];

  constructor({ status, fields, content }: FinalResponse, url: string) {
    this.status = status;
    this.url = url;
    this.#fields = fields;
    this.text = new TextDecoder().decode(content);
    this.json = membersOf(this.text);
  }

  /** RFC 9110 §5.2: lines of one name as one value; null without any. */
  field(name: string): string | null {
    const lines = this.#fields.filter(([each]) => each.toLowerCase() === name);
    return lines.length === 0 ? null : lines.map(([, value]) => value).join(', ');
  }

  /** A field that names a URL, absolute; null: none, or none that can be used. */
  location(name: string): string | null {
    return resolved(this, name, this.url);
  }

  get retryAfter(): number | null {
    return retryAfter(this);
  }
}

function learn(answer: Reading): Learned {
  const monitor = answer.location('operation-location') ?? answer.location('azure-asyncoperation');
  if (monitor !== null) return { style: 'azure', ask: monitor, result: answer.location('location') };
  const { status, json, url } = answer;
  if (status < 200 || status > 299) return NOTHING_LEARNED;
  if (isIncremental(answer)) return { style: 'incremental', ask: null, result: null };
  const location = answer.location('location');
  const unfinished = status === 202 || (status === 201 && statusOf(answer.text, true).unfinished);
  if (unfinished && location !== null) return { style: 'polling', ask: location, result: null };
  if (isOperation(json)) return { style: 'aip151', ask: operationUrl(url, json.name), result: null };
  return NOTHING_LEARNED;
}

/** RFC 9651: a Boolean, whose parameters are ignored. */
function isIncremental(answer: Reading): boolean {
  return (
    /^\s*\?1\s*(?:;|$)/.test(answer.field('incremental') ?? '') &&
    /^text\/event-stream\b/i.test(answer.field('content-type') ?? '')
  );
}

/** AIP-151: `done` may be left out as long as it is false. */
function isOperation(json: Members | null): json is Members & { readonly name: string } {
  return typeof json?.['name'] === 'string' && (typeof json['done'] === 'boolean' || 'metadata' in json);
}

/**
 * AIP-151 names an operation relative to the version of the interface: `operations/7`, asked of under /v1/ is
 * /v1/operations/7.
 */
function operationUrl(url: string, name: string): string {
  const at = new URL(url);
  const version = /^.*\/v\d+[a-z\d]*\//.exec(at.pathname)?.[0] ?? '/';
  return new URL(version + name.replace(/^\/+/, ''), at.origin).href;
}

function standingOf(answer: Reading, learned: Learned, first: boolean): Standing {
  const { retryAfter } = answer;
  switch (learned.style) {
    case null:
      return { is: 'done', told: 'the answer itself' };
    case 'polling':
      return first ? { is: 'running', retryAfter } : polled(answer);
    case 'azure':
      return first && stateOf(answer.json) === null
        ? { is: 'running', retryAfter }
        : monitored(answer, learned);
    case 'aip151':
      return operated(answer);
    case 'incremental':
      return streamed(answer);
    default:
      return assertNever(learned.style);
  }
}

function polled(answer: Reading): Standing {
  const { status, text, json, retryAfter } = answer;
  const location = answer.location('location');
  if (status === 303 && location !== null) return { is: 'elsewhere', at: location, told: '303 See Other' };
  if (status === 202 || status === 204 || statusOf(text, true).unfinished)
    return { is: 'running', retryAfter };
  const state = stateOf(json);
  if (isIn(FAILED, state)) return { is: 'failed', told: `“${state}”`, why: errorOf(json) };
  return { is: 'done', told: state === null ? `the answer ${status}` : `“${state}”` };
}

function monitored({ json, retryAfter, url }: Reading, { result }: Learned): Standing {
  const state = stateOf(json);
  if (state === null)
    return {
      is: 'failed',
      told: 'a status document without a status',
      why: 'it does not say how the operation is',
    };
  if (isIn(FAILED, state)) return { is: 'failed', told: `“status”: “${state}”`, why: errorOf(json) };
  if (!isIn(SUCCEEDED, state)) return { is: 'running', retryAfter };
  const told = `“status”: “${state}”`;
  const location = json?.['resourceLocation'];
  const at =
    typeof location === 'string' && URL.canParse(location, url) ? new URL(location, url).href : result;
  return at === null ? { is: 'done', told } : { is: 'elsewhere', at, told };
}

function operated({ json, retryAfter }: Reading): Standing {
  if (json?.['done'] !== true) return { is: 'running', retryAfter };
  return 'error' in json
    ? { is: 'failed', told: '“done”: true, with “error”', why: errorOf(json) }
    : { is: 'done', told: '“done”: true, with “response”' };
}

/** Its last event tells how it ended. */
function streamed({ text }: Reading): Standing {
  const data = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data:'))
    .at(-1);
  const json = membersOf(data?.slice('data:'.length) ?? '');
  const state = stateOf(json);
  if (isIn(FAILED, state)) return { is: 'failed', told: `the last event, “${state}”`, why: errorOf(json) };
  if (!isIn(SUCCEEDED, state))
    return { is: 'failed', told: 'the end of the stream', why: 'it ended before the operation did' };
  return { is: 'done', told: `the last event, “${state}”` };
}

function membersOf(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch {
    return null;
  }
}

/** Null: it says none. Older resource managers keep it with the properties. */
function stateOf(json: Members | null): string | null {
  const properties = json?.['properties'];
  const inside =
    typeof properties === 'object' && properties !== null
      ? (properties as Members)['provisioningState']
      : undefined;
  const state = [json?.['status'], json?.['state'], inside].find((value) => typeof value === 'string');
  return state === undefined ? null : String(state);
}

function isIn(states: ReadonlySet<string>, state: string | null): boolean {
  return state !== null && states.has(state.toLowerCase());
}

/** What it says went wrong: a code and a sentence, or either. */
function errorOf(json: Members | null): string {
  const error = json?.['error'];
  const { code, message } =
    typeof error === 'object' && error !== null ? (error as Members) : { code: undefined, message: error };
  const parts = [code, message].filter((part) => typeof part === 'string' || typeof part === 'number');
  const why = parts.length === 0 ? 'it does not say why' : parts.join(': ');
  return why.replaceAll(/\p{Cc}+/gu, ' ').slice(0, MOST_WHY);
}
