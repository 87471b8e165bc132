// One recorder for the test server and the clients, whatever session is live: it passes everything on to the current
// session's recorder and keeps connections of an earlier session out of a later one.

import type { Recorder } from '../wire/recorder.ts';

export class Switchboard implements Recorder {
  #current: Recorder;
  /** Numbers given out before the current session began. */
  #base = 0;
  #last = 0;

  constructor(recorder: Recorder) {
    this.#current = recorder;
  }

  /** From now on another session records; connections that are still open belong to neither. */
  switchTo(recorder: Recorder): void {
    this.#current = recorder;
    this.#base = this.#last;
  }

  /** The wire's number of a connection of the current session. */
  wireNumber(connection: number): number {
    return connection + this.#base;
  }

  /** The current session's number of a wire's connection; 0 if it belongs to an earlier session. */
  sessionNumber(wire: number): number {
    return wire > this.#base ? wire - this.#base : 0;
  }

  now(): number {
    return this.#current.now();
  }

  opened: Recorder['opened'] = (end, client, server) => {
    const number = this.#current.opened(end, client, server) + this.#base;
    this.#last = Math.max(this.#last, number);
    return number;
  };

  sent: Recorder['sent'] = (connection, end, bytes) => {
    if (connection > this.#base) this.#current.sent(connection - this.#base, end, bytes);
  };

  received: Recorder['received'] = (connection, end, bytes) =>
    connection > this.#base && this.#current.received(connection - this.#base, end, bytes);

  discarded: Recorder['discarded'] = (connection, end, bytes) => {
    if (connection > this.#base) this.#current.discarded(connection - this.#base, end, bytes);
  };

  ended: Recorder['ended'] = (connection, end, direction) => {
    if (connection > this.#base) this.#current.ended(connection - this.#base, end, direction);
  };

  closed: Recorder['closed'] = (connection, end, note) => {
    if (connection > this.#base) this.#current.closed(connection - this.#base, end, note);
  };

  fault: Recorder['fault'] = (connection, end, note) => {
    if (connection > this.#base) this.#current.fault(connection - this.#base, end, note);
  };

  step: Recorder['step'] = (connection, step, why) => {
    if (connection === 0 || connection > this.#base)
      this.#current.step(connection === 0 ? 0 : connection - this.#base, step, why);
  };

  about: Recorder['about'] = (about) => this.#current.about(about);
}
