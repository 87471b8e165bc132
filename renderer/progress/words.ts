// What a progress chart says in words: how far it is, how long it may still take, whether the rules were kept. Pure.

import type { Breach, Breaches } from '../../shared/model/breaches.ts';
import type { Model, Operation } from '../../shared/model/model.ts';
import { count, counted, rate, shortBytes, span } from '../timeline/format.ts';
import { exchangePace } from './exchange-pace.ts';
import { type Series, nestedOf, pacePerUnit, isStalled, remaining, stallsOf } from './series.ts';

/** Between two parts of a line. */
export const SEPARATOR = ' · ';

export interface NestedWords {
  readonly figures: string;
  readonly unit: string;
  readonly share: number | null;
}

export interface Words {
  readonly summary: readonly string[];
  readonly nested: readonly NestedWords[];
  /** How long it may still take, and how fast it goes; '' where nothing can be said. */
  readonly pace: string;
  /** Of the exchange that is selected. */
  readonly exchange: string | null;
  readonly rules: string;
  readonly broken: boolean;
  /** Rows of the notes that are marked. */
  readonly notes: readonly number[];
}

export const NOTHING: Words = {
  summary: [],
  pace: '',
  nested: [],
  exchange: null,
  rules: '',
  broken: false,
  notes: [],
};

/** What the values come to, as of the present `now` (nanoseconds). */
export function seriesWords(series: Series, now: number): Omit<Words, 'exchange' | 'notes'> {
  const last = series.steps.at(-1)!;
  const figure = series.kind === 'bytes' ? shortBytes : count;
  const parts = [
    Number.isNaN(last.total) ? figure(last.value) : `${figure(last.value)} of ${figure(last.total)}`,
  ];
  const pace = pacePerUnit(series);
  const paces: string[] = [];
  const stalls = stallsOf(series, now);
  const left = isStalled(stalls, now) ? null : remaining(series, now);
  if (left !== null) paces.push(`about ${span(left)} left`);
  if (series.kind === 'bytes' && pace !== null) paces.push(rate(1e9 / pace));
  else if (pace !== null && !series.ended) paces.push(`${span(pace)} a step`);
  if (series.ended) parts.push('ended');
  const longest = stalls.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  // What is wrong comes first: the last words go where there is no room.
  const rules = longest > 0 ? [`nothing told for ${span(longest)}`] : [];
  if (series.kind === 'steps') {
    rules.push(
      series.decreases === 0
        ? 'numerator never decreased'
        : `numerator decreased ${series.decreases === 1 ? 'once' : `${count(series.decreases)} times`}`,
      counted(series.told, 'value'),
    );
    if (series.overrun) rules.push('beyond its denominator');
  } else rules.push('as bytes: no Progress field was told');
  return {
    summary: parts,
    pace: paces.join(SEPARATOR),
    nested: (series.last === null ? [] : nestedOf(series.last)).map(({ value, total, unit }, depth, all) => ({
      figures: `${count(value)} / ${total === null ? '?' : count(total)}`,
      unit: [
        unit === '' ? '' : `(${unit})`,
        `of step ${count((depth === 0 ? last.value : all[depth - 1]!.value) + 1)}`,
      ]
        .join(' ')
        .trim(),
      share: total === null || total === 0 ? null : Math.min(1, value / total),
    })),
    rules: rules.join(SEPARATOR),
    broken: series.decreases > 0 || series.overrun || longest > 0,
  };
}

/** The notes that have a place on a chart: those of values on a chart of steps, those of bytes on one of bytes. */
export function markedOf(
  model: Model,
  breaches: Breaches,
  { kind }: Series,
  operation: Operation,
  time: number,
): readonly Breach[] {
  const of = kind === 'steps' ? 'progress' : 'bytes';
  const { columns } = model.events;
  return breaches.of(operation.id).filter((breach) => breach.of === of && columns.time[breach.row]! <= time);
}

/** `PATCH: 900,161 bytes in 3.6 s · 250 kB/s`; null: none of this operation is selected, or it moved nothing. */
export function exchangeWords(
  model: Model,
  operation: Operation,
  id: number | null,
  time: number,
): string | null {
  const exchange = id === null ? undefined : model.exchanges[id];
  if (exchange === undefined || exchange.operation !== operation.id) return null;
  const pace = exchangePace(model, exchange, time);
  if (pace === null) return null;
  const { bytes, nanoseconds, left } = pace;
  const parts = [`${exchange.method}: ${counted(bytes, 'byte')}`];
  if (nanoseconds > 0) parts.push(` in ${span(nanoseconds)} · ${rate((bytes / nanoseconds) * 1e9)}`);
  if (left !== null && nanoseconds > 0) parts.push(` · about ${span((left / bytes) * nanoseconds)} left`);
  return parts.join('');
}
