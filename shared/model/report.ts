// What `run --json` and `send --json` print of a model: the wire's truth in one document.

import type { Check, ResultTable } from '../contract.ts';
import { Layer, OperationState } from './events.ts';
import type { By, How, Model, Operation } from './model.ts';

export interface Report {
  readonly experiment: string | null;
  readonly outcome: 'completed' | 'failed' | 'refused';
  readonly reason: string;
  readonly exchanges: readonly {
    readonly id: number;
    readonly connection: number;
    readonly method: string;
    readonly target: string;
    readonly interim: readonly number[];
    readonly status: number | null;
    readonly reason: string;
    readonly complete: boolean;
    readonly document?: { readonly status: number };
  }[];
  readonly connections: readonly {
    readonly id: number;
    readonly closed: How | 'open';
    readonly by: By | null;
  }[];
  readonly interim: readonly {
    readonly exchange: number;
    readonly status: number;
    readonly fields: readonly (readonly [string, string])[];
  }[];
  readonly bytes: {
    readonly payload: number;
    readonly sent: number;
    readonly received: number;
    readonly acknowledged: number;
    readonly resent: number;
    readonly overwritten: number;
  };
  readonly resumes: number;
  readonly checks: readonly Check[];
  /** What an experiment found out, where it is more than a sentence. */
  readonly tables?: readonly ResultTable[];
  readonly digest: { readonly sent: string | null; readonly stored: string | null };
}

/** Reads the fields of an interim response, by its row in the event table. */
export type FieldsOf = (row: number) => readonly (readonly [string, string])[];

/** How often an operation found out where it stood and went on. */
export function resumesOf(operation: Operation): number {
  return operation.states.filter((change) => change.state === OperationState.resumed).length;
}

/** Bytes of an operation's upload, or of its download where it has no upload. */
function bytesOf(operation: Operation | undefined): Report['bytes'] {
  if (operation === undefined)
    return { payload: 0, sent: 0, received: 0, acknowledged: 0, resent: 0, overwritten: 0 };
  const map = operation.upload.empty ? operation.download : operation.upload;
  const passed = (layer: Layer): number =>
    map.stretches(layer).reduce((sum, [first, end]) => sum + end - first, 0);
  const once = (layer: Layer): number => map.total(layer);
  return {
    payload: map.lengthAt() ?? Math.max(once(Layer.sent), once(Layer.received)),
    sent: passed(Layer.sent),
    received: passed(Layer.received),
    acknowledged: once(Layer.acknowledged),
    resent: passed(Layer.sent) - once(Layer.sent),
    overwritten: passed(Layer.received) - once(Layer.received),
  };
}

/** The largest operation by its bytes is what the run was about. */
function principal(model: Model): Operation | undefined {
  let found: Operation | undefined;
  let most = -1;
  for (const operation of model.operations) {
    const { payload, sent, received } = bytesOf(operation);
    // What was put together out of other uploads moved nothing itself.
    const bytes = sent + received > 0 ? payload : 0;
    if (bytes > most) [found, most] = [operation, bytes];
  }
  return found;
}

/** Everything of a report that the model knows; the caller adds experiment, outcome, checks and digests. */
export function report(
  model: Model,
  fieldsOf: FieldsOf,
  told: Pick<Report, 'experiment' | 'outcome' | 'reason' | 'checks' | 'tables' | 'digest'>,
): Report {
  const { columns } = model.events;
  const { experiment, outcome, reason, checks, tables, digest } = told;
  const rows = Array.from(model.interims.values.subarray(0, model.interims.length));
  return {
    experiment,
    outcome,
    reason,
    exchanges: model.exchanges.map((exchange) => ({
      id: exchange.id,
      connection: exchange.connection,
      method: exchange.method,
      target: exchange.target,
      interim: Array.from(
        exchange.interim.values.subarray(0, exchange.interim.length),
        (row) => columns.code[row]!,
      ),
      status: exchange.status,
      reason: exchange.reason,
      complete: exchange.complete,
      ...(exchange.document === null ? {} : { document: { status: exchange.document.status } }),
    })),
    connections: model.connections.map((connection) => ({
      id: connection.id,
      closed: connection.closed?.how ?? 'open',
      by: connection.closed?.by ?? null,
    })),
    interim: rows.map((row) => ({
      exchange: columns.exchange[row]!,
      status: columns.code[row]!,
      fields: fieldsOf(row),
    })),
    bytes: bytesOf(principal(model)),
    resumes: model.operations.reduce((sum, operation) => sum + resumesOf(operation), 0),
    checks,
    ...(tables === undefined || tables.length === 0 ? {} : { tables }),
    digest,
  };
}
