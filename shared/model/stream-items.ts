// What one direction of a connection is made of, as it is told: items in stream order, whoever is told of them, and
// whoever knows what heads mean. Only the vocabulary.

import type { Piece } from '../byteranges/locator.ts';
import type { PartFault, PartHead, PartNote } from '../byteranges/parts.ts';
import type { Stream } from '../capture/records.ts';
import type { Head, Violation } from '../http1/types.ts';
import type { DigestWatch } from './digest-watch.ts';
import type { Layer, MessageType } from './events.ts';
import type { JsonProgress } from '../fields/json-progress.ts';
import type { MessageReader, MessageSink } from './messages/message.ts';
import type { DocumentSink, NestedDocument } from './nested-document.ts';
import type { RuleId } from './rules/rules.ts';

/** A head, with what it means for operations already taken out of it. */
export interface HeadItem {
  readonly type: 'head';
  readonly exchange: number;
  readonly start: number;
  readonly end: number;
  /** Responses; 0 for requests. */
  readonly status: number;
  readonly text: string;
  readonly meaning: Meaning | null;
}

/** Fields of a response that tell an operation something. References are as written. */
export interface Meaning {
  readonly progress: string | null;
  /** Bytes that the server says it has, from the first on; and where in the stream it says so. */
  readonly acknowledged: number | null;
  readonly acknowledgedAt: number;
  /** Other bytes that it says it has: first and end (exclusive). */
  readonly segment: readonly [number, number] | null;
  /** The length of the whole upload, as it knows it. */
  readonly complete: number | null;
  readonly requestContent: string | null;
  /** Other places of the same upload. */
  readonly duplicates: readonly string[];
  readonly responseMessage: string | null;
  readonly status: string | null;
  /** Where what was made can be had. */
  readonly result: string | null;
  /** Where the content of this response can be had. */
  readonly content: string | null;
  /** Status-URI: the results of subordinate operations. */
  readonly results: string | null;
  /** What the server says it does if the request is interrupted. */
  readonly transaction: 'atomic' | 'persist' | null;
  /** It says when to ask again: it is not the last word. */
  readonly again: boolean;
  /** The upload is complete, and this is what it was for; false: it is not. Null: it does not say. */
  readonly completes: boolean | null;
}

/** Content of a message; `offset` in the representation, −1: content that is no representation's (a part's head). */
export interface ContentItem {
  readonly type: 'content';
  readonly exchange: number;
  readonly at: number;
  length: number;
  readonly offset: number;
}

interface LengthItem {
  readonly type: 'length';
  readonly exchange: number;
  readonly at: number;
  readonly length: number;
}

export interface EndItem {
  readonly type: 'end';
  readonly exchange: number;
  readonly at: number;
  readonly complete: boolean;
}

interface DocumentItem {
  readonly type: 'document';
  readonly exchange: number;
  readonly at: number;
  readonly status: number;
  readonly reason: string;
}

/** A message within content or a tunnel. */
export interface MessageItem {
  readonly type: 'message';
  readonly exchange: number;
  readonly what: MessageType;
  readonly start: number;
  /** The position behind its last byte. */
  readonly at: number;
  readonly text: string;
}

/** A Progress value that content tells, as JSON; `at`: behind the message that says so. */
export interface ProgressItem extends JsonProgress {
  readonly type: 'progress';
  readonly exchange: number;
  readonly at: number;
}

export type Item = HeadItem | ContentItem | LengthItem | EndItem | DocumentItem | MessageItem | ProgressItem;

/** Told, in stream order, of what a layer has passed. */
export interface LayerSink {
  head(layer: Layer, item: HeadItem): void;
  /** Bytes from … to (absolute) of a message that has a bar. */
  bytes(layer: Layer, exchange: number, from: number, to: number): void;
  coverage(layer: Layer, exchange: number, first: number, end: number): void;
  length(layer: Layer, exchange: number, length: number): void;
  end(layer: Layer, exchange: number, at: number, complete: boolean): void;
  document(layer: Layer, exchange: number, status: number, reason: string): void;
  message(layer: Layer, item: MessageItem): void;
  progress(layer: Layer, item: ProgressItem): void;
}

/** Whoever gives numbers to exchanges and knows what heads mean. */
export interface HeadReader {
  /** The exchange that a head belongs to, and what it says. */
  request(head: Head): { exchange: number };
  response(head: Head): { exchange: number; meaning: Meaning | null };
  /** @param exchange −1 for bytes that belong to none */
  violation(stream: Stream, violation: Violation, exchange: number): void;
  /** An interim response that the only layer has passed. True: it was told, and is no item. */
  interim(head: Head, layer: Layer): boolean;
  /** A request whose head is malformed, or was cut short: it is an exchange all the same. */
  unreadable(start: number, what: 'malformed' | 'incomplete'): { exchange: number };
  /** What the parts of a byte-range document are, and what is wrong with them. */
  part(stream: Stream, exchange: number, head: PartHead): void;
  partNote(stream: Stream, exchange: number, note: PartNote): void;
  partFault(stream: Stream, exchange: number, fault: PartFault): void;
  /** Bytes of a representation, the moment they are parsed. */
  piece(stream: Stream, exchange: number, piece: Piece): void;
  /** A message/http document begins, or goes on: whatever reads it. Null: nothing can be made of it. */
  document(exchange: number, head: Head, sink: DocumentSink): NestedDocument | null;
  /** A document cannot be read. */
  documentFault(exchange: number, at: number): void;
  /** The content of a final response begins: whatever reads its messages. Null: none are read. */
  messages(exchange: number, head: Head, type: string | null, sink: MessageSink): MessageReader | null;
  /** What a head announces that its content hashes to. Null: nothing that can be checked. */
  digests(stream: Stream, exchange: number, head: Head): DigestWatch | null;
  /** What messages break of the rules, and that a document says that the work it tells of is not done. */
  breach(stream: Stream, exchange: number, rule: RuleId, at: number): void;
  unfinished(exchange: number, name: string | null): void;
  /**
   * What was asked for has failed, and why: messages tell it, or what came can be read no further.
   * @param exchange −1: the one that awaits its answer
   */
  failed(exchange: number, why: string): void;
}
