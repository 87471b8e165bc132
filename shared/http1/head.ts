// A head (or trailer section) as positions in bytes: what the scanners fill and the sinks read.
// Never makes a string before one is asked for, and never outlives its bytes unless kept.

import { equals, latin1, matches, unfold } from './grammar.ts';
import { reasonOf } from './status.ts';
import type { Framing, Head, Role } from './types.ts';

/** Positions of one field: start and end of its name, start and end of its value; relative to the head's first byte. */
export const SPANS_PER_FIELD = 4;

const METHODS = ['GET', 'POST', 'HEAD', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT'];

/** The head that is being read; reused for every message of a parser. All offsets are relative to `base`. */
export class Section implements Head {
  readonly role: Role;
  /** Where the head is: its first byte is bytes[base]. */
  bytes: Uint8Array = new Uint8Array(0);
  base = 0;
  /** The same bytes, to be read four at a time. */
  words = new DataView(this.bytes.buffer);

  start = 0;
  end = 0;
  minor = 1;
  status = 0;
  framing: Framing = 'none';
  contentLength = -1;
  keepAlive = true;

  methodEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  reasonStart = 0;
  reasonEnd = 0;

  fieldCount = 0;
  spans = new Int32Array(32 * SPANS_PER_FIELD);
  /** Whether any value holds an obs-fold. */
  folded = false;
  /** Index of the first such field, −1 without; and how many there are. */
  lengthField = -1;
  lengthFields = 0;
  codingField = -1;
  codingFields = 0;
  connectionField = -1;
  connectionFields = 0;
  hostFields = 0;
  /** Index of the second Host field. */
  repeatedHost = -1;

  constructor(role: Role) {
    this.role = role;
  }

  /** Begins anew with a head whose first byte is bytes[base], at absolute position `start`. */
  begin(bytes: Uint8Array, base: number, start: number): void {
    if (bytes !== this.bytes) this.move(bytes, base);
    this.base = base;
    this.start = start;
    this.status = 0;
    this.methodEnd = 0;
    this.targetStart = this.targetEnd = 0;
    this.reasonStart = this.reasonEnd = 0;
    this.fieldCount = 0;
    this.folded = false;
    this.lengthField = this.codingField = this.connectionField = this.repeatedHost = -1;
    this.lengthFields = this.codingFields = this.connectionFields = this.hostFields = 0;
  }

  /** The head's bytes are elsewhere now: its first is bytes[base]. */
  move(bytes: Uint8Array, base: number): void {
    this.bytes = bytes;
    this.base = base;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Makes room for one more field. */
  grow(): void {
    const spans = new Int32Array(this.spans.length * 2);
    spans.set(this.spans);
    this.spans = spans;
  }

  get method(): string {
    const from = this.base;
    const to = from + this.methodEnd;
    for (const method of METHODS) if (equals(this.bytes, from, to, method)) return method;
    return latin1(this.bytes, from, to);
  }

  get target(): string {
    return latin1(this.bytes, this.base + this.targetStart, this.base + this.targetEnd);
  }

  get reason(): string {
    const from = this.base + this.reasonStart;
    const to = this.base + this.reasonEnd;
    const usual = reasonOf(this.status);
    return equals(this.bytes, from, to, usual) ? usual : latin1(this.bytes, from, to);
  }

  fieldName(index: number): string {
    const at = this.#at(index);
    return latin1(this.bytes, this.base + this.spans[at]!, this.base + this.spans[at + 1]!);
  }

  fieldValue(index: number): string {
    const at = this.#at(index);
    const value = latin1(this.bytes, this.base + this.spans[at + 2]!, this.base + this.spans[at + 3]!);
    return this.folded ? unfold(value) : value;
  }

  isField(index: number, name: string): boolean {
    const at = this.#at(index);
    return matches(this.bytes, this.base + this.spans[at]!, this.base + this.spans[at + 1]!, name);
  }

  nameLength(index: number): number {
    const at = this.#at(index);
    return this.spans[at + 1]! - this.spans[at]!;
  }

  valueStart(index: number): number {
    return this.base + this.spans[this.#at(index) + 2]!;
  }

  valueEnd(index: number): number {
    return this.base + this.spans[this.#at(index) + 3]!;
  }

  valuePosition(index: number): number {
    return this.start + this.spans[this.#at(index) + 2]!;
  }

  field(name: string): string | null {
    const wanted = name.toLowerCase();
    let joined: string | null = null;
    for (let index = 0; index < this.fieldCount; index++) {
      const at = index * SPANS_PER_FIELD;
      if (!matches(this.bytes, this.base + this.spans[at]!, this.base + this.spans[at + 1]!, wanted))
        continue;
      const value = this.fieldValue(index);
      joined = joined === null ? value : `${joined}, ${value}`;
    }
    return joined;
  }

  /** Index of the next field of that name behind `field`, −1 without. @param count how many there are in all */
  nextField(field: number, name: string, count: number): number {
    if (count < 2) return -1;
    for (let index = field + 1; index < this.fieldCount; index++) {
      const at = index * SPANS_PER_FIELD;
      if (matches(this.bytes, this.base + this.spans[at]!, this.base + this.spans[at + 1]!, name))
        return index;
    }
    return -1;
  }

  keep(): Head {
    const kept = new Section(this.role);
    const { start, end, bytes, base, spans } = this;
    Object.assign(kept, this);
    kept.move(bytes.slice(base, base + (end - start)), 0);
    kept.spans = spans.slice(0, this.fieldCount * SPANS_PER_FIELD);
    return kept;
  }

  #at(index: number): number {
    if (index < 0 || index >= this.fieldCount)
      throw new RangeError(`no field ${index} of ${this.fieldCount}`);
    return index * SPANS_PER_FIELD;
  }
}
