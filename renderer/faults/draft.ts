// A fault as its form holds it before it is armed, and as one that can be armed. Pure.

import { assertNever, type CutKind } from '../../shared/capture/records.ts';
import type { CutSpec, Disturbance } from '../../shared/contract.ts';
import { type Bounds, readFigure } from '../ui/figure.ts';
import { CUT_PLACES } from './labels.ts';

export type FaultKind = Disturbance['fault'] | 'cut-at';

/** What can be armed: a cut at a byte, or what is no such cut. */
export type Fault = CutSpec | Disturbance;

/** In the order in which a form offers them. */
export const FAULT_KINDS: readonly FaultKind[] = [
  'cut-at',
  'delay',
  'throttle',
  'fragment',
  'corrupt',
  'cut-after',
  'cut-idle',
];

export type FigureName =
  | 'cutByte'
  | 'milliseconds'
  | 'rate'
  | 'bytes'
  | 'at'
  | 'after'
  | 'firstByte'
  | 'between';

/** A field of the form that takes a whole number. */
export interface Figure extends Bounds {
  readonly name: FigureName;
  readonly label: string;
}

/** Bounds as in the contract's `cutSpec` and `disturbance`. */
const FIGURES: Readonly<Record<FigureName, Figure>> = {
  cutByte: { name: 'cutByte', label: 'At byte', least: 0, most: Number.MAX_SAFE_INTEGER, of: 'bytes' },
  milliseconds: { name: 'milliseconds', label: 'Later by, ms', least: 1, most: 60_000 },
  rate: { name: 'rate', label: 'Bytes a second', least: 1, most: 1_000_000_000, of: 'bytes' },
  bytes: { name: 'bytes', label: 'Bytes at a time', least: 1, most: 65_536, of: 'bytes' },
  at: {
    name: 'at',
    label: 'Byte of the connection',
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    of: 'bytes',
  },
  after: { name: 'after', label: 'After, ms', least: 1, most: 600_000 },
  firstByte: { name: 'firstByte', label: 'To the first byte, ms', least: 10, most: 600_000 },
  between: { name: 'between', label: 'Between two bytes, ms', least: 10, most: 600_000 },
};

/** What the byte of a cut counts. */
export const COUNTS = [
  { id: 'content', text: 'The content', hint: 'of the whole representation' },
  { id: 'connection', text: 'The connection', hint: 'heads count, too' },
] as const;
export type Counts = (typeof COUNTS)[number]['id'];

export interface FaultDraft {
  readonly kind: FaultKind;
  /** A label of {@link placesOf}. */
  readonly place: string;
  readonly cut: CutKind;
  readonly counts: Counts;
  /** As typed. */
  readonly figures: Readonly<Record<FigureName, string>>;
}

export const FIRST_DRAFT: FaultDraft = {
  kind: 'delay',
  place: 'Server out',
  cut: 'rst',
  counts: 'content',
  figures: {
    cutByte: '64 KiB',
    milliseconds: '300',
    rate: '50000',
    bytes: '16',
    at: '0',
    after: '1000',
    firstByte: '5000',
    between: '5000',
  },
};

/** Which figures a kind asks for. */
export function figuresOf(kind: FaultKind): readonly Figure[] {
  switch (kind) {
    case 'cut-at':
      return [FIGURES.cutByte];
    case 'delay':
      return [FIGURES.milliseconds];
    case 'throttle':
      return [FIGURES.rate];
    case 'fragment':
      return [FIGURES.bytes];
    case 'corrupt':
      return [FIGURES.at];
    case 'cut-after':
      return [FIGURES.after];
    case 'cut-idle':
      return [FIGURES.firstByte, FIGURES.between];
    default:
      return assertNever(kind);
  }
}

/** Where a kind can be: a byte is changed on its way out, and only the server is cut when it is idle. */
export function placesOf(kind: FaultKind): readonly (typeof CUT_PLACES)[number][] {
  if (kind === 'cut-idle') return [];
  return kind === 'corrupt' ? CUT_PLACES.filter(({ direction }) => direction === 'out') : CUT_PLACES;
}

/** The fault that a draft describes; null while one of its figures is wrong. */
export function readDraft({ kind, place, cut, counts, figures }: FaultDraft): Fault | null {
  const [first, second] = figuresOf(kind).map((figure) => readFigure(figure, figures[figure.name]));
  if (typeof first !== 'number' || typeof second === 'string') return null;
  const places = placesOf(kind);
  const { end, direction } = places.find(({ label }) => label === place) ?? places[0] ?? CUT_PLACES[0]!;
  switch (kind) {
    case 'cut-at':
      return { end, direction, at: first, content: counts === 'content', cut };
    case 'delay':
      return { fault: kind, end, direction, milliseconds: first };
    case 'throttle':
      return { fault: kind, end, direction, rate: first };
    case 'fragment':
      return { fault: kind, end, direction, bytes: first };
    case 'corrupt':
      return { fault: kind, end, at: first, mask: LOWEST_BIT };
    case 'cut-after':
      return { fault: kind, end, direction, milliseconds: first, cut };
    case 'cut-idle':
      return { fault: kind, firstByte: first, between: second ?? first, first: 'any-byte' };
    default:
      return assertNever(kind);
  }
}

/** The change that is smallest, and the hardest to notice: one bit. */
const LOWEST_BIT = 1;
