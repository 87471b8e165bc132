// Which operation the panels show, and what its header says at a time. Pure.

import type { Matcher } from '../../shared/filter/matcher.ts';
import { Layer, OperationState } from '../../shared/model/events.ts';
import type { Model, Operation } from '../../shared/model/model.ts';
import { connectionOf } from '../faults/target.ts';
import type { Selection } from '../timeline/types.ts';

/**
 * The operation of what is selected, else the newest that has moved bytes of an upload, else the newest; null without any.
 * One that only asks how much another has brought moves none. With a filter, one that it shows comes first.
 */
export function shownOperation(
  model: Model,
  selected: Selection | null,
  filter: Matcher | null = null,
): Operation | null {
  const chosen = operationOf(model, selected);
  if (chosen !== null) return chosen;
  const { operations } = model;
  const shown = (operation: Operation): boolean => filter === null || filter.showsAny(operation);
  return (
    operations.findLast((operation) => movesBytes(operation) && shown(operation)) ??
    operations.findLast(shown) ??
    (filter === null ? null : shownOperation(model, selected))
  );
}

function movesBytes({ upload }: Operation): boolean {
  return upload.total(Layer.sent) > 0 || upload.total(Layer.received) > 0;
}

function operationOf(model: Model, selected: Selection | null): Operation | null {
  if (selected === null) return null;
  if (selected.kind === 'operation') return model.operations[selected.id] ?? null;
  const exchange = exchangeOf(model, selected);
  if (exchange !== null) return model.operations[model.exchanges[exchange]!.operation] ?? null;
  const connection = connectionOf(model, selected);
  const first = connection === null ? undefined : model.connections[connection - 1]?.exchanges.at(0);
  return first === undefined ? null : (model.operations[model.exchanges[first]!.operation] ?? null);
}

/** The exchange that something selected belongs to: of a connection its last, of an operation its first. */
export function exchangeOf(model: Model, selected: Selection | null): number | null {
  if (selected === null) return null;
  switch (selected.kind) {
    case 'exchange':
      return model.exchanges[selected.id] === undefined ? null : selected.id;
    case 'event': {
      if (selected.id >= model.events.length) return null;
      const { exchange, connection } = model.events.columns;
      const id = exchange[selected.id]!;
      if (model.exchanges[id] !== undefined) return id;
      return model.connections[connection[selected.id]! - 1]?.exchanges.at(-1) ?? null;
    }
    case 'connection':
      return model.connections[selected.id - 1]?.exchanges.at(-1) ?? null;
    case 'operation':
      return model.operations[selected.id]?.exchanges.at(0) ?? null;
  }
}

export interface OperationSummary {
  readonly title: string;
  /** `running, resumed twice` */
  readonly badge: string;
  readonly tone: 'interim' | 'final' | 'error' | 'cut' | 'quiet';
  /** `3 connections`, `7 exchanges`, `3 interim` */
  readonly counts: readonly string[];
}

/** What the header says of an operation at `time` (nanoseconds; Infinity: now). */
export function summarise(model: Model, operation: Operation, time: number): OperationSummary {
  let state: OperationState | null = null;
  let resumes = 0;
  for (const change of operation.states) {
    if (change.at > time) break;
    state = change.state;
    if (change.state === OperationState.resumed) resumes++;
  }
  let exchanges = 0;
  let interim = 0;
  const connections = new Set<number>();
  const { values, length } = operation.exchanges;
  for (let i = 0; i < length; i++) {
    const exchange = model.exchanges[values[i]!]!;
    if (exchange.startedAt > time) break;
    exchanges++;
    connections.add(exchange.connection);
    interim += interimsBy(model, exchange.interim, time);
  }
  return {
    title: operation.title,
    ...word(state, resumes),
    counts: [
      plural(connections.size, 'connection', 'connections'),
      plural(exchanges, 'exchange', 'exchanges'),
      `${interim.toLocaleString('en-US')} interim`,
    ],
  };
}

/** How many of an exchange's interim responses had come by `time`: their rows are in the order of their times. */
function interimsBy(model: Model, rows: { values: Uint32Array; length: number }, time: number): number {
  if (time === Infinity) return rows.length;
  const seen = model.events.prefix(time);
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows.values[middle]! < seen) low = middle + 1;
    else high = middle;
  }
  return low;
}

function word(state: OperationState | null, resumes: number): Pick<OperationSummary, 'badge' | 'tone'> {
  const times =
    resumes === 0 ? '' : `, resumed ${resumes === 1 ? 'once' : resumes === 2 ? 'twice' : `${resumes} times`}`;
  switch (state) {
    case null:
      return { badge: 'not begun', tone: 'quiet' };
    case OperationState.running:
    case OperationState.resumed:
      return { badge: `running${times}`, tone: 'interim' };
    case OperationState.broken:
      return { badge: `broken${times}`, tone: 'cut' };
    case OperationState.completed:
      return { badge: `completed${times}`, tone: 'final' };
    case OperationState.failed:
      return { badge: `failed${times}`, tone: 'error' };
  }
}

function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
