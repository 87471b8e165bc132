// What a library tells its user, taken down as it is told. Bounded: whatever a server sends, a report stays small.

import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Clock } from '../../wire/types.ts';
import type { LensError, LensName, LensReport, Told } from './types.ts';

const MOST_TOLD = 10_000;
const MOST_CONTENT = 1024 * 1024;
/** Characters of an error's message. */
const MOST_MESSAGE = 2_000;

/** The same without its time. */
type Telltale = Told extends infer Each ? (Each extends Told ? Omit<Each, 'at'> : never) : never;

export class Telling {
  readonly #clock: Clock;
  readonly #began: number;
  readonly #told: Told[] = [];
  readonly #pieces: Uint8Array[] = [];
  #kept = 0;
  #bytes = 0;
  #completed = false;
  #error: LensError | null = null;
  #connection: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#began = clock.now();
  }

  /** The end was told, or an error: nothing is told after it. */
  get over(): boolean {
    return this.#completed || this.#error !== null;
  }

  /** The first one counts. */
  connection(number: number): void {
    this.#connection ??= number;
  }

  interim(status: number, fields: FieldLines): void {
    this.#tell({ what: 'interim', status, fields });
  }

  final(status: number, reason: string, fields: FieldLines): void {
    this.#tell({ what: 'final', status, reason, fields });
  }

  /** Bytes of content; they are copied. */
  content(bytes: Uint8Array): void {
    if (this.over || bytes.length === 0) return;
    const room = MOST_CONTENT - this.#kept;
    if (room > 0) {
      // A Buffer's slice() would be a view.
      const piece = new Uint8Array(bytes.subarray(0, room));
      this.#pieces.push(piece);
      this.#kept += piece.length;
    }
    this.#bytes += bytes.length;
    const last = this.#told.at(-1);
    const told = { at: this.#now(), what: 'content', bytes: this.#bytes } as const;
    if (this.#told.length < MOST_TOLD) this.#told.push(told);
    else if (last?.what === 'content') this.#told[this.#told.length - 1] = told;
  }

  trailers(fields: FieldLines): void {
    if (fields.length > 0) this.#tell({ what: 'trailers', fields });
  }

  end(): void {
    if (this.over) return;
    this.#tell({ what: 'end' }, 'always');
    this.#completed = true;
  }

  /** An error as it was thrown or emitted, or as a library without errors of its own says it. */
  fail(error: unknown): void {
    if (this.over) return;
    const told = errorOf(error);
    this.#tell({ what: 'error', ...told }, 'always');
    this.#error = told;
  }

  report(lens: LensName, version: string): LensReport {
    const content = new Uint8Array(this.#kept);
    let at = 0;
    for (const piece of this.#pieces) {
      content.set(piece, at);
      at += piece.length;
    }
    return {
      lens,
      version,
      told: this.#told,
      content,
      completed: this.#completed,
      error: this.#error,
      connection: this.#connection,
    };
  }

  #tell(told: Telltale, room: 'bounded' | 'always' = 'bounded'): void {
    if (this.over || (room === 'bounded' && this.#told.length >= MOST_TOLD)) return;
    this.#told.push({ at: this.#now(), ...told });
  }

  #now(): number {
    return this.#clock.now() - this.#began;
  }
}

/** What a program can see of an error: fetch hides the reason behind a `cause`, which its user has to look for. */
export function errorOf(error: unknown): LensError {
  if (!(error instanceof Error)) return { name: typeof error, code: '', message: short(String(error)) };
  const { cause } = error;
  const { message } = error;
  const because = cause instanceof Error ? `${message} (cause: ${cause.name}: ${cause.message})` : message;
  return { name: error.name, code: codeOf(error) || codeOf(cause), message: short(because) };
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}

function short(text: string): string {
  return text.slice(0, MOST_MESSAGE);
}

/** `[name, value, name, value …]`, as Node has them. */
export function pairsOf(raw: readonly string[]): FieldLines {
  return Array.from({ length: raw.length >> 1 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!] as const);
}

/** An object of fields, as undici has them: a name with several values is several lines. */
export function entriesOf(
  fields: Readonly<Record<string, string | readonly string[] | undefined>>,
): FieldLines {
  return Object.entries(fields).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((each) => [name, each] as const),
  );
}
