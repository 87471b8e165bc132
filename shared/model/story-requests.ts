// What a story tells of requests: how each begins, and what is known of it later, such as which bytes it sent. Sentences
// that were begun are completed in place.

import { DOWNLOAD, Layer, OperationState } from './events.ts';
import type { Model, Operation } from './model.ts';
import { PATCH_NOT_TAKEN } from './recovery.ts';
import type { Draft, Question, StoryBook } from './story-book.ts';
import {
  askedParts,
  bytes,
  code,
  grouped,
  offsetParts,
  questionParts,
  requestParts,
  shorten,
  strong,
  text,
} from './story-words.ts';

/** Questions of one operation that can be asked again at a time. */
const MOST_QUESTIONS = 8;

export class RequestSentences {
  readonly #model: Model;
  readonly #book: StoryBook;

  constructor(model: Model, book: StoryBook) {
    this.#model = model;
    this.#book = book;
  }

  /** A request begins. @param why the reason of it, as far as somebody gave one; else '' */
  begun(row: number, why: string): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const operation = columns.a[row]!;
    const { method, target } = this.#model.exchanges[id]!;
    const connection = columns.connection[row]!;
    this.#unsay(operation);
    const question = this.#asked(connection, operation, method, target);
    const place = this.#placeOf(id, operation, columns.time[row]!);
    const draft =
      question?.request ??
      this.#book.tell(row, id, operation, 'request', requestParts(method, target, place));
    if (question === null) draft.why = why;
    const told = this.#book.of(operation);
    const isFirst = this.#model.operations[operation]?.exchanges.at(0) === id;
    if (isFirst && method !== 'GET' && method !== 'HEAD' && method !== 'PATCH') told.opening = draft;
    told.latest = id;
    const asks = question ?? (method === 'GET' ? this.#newQuestion(operation, target, draft) : null);
    if (asks === null) told.questions.length = 0;
    else asks.exchange = id;
    this.#book.open.set(id, {
      request: draft,
      question: asks,
      answer: null,
      ended: false,
      sends: method === 'PATCH',
      continues: false,
      ranged: false,
      announces: false,
      atomic: null,
      interims: 0,
      messages: 0,
      stream: null,
    });
  }

  /** What a request is among those of its operation. */
  #placeOf(id: number, operation: number, time: number): Parameters<typeof requestParts>[2] {
    const { method, target } = this.#model.exchanges[id]!;
    const all = this.#model.operations[operation];
    const first = this.#model.exchanges[all?.exchanges.at(0) ?? id];
    if (first === undefined || first.id === id) return 'first';
    if (first.method === method && first.target === target)
      return method === 'PUT' && this.#patchWasRefused(operation, id) ? 'instead' : 'again';
    if (method === 'DELETE' && all !== undefined && this.#isUnderWay(all, time)) return 'giving-up';
    return first.method === 'GET' ? 'later-download' : 'later';
  }

  /** An upload that has neither come to its end nor failed. */
  #isUnderWay(operation: Operation, time: number): boolean {
    const state = this.#model.operationState(operation, time)?.state;
    return !operation.upload.empty && state !== OperationState.completed && state !== OperationState.failed;
  }

  /** The question that this request asks once more; null: it is another one. */
  #asked(connection: number, operation: number, method: string, target: string): Question | null {
    const told = this.#book.of(operation);
    if (method !== 'GET') return null;
    const question = told.questions.findLast((one) => this.#isSame(one, connection, target));
    if (question === undefined) return null;
    question.times++;
    question.target = common(question.target, target);
    told.asked = true;
    question.request.parts = questionParts(method, question.target, question.times);
    return question;
  }

  /** Whether who asks for this asks that question again: on its connection, or in the same words on another. */
  #isSame({ target: before, exchange }: Question, connection: number, target: string): boolean {
    const open = this.#book.open.get(exchange);
    // What was cut before its answer came is another story, and so is a stream that goes on.
    if (pathOf(before) !== pathOf(target) || open?.ended !== true || open.stream !== null) return false;
    return (
      this.#model.exchanges[exchange]?.connection === connection ||
      namesOf(before).join() === namesOf(target).join()
    );
  }

  #newQuestion(operation: number, target: string, request: Draft): Question {
    const { questions } = this.#book.of(operation);
    const [other] = questions;
    if (other !== undefined && pathOf(other.target) !== pathOf(target)) questions.length = 0;
    const question = { target, request, times: 1, exchange: -1, answer: null };
    questions.push(question);
    if (questions.length > MOST_QUESTIONS) questions.shift();
    return question;
  }

  /** Whether the request before this one was a PATCH that the server does not take. */
  #patchWasRefused(operation: number, id: number): boolean {
    const { values, length } = this.#model.operations[operation]!.exchanges;
    const before = this.#model.exchanges[values[values.subarray(0, length).lastIndexOf(id) - 1] ?? -1];
    return before?.method === 'PATCH' && PATCH_NOT_TAKEN.has(before.status ?? 0);
  }

  /** It was not the end: something follows. */
  #unsay(operation: number): void {
    const told = this.#book.of(operation);
    if (told.end?.tone === 'final') this.#book.takeBack(operation, told.end);
    // A failure was one, whatever comes after it.
    told.end = null;
  }

  /** Which bytes a request asks for. */
  range(row: number): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const exchange = this.#model.exchanges[id];
    const open = this.#book.open.get(id);
    if (open === undefined || exchange === undefined) return;
    open.ranged = true;
    open.request.parts = askedParts(exchange.method, exchange.target, columns.a[row]!, columns.b[row]!);
  }

  transaction(row: number): void {
    const { columns } = this.#model.events;
    const open = this.#book.open.get(columns.exchange[row]!);
    if (open === undefined) return;
    open.atomic = columns.code[row] !== 1 ? null : columns.a[row] === 1 ? 'told' : 'asked';
  }

  /** The representation's length, once known, completes the opening. */
  length(row: number): void {
    const { columns } = this.#model.events;
    if (columns.code[row] !== 0) return;
    const told = this.#book.known(columns.b[row]!);
    if (told?.opening === null || told?.opening === undefined) return;
    const open = this.#book.open.get(columns.exchange[row]!);
    if (open !== undefined && open.request === told.opening) open.announces = true;
    told.opening.parts = [...told.opening.parts, text(` begins to send ${bytes(columns.a[row]!)}`)];
    told.opening = null;
  }

  coverage(row: number): void {
    const { columns } = this.#model.events;
    const open = this.#book.open.get(columns.exchange[row]!);
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
    } else if (columns.code[row] !== Layer.acknowledged || open.answer === null) return;
    else if (exchange.status === 409)
      open.answer.parts = [open.answer.parts[0]!, text(`: ${grouped(columns.b[row]!)} arrived, and no more`)];
    else if (exchange.method === 'HEAD')
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
  ended(row: number): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const open = this.#book.open.get(id);
    const exchange = this.#model.exchanges[id];
    if (open === undefined || exchange === undefined) return;
    if (columns.b[row] === 0 && open.atomic !== null) {
      const kept = open.atomic === 'told' ? 'nothing of it is kept' : 'nothing of it is to be kept';
      open.atomic = null;
      this.#book.tell(row, id, exchange.operation, 'quiet', [text(`It is all or nothing: ${kept}.`)]);
    }
    const isEmpty = columns.b[row] === 1 && columns.a[row] === exchange.requestHeadEnd;
    // draft-ietf-httpbis-resumable-upload, tus: an upload may be asked for before anything of it is sent.
    if (isEmpty && open.announces) {
      const length = this.#model.operations[exchange.operation]!.upload.lengthAt(columns.time[row]!);
      open.announces = false;
      if (length !== null && length > 0)
        open.request.parts = [...open.request.parts.slice(0, -1), text(` announces ${bytes(length)}`)];
    }
    if (isEmpty && open.sends) {
      open.sends = false;
      open.request.parts = [strong(exchange.method), text(' says that this was all')];
      return;
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

  /** A stream of events that goes on where it broke off: its request is the first one again, and no beginning. */
  resumed({ id: operation, exchanges }: Operation): void {
    const { latest } = this.#book.of(operation);
    const first = this.#model.exchanges[exchanges.at(0) ?? -1];
    const open = latest === null ? undefined : this.#book.open.get(latest);
    if (latest === null || open === undefined || open.ranged || first?.method !== 'GET') return;
    const { target } = this.#model.exchanges[latest]!;
    if (target !== first.target) return;
    open.request.parts = [
      strong('GET'),
      text(' '),
      code(shorten(target)),
      text(' goes on behind the last event'),
    ];
  }
}

/** A target without its query. */
function pathOf(target: string): string {
  return target.split('?', 1)[0]!;
}

/** The names of a query's parameters, in order. */
function namesOf(target: string): string[] {
  return parametersOf(target).map((parameter) => parameter.split('=', 1)[0]!);
}

function parametersOf(target: string): string[] {
  const query = target.slice(pathOf(target).length + 1);
  return query === '' ? [] : query.split('&');
}

/** Two targets of one path in one: … for each value that differs. Without a query where they ask for different things. */
function common(before: string, target: string): string {
  const path = pathOf(target);
  const names = namesOf(before);
  if (names.length === 0 || names.join() !== namesOf(target).join()) return path;
  const mine = parametersOf(target);
  const all = parametersOf(before).map((parameter, i) =>
    parameter === mine[i] ? parameter : `${names[i]}=…`,
  );
  return `${path}?${all.join('&')}`;
}
