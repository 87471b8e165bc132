// What the query of a target asks of a resource: numbers and choices, each with its default. Says what is wrong in a
// sentence; never answers.

import type { Exchange } from './exchange.ts';

export class Query {
  readonly #parameters: URLSearchParams;
  /** The first thing that is wrong, as a sentence for its sender; null: nothing. Ask when all was read. */
  fault: string | null = null;

  constructor(exchange: Pick<Exchange, 'query'>) {
    this.#parameters = new URLSearchParams(exchange.query);
  }

  /** The first value of that name; null without any. */
  text(name: string): string | null {
    return this.#parameters.get(name);
  }

  /** A whole number from `least` to `most`; `otherwise` where there is none, or none that is right. */
  whole<T>(name: string, otherwise: T, least: number, most: number): number | T {
    const text = this.text(name);
    if (text === null) return otherwise;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    this.#refuse(`${name} must be a whole number from ${least} to ${most}.`);
    return otherwise;
  }

  /**
   * Statuses of interim responses with commas between, at most `most` of them. 101 is not for this: it would end HTTP on the
   * connection.
   */
  interimStatuses(name: string, otherwise: readonly number[], most: number): readonly number[] {
    const texts = this.text(name)?.split(',');
    if (texts === undefined) return otherwise;
    if (texts.length <= most && texts.every((text) => /^1\d\d$/.test(text) && text !== '101'))
      return texts.map(Number);
    this.#refuse(`${name} must be up to ${most} of 100 and 102 to 199, with commas between.`);
    return otherwise;
  }

  /** One of the choices; the first of them is the default. */
  choice<const T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (text !== null && found === undefined) this.#refuse(`${name} must be one of ${choices.join(', ')}.`);
    return found ?? choices[0];
  }

  #refuse(sentence: string): void {
    this.fault ??= sentence;
  }
}
