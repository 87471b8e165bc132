// Heads as curl prints them with --dump-header: a status line, fields, an empty line; then the next one, or trailers.
// Takes the lines as they are: what curl let through is what its user gets.

import type { FieldLines } from '../../../shared/http1/writer.ts';

interface HeadLinesSink {
  /** A head is complete. */
  response(status: number, reason: string, fields: FieldLines): void;
  trailers(fields: FieldLines): void;
}

/** Characters of a head or a trailer section; the rest of a longer one is dropped. */
const MOST = 1024 * 1024;

export class HeadLines {
  readonly #sink: HeadLinesSink;
  #text = '';

  constructor(sink: HeadLinesSink) {
    this.#sink = sink;
  }

  /** @param text ISO-8859-1 */
  feed(text: string): void {
    this.#text += text;
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.#text);
      if (end === null) break;
      this.#block(this.#text.slice(0, end.index));
      this.#text = this.#text.slice(end.index + end[0].length);
    }
    if (this.#text.length > MOST) this.#text = this.#text.slice(0, MOST);
  }

  /** No more will come: trailers have no empty line behind them. */
  end(): void {
    const rest = this.#text.trimEnd();
    this.#text = '';
    if (rest !== '') this.#block(rest);
  }

  #block(text: string): void {
    const lines = text.split(/\r?\n/);
    const [, status = '', reason = ''] = /^HTTP\/\S+ (\d{3}) ?(.*)$/.exec(lines[0] ?? '') ?? [];
    if (status === '') this.#sink.trailers(fieldsIn(lines));
    else this.#sink.response(Number(status), reason, fieldsIn(lines.slice(1)));
  }
}

function fieldsIn(lines: readonly string[]): FieldLines {
  return lines.map((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
}
