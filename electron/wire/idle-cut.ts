// The idle time-out of a platform's router, as a fault: whoever lets a request wait too long for its first byte, or an
// answer for its next one, is cut off. Watches both streams of a server's connection, and cuts nothing itself.

import { createParser } from '../../shared/http1/parser.ts';
import type { Http1Parser } from '../../shared/http1/types.ts';
import type { Clock, IdleRule } from './types.ts';

/** A timer that rings late by more than this part of its limit tells of a busy or sleeping machine. */
const LATE = 0.25;

export class IdleCut {
  readonly #rule: IdleRule;
  readonly #clock: Clock;
  readonly #cut: () => void;
  readonly #requests: Http1Parser;
  readonly #responses: Http1Parser;
  /** Requests whose answers are not whole. */
  #open = 0;
  /** Something that counts has come of the oldest one's answer. */
  #begun = false;
  /** No HTTP any more: bytes either way are all that there is to go by. */
  #tunnel = false;
  /** When something that counts moved. */
  #last = 0;
  /** A timer that rang late was forgiven, since then. */
  #forgiven = false;
  /** When the timer is due. Bytes do not move it: it looks again when it is. */
  #due = Infinity;
  #cancel: () => void = () => {};

  /** @param cut called once, when a limit of the rule is passed */
  constructor(rule: IdleRule, clock: Clock, cut: () => void) {
    this.#rule = rule;
    this.#clock = clock;
    this.#cut = cut;
    this.#requests = createParser('request', {
      head: (head) => {
        this.#open++;
        this.#responses.expect(head.method, head.minor);
      },
    });
    this.#responses = createParser('response', {
      head: ({ status }) => {
        if (status >= 200) this.#begun = true;
        if (status !== 101) return;
        this.#tunnel = true;
        this.#requests.upgrade();
      },
      messageEnd: (_end, complete) => {
        if (!complete) return;
        this.#open--;
        this.#begun = false;
      },
    });
  }

  /** Bytes of the request stream, as they are delivered. */
  received(bytes: Uint8Array): void {
    this.#requests.feed(bytes);
    this.#moved();
  }

  /** Bytes of the response stream, as they are written. */
  sent(bytes: Uint8Array): void {
    const open = this.#open;
    if (this.#rule.first === 'any-byte' && open > 0) this.#begun = true;
    this.#responses.feed(bytes);
    // An interim response is no movement where only the final one is the first byte.
    if (this.#begun || this.#tunnel || this.#open < open) this.#moved();
  }

  stop(): void {
    this.#cancel();
    this.#due = -Infinity;
  }

  #moved(): void {
    this.#last = this.#clock.now();
    this.#forgiven = false;
    const limit = this.#limit();
    if (limit !== null && this.#last + limit < this.#due) this.#lookAt(this.#last + limit);
  }

  /** Milliseconds of silence that are allowed now; null: nobody waits for the server. */
  #limit(): number | null {
    const { firstByte, between } = this.#rule;
    if (this.#tunnel || this.#begun) return between;
    return this.#open === 0 || this.#requests.inMessage ? null : firstByte;
  }

  #lookAt(time: number): void {
    this.#cancel();
    this.#due = time;
    this.#cancel = this.#clock.after(time - this.#clock.now(), () => this.#look());
  }

  #look(): void {
    const due = this.#due;
    this.#due = Infinity;
    const limit = this.#limit();
    if (limit === null) return;
    const now = this.#clock.now();
    const end = this.#last + limit;
    if (end > due || end > now) this.#lookAt(end);
    else if (!this.#forgiven && now - due > limit * LATE) {
      // It was this machine that was held up, and the server with it: the silence is counted anew, once.
      this.#forgiven = true;
      this.#last = now;
      this.#lookAt(now + limit);
    } else {
      this.stop();
      this.#cut();
    }
  }
}
