// The two layers of a stream, sent and received, and what each has passed of the items that the parse has made: each is
// told when its layer has passed it. Holds only the items that a moving layer has still to pass.

import { assertNever } from '../capture/records.ts';
import { Layer } from './events.ts';
import type { Item, LayerSink } from './stream-items.ts';

/** How far a layer has come: next item, and position. */
class Cursor {
  index = 0;
  position = 0;
  /** End of the representation bytes that it passed last, and whose they were. */
  coveredEnd = NaN;
  coveredBy = -1;
}

export class Layers {
  readonly #sink: LayerSink;
  readonly #cursors = { [Layer.sent]: new Cursor(), [Layer.received]: new Cursor() };
  #items: Item[] = [];
  /** Items dropped from the front of the list, so that indices stay. */
  #dropped = 0;
  /** Which layers move, because we hold that end: only those hold back the dropping of items. */
  readonly #held = { [Layer.sent]: false, [Layer.received]: false };

  constructor(sink: LayerSink) {
    this.#sink = sink;
  }

  /** The end that moves this layer is ours. */
  hold(layer: 1 | 2): void {
    this.#held[layer] = true;
  }

  reached(layer: 1 | 2): number {
    return this.#cursors[layer].position;
  }

  /** Where in the representation a layer stands, for an exchange; NaN if it has passed none of its bytes. */
  standing(layer: 1 | 2, exchange: number): number {
    const cursor = this.#cursors[layer];
    return cursor.coveredBy === exchange ? cursor.coveredEnd : NaN;
  }

  /** The next item, in stream order. */
  push(item: Item): void {
    this.#items.push(item);
  }

  /** Content: `length` bytes from `at` on. @param offset in the representation; −1: it is none of it */
  content(exchange: number, at: number, length: number, offset: number): void {
    const last = this.#items.at(-1);
    if (
      last?.type === 'content' &&
      last.exchange === exchange &&
      last.at + last.length === at &&
      (offset === -1 ? last.offset === -1 : last.offset !== -1 && last.offset + last.length === offset)
    )
      last.length += length;
    else this.#items.push({ type: 'content', exchange, at, length, offset });
  }

  /**
   * The one layer that moves, where it has passed every item: what comes next can be told at once. Interim responses come
   * by the hundred thousand, and an item of each would cost more than all the rest. Null: there are two, or some are left.
   */
  only(): 1 | 2 | null {
    if (this.#held[Layer.sent] === this.#held[Layer.received]) return null;
    const layer = this.#held[Layer.sent] ? Layer.sent : Layer.received;
    return this.#cursors[layer].index - this.#dropped === this.#items.length ? layer : null;
  }

  /** What was counted as sent was not all handed to the kernel: takes it back. */
  takeBack(layer: 1 | 2, to: number): void {
    const cursor = this.#cursors[layer];
    if (to >= cursor.position) return;
    const back = cursor.position - to;
    cursor.position = to;
    if (!Number.isNaN(cursor.coveredEnd) && cursor.coveredBy !== -1) {
      cursor.coveredEnd -= back;
      this.#sink.coverage(layer, cursor.coveredBy, cursor.coveredEnd, cursor.coveredEnd);
      this.#sink.bytes(layer, cursor.coveredBy, to, to);
    }
  }

  /** A layer has come to `to`: tells what it has passed. */
  walk(layer: 1 | 2, to: number): void {
    const cursor = this.#cursors[layer];
    const from = cursor.position;
    cursor.position = Math.max(from, to);
    let bar = -1;
    let barFrom = from;
    let barTo = from;
    const flush = (): void => {
      if (bar !== -1 && barTo > barFrom) this.#sink.bytes(layer, bar, barFrom, barTo);
      bar = -1;
    };
    for (;;) {
      const item = this.#items[cursor.index - this.#dropped];
      if (item === undefined) break;
      if (item.type === 'head') {
        if (item.end > to) break;
        this.#sink.head(layer, item);
        if (item.status === 0 || item.status >= 200 || item.status === 101) {
          flush();
          bar = item.exchange;
          barFrom = item.start;
          barTo = item.end;
        }
      } else if (item.type === 'content') {
        const end = Math.min(item.at + item.length, to);
        const begin = Math.max(item.at, from);
        if (end > begin) {
          if (bar !== item.exchange) {
            flush();
            bar = item.exchange;
            barFrom = begin;
          }
          barTo = end;
          if (item.offset !== -1) {
            const first = item.offset + (begin - item.at);
            cursor.coveredBy = item.exchange;
            cursor.coveredEnd = first + (end - begin);
            this.#sink.coverage(layer, item.exchange, first, cursor.coveredEnd);
          }
        }
        if (item.at + item.length > to) break;
        // The newest item may still grow: stay on it until something follows.
        if (cursor.index - this.#dropped === this.#items.length - 1) break;
      } else {
        if (item.at > to) break;
        if (item.type === 'end') {
          if (bar === item.exchange) barTo = Math.max(barTo, item.at);
          flush();
        }
        this.#tell(layer, item);
      }
      cursor.index++;
    }
    flush();
    this.#drop();
  }

  #tell(layer: 1 | 2, item: Exclude<Item, { readonly type: 'head' | 'content' }>): void {
    switch (item.type) {
      case 'length':
        return this.#sink.length(layer, item.exchange, item.length);
      case 'document':
        return this.#sink.document(layer, item.exchange, item.status, item.reason);
      case 'message':
        return this.#sink.message(layer, item);
      case 'progress':
        return this.#sink.progress(layer, item);
      case 'end':
        return this.#sink.end(layer, item.exchange, item.at, item.complete);
      default:
        return assertNever(item);
    }
  }

  /** Forgets the items that every moving layer has passed. */
  #drop(): void {
    if (this.#items.length < 512) return;
    const sent = this.#held[Layer.sent] ? this.#cursors[1].index : Infinity;
    const received = this.#held[Layer.received] ? this.#cursors[2].index : Infinity;
    const passed = Math.min(sent, received) - this.#dropped;
    if (passed < 256) return;
    this.#items = this.#items.slice(passed);
    this.#dropped += passed;
  }
}
