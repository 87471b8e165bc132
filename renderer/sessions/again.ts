// How a session is to be sent again, as it is chosen: where to, how fast, with or without its faults. Reads what was typed, or
// says what is wrong with it; sends nothing.

import type { CommandArgs } from '../../shared/contract.ts';
import type { ReplayPreview } from '../../shared/replay/preview.ts';
import { FASTEST, SLOWEST } from '../../shared/replay/timing.ts';
import { counted, shortBytes } from '../timeline/format.ts';

export interface AgainDraft {
  /** To where it went, or to another server. */
  readonly to: 'same' | 'other';
  readonly url: string;
  readonly timing: 'asap' | 'as-recorded' | 'times';
  readonly times: string;
  readonly faults: boolean;
}

export const FIRST_DRAFT: AgainDraft = { to: 'same', url: '', timing: 'asap', times: '10', faults: true };

/** What is wrong with the address of another server, in a sentence; null: nothing, or nothing was typed yet. */
export function urlFault(text: string): string | null {
  if (text.trim() === '') return null;
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return 'An address begins with http:// or https://, such as http://127.0.0.1:8080.';
  if (url.pathname !== '/' || url.search !== '')
    return `The requests have paths of their own: name only the server, such as ${url.origin}.`;
  return null;
}

/** What is wrong with how many times as fast, in a sentence; null: nothing. */
export function timesFault(text: string): string | null {
  const times = /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : NaN;
  return times >= SLOWEST && times <= FASTEST
    ? null
    : `A number from ${SLOWEST} to ${FASTEST}, such as 10 or 0.5.`;
}

/** The command's arguments; null: something is missing or wrong. */
export function readAgain({ to, url, timing, times, faults }: AgainDraft): CommandArgs<'replay'> | null {
  if (to === 'other' && (url.trim() === '' || urlFault(url) !== null)) return null;
  if (timing === 'times' && timesFault(times) !== null) return null;
  return {
    target: to === 'same' ? null : url.trim(),
    timing: timing === 'asap' ? 'asap' : timing === 'as-recorded' ? 1 : Number(times),
    faults,
  };
}

/** `6 requests on 2 connections, 1.2 kB` */
export function amountWords({ requests, connections, bytes }: ReplayPreview): string {
  return `${counted(requests, 'request')} on ${counted(connections, 'connection')}, ${shortBytes(bytes)}`;
}

/** `1 cut and 2 other faults`; `none` */
export function faultWords({ cuts, disturbances }: ReplayPreview): string {
  const parts = [
    ...(cuts > 0 ? [counted(cuts, 'cut')] : []),
    ...(disturbances > 0 ? [counted(disturbances, cuts > 0 ? 'other fault' : 'fault')] : []),
  ];
  return parts.length === 0 ? 'none' : parts.join(' and ');
}

/** Where it went: `the test server`, `10.0.0.1:443 (https)`. */
export function serverWords({ authority, secure, embedded }: ReplayPreview['servers'][number]): string {
  return embedded ? 'the test server' : `${authority}${secure ? ' (https)' : ''}`;
}
