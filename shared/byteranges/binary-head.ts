// The fields of a part that is written in binary: name and value, each behind its length (RFC 9292 §3.6). Judges every
// length before anything is held for it, and holds up to 16 KiB.

import { HTAB, SP, TEXT, TOKEN, latin1 } from '../http1/grammar.ts';
import { HeldBytes } from './held-bytes.ts';
import { type PartFields } from './part-fields.ts';
import { PART_FIELDS_LIMIT, PART_HEAD_LIMIT, type PartFault } from './parts.ts';
import { VarintReader } from './varint.ts';

interface BinaryField {
  readonly name: string;
  /** Indices of the value in what is held. */
  readonly from: number;
  readonly to: number;
}

export class BinaryHead implements PartFields {
  readonly at: number;
  /** The fields have ended. */
  complete: boolean;
  fault: PartFault | null = null;
  /** Bytes of the section that are to come; null: a length of zero will end it. */
  #left: number | null;
  #size = 0;
  readonly #fields: BinaryField[] = [];
  readonly #held = new HeldBytes();
  readonly #length = new VarintReader();
  #stage: 'name-length' | 'name' | 'value-length' | 'value' = 'name-length';
  /** Of the name or value that is being read: index of its first byte, and bytes to come. */
  #from = 0;
  #wanted = 0;
  #name = '';

  /**
   * @param section bytes of the field section, null for one that is ended by a terminator
   * @param at where it begins
   */
  constructor(section: number | null, at: number) {
    this.#left = section;
    this.at = at;
    this.complete = section === 0;
    if (section !== null && section > PART_HEAD_LIMIT) this.#tooLarge(at);
  }

  field(name: string): string | null {
    let joined: string | null = null;
    for (const field of this.#fields) {
      if (field.name !== name) continue;
      const value = latin1(this.#held.bytes, field.from, field.to);
      joined = joined === null ? value : `${joined}, ${value}`;
    }
    return joined;
  }

  position(name: string, index: number): number {
    const field = this.#fields.find((one) => one.name === name);
    return this.#held.positionOf((field?.from ?? 0) + index);
  }

  /**
   * Takes the next bytes[from … to).
   * @returns index behind those that belong to the fields, once they are `complete`; there may be a `fault` before
   */
  feed(bytes: Uint8Array, from: number, to: number, at: number): number {
    let i = from;
    while (i < to && !this.complete && this.fault === null) {
      const position = at + (i - from);
      if (this.#stage === 'name-length' || this.#stage === 'value-length') {
        const whole = this.#length.take(bytes[i]!, position);
        i++;
        if (!this.#count(1, position)) break;
        if (whole) this.#lengthRead();
        else if (this.#left === 0) this.#beyond(this.#length.at);
      } else {
        const end = Math.min(to, i + this.#wanted);
        this.#held.push(bytes, i, end, position);
        this.#wanted -= end - i;
        if (!this.#count(end - i, position)) break;
        i = end;
        if (this.#wanted === 0) this.#textRead();
      }
    }
    return i;
  }

  /** So many bytes of the section are read. */
  #count(bytes: number, at: number): boolean {
    if (this.#left !== null) this.#left -= bytes;
    this.#size += bytes;
    if (this.#size > PART_HEAD_LIMIT) this.#tooLarge(at);
    return this.fault === null;
  }

  #lengthRead(): void {
    const { value, at } = this.#length;
    const isName = this.#stage === 'name-length';
    if (value === 0 && isName) {
      if (this.#left === null) this.complete = true;
      else this.#invalid('A field has an empty name.', at);
    } else if (this.#left !== null && value > this.#left) this.#beyond(at);
    else if (value > PART_HEAD_LIMIT - this.#size) this.#tooLarge(at);
    else if (isName && this.#fields.length === PART_FIELDS_LIMIT) {
      this.#invalid(`The part has more than ${PART_FIELDS_LIMIT} fields.`, at);
    } else {
      this.#from = this.#held.length;
      this.#wanted = value;
      this.#stage = isName ? 'name' : 'value';
      if (value === 0) this.#textRead();
    }
  }

  #textRead(): void {
    const { bytes, length } = this.#held;
    if (this.#stage === 'name') {
      const wrong = this.#find((byte) => TOKEN[byte] !== 1 || (byte >= 0x41 && byte <= 0x5a));
      if (wrong !== -1) {
        // RFC 9292 §3.6: in lower case; there is no pseudo-field in a part.
        this.#invalid('The name of a field is a token in lower case here.', this.#held.positionOf(wrong));
        return;
      }
      this.#name = latin1(bytes, this.#from, length);
      this.#stage = 'value-length';
      if (this.#left === 0)
        this.#invalid(`The field ${this.#name} has no value.`, this.#held.positionOf(this.#from));
      return;
    }
    // RFC 9110 §5.5: as in a head of text, no controls but HTAB, and obs-text is let through. RFC 9113 §8.2.1: no blank
    // at either end.
    const wrong = this.#find(
      (byte, index) =>
        (byte < 0x80 && TEXT[byte] !== 1) ||
        ((byte === SP || byte === HTAB) && (index === this.#from || index === length - 1)),
    );
    if (wrong !== -1) {
      this.#invalid(
        `The value of ${this.#name} is one line of text without controls, and without blanks at its ends.`,
        this.#held.positionOf(wrong),
      );
      return;
    }
    this.#fields.push({ name: this.#name, from: this.#from, to: length });
    this.#stage = 'name-length';
    if (this.#left === 0) this.complete = true;
  }

  /** Index of the first byte, of the name or value just read, that is wrong; −1 without. */
  #find(wrong: (byte: number, index: number) => boolean): number {
    const { bytes, length } = this.#held;
    for (let i = this.#from; i < length; i++) if (wrong(bytes[i]!, i)) return i;
    return -1;
  }

  #beyond(at: number): void {
    this.#invalid('A field goes on beyond the end of its section.', at);
  }

  #invalid(message: string, at: number): void {
    this.fault = { code: 'invalid-field', message, at };
  }

  #tooLarge(at: number): void {
    const message = `The head of the part is longer than ${PART_HEAD_LIMIT} bytes.`;
    this.fault = { code: 'head-too-large', message, at };
  }
}
