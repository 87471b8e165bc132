// Where the rules are asked: what the deriver tells of heads, parts and pieces goes to the detectors, what they find
// goes to the notebook. Decides nothing about operations.

import type { Piece } from '../../byteranges/locator.ts';
import type { PartFault, PartNote } from '../../byteranges/parts.ts';
import type { Stream } from '../../capture/records.ts';
import type { Head, Violation } from '../../http1/types.ts';
import { acceptOf } from '../../websocket/accept.ts';
import { type EventTable, NONE } from '../events.ts';
import type { Pair, Running } from '../running.ts';
import type { Meaning } from '../stream-items.ts';
import { checkAcknowledge, checkApplied, checkFinal, checkInterim, isTelling } from './answer-rules.ts';
import type { FieldPlaces } from './field-places.ts';
import { checkLocations } from './location-rules.ts';
import { Notebook } from './notebook.ts';
import { RULE_OF_FAULT, RULE_OF_NOTE } from './part-rules.ts';
import { checkProgress, checkStatusUri, takeProgress } from './progress-rules.ts';
import { checkRanges } from './range-rules.ts';
import { checkUploadAnswer, checkUploadRequest } from './resumable-rules.ts';
import { readRequest, type Tell } from './request-head.ts';
import { NEVER_NOTED, type RuleId } from './rules.ts';
import { checkPiece, checkTold, disclosed } from './upload-rules.ts';

/** Absolute positions of a value that a rule has spoken of, so that its syntax is not noted again. */
interface Spoken {
  readonly from: number;
  readonly to: number;
}

/** Answers of one connection that may be late at a time. */
const MOST_DISPLACED = 100;

export class Checks {
  /** Nanoseconds: the time of what is told now. */
  time = 0;
  readonly #notebook: Notebook;
  #spoken: Spoken | null = null;

  constructor(table: EventTable) {
    this.#notebook = new Notebook(table);
  }

  /** @param exchange −1 for none */
  violation(pair: Pair, stream: Stream, exchange: number, { code, at }: Violation): void {
    if (NEVER_NOTED.has(code)) return;
    const spoken = this.#spoken;
    if (code === 'obs-text' && spoken !== null && at >= spoken.from && at < spoken.to) return;
    const running = pair.open.get(exchange);
    this.#notebook.note(
      { time: this.time, connection: pair.id, exchange: exchange === -1 ? NONE : exchange, stream },
      running?.watch ?? pair,
      code,
      at,
    );
  }

  request(running: Running, places: FieldPlaces): void {
    const { method, watch, operation } = running;
    const tell = this.#tell(running, 'request');
    readRequest(method, places, watch, operation.watch, tell);
    const { upload } = running;
    if (upload !== null)
      checkUploadRequest(upload, operation.protocol === null ? -1 : operation.length, places, tell);
  }

  /** A response head that is more than a plain 102. */
  response(
    running: Running,
    head: Head,
    places: FieldPlaces,
    meaning: Meaning | null,
    inTime: boolean,
  ): void {
    const { method, url } = running;
    const { status } = head;
    this.#spoken = null;
    if (running.upload !== null || places.has('upload-offset'))
      checkUploadAnswer(head, method, running.upload, places, this.#tell(running, 'response'));
    // The most frequent answer of all has nothing to be asked of.
    if (places.usual && status === 200 && inTime && method !== 'HEAD') return;
    const tell = this.#tell(running, 'response');
    if (status === 101) {
      if (places.has('progress') || places.has('status-uri')) tell('progress-in-101', head.start);
      this.#accepted(running.key, places, tell);
      return;
    }
    const { watch } = running;
    if (status < 200)
      checkInterim(status, head.start, isTelling(places), places.has('location'), watch, tell);
    else {
      checkFinal(head, method, places, watch, tell);
      // RFC 9110 §15.3: a 2xx says that the request was received; 299 says that it was not all of it.
      if (status < 300 && status !== 299 && !inTime) tell('early-success', head.start);
      checkRanges(head, method, places, watch, tell);
      this.#incomplete(running, head, meaning, tell);
    }
    if (places.usual) return;
    const progress = meaning?.progress ?? null;
    if (progress !== null) this.#progress(running, status, progress, places, tell);
    if (progress !== null && places.count === 1) return;
    const operation = running.operation.watch;
    checkLocations(status, url, places, watch, tell);
    checkApplied(places, operation, tell);
    checkAcknowledge(places, tell);
    checkStatusUri(places, tell);
    if (meaning !== null && meaning.acknowledged !== null) {
      const { method: first, watch: known } = running.operation;
      // What a PATCH adds to may have been there before anything was recorded.
      const own = first === 'PATCH' ? known.creates : first !== '' && first !== 'GET' && first !== 'HEAD';
      const rule = checkTold(meaning.acknowledged, own, watch, operation.upload);
      if (rule !== null) tell(rule, meaning.acknowledgedAt);
    }
  }

  /** A WebSocket that was asked for is answered by what its key makes. */
  #accepted(key: string | null, places: FieldPlaces, tell: Tell): void {
    if (key !== null && places.first('sec-websocket-accept') !== acceptOf(key))
      tell('websocket-accept-differs', places.position('sec-websocket-accept'));
  }

  /** An answer that an application matches by an id of its own: another request awaits it, or was passed over. */
  order(running: Running, { outstanding, displaced }: Pair, places: FieldPlaces): void {
    const id = places.first('request-id');
    if (id === null || running.requestId === id) return;
    if (!displaced.delete(id) && !outstanding.some((other) => other !== running && other.requestId === id))
      return;
    this.#tell(running, 'response')('answer-out-of-order', places.position('request-id'));
    // An interim response leaves the turn where it is.
    if (running.requestId === null || running.status === 0) return;
    if (displaced.size >= MOST_DISPLACED) displaced.delete(displaced.values().next().value!);
    displaced.add(running.requestId);
  }

  /** The head of a stream of server-sent events. */
  eventStream(running: Running, head: Head): void {
    const tell = this.#tell(running, 'response');
    if (head.status !== 200) tell('event-stream-status', head.start);
    if (!/no-(?:cache|store)/i.test(head.field('cache-control') ?? ''))
      tell('event-stream-cacheable', head.start);
  }

  #progress(running: Running, status: number, value: string, places: FieldPlaces, tell: Tell): void {
    const { watch, operation } = running;
    const ends = status >= 200 && endsWork(running, status, places);
    checkProgress(value, places, watch, operation.watch, ends, (rule, at) => {
      if (rule === 'quoted-string-beyond-ascii') {
        const from = places.position('progress');
        this.#spoken = { from, to: from + value.length };
      }
      tell(rule, at);
    });
  }

  /** An interim response that says nothing but its progress (progressAt −1: not even that). No objects, no strings. */
  plain(
    running: Running,
    status: number,
    start: number,
    progressAt: number,
    numerator: number,
    denominator: number,
  ): void {
    const { watch, operation } = running;
    // What goes on without a breach makes no closure: there are hundreds of thousands.
    if (isQuiet(status, watch.interims, watch.processing || !watch.follows, watch.expects)) {
      watch.interims++;
      watch.processing ||= status === 102;
    } else checkInterim(status, start, progressAt !== -1, false, watch, this.#tell(running, 'response'));
    if (progressAt === -1) return;
    const rule = takeProgress(watch, operation.watch, numerator, denominator);
    if (rule !== null) this.#tell(running, 'response')(rule, progressAt);
  }

  partNote(running: Running, stream: Stream, { code, at }: PartNote): void {
    this.#tell(running, stream)(RULE_OF_NOTE[code], at);
  }

  partFault(running: Running, stream: Stream, { code, at }: PartFault): void {
    this.#tell(running, stream)(RULE_OF_FAULT[code], at);
  }

  document(running: Running, at: number): void {
    this.#tell(running, 'response')('malformed-document', at);
  }

  /** What a reader of messages found, perhaps when their exchange is over. */
  breach(pair: Pair, stream: Stream, exchange: number, rule: RuleId, at: number): void {
    const counted = pair.open.get(exchange)?.watch ?? pair;
    this.#notebook.note({ time: this.time, connection: pair.id, exchange, stream }, counted, rule, at);
  }

  /** Bytes of an upload, the moment they are parsed. */
  uploaded(running: Running, piece: Piece): void {
    const { upload } = running.operation.watch;
    const end = piece.offset + (piece.to - piece.from);
    // An append is taken where the upload ends, or not at all.
    if (running.method === 'PATCH' && running.upload === null) {
      // A segment that is stored whole or not at all needs none before it: so sparse uploads are written.
      if (running.transaction === 'atomic') upload.found = -1;
      const breach = checkPiece(piece.offset, end, upload);
      if (breach !== null) this.#once(running, 'request', breach.rule, piece.at + breach.skip);
    }
    const { length } = running.operation;
    if (running.upload !== null && length !== -1 && end > length)
      this.#once(running, 'request', 'upload-beyond-length', piece.at + Math.max(0, length - piece.offset));
    if (piece.offset > upload.offered.firstGap(0)) upload.sparse = true;
    upload.offered.add(piece.offset, end);
  }

  /** Bytes that the server sends of what was uploaded. */
  downloaded(running: Running, piece: Piece): void {
    const index = disclosed(running.operation.watch.upload, piece.bytes, piece.from, piece.to, piece.offset);
    if (index !== -1)
      this.#once(running, 'response', 'uninitialised-disclosed', piece.at + (index - piece.from));
  }

  #incomplete(running: Running, head: Head, meaning: Meaning | null, tell: Tell): void {
    if (running.method !== 'HEAD' || head.status < 200 || head.status > 299) return;
    if (head.status !== 299 && running.role !== 'request-content') return;
    const told = meaning !== null && (meaning.acknowledged !== null || meaning.segment !== null);
    if (!told && head.field('content-length') === null) tell('incomplete-without-length', head.start);
  }

  /** How often bytes break a rule depends on the pieces that they come in: the first of an exchange is told. */
  #once(running: Running, stream: Stream, rule: RuleId, at: number): void {
    if (running.watch.notes?.has(rule) !== true) this.#tell(running, stream)(rule, at);
  }

  #tell(running: Running, stream: Stream): Tell {
    return (rule: RuleId, at: number) =>
      this.#notebook.note(
        { time: this.time, connection: running.connection, exchange: running.id, stream },
        running.watch,
        rule,
        at,
      );
  }
}

/** Whether an interim response without fields of interest breaks no rule, whatever it is. */
function isQuiet(status: number, interims: number, placed: boolean, expected: boolean): boolean {
  if (interims === 10) return false;
  return status === 102 ? placed : status !== 100 || expected;
}

/** Whether this final response ends the work that its progress is told of. */
function endsWork({ method, role, watch }: Running, status: number, places: FieldPlaces): boolean {
  return (
    status < 300 &&
    status !== 202 &&
    status !== 299 &&
    method !== 'HEAD' &&
    // A status document that is only looked at tells how far the work is.
    (role !== 'status' || (watch.prefers?.has('processing') === true && !places.has('retry-after')))
  );
}
