// Faults in words: what the Cut button will do, and what was armed. Pure.

import { assertNever, type CutKind, type Direction, type End } from '../../shared/capture/records.ts';
import type { CutSpec } from '../../shared/contract.ts';
import type { CutChoice } from '../stores/preferences.ts';

export const CUT_KINDS: readonly CutKind[] = ['rst', 'fin', 'stall'];

/** The four places of a cut, as a menu lists them. */
export const CUT_PLACES: readonly {
  readonly end: End;
  readonly direction: Direction;
  readonly label: string;
}[] = [
  { end: 'server', direction: 'in', label: 'Server in' },
  { end: 'client', direction: 'out', label: 'Client out' },
  { end: 'server', direction: 'out', label: 'Server out' },
  { end: 'client', direction: 'in', label: 'Client in' },
];

/** What a place means, in words. */
export function placeHelp(end: End, direction: Direction): string {
  if (end === 'server')
    return direction === 'in' ? 'while the server reads the request' : 'while the server answers';
  return direction === 'out' ? 'while the client sends the request' : 'while the client reads the response';
}

/** `RST`, `FIN`, `Silence` */
export function kindLabel(kind: CutKind): string {
  switch (kind) {
    case 'rst':
      return 'RST';
    case 'fin':
      return 'FIN';
    case 'stall':
      return 'Silence';
    default:
      return assertNever(kind);
  }
}

export function kindHelp(kind: CutKind): string {
  switch (kind) {
    case 'rst':
      return 'a reset: the other end notices at once';
    case 'fin':
      return 'an orderly end in a disorderly place';
    case 'stall':
      return 'nothing more comes, and nobody says so';
    default:
      return assertNever(kind);
  }
}

/** `Server in, RST` */
export function choiceLabel({ end, direction, kind }: CutChoice): string {
  return `${placeLabel(end, direction)}, ${kindLabel(kind)}`;
}

/** `RST, server in, at byte 100,000 of the content` */
export function specLabel(spec: CutSpec): string {
  const place = placeLabel(spec.end, spec.direction).toLowerCase();
  const of = spec.content ? 'of the content' : 'of the connection';
  return `${kindLabel(spec.cut)}, ${place}, at byte ${spec.at.toLocaleString('en-US')} ${of}`;
}

function placeLabel(end: End, direction: Direction): string {
  return `${end === 'server' ? 'Server' : 'Client'} ${direction}`;
}

/** Paces to choose from, bytes per second; 0 = unpaced. */
export const PACES: readonly number[] = [50_000, 250_000, 1_000_000, 10_000_000, 0];

/** `250 kB/s`, `unpaced` */
export function paceLabel(rate: number): string {
  if (rate === 0) return 'unpaced';
  return rate < 1_000_000 ? `${rate / 1000} kB/s` : `${rate / 1_000_000} MB/s`;
}
