// The requests that await their final response, oldest first: a response answers the oldest (RFC 9112 §9.3.2).
// Never grows beyond what is outstanding, give or take a few answered ones.

interface OutstandingRequest {
  readonly method: string;
  /** HTTP minor version. */
  readonly minor: number;
}

/** How many answered requests are kept before the list is cut. */
const SLACK = 64;

export class Outstanding {
  readonly #requests: OutstandingRequest[] = [];
  /** Index of the oldest: the list is cut only now and then. */
  #first = 0;

  /** Undefined when nothing is outstanding. */
  get oldest(): OutstandingRequest | undefined {
    return this.#requests[this.#first];
  }

  add(method: string, minor: number): void {
    this.#requests.push({ method, minor });
  }

  /** The oldest has its final response. */
  answer(): void {
    this.#first++;
    if (this.#first < SLACK || this.#first * 2 < this.#requests.length) return;
    this.#requests.splice(0, this.#first);
    this.#first = 0;
  }
}
