// Faults in words: what the Cut button will do, and what was armed. Pure.

import { assertNever, type CutKind, type Direction, type End } from '../../shared/capture/records.ts';
import type { CutSpec, Disturbance } from '../../shared/contract.ts';
import type { CutChoice } from '../stores/preferences.ts';
import type { Fault, FaultKind } from './draft.ts';

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

/** `Delay`, `Cut after a time` */
export function faultLabel(fault: FaultKind): string {
  switch (fault) {
    case 'cut-at':
      return 'Cut at a byte';
    case 'delay':
      return 'Delay';
    case 'throttle':
      return 'Throttle';
    case 'fragment':
      return 'Fragment';
    case 'corrupt':
      return 'Change a byte';
    case 'cut-after':
      return 'Cut after a time';
    case 'cut-idle':
      return 'Cut when idle';
    default:
      return assertNever(fault);
  }
}

/** What arming one means, in a sentence. */
export function faultHelp(fault: FaultKind): string {
  switch (fault) {
    case 'cut-at':
      return 'Exactly so many bytes pass in that direction. Strikes once; of several the one whose byte comes first.';
    case 'delay':
      return 'Every byte moves so much later, on open connections and on new ones.';
    case 'throttle':
      return 'No more than so many bytes move each second, where the pace is faster.';
    case 'fragment':
      return 'Bytes move in pieces of that size at most: each a write, or a read, of its own.';
    case 'corrupt':
      return 'Turns one bit of that byte, counted from the start of the connection. Strikes once.';
    case 'cut-after':
      return 'Counts from when a connection opens; on one that is open, from now. Strikes once.';
    case 'cut-idle':
      return 'Resets new connections whose server is silent too long while it owes an answer, as a router would.';
    default:
      return assertNever(fault);
  }
}

/** What was armed, in words. */
export function armedLabel(fault: Fault): string {
  return 'fault' in fault ? disturbanceLabel(fault) : specLabel(fault);
}

/** `Delay, server out, 300 ms` */
export function disturbanceLabel(disturbance: Disturbance): string {
  const name = faultLabel(disturbance.fault);
  const figure = (value: number): string => value.toLocaleString('en-US');
  const place = (end: End, direction: Direction): string => placeLabel(end, direction).toLowerCase();
  switch (disturbance.fault) {
    case 'delay':
      return `${name}, ${place(disturbance.end, disturbance.direction)}, ${figure(disturbance.milliseconds)} ms`;
    case 'throttle':
      return `${name}, ${place(disturbance.end, disturbance.direction)}, ${figure(disturbance.rate)} bytes a second`;
    case 'fragment': {
      const of = disturbance.bytes === 1 ? 'byte by byte' : `${figure(disturbance.bytes)} bytes at a time`;
      return `${name}, ${place(disturbance.end, disturbance.direction)}, ${of}`;
    }
    case 'corrupt':
      return `${name}, ${place(disturbance.end, 'out')}, byte ${figure(disturbance.at)}`;
    case 'cut-after': {
      const { end, direction, milliseconds, cut } = disturbance;
      return `${kindLabel(cut)}, ${place(end, direction)}, after ${figure(milliseconds)} ms`;
    }
    case 'cut-idle': {
      const { firstByte, between } = disturbance;
      return `${name}, ${figure(firstByte)} ms to the first byte, ${figure(between)} ms between two`;
    }
    default:
      return assertNever(disturbance);
  }
}

/** `Server in`: a label of {@link CUT_PLACES}. */
export function placeLabel(end: End, direction: Direction): string {
  return `${end === 'server' ? 'Server' : 'Client'} ${direction}`;
}

/** Paces to choose from, bytes per second; 0 = unpaced. */
export const PACES: readonly number[] = [50_000, 250_000, 1_000_000, 10_000_000, 0];

/** `250 kB/s`, `unpaced` */
export function paceLabel(rate: number): string {
  if (rate === 0) return 'unpaced';
  return rate < 1_000_000 ? `${rate / 1000} kB/s` : `${rate / 1_000_000} MB/s`;
}
