// Where the rules about bytes and about progress were broken: the conformance notes of an operation that have a place on
// its representation, or among the values it told. Looks at each row of the event table once; decides no rule.

import { Kind, Layer, NONE } from './events.ts';
import type { Coverage, Run } from './coverage.ts';
import type { Exchange, Model } from './model.ts';
import type { RuleId } from './rules/rules.ts';

/** Rules whose breach lies at a byte of the upload. */
const OF_BYTES = new Set<RuleId>([
  'offset-backwards',
  'acknowledged-beyond-received',
  'bytes-overwritten',
  'resume-gap',
  'upload-beyond-length',
  'early-success',
]);

/** Rules whose breach is a value that was told, or a moment in which one was missing. */
const OF_PROGRESS = new Set<RuleId>([
  'progress-malformed',
  'progress-decreasing',
  'progress-beyond-denominator',
  'progress-denominator-vanished',
  'progress-after-end',
  'final-progress-incomplete',
  'unknown-charset',
  'quoted-string-beyond-ascii',
]);

/** Breaches of an operation that are known, the first: more marks than these tell no more. */
export const MOST = 1000;

export interface Breach {
  /** Row of the event table: its note. */
  readonly row: number;
  readonly rule: RuleId;
  readonly of: 'bytes' | 'progress';
}

/** A byte of an upload's representation, as an offset in it, and the layer that it concerns. */
export interface BreachPlace {
  readonly layer: Layer;
  readonly byte: number;
}

export class Breaches {
  readonly #model: Model;
  /** By operation, in the order in which they were noted; {@link MOST} of each. */
  readonly #found = new Map<number, Breach[]>();
  /** By the index of their text: what a note's text says of it; null: nothing that has a place. */
  readonly #known = new Map<number, Omit<Breach, 'row'> | null>();
  /** By row of the note: looked for once. */
  readonly #places = new Map<number, BreachPlace | null>();
  #folded = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Of an operation, up to what the model has folded: the first {@link MOST}. */
  of(operation: number): readonly Breach[] {
    this.#fold();
    return this.#found.get(operation) ?? [];
  }

  /** Where on its operation's representation a rule was broken; null: at no byte. */
  place(breach: Breach): BreachPlace | null {
    let place = this.#places.get(breach.row);
    if (place === undefined) {
      place = breach.of === 'bytes' ? placeOf(this.#model, breach) : null;
      this.#places.set(breach.row, place);
    }
    return place;
  }

  #fold(): void {
    const { events, folded, exchanges } = this.#model;
    const { kind, text, exchange } = events.columns;
    for (; this.#folded < folded; this.#folded++) {
      const row = this.#folded;
      if (kind[row] !== Kind.note || exchange[row] === NONE) continue;
      const operation = exchanges[exchange[row]!]?.operation;
      const breach = this.#read(text[row]!, row);
      if (breach === null || operation === undefined) continue;
      const found = this.#found.get(operation);
      if (found === undefined) this.#found.set(operation, [{ ...breach, row }]);
      else if (found.length < MOST) found.push({ ...breach, row });
    }
  }

  #read(text: number, row: number): Omit<Breach, 'row'> | null {
    let known = this.#known.get(text);
    if (known === undefined) {
      const rule = this.#model.events.text(row).split('|', 1)[0] as RuleId;
      known = OF_BYTES.has(rule)
        ? { rule, of: 'bytes' }
        : OF_PROGRESS.has(rule)
          ? { rule, of: 'progress' }
          : null;
      this.#known.set(text, known);
    }
    return known;
  }
}

function placeOf(model: Model, { row, rule }: Breach): BreachPlace | null {
  const { exchange: exchanges, time: times, a } = model.events.columns;
  const exchange = model.exchanges[exchanges[row]!];
  const operation = exchange === undefined ? undefined : model.operations[exchange.operation];
  if (exchange === undefined || operation === undefined) return null;
  const time = times[row]!;
  const { upload } = operation;
  const place = (layer: Layer, byte: number | null): BreachPlace | null =>
    byte === null ? null : { layer, byte };
  switch (rule) {
    case 'offset-backwards':
    case 'acknowledged-beyond-received':
      return place(
        Layer.acknowledged,
        reach(upload, Layer.acknowledged, exchange.id, toldAt(model, exchange, a[row]!)),
      );
    case 'bytes-overwritten': {
      const layer = layerOf(upload);
      return place(layer, firstRepeated(upload.runs(layer), exchange.id));
    }
    case 'resume-gap': {
      const layer = layerOf(upload);
      return place(layer, upload.runs(layer).find((run) => run.exchange === exchange.id)?.start ?? null);
    }
    case 'upload-beyond-length':
      return place(layerOf(upload), upload.lengthAt(time));
    case 'early-success':
      return place(Layer.received, reach(upload, layerOf(upload), exchange.id, time));
    default:
      return null;
  }
}

/** When the client was told by the response head that has this position in it; NaN: it has not come. */
function toldAt(model: Model, { interim, responseStart, statusAt }: Exchange, position: number): number {
  const { a, b, time } = model.events.columns;
  for (let place = 0; place < interim.length; place++) {
    const row = interim.values[place]!;
    if (a[row]! <= position && position < b[row]!) return time[row]!;
  }
  return position >= responseStart ? statusAt : NaN;
}

/** The layer that tells most surely what arrived: what was read, else what was sent. */
function layerOf(coverage: Coverage): Layer {
  return coverage.runs(Layer.received).length > 0 ? Layer.received : Layer.sent;
}

/** How far an exchange had come in a layer by a time; null: it had no part in it yet, or the time is none. */
function reach(coverage: Coverage, layer: Layer, exchange: number, time: number): number | null {
  const run = coverage.runs(layer).findLast((one) => one.exchange === exchange);
  const known = run === undefined || Number.isNaN(time) ? 0 : run.times.prefix(time);
  return run === undefined || known === 0 ? null : run.ends.values[known - 1]!;
}

/** The first byte of an exchange that an earlier one had covered; null without. */
function firstRepeated(runs: readonly Run[], exchange: number): number | null {
  let first: number | null = null;
  runs.forEach((run, place) => {
    if (run.exchange !== exchange) return;
    for (let earlier = 0; earlier < place; earlier++) {
      const before = runs[earlier]!;
      if (before.exchange === exchange) continue;
      const from = Math.max(run.start, before.start);
      if (from < Math.min(endOf(run), endOf(before))) first = Math.min(first ?? from, from);
    }
  });
  return first;
}

function endOf(run: Run): number {
  return run.ends.values[run.ends.length - 1]!;
}
