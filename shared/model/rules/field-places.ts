// Which of the fields that rules and operations live on are in a head, and where: one walk over the head, no objects.
// Valid for the head that was read last only.

import type { Head } from '../../http1/types.ts';

const NAMES = [
  'accept-patch',
  'acknowledge',
  'allow',
  'content-digest',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'destination',
  'expect',
  'if-none-match',
  'azure-asyncoperation',
  'last-event-id',
  'link',
  'location',
  'operation-location',
  'prefer',
  'preference-applied',
  'progress',
  'range',
  'request-content-location',
  'response-message-location',
  'retry-after',
  'repr-digest',
  'request-id',
  'sec-websocket-accept',
  'sec-websocket-key',
  'status-uri',
  'tus-resumable',
  'upload-complete',
  'upload-concat',
  'upload-defer-length',
  'upload-draft-interop-version',
  'upload-incomplete',
  'upload-length',
  'upload-limit',
  'upload-offset',
  'www-authenticate',
  'x-http-method-override',
] as const;

export type FieldOfInterest = (typeof NAMES)[number];

const INDEX = new Map<string, number>(NAMES.map((name, index) => [name, index]));

/** What nearly every message has, and no rule asks of it by itself. */
const USUAL: ReadonlySet<FieldOfInterest> = new Set(['content-length', 'content-type']);

/** By the length of a name: which it may be. Most fields are none of them, and cost no string. */
const BY_LENGTH: readonly (readonly FieldOfInterest[])[] = Array.from({ length: 32 }, (_, length) =>
  NAMES.filter((name) => name.length === length),
);

const OF_UPLOADS: readonly FieldOfInterest[] = [
  'tus-resumable',
  'upload-complete',
  'upload-concat',
  'upload-defer-length',
  'upload-incomplete',
  'upload-length',
  'upload-offset',
];

export class FieldPlaces {
  readonly #places = new Int32Array(NAMES.length).fill(-1);
  #head: Head | null = null;
  /** How many fields of interest there are. */
  count = 0;
  /** There is none but those that nearly every message has. */
  usual = true;

  /** Reads a head; what was read before is forgotten. */
  read(head: Head): void {
    this.#head = head;
    if (this.count > 0) this.#places.fill(-1);
    this.count = 0;
    this.usual = true;
    for (let i = 0; i < head.fieldCount; i++) {
      const candidates = BY_LENGTH[head.nameLength(i)];
      if (candidates === undefined) continue;
      for (const name of candidates) if (head.isField(i, name)) this.#found(name, i);
    }
  }

  #found(name: FieldOfInterest, field: number): void {
    if (this.has(name)) return;
    this.#places[INDEX.get(name)!] = field;
    this.count++;
    if (!USUAL.has(name)) this.usual = false;
  }

  has(name: FieldOfInterest): boolean {
    return this.#place(name) !== -1;
  }

  /** Some field is of a resumable upload, at the IETF or in tus. */
  get tellsOfUpload(): boolean {
    return this.count > 0 && OF_UPLOADS.some((name) => this.has(name));
  }

  /** The value of the first such field; null without. */
  first(name: FieldOfInterest): string | null {
    const place = this.#place(name);
    return place === -1 ? null : this.#head!.fieldValue(place);
  }

  /** The values of all such fields, joined; null without. */
  all(name: FieldOfInterest): string | null {
    return this.has(name) ? this.#head!.field(name) : null;
  }

  /** Absolute position of character `at` of the first such field's value; of the head, without such a field. */
  position(name: FieldOfInterest, at = 0): number {
    const head = this.#head!;
    const place = this.#place(name);
    if (place === -1) return head.start;
    // A fault in the second line of a list is told where the first ends: an obs-fold shifts it in the same way.
    const length = head.valueEnd(place) - head.valueStart(place);
    return head.valuePosition(place) + Math.min(at, Math.max(0, length - 1));
  }

  #place(name: FieldOfInterest): number {
    return this.#places[INDEX.get(name)!]!;
  }
}
