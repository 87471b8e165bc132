// What happened and why, in sentences: each begins with one event and is linked to it. Folded row by row like the
// model; never says what the wire or an operation's own steps did not.

import { DOWNLOAD, Kind, Layer, NONE, NoteLevel, OperationState, unpackFault } from './events.ts';
import type { Model, Operation } from './model.ts';
import { PATCH_NOT_TAKEN } from './recovery.ts';
import { findRule } from './rules/rules.ts';
import {
  arrived,
  askedParts,
  bytes,
  code,
  faultParts,
  grouped,
  hadReadParts,
  interimParts,
  lossParts,
  named,
  noteParts,
  offsetParts,
  reason,
  requestParts,
  shorten,
  split,
  type StoryPart,
  strong,
  text,
  where,
} from './story-words.ts';

export type StoryTone = 'request' | 'interim' | 'final' | 'cut' | 'error' | 'quiet';

export interface Sentence {
  /** Nanoseconds: when the event began; what completes the sentence may have come a moment later. */
  readonly at: number;
  /** The event's row in the table. */
  readonly row: number;
  /** The exchange it speaks of; null for none. */
  readonly exchange: number | null;
  readonly tone: StoryTone;
  readonly parts: readonly StoryPart[];
  /** Why, in the words of whoever did it; '' where nobody said. */
  readonly why: string;
}

/** Sentences of one operation at most: beyond, those after the first hundred give way, and are counted. */
const MOST = 5000;
const KEPT_FIRST = 100;
const GIVE_WAY = 500;

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

interface Draft {
  at: number;
  row: number;
  exchange: number | null;
  tone: StoryTone;
  parts: StoryPart[];
  why: string;
}

/** One operation's story, and what a later event may still complete. */
interface Told {
  readonly sentences: Draft[];
  leftOut: number;
  /** The sentence that told of the operation's end. */
  end: Draft | null;
  /** The first request's sentence, until its length is known. */
  opening: Draft | null;
  /** The note that was told last, and how often: the same again is counted. */
  note: { readonly draft: Draft; readonly what: string; times: number } | null;
}

/** What must be remembered of an exchange. */
interface Open {
  readonly request: Draft;
  answer: Draft | null;
  ended: boolean;
  /** A PATCH of which no byte has been told. */
  sends: boolean;
  /** A response that begins within the representation, of which no byte has been told. */
  continues: boolean;
  /** All or nothing: nothing of it is kept if it is cut. */
  atomic: 'asked' | 'told' | null;
}

/** Folds a model's events into stories. Call {@link fold} after the model's own. */
export class Storyteller {
  readonly #model: Model;
  readonly #told: Told[] = [];
  readonly #open = new Map<number, Open>();
  /** The loss of a connection that was told last, so that a reason can still be added. */
  #loss: Draft | null = null;
  /** By connection, the reason of the request that comes next on it: several may take turns. */
  readonly #whys = new Map<number, string>();
  #folded = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  /** Takes in the rows that came since the last call. */
  fold(): void {
    for (; this.#folded < this.#model.folded; this.#folded++) this.#row(this.#folded);
  }

  /** An operation's sentences in order of time. The list grows in place. */
  of(operation: number): readonly Sentence[] {
    return this.#told[operation]?.sentences ?? [];
  }

  #row(row: number): void {
    const { columns } = this.#model.events;
    switch (columns.kind[row] as Kind) {
      case Kind.exchange:
        return this.#request(row);
      case Kind.representation:
        return this.#length(row);
      case Kind.coverage:
        return this.#coverage(row);
      case Kind.requestEnd:
        return this.#requestEnd(row);
      case Kind.interimReceived:
      case Kind.interimSent:
        return this.#interim(row);
      case Kind.finalReceived:
      case Kind.finalSent:
        return this.#final(row);
      case Kind.responseEnd:
        return this.#responseEnd(row);
      case Kind.document:
        return this.#document(row);
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
        return this.#range(row);
      case Kind.transaction:
        return this.#transaction(row);
      case Kind.result:
        return this.#result(row);
      default:
        return;
    }
  }

  #text(row: number): string {
    return this.#model.events.text(row);
  }

  #storyFor(operation: number): Told {
    return (this.#told[operation] ??= {
      sentences: [],
      leftOut: 0,
      end: null,
      opening: null,
      note: null,
    });
  }

  #tell(row: number, exchange: number | null, operation: number, tone: StoryTone, parts: StoryPart[]): Draft {
    const told = this.#storyFor(operation);
    const draft: Draft = { at: this.#model.events.columns.time[row]!, row, exchange, tone, parts, why: '' };
    told.sentences.push(draft);
    if (told.sentences.length > MOST) {
      const gap = told.sentences[KEPT_FIRST]!;
      const isGap = told.leftOut > 0;
      told.sentences.splice(KEPT_FIRST + (isGap ? 1 : 0), GIVE_WAY);
      told.leftOut += GIVE_WAY;
      const parts = [text(`${grouped(told.leftOut)} events are not told here: the timeline has them all.`)];
      if (isGap) gap.parts = parts;
      else told.sentences.splice(KEPT_FIRST, 0, { ...gap, exchange: null, tone: 'quiet', parts, why: '' });
    }
    return draft;
  }

  #request(row: number): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const operation = columns.a[row]!;
    const { method, target } = this.#model.exchanges[id]!;
    const isFirst = this.#model.operations[operation]?.exchanges.at(0) === id;
    const first = this.#model.exchanges[this.#model.operations[operation]?.exchanges.at(0) ?? id];
    const isAgain = !isFirst && first?.method === method && first.target === target;
    const downloads = first?.method === 'GET';
    const again = method === 'PUT' && this.#patchWasRefused(operation, id) ? 'instead' : 'again';
    const place = isFirst ? 'first' : isAgain ? again : downloads ? 'later-download' : 'later';
    const parts = requestParts(method, target, place);
    const draft = this.#tell(row, id, operation, 'request', parts);
    const connection = columns.connection[row]!;
    draft.why = this.#whys.get(connection) ?? '';
    this.#whys.delete(connection);
    this.#unsay(operation);
    if (isFirst && method !== 'GET' && method !== 'HEAD' && method !== 'PATCH')
      this.#storyFor(operation).opening = draft;
    this.#open.set(id, {
      request: draft,
      answer: null,
      ended: false,
      sends: method === 'PATCH',
      continues: false,
      atomic: null,
    });
  }

  /** Whether the request before this one was a PATCH that the server does not take. */
  #patchWasRefused(operation: number, id: number): boolean {
    const { values, length } = this.#model.operations[operation]!.exchanges;
    const before = this.#model.exchanges[values[values.subarray(0, length).lastIndexOf(id) - 1] ?? -1];
    return before?.method === 'PATCH' && PATCH_NOT_TAKEN.has(before.status ?? 0);
  }

  /** It was not the end: something follows. */
  #unsay(operation: number): void {
    const told = this.#storyFor(operation);
    if (told.end?.tone === 'final') told.sentences.splice(told.sentences.lastIndexOf(told.end), 1);
    // A failure was one, whatever comes after it.
    told.end = null;
  }

  /** Which bytes a request asks for. */
  #range(row: number): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const exchange = this.#model.exchanges[id];
    const open = this.#open.get(id);
    if (open === undefined || exchange === undefined) return;
    open.request.parts = askedParts(exchange.method, exchange.target, columns.a[row]!, columns.b[row]!);
  }

  #transaction(row: number): void {
    const { columns } = this.#model.events;
    const open = this.#open.get(columns.exchange[row]!);
    if (open === undefined) return;
    open.atomic = columns.code[row] !== 1 ? null : columns.a[row] === 1 ? 'told' : 'asked';
  }

  /** The result of a subordinate operation. */
  #result(row: number): void {
    const { columns } = this.#model.events;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    this.#tell(row, exchange.id, exchange.operation, status < 400 ? 'interim' : 'error', [
      strong(named(status, '')),
      text(' for '),
      code(shorten(this.#text(row))),
    ]);
  }

  /** The representation's length, once known, completes the opening. */
  #length(row: number): void {
    const { columns } = this.#model.events;
    if (columns.code[row] !== 0) return;
    const told = this.#told[columns.b[row]!];
    if (told?.opening === null || told?.opening === undefined) return;
    told.opening.parts = [...told.opening.parts, text(` begins to send ${bytes(columns.a[row]!)}`)];
    told.opening = null;
  }

  #coverage(row: number): void {
    const { columns } = this.#model.events;
    const open = this.#open.get(columns.exchange[row]!);
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (open === undefined || exchange === undefined) return;
    if (columns.code[row] === Layer.sent && open.sends) {
      open.sends = false;
      const operation = this.#model.operations[exchange.operation]!;
      const state = this.#model.operationState(operation, columns.time[row]!);
      const goesOn = state?.state === OperationState.resumed ? 'goes on from' : 'writes from';
      open.request.parts = [strong('PATCH'), text(` ${goesOn} byte ${grouped(columns.a[row]!)}`)];
    } else if ((columns.code[row]! & DOWNLOAD) !== 0 && open.continues && open.answer !== null) {
      open.continues = false;
      open.answer.parts = [open.answer.parts[0]!, text(`: from byte ${grouped(columns.a[row]!)} on`)];
    } else if (columns.code[row] === Layer.acknowledged && exchange.method === 'HEAD' && open.answer !== null)
      open.answer.parts = [
        open.answer.parts[0]!,
        ...offsetParts(
          this.#model.operations[exchange.operation]!.upload,
          columns.b[row]!,
          columns.time[row]!,
        ),
      ];
  }

  /** A PATCH that went out whole: which bytes it was. One that was all or nothing, and was cut: nothing. */
  #requestEnd(row: number): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const open = this.#open.get(id);
    const exchange = this.#model.exchanges[id];
    if (open === undefined || exchange === undefined) return;
    if (columns.b[row] === 0 && open.atomic !== null) {
      const kept = open.atomic === 'told' ? 'nothing of it is kept' : 'nothing of it is to be kept';
      open.atomic = null;
      this.#tell(row, id, exchange.operation, 'quiet', [text(`It is all or nothing: ${kept}.`)]);
    }
    if (exchange.method !== 'PATCH' || open.sends) return;
    if (columns.code[row] !== Layer.sent || columns.b[row] !== 1) return;
    const { upload } = this.#model.operations[exchange.operation]!;
    const own = upload.stretches(Layer.sent, columns.time[row]!).filter(([, , by]) => by === id);
    const [first] = own;
    if (first === undefined) return;
    const sum = own.reduce((total, [from, end]) => total + end - from, 0);
    const what =
      own.length === 1
        ? `bytes ${grouped(first[0])}–${grouped(first[1] - 1)}`
        : `${bytes(sum)} in ${grouped(own.length)} places`;
    open.request.parts = [strong('PATCH'), text(` sends ${what}`)];
  }

  /** Responses are told once: as received where we hold the client's end, else as sent. */
  #counts(row: number, received: boolean): boolean {
    const connection = this.#model.connections[this.#model.events.columns.connection[row]! - 1];
    return connection !== undefined && connection.client === received;
  }

  #interim(row: number): void {
    const { columns } = this.#model.events;
    if (!this.#counts(row, columns.kind[row] === Kind.interimReceived)) return;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    const gist = this.#text(row);
    const name = strong(named(status, ''));
    this.#tell(row, exchange.id, exchange.operation, 'interim', [name, ...interimParts(gist)]);
  }

  #final(row: number): void {
    const { columns } = this.#model.events;
    if (!this.#counts(row, columns.kind[row] === Kind.finalReceived)) return;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    const open = this.#open.get(columns.exchange[row]!);
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    const parts: StoryPart[] = [strong(named(status, this.#text(row)))];
    if (status === 202) parts.push(text(': taken in, the work goes on'));
    else if (status === 299 && exchange.method !== 'HEAD') parts.push(text(': stored, more is needed'));
    const draft = this.#tell(row, exchange.id, exchange.operation, status < 400 ? 'final' : 'error', parts);
    if (open === undefined) return;
    open.answer = draft;
    open.continues = status === 206;
  }

  #responseEnd(row: number): void {
    const { columns } = this.#model.events;
    if (!this.#counts(row, columns.code[row] === Layer.received)) return;
    const open = this.#open.get(columns.exchange[row]!);
    if (open !== undefined && columns.b[row] === 1) open.ended = true;
  }

  #document(row: number): void {
    const { columns } = this.#model.events;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    this.#tell(row, exchange.id, exchange.operation, status < 400 ? 'final' : 'error', [
      text('Inside it, the response that was kept: '),
      strong(named(status, this.#text(row))),
    ]);
  }

  #fault(row: number): void {
    const { columns } = this.#model.events;
    const fault = unpackFault(columns.code[row]!);
    const connection = columns.connection[row]!;
    const exchange = this.#exchangeOf(columns.exchange[row]!, connection);
    if (exchange === null) return;
    const { operation, id } = this.#model.exchanges[exchange]!;
    const request = (fault.end === 'client') === (fault.direction === 'out');
    const tone = fault.action === 'resume' ? 'quiet' : 'cut';
    this.#tell(row, id, operation, tone, [
      ...faultParts(fault, where(columns.a[row]!, columns.b[row]!)),
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
      closed.at !== columns.time[row] ||
      closed.by === 'fault'
    )
      return;
    const exchange = this.#exchangeOf(NONE, connection.id);
    const open = exchange === null ? undefined : this.#open.get(exchange);
    if (exchange === null || open === undefined || open.ended) return;
    const { operation } = this.#model.exchanges[exchange]!;
    this.#loss = this.#tell(row, exchange, operation, 'cut', lossParts(closed));
  }

  #state(row: number): void {
    const { columns } = this.#model.events;
    const state = columns.code[row] as OperationState;
    const operation = this.#model.operations[columns.a[row]!];
    if (operation === undefined || (state !== OperationState.completed && state !== OperationState.failed))
      return;
    const told = this.#storyFor(operation.id);
    const why = this.#text(row);
    // Told by the wire first, then by the operation itself, which knows why.
    if (told.end !== null) {
      if (why !== '') told.end.why = this.#local(why, row);
      return;
    }
    const exchange = operation.exchanges.at(-1) ?? null;
    const time = columns.time[row]!;
    if (state === OperationState.failed)
      told.end = this.#tell(row, exchange, operation.id, 'error', [strong('Failed')]);
    else
      told.end = this.#tell(row, exchange, operation.id, 'final', [
        strong('Done'),
        ...this.#arrived(operation, time),
      ]);
    told.end.why = this.#local(why, row);
  }

  /** How much arrived of what the operation is about. */
  #arrived({ upload, download, exchanges }: Operation, time: number): StoryPart[] {
    if (upload.empty) return arrived(download, time);
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
    const what = this.#text(row);
    const told = this.#storyFor(operation);
    const [id = '', side = '', source = ''] = what.split('|');
    const says = findRule(id)?.says ?? id;
    if (told.note?.what === what && told.note.draft.exchange === exchange) {
      told.note.times++;
      told.note.draft.parts = noteParts(side, says, source, told.note.times);
      return;
    }
    const tone = level === NoteLevel.error ? 'error' : 'quiet';
    const draft = this.#tell(row, exchange, operation, tone, noteParts(side, says, source, 1));
    told.note = { draft, what, times: 1 };
  }

  #step(row: number): void {
    const [step = '', why = ''] = split(this.#text(row), '|');
    const { connection } = this.#model.events.columns;
    if (REASONS_FOR_NEXT.has(step)) this.#whys.set(connection[row]!, this.#local(why, row));
    else if (REASONS_FOR_LOSS.has(step) && this.#loss !== null) {
      this.#loss.why = this.#local(why, row);
      this.#loss = null;
    }
  }

  /** A reason as the rest is written: places without the server's own address, long numbers in groups. */
  #local(why: string, row: number): string {
    const { connections, events } = this.#model;
    const connection = connections[events.columns.connection[row]! - 1] ?? connections.at(-1);
    const server = connection?.label.split(' → ')[1];
    return reason(why, server ?? null);
  }

  /** The exchange itself if it is known, else the newest on the connection so far. */
  #exchangeOf(exchange: number, connection: number): number | null {
    if (this.#open.has(exchange)) return exchange;
    const all = this.#model.connections[connection - 1]?.exchanges;
    for (let i = (all?.length ?? 0) - 1; i >= 0; i--)
      if (this.#open.has(all!.values[i]!)) return all!.values[i]!;
    return null;
  }
}

/** The story of one operation up to `time` (nanoseconds; Infinity: all of it). */
export function storyOf(model: Model, operation: number, time = Infinity): Sentence[] {
  const teller = new Storyteller(model);
  teller.fold();
  return teller.of(operation).filter((sentence) => sentence.at <= time);
}
