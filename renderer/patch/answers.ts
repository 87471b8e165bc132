// What a server's answer means to the editor: a resource that was loaded, a request that was carried out, or what is
// wrong and how to go on. Reads only; the length of a state is told by its ranges and lengths, never by a status.

import type { CommandResult, FinalResponse } from '../../shared/contract.ts';
import { parseContentRange } from '../../shared/fields/content-range.ts';
import { FieldFault } from '../../shared/fields/fault.ts';
import { count, counted } from '../timeline/format.ts';
import { cellsOf, MOST, NO_CELLS } from './cells.ts';
import type { Base } from './forms.ts';

export type SendResult = CommandResult<'send'>;

/** A way to go on, for a button. */
export type Way = 'load' | 'new' | 'put';

export interface Problem {
  /** One sentence, or two. */
  readonly sentence: string;
  readonly ways: readonly Way[];
  /** Nothing is wrong: it is only not there yet. */
  readonly mild?: boolean;
}

/** What the bar under the address says of a state. */
export interface Loaded {
  readonly base: Base;
  /** `200 OK` */
  readonly status: string;
  /** Bytes that the server has sent; the others up to the length are missing. */
  readonly have: number;
}

const TYPE = 'application/octet-stream';

/** The first value of a field; null without one. */
export function fieldOf(final: FinalResponse, name: string): string | null {
  return final.fields.find(([field]) => field.toLowerCase() === name)?.[1] ?? null;
}

export function statusOf({ status, reason }: FinalResponse): string {
  return `${status} ${reason}`.trimEnd();
}

/** The content of an answer. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The answer to a GET as a state to edit, or what to say instead. */
export function readLoad(url: string, { outcome, reason, final }: SendResult): Loaded | Problem {
  if (final === null) return { sentence: sentenced(reason), ways: [] };
  const bytes = decodeBase64(final.content);
  const range = rangeOf(final);
  // RFC 9110 §15.5.17: nothing to range over; an empty resource, or one of which nothing is there yet.
  if (final.status === 416 && range !== null && range.first === null && range.complete !== null)
    return loaded(url, final, new Uint8Array(0), range.complete);
  if (final.status === 404 || final.status === 410)
    return {
      sentence: 'There is nothing at this address yet. Begin with new bytes, and send them to make it.',
      ways: ['new'],
      mild: true,
    };
  if (final.status < 200 || final.status >= 300) return refusal(final, bytes);
  const begins = range?.first ?? 0;
  if (begins !== 0)
    return {
      sentence: `The server answered with bytes from ${count(begins)} on, which nobody asked for.`,
      ways: [],
    };
  const told = range?.complete ?? digits(fieldOf(final, 'content-length'));
  // Of content whose length nobody told, no more than the first of it may be here.
  const complete = told ?? (bytes.length < MOST ? bytes.length : Infinity);
  if (complete <= MOST && outcome !== 'completed')
    return { sentence: `${sentenced(reason)} Load it again to have all of it.`, ways: ['load'] };
  return loaded(url, final, bytes, complete);
}

function loaded(url: string, final: FinalResponse, bytes: Uint8Array, complete: number): Loaded | Problem {
  if (Math.max(complete, bytes.length) > MOST)
    return {
      sentence:
        `It has ${complete === Infinity ? 'more bytes' : counted(complete, 'byte')}, and ${count(MOST)} are the most that ` +
        'can be edited here. On the command line, “interim patch” changes a resource of any size.',
      ways: [],
    };
  return {
    base: {
      url,
      exists: true,
      etag: fieldOf(final, 'etag'),
      contentType: final.status === 416 ? TYPE : (fieldOf(final, 'content-type') ?? TYPE),
      cells: cellsOf(bytes, complete),
    },
    status: statusOf(final),
    have: bytes.length,
  };
}

/** A resource that is to be made: nothing of it is there. */
export function absent(url: string): Base {
  return { url, exists: false, etag: null, contentType: TYPE, cells: NO_CELLS };
}

/** What is wrong with the answer to a PUT or PATCH; null: it was carried out. */
export function readSend(method: string, { outcome, reason, final }: SendResult): Problem | null {
  if (outcome === 'completed') return null;
  if (final === null || (final.status >= 200 && final.status < 300))
    return {
      sentence: `${sentenced(reason)} Nobody knows how much of it was written: load it to see.`,
      ways: ['load'],
    };
  const detail = detailOf(final, decodeBase64(final.content));
  switch (final.status) {
    case 412:
      return {
        sentence:
          'Somebody else changed it since it was loaded, so nothing was written (412). Load what is there now; Undo brings your bytes back.',
        ways: ['load'],
      };
    case 405:
    case 501:
      return {
        sentence: `This server takes no ${method} here (${statusOf(final)})${allowed(final, 'allow')}.`,
        ways: method === 'PATCH' ? ['put'] : [],
      };
    case 415:
      return {
        sentence: `This server does not take that form (${statusOf(final)})${allowed(final, 'accept-patch')}.`,
        ways: ['put'],
      };
    default:
      return { sentence: `The server answered ${statusOf(final)}${detail}`, ways: ['load'] };
  }
}

function refusal(final: FinalResponse, bytes: Uint8Array): Problem {
  if (final.status === 401)
    return {
      sentence:
        'The server wants to know who asks (401). A user and a password may stand in the address: http://user:password@host/path.',
      ways: [],
    };
  if (final.status >= 300 && final.status < 400) {
    const location = fieldOf(final, 'location');
    return {
      sentence: `The server answered ${statusOf(final)}${location === null ? '' : `: it is at ${location}`}.`,
      ways: [],
    };
  }
  return { sentence: `The server answered ${statusOf(final)}${detailOf(final, bytes)}`, ways: ['load'] };
}

function allowed(final: FinalResponse, field: string): string {
  const value = fieldOf(final, field);
  return value === null || value === '' ? '' : `; it takes ${value}`;
}

/** What the server says beside the status: the detail of RFC 9457, or the first line of a text. */
function detailOf(final: FinalResponse, bytes: Uint8Array): string {
  const type = fieldOf(final, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  const line = type === 'application/problem+json' ? problemDetail(text) : type === 'text/plain' ? text : '';
  const first = line.trim().split('\n', 1)[0] ?? '';
  return first === '' ? '.' : `: ${first.slice(0, 300)}`;
}

function problemDetail(text: string): string {
  try {
    const problem = JSON.parse(text) as { detail?: unknown; title?: unknown } | null;
    return String(problem?.detail ?? problem?.title ?? '');
  } catch {
    return '';
  }
}

function rangeOf(final: FinalResponse): { first: number | null; complete: number | null } | null {
  const value = fieldOf(final, 'content-range');
  const range = value === null ? null : parseContentRange(value);
  return range instanceof FieldFault ? null : range;
}

function digits(value: string | null): number | null {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function sentenced(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
