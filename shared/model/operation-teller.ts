// What answers mean for operations, as events: progress, stored bytes, results, and how an operation stands. Decides by
// recovery.ts and stored.ts; never looks at a head.

import type { Intervals } from '../byteranges/intervals.ts';
import { assertNever } from '../capture/records.ts';
import { FieldFault } from '../fields/fault.ts';
import { parseStatusUri } from '../fields/status-uri.ts';
import { reasonOf } from '../http1/status.ts';
import { digits } from './digits.ts';
import { Kind, Layer, Located, NONE, OperationState } from './events.ts';
import type { OperationFacts, Operations } from './operations.ts';
import { GIVEN_UP, type GoingOn, outcomeOf } from './recovery.ts';
import type { Rows } from './rows.ts';
import type { Running } from './running.ts';
import { giveUp } from './stored.ts';
import type { HeadItem, Meaning } from './stream-items.ts';

export class OperationTeller {
  readonly #rows: Rows;
  readonly #operations: Operations;

  constructor(rows: Rows, operations: Operations) {
    this.#rows = rows;
    this.#operations = operations;
  }

  state(operation: OperationFacts, state: OperationState, why: string): void {
    this.#rows.emit(Kind.operationState, state, 0, NONE, operation.id, 0, why);
  }

  complete(operation: OperationFacts, why: string): void {
    this.#operations.settle(operation);
    this.state(operation, OperationState.completed, why);
  }

  /**
   * A response head came to where its news counts.
   * @param passed the bytes of the request's content that the client had sent, as far as is known
   */
  told(running: Running, item: HeadItem, interim: boolean, passed: Intervals | null | undefined): void {
    const { operation, method } = running;
    const { meaning, status } = item;
    if (meaning !== null) this.#learned(running, meaning);
    if (meaning !== null && !interim) this.#located(running, meaning);
    // RFC 9110 §15.3: a 2xx says that the request, with all that was sent of its content, was taken in.
    if (!interim && status >= 200 && status < 300 && method !== 'HEAD' && method !== 'GET') {
      for (const [first, end] of passed?.list() ?? []) this.#acknowledged(running, first, end);
      const { upload } = running;
      if (upload?.concat?.kind === 'final') this.#concatenated(running, upload.concat.parts);
    }
    if (!interim && running.decides && (status === 200 || status === 206)) {
      running.decides = false;
      if (operation.recovering)
        this.goOn(running, status === 206 ? 'resumed' : 'again', `${method} answered by ${status}`);
    }
    if (!interim && status === 202)
      this.state(operation, OperationState.running, 'accepted: the work goes on');
  }

  /** tus 1.0.0, "Concatenation": an upload that is made of others has what these have, one behind the other. */
  #concatenated(running: Running, parts: readonly string[]): void {
    const { operation, url, id, connection } = running;
    let end = 0;
    // Its bytes came by other requests.
    operation.watch.upload.top = Infinity;
    for (const part of parts) {
      const length = this.#operations.uploadAt(part, url)?.length ?? -1;
      if (length === -1) return;
      this.#acknowledged(running, end, end + length);
      end += length;
    }
    operation.length = end;
    this.#rows.emit(Kind.representation, 0, connection, id, end, operation.id, '');
  }

  #located({ connection, id }: Running, { requestContent, status, result }: Meaning): void {
    const tell = (code: Located, reference: string | null): void => {
      if (reference !== null) this.#rows.emit(Kind.location, code, connection, id, 0, 0, reference);
    };
    tell(Located.upload, requestContent);
    tell(Located.status, status);
    tell(Located.result, result);
  }

  #learned(running: Running, meaning: Meaning): void {
    const { operation } = running;
    this.#operations.learn(operation, running.url, meaning);
    if (meaning.progress !== null && running.kept('response', Layer.received).progress())
      this.#progress(running, meaning.progress);
    if (meaning.acknowledged !== null) this.#acknowledged(running, 0, meaning.acknowledged);
    if (meaning.segment !== null) this.#acknowledged(running, ...meaning.segment);
    if (meaning.complete !== null && operation.length === -1) {
      operation.length = meaning.complete;
      this.#rows.emit(
        Kind.representation,
        0,
        running.connection,
        running.id,
        meaning.complete,
        operation.id,
        '',
      );
    }
    if (running.method === 'HEAD' && (meaning.acknowledged !== null || meaning.segment !== null))
      operation.found = true;
    if (meaning.results !== null) this.#results(running, meaning.results);
    if (meaning.transaction !== null) {
      running.transaction = meaning.transaction;
      this.transaction(running, meaning.transaction, true);
    }
  }

  /** Each result of a subordinate operation is an event of its own. */
  #results(running: Running, value: string): void {
    const results = parseStatusUri(value);
    if (results instanceof FieldFault) return;
    for (const { status, reference } of results)
      this.#rows.emit(Kind.result, status, running.connection, running.id, 0, 0, reference);
  }

  #progress(running: Running, value: string): void {
    const slash = value.indexOf('/');
    const numerator = digits(value, 0, slash);
    if (Number.isNaN(numerator)) return;
    let end = slash + 1;
    while (end < value.length && value.charCodeAt(end) !== 0x20) end++;
    const denominator = digits(value, slash + 1, end);
    this.#rows.emit(Kind.progress, 0, running.connection, running.id, numerator, denominator, value);
  }

  #acknowledged(running: Running, first: number, end: number): void {
    running.operation.watch.upload.confirmed.add(first, end);
    this.#rows.emit(Kind.coverage, Layer.acknowledged, running.connection, running.id, first, end, '');
  }

  /** A final response came whole: what does it mean for the operation? */
  settled(running: Running): void {
    const { status, method, failure, operation } = running;
    if (failure !== null) return this.#failed(operation, failure);
    const outcome = outcomeOf(running);
    if (method === 'GET' && outcome !== 'asked-again') this.#operations.answered(running);
    switch (outcome) {
      case null:
        return;
      case 'failed':
        return this.state(operation, OperationState.failed, answered(method, status));
      case 'completed':
        return this.complete(operation, '');
      case 'given-up':
        return this.#failed(operation, GIVEN_UP);
      case 'broken':
        return this.broke(running, answered(method, status));
      case 'asked-again':
        this.#operations.asks(running);
        // What a 201 made may still be at work.
        if (operation.settled) this.state(operation, OperationState.running, 'the work goes on');
        operation.settled = false;
        return;
      default:
        assertNever(outcome);
    }
  }

  /** An exchange ended without its whole response. */
  broke(running: Running, how: string): void {
    const { operation, role, failure } = running;
    giveUp(running);
    // A result may be fetched long after the operation is over.
    if (operation.settled && role !== 'result') return;
    // What is kept somewhere can be gone on with, whatever its answer was.
    if (failure !== null && !operation.located) return this.#failed(operation, failure);
    this.#operations.cut(operation, running.id, running.connection);
    this.state(operation, OperationState.broken, failure ?? how);
  }

  #failed(operation: OperationFacts, why: string): void {
    this.#operations.settle(operation);
    this.state(operation, OperationState.failed, why);
  }

  /** What becomes of a request that is interrupted: as asked for, or as the server says. */
  transaction(running: Running, transaction: 'atomic' | 'persist', applied: boolean): void {
    const code = transaction === 'atomic' ? 1 : 2;
    this.#rows.emit(Kind.transaction, code, running.connection, running.id, applied ? 1 : 0, 0, '');
  }

  /** An operation that was cut goes on, or begins anew. */
  goOn(running: Running, how: GoingOn, what: string): void {
    const { operation, method } = running;
    running.decides = how === 'decide';
    if (how === 'decide') return;
    operation.recovering = false;
    if (how === 'resumed') this.state(operation, OperationState.resumed, what);
    else {
      this.state(operation, OperationState.running, 'sent again from the beginning');
      // What was stored of a PATCH may still be there: its bytes go where they went.
      if (method !== 'PATCH') operation.watch.upload.restart();
    }
  }
}

function answered(method: string, status: number): string {
  return `${method} was answered ${status} ${reasonOf(status)}`.trim();
}
