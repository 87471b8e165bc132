// Cuts and faults as the command line writes them: SPEC and FAULT. Writes only; electron/wire reads them back.

import type { CutSpec } from '../contract.ts';

/** `client|server:in|out:[content:]BYTE:rst|fin|stall` */
export function formatCutSpec(spec: CutSpec): string {
  return `${spec.end}:${spec.direction}:${spec.content ? 'content:' : ''}${spec.at}:${spec.cut}`;
}

/** A fault that stands for every connection, with its figure: ms, bytes a second, bytes, or the byte that is corrupted. */
export interface WrittenFault {
  readonly end: 'client' | 'server';
  readonly direction: 'out' | 'in';
  readonly action: 'delay' | 'throttle' | 'fragment' | 'corrupt';
  readonly figure: number;
}

/** `client|server:in|out:delay:MS` and the like. */
export function formatFaultSpec({ end, direction, action, figure }: WrittenFault): string {
  return `${end}:${direction}:${action}:${figure}`;
}
