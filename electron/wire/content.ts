// Finds where in a connection's streams a byte of the representation lies, for cuts that name one. Runs ahead of
// delivery and of writing, and only on wires that carry such a cut. Applies nothing.

import { type Direction, type End, type Stream, streamOf } from '../../shared/capture/records.ts';
import { ContentLocator, type Piece } from '../../shared/byteranges/locator.ts';
import { createParser } from '../../shared/http1/parser.ts';
import type { Http1Parser } from '../../shared/http1/types.ts';
import type { ArmedCut } from './types.ts';

/** Called when the byte of a cut is known: `at` is its absolute position. */
type Located = (cut: ArmedCut, at: number) => void;

/** Both streams of one connection from their first byte on; requests too where only responses are cut, for their methods. */
export class ContentFinder {
  readonly #end: End;
  readonly #located: Located;
  readonly #cuts: Record<Stream, ArmedCut[]> = { request: [], response: [] };
  readonly #parsers: Record<Stream, Http1Parser>;

  constructor(end: End, located: Located) {
    this.#end = end;
    this.#located = located;
    const responses = this.#follow('response');
    this.#parsers = {
      request: this.#follow('request', (method, minor) => responses.expect(method, minor)),
      response: responses,
    };
  }

  /** Looks for the byte of this content cut. */
  find(cut: ArmedCut): void {
    this.#cuts[streamOf(this.#end, cut.spec.direction)].push(cut);
  }

  /** The next bytes of a direction, before they are delivered or written. */
  feed(direction: Direction, bytes: Uint8Array): void {
    const { request, response } = this.#cuts;
    const stream = streamOf(this.#end, direction);
    if (response.length > 0 || (stream === 'request' && request.length > 0))
      this.#parsers[stream].feed(bytes);
  }

  #follow(stream: Stream, requested: (method: string, minor: number) => void = () => undefined): Http1Parser {
    const locator = new ContentLocator((piece) => this.#look(stream, piece));
    return createParser(stream, {
      head: (head) => {
        if (stream === 'request') requested(head.method, head.minor);
        locator.head(head);
      },
      content: (bytes, from, to, at) => locator.content(bytes, from, to, at),
      messageEnd: () => locator.messageEnd(),
    });
  }

  /** A cut at the very end of a piece lies in it, too: "after the last byte" must be reachable. */
  #look(stream: Stream, { offset, from, to, at }: Piece): void {
    const cuts = this.#cuts[stream];
    if (cuts.length === 0) return;
    const found = cuts.filter(({ spec }) => spec.at >= offset && spec.at <= offset + (to - from));
    if (found.length === 0) return;
    this.#cuts[stream] = cuts.filter((cut) => !found.includes(cut));
    for (const cut of found) this.#located(cut, at + (cut.spec.at - offset));
  }
}
