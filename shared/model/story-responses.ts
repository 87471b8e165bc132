// What a story tells of responses: interim and final ones, what is inside them, and what becomes of them. Sentences that
// were begun are completed in place.

import {
  isSeenByClient,
  Kind,
  Layer,
  Located,
  MESSAGE_OF_CLIENT,
  MESSAGE_TYPE,
  MessageType,
} from './events.ts';
import type { Model } from './model.ts';
import type { Open, StoryBook } from './story-book.ts';
import {
  closeParts,
  code,
  interimParts,
  locationParts,
  named,
  shorten,
  type StoryPart,
  streamParts,
  strong,
  text,
} from './story-words.ts';

/** Of a sentence that gives way before anybody can read it. */
const UNREAD: StoryPart[] = [];

export class ResponseSentences {
  readonly #model: Model;
  readonly #book: StoryBook;

  constructor(model: Model, book: StoryBook) {
    this.#model = model;
    this.#book = book;
  }

  interim(row: number): void {
    const { columns } = this.#model.events;
    if (!this.#counts(row, columns.kind[row] === Kind.interimReceived)) return;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (exchange === undefined) return;
    const open = this.#book.open.get(exchange.id);
    const following = open === undefined ? 0 : exchange.interim.length - ++open.interims;
    if (this.#book.givesWay(exchange.operation, following)) {
      this.#book.tell(row, exchange.id, exchange.operation, 'interim', UNREAD);
      return;
    }
    const status = columns.code[row]!;
    const gist = this.#model.events.text(row);
    const name = strong(named(status, ''));
    this.#book.tell(row, exchange.id, exchange.operation, 'interim', [name, ...interimParts(gist)]);
  }

  final(row: number): void {
    const { columns } = this.#model.events;
    if (!this.#counts(row, columns.kind[row] === Kind.finalReceived)) return;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    const open = this.#book.open.get(columns.exchange[row]!);
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    const name = named(status, this.#model.events.text(row));
    const question = open?.question ?? null;
    const before = question?.answer ?? null;
    // Asked again, and told the same: it is the question that is counted.
    if (open !== undefined && before?.parts[0]!.text === name) {
      open.answer = before;
      return;
    }
    const parts: StoryPart[] = [strong(name)];
    if (status === 202) parts.push(text(': taken in, the work goes on'));
    else if (status === 299 && exchange.method !== 'HEAD') parts.push(text(': stored, more is needed'));
    const draft = this.#book.tell(
      row,
      exchange.id,
      exchange.operation,
      status < 400 ? 'final' : 'error',
      parts,
    );
    if (open === undefined) return;
    open.answer = draft;
    open.continues = status === 206;
    if (question !== null) question.answer = draft;
  }

  /** Where a final response says that something is: its sentence goes on. */
  location(row: number): void {
    const { columns } = this.#model.events;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    const answer = this.#book.open.get(columns.exchange[row]!)?.answer ?? null;
    if (exchange === undefined || answer === null) return;
    const what = columns.code[row] as Located;
    // What a 201 made, and where a 202 is followed, is in its fields: the story goes on there, or not.
    if (what === Located.upload || (what === Located.result && exchange.status === 303))
      answer.parts = [answer.parts[0]!, ...locationParts(what, this.#model.events.text(row))];
  }

  /** A message: the first tells what the response is, the last how it ends. */
  message(row: number): void {
    const { columns } = this.#model.events;
    const id = columns.exchange[row]!;
    const exchange = this.#model.exchanges[id];
    const open = this.#book.open.get(id);
    const code = columns.code[row]!;
    if (exchange === undefined || open === undefined) return;
    if (!this.#counts(row, isSeenByClient(code))) return;
    const type = (code & MESSAGE_TYPE) as MessageType;
    open.messages++;
    open.stream ??= type;
    // The client may still answer a Close with its own.
    if (open.messages === 1 || open.ended) this.#tellStream(open, open.ended ? open.messages : null);
    if (type !== MessageType.close) return;
    const parts = closeParts((code & MESSAGE_OF_CLIENT) !== 0, this.#model.events.text(row));
    this.#book.tell(row, id, exchange.operation, 'quiet', parts);
    // RFC 6455 §7.1.4: closed is what both ends have closed.
    this.#book.tellEndLast(exchange.operation, columns.time[row]!);
  }

  #tellStream({ answer, stream }: Open, count: number | null): void {
    if (answer === null || stream === null) return;
    answer.parts = [answer.parts[0]!, ...streamParts(stream, count)];
  }

  ended(row: number): void {
    const { columns } = this.#model.events;
    if (!this.#counts(row, columns.code[row] === Layer.received)) return;
    const open = this.#book.open.get(columns.exchange[row]!);
    if (open === undefined) return;
    if (open.messages > 0) this.#tellStream(open, open.messages);
    if (columns.b[row] === 1) open.ended = true;
  }

  document(row: number): void {
    const { columns } = this.#model.events;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    this.#book.tell(row, exchange.id, exchange.operation, status < 400 ? 'final' : 'error', [
      text('Inside it, the response that was kept: '),
      strong(named(status, this.#model.events.text(row))),
    ]);
  }

  /** The result of a subordinate operation. */
  result(row: number): void {
    const { columns } = this.#model.events;
    const exchange = this.#model.exchanges[columns.exchange[row]!];
    if (exchange === undefined) return;
    const status = columns.code[row]!;
    this.#book.tell(row, exchange.id, exchange.operation, status < 400 ? 'interim' : 'error', [
      strong(named(status, '')),
      text(' for '),
      code(shorten(this.#model.events.text(row))),
    ]);
  }

  /** Responses are told once: as received where we hold the client's end, else as sent. */
  #counts(row: number, received: boolean): boolean {
    const connection = this.#model.connections[this.#model.events.columns.connection[row]! - 1];
    return connection !== undefined && connection.client === received;
  }
}
