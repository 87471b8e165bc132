// The head of a part that is written as text: field lines up to an empty one. Holds up to 16 KiB, and never reads a
// line before it is whole.

import { FieldLineReader } from '../http1/field-lines.ts';
import { CR, LF } from '../http1/grammar.ts';
import { Section } from '../http1/head.ts';
import { HeldBytes } from './held-bytes.ts';
import { readPart, type ReadPart } from './part-fields.ts';
import { PART_FIELDS_LIMIT, PART_HEAD_LIMIT, type PartFault } from './parts.ts';

export class TextHead {
  readonly #held = new HeldBytes();
  /** Index in what is held of the line that is not whole yet. */
  #line = 0;
  /** What the head says, once it is whole, or what is wrong with it. */
  read: ReadPart | PartFault | null = null;

  /**
   * Takes the next bytes[from … to).
   * @returns index behind those that belong to the head: less than `to` once {@link read} is there
   */
  feed(bytes: Uint8Array, from: number, to: number, at: number): number {
    // A search must not run on into what comes behind these bytes.
    const view = to === bytes.length ? bytes : bytes.subarray(0, to);
    let i = from;
    while (i < to && this.read === null) {
      const lf = view.indexOf(LF, i);
      const end = lf === -1 ? to : lf + 1;
      const room = PART_HEAD_LIMIT - this.#held.length;
      if (end - i > room) {
        this.read = {
          code: 'head-too-large',
          message: `The head of the part is longer than ${PART_HEAD_LIMIT} bytes.`,
          at: at + (i + room - from),
        };
        return to;
      }
      this.#held.push(bytes, i, end, at + (i - from));
      if (lf !== -1) this.#lineEnd();
      i = end;
    }
    return i;
  }

  /** A line is whole; at the empty one, the head is. */
  #lineEnd(): void {
    const { bytes, length } = this.#held;
    const line = this.#line;
    this.#line = length;
    if (length - line === 1 || (length - line === 2 && bytes[line] === CR)) this.read = readHead(this.#held);
  }
}

function readHead(held: HeldBytes): ReadPart | PartFault {
  let broken: PartFault | null = null;
  const section = new Section('request');
  section.begin(held.bytes, 0, 0);
  const reader = new FieldLineReader(
    { section: PART_HEAD_LIMIT, sectionCode: 'head-too-large', fields: PART_FIELDS_LIMIT },
    {
      // Slips that a message is forgiven, a part is too.
      note: () => {},
      fail: (code, index) => {
        broken = {
          code: 'invalid-field',
          message: `The head of the part is malformed (${code}).`,
          at: held.positionOf(index),
        };
      },
    },
  );
  reader.read(section, held.bytes, 0, held.length);
  if (broken !== null) return broken;
  return readPart(
    {
      at: held.positionOf(0),
      field: (name) => section.field(name),
      position(name, index) {
        let field = 0;
        while (!section.isField(field, name)) field++;
        return held.positionOf(section.valueStart(field) + index);
      },
    },
    null,
  );
}
