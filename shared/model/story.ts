// What happened and why, in sentences: each begins with one event and is linked to it. Folded row by row like the
// model; never says what the wire or an operation's own steps did not.

import { Kind, Layer, NONE, NoteLevel, OperationState, unpackFault } from './events.ts';
import type { Model, Operation } from './model.ts';
import { GIVEN_UP } from './recovery.ts';
import { findRule } from './rules/rules.ts';
import { type Draft, type Sentence, StoryBook } from './story-book.ts';
import { RequestSentences } from './story-requests.ts';
import { ResponseSentences } from './story-responses.ts';
import {
  arrived,
  bytes,
  faultParts,
  hadReadParts,
  lossParts,
  noteParts,
  reason,
  split,
  type StoryPart,
  strong,
  text,
  where,
} from './story-words.ts';

export type { Sentence } from './story-book.ts';

/** Steps whose reason belongs to the request that follows. */
const REASONS_FOR_NEXT = new Set([
  'begin',
  'ask-offset',
  'resume',
  'retry',
  'fetch-response',
  'follow-status',
  'acknowledge',
]);
/** Steps whose reason belongs to how a connection was lost. */
const REASONS_FOR_LOSS = new Set(['cut-noticed', 'silence-noticed']);

/** Rows of one exchange that a story tells of. */
const OF_EXCHANGE: ReadonlySet<Kind> = new Set([
  Kind.representation,
  Kind.coverage,
  Kind.requestEnd,
  Kind.interimReceived,
  Kind.interimSent,
  Kind.finalReceived,
  Kind.finalSent,
  Kind.responseEnd,
  Kind.document,
  Kind.range,
  Kind.transaction,
  Kind.result,
  Kind.location,
  Kind.message,
]);
/** Other rows that it tells of. */
const OF_OTHERS: ReadonlySet<Kind> = new Set([
  Kind.exchange,
  Kind.fault,
  Kind.connectionClosed,
  Kind.operationState,
  Kind.note,
  Kind.step,
]);
/** By kind, the same for a look at each of a million rows. */
const PASSED = 0;
const BY_EXCHANGE = 1;
const BY_ITSELF = 2;
const TOLD = Uint8Array.from({ length: 256 }, (_, kind) =>
  OF_EXCHANGE.has(kind as Kind) ? BY_EXCHANGE : OF_OTHERS.has(kind as Kind) ? BY_ITSELF : PASSED,
);

/** Folds a model's events into the story of one operation. Call {@link fold} after the model's own. */
export class Storyteller {
  readonly #model: Model;
  readonly #operation: number;
  readonly #book: StoryBook;
  readonly #requests: RequestSentences;
  readonly #responses: ResponseSentences;
  /** By connection, how its loss was told: a reason can still be added. */
  readonly #losses = new Map<number, Draft>();
  /** By connection, the step that gives the reason of the request that comes next on it: several may take turns. */
  readonly #whys = new Map<number, number>();
  /** By connection, the operation's exchange that is the newest on it so far. */
  readonly #newest = new Map<number, number>();
  #folded = 0;

  constructor(model: Model, operation: number) {
    this.#model = model;
    this.#operation = operation;
    this.#book = new StoryBook(model);
    this.#requests = new RequestSentences(model, this.#book);
    this.#responses = new ResponseSentences(model, this.#book);
  }

  /** Takes in the rows that came since the last call. */
  fold(): void {
    const { events, exchanges, folded } = this.#model;
    const { kind, exchange, connection } = events.columns;
    const begins = this.#beginsAt();
    let row = this.#folded;
    // What came before the operation is passed in no time: only the reason of a request may come before it.
    for (; row < begins; row++) {
      if (kind[row] === Kind.step) this.#step(row);
      else if (kind[row] === Kind.exchange && this.#whys.size > 0) this.#whys.delete(connection[row]!);
    }
    for (; row < folded; row++) {
      const how = TOLD[kind[row]!]!;
      if (how === PASSED) continue;
      if (how === BY_EXCHANGE && exchanges[exchange[row]!]?.operation !== this.#operation) continue;
      this.#row(row);
    }
    this.#folded = folded;
  }

  /** The sentences in order of time. The list grows in place. */
  get sentences(): readonly Sentence[] {
    return this.#book.known(this.#operation)?.sentences ?? [];
  }

  /** Rows that came before the operation began, by a nanosecond at least. */
  #beginsAt(): number {
    const operation = this.#model.operations[this.#operation];
    if (operation === undefined) return 0;
    return Math.min(this.#model.events.prefix(operation.startedAt - 1), this.#model.folded);
  }

  #row(row: number): void {
    const { columns } = this.#model.events;
    switch (columns.kind[row] as Kind) {
      case Kind.exchange:
        return this.#begun(row);
      case Kind.representation:
        return this.#requests.length(row);
      case Kind.coverage:
        return this.#requests.coverage(row);
      case Kind.requestEnd:
        return this.#requests.ended(row);
      case Kind.interimReceived:
      case Kind.interimSent:
        return this.#responses.interim(row);
      case Kind.finalReceived:
      case Kind.finalSent:
        return this.#responses.final(row);
      case Kind.responseEnd:
        return this.#responses.ended(row);
      case Kind.document:
        return this.#responses.document(row);
      case Kind.fault:
        return this.#fault(row);
      case Kind.connectionClosed:
        return this.#closed(row);
      case Kind.operationState:
        return this.#state(row);
      case Kind.note:
        return this.#note(row);
      case Kind.step:
        return this.#step(row);
      case Kind.range:
        return this.#requests.range(row);
      case Kind.transaction:
        return this.#requests.transaction(row);
      case Kind.result:
        return this.#responses.result(row);
      case Kind.location:
        return this.#responses.location(row);
      case Kind.message:
        return this.#responses.message(row);
      default:
        return;
    }
  }

  /** A request begins: of this operation, or of another that uses the connection from now on. */
  #begun(row: number): void {
    const { columns } = this.#model.events;
    const connection = columns.connection[row]!;
    const step = this.#whys.get(connection);
    this.#whys.delete(connection);
    if (columns.a[row] !== this.#operation) {
      this.#newest.delete(connection);
      return;
    }
    this.#newest.set(connection, columns.exchange[row]!);
    const [, why] = step === undefined ? ['', ''] : split(this.#model.events.text(step), '|');
    this.#requests.begun(row, step === undefined ? '' : this.#local(why ?? '', step));
  }

  #fault(row: number): void {
    const { columns } = this.#model.events;
    const fault = unpackFault(columns.code[row]!);
    const connection = columns.connection[row]!;
    const exchange = this.#exchangeOf(columns.exchange[row]!, connection);
    if (exchange === null) return;
    const { operation, id } = this.#model.exchanges[exchange]!;
    const request = (fault.end === 'client') === (fault.direction === 'out');
    const tone = fault.action === 'cut' || fault.action === 'stall' ? 'cut' : 'quiet';
    this.#book.tell(row, id, operation, tone, [
      ...faultParts(fault, where(columns.a[row]!, columns.b[row]!), this.#model.events.row(row).text),
      ...(request && fault.action === 'cut'
        ? hadReadParts(this.#model.operations[operation]!.upload, columns.time[row]!)
        : []),
    ]);
  }

  /** A connection that ended while something was under way, and not by our fault: that is news. */
  #closed(row: number): void {
    const { columns } = this.#model.events;
    const connection = this.#model.connections[columns.connection[row]! - 1];
    const closed = connection?.closed ?? null;
    if (
      connection === undefined ||
      closed === null ||
      // Told where it is noticed: at the client's end, where that is held.
      (columns.b[row] === 0) !== connection.client ||
      closed.by === 'fault'
    )
      return;
    const exchange = this.#exchangeOf(NONE, connection.id);
    const open = exchange === null ? undefined : this.#book.open.get(exchange);
    if (exchange === null || open === undefined || open.ended) return;
    const { operation } = this.#model.exchanges[exchange]!;
    // What has come to its end already loses nothing.
    if (this.#book.of(operation).end !== null) return;
    this.#losses.set(connection.id, this.#book.tell(row, exchange, operation, 'cut', lossParts(closed)));
  }

  #state(row: number): void {
    const { columns } = this.#model.events;
    if (columns.a[row] !== this.#operation) return;
    const state = columns.code[row] as OperationState;
    const operation = this.#model.operations[columns.a[row]!];
    if (operation === undefined) return;
    if (state === OperationState.resumed) this.#requests.resumed(operation);
    if (state !== OperationState.completed && state !== OperationState.failed) return;
    const told = this.#book.of(operation.id);
    const why = this.#model.events.text(row);
    // Told by the wire first, then by the operation itself, which knows why.
    if (told.end !== null) {
      if (why !== '') told.end.why = this.#local(why, row);
      return;
    }
    const exchange = told.latest;
    const time = columns.time[row]!;
    if (state === OperationState.failed)
      told.end = this.#book.tell(row, exchange, operation.id, 'error', [
        strong(why === GIVEN_UP ? 'Given up' : 'Failed'),
      ]);
    else
      told.end = this.#book.tell(row, exchange, operation.id, 'final', [
        strong('Done'),
        ...this.#arrived(operation, time),
      ]);
    told.end.why = this.#local(why, row);
  }

  /** How much arrived of what the operation is about. */
  #arrived({ id, upload, download, exchanges }: Operation, time: number): StoryPart[] {
    // Answers to a question are no representation of which so much arrived.
    if (upload.empty) return this.#book.of(id).asked ? [text('.')] : arrived(download, time);
    // What a PATCH changes is not all of what is there.
    const edits = this.#model.exchanges[exchanges.at(0) ?? -1]?.method === 'PATCH';
    const got = upload.total(Layer.received, time);
    if (edits && got > 0 && got < (upload.lengthAt(time) ?? 0)) return [text(`: ${bytes(got)} written.`)];
    return arrived(upload, time);
  }

  /** A rule that was broken is news, unless it is only worth knowing. The same again is counted. */
  #note(row: number): void {
    const { columns } = this.#model.events;
    const level = columns.code[row]!;
    if (level === NoteLevel.info) return;
    const exchange = this.#exchangeOf(columns.exchange[row]!, columns.connection[row]!);
    if (exchange === null) return;
    const { operation } = this.#model.exchanges[exchange]!;
    const what = this.#model.events.text(row);
    const told = this.#book.of(operation);
    const [id = '', side = '', source = ''] = what.split('|');
    const says = findRule(id)?.says ?? id;
    if (told.note?.what === what && told.note.draft.exchange === exchange) {
      told.note.times++;
      told.note.draft.parts = noteParts(side, says, source, told.note.times);
      return;
    }
    const tone = level === NoteLevel.error ? 'error' : 'quiet';
    const draft = this.#book.tell(row, exchange, operation, tone, noteParts(side, says, source, 1));
    told.note = { draft, what, times: 1 };
  }

  #step(row: number): void {
    const [step = '', why = ''] = split(this.#model.events.text(row), '|');
    const connection = this.#model.events.columns.connection[row]!;
    if (REASONS_FOR_NEXT.has(step)) this.#whys.set(connection, row);
    else if (REASONS_FOR_LOSS.has(step)) {
      const loss = this.#losses.get(connection);
      if (loss === undefined) return;
      loss.why = this.#local(why, row);
      this.#losses.delete(connection);
    }
  }

  /** A reason as the rest is written: places without the server's own address, long numbers in groups. */
  #local(why: string, row: number): string {
    const { connections, events } = this.#model;
    const connection = connections[events.columns.connection[row]! - 1] ?? connections.at(-1);
    const server = connection?.label.split(' → ')[1];
    return reason(why, server ?? null);
  }

  /** The exchange itself, or where none is named the newest on the connection so far; null: it is another operation's. */
  #exchangeOf(exchange: number, connection: number): number | null {
    if (exchange !== NONE) return this.#book.open.has(exchange) ? exchange : null;
    return this.#newest.get(connection) ?? null;
  }
}
