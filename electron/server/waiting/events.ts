// A job told as server-sent events (HTML standard, section 9.2): an event for each change, each with an identifier from
// which a client that comes back goes on. Never has more than one write on its way, however slowly it is read.

import { alarm } from '../../wire/alarm.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Clock } from '../../wire/types.ts';
import type { Exchange } from '../http/exchange.ts';
import type { ResponseStream } from '../http/response-stream.ts';
import type { WaitingJob } from './job.ts';
import { statusJson } from './status.ts';

export interface EventsPlan {
  /** The last event that the client has; 0: none. */
  readonly from: number;
  /** Milliseconds after which the client is to come back when the stream ends. */
  readonly retry: number;
  /** Send the head at once; else it goes with the first event, as where somebody forgot to. */
  readonly flush: boolean;
  /** Milliseconds between two looks at the job, which then tell the newest change only; null: each change is told. */
  readonly poll: number | null;
  /** Milliseconds without an event after which a comment keeps the connection alive. */
  readonly silence: number;
  /** Further fields of the response. */
  readonly fields?: FieldLines;
}

const encoder = new TextEncoder();

/** Answers with the stream. It ends with the job. */
export function tellEvents(exchange: Exchange, job: WaitingJob, clock: Clock, plan: EventsPlan): void {
  const stream = exchange.stream({
    status: 200,
    fields: [['Content-Type', 'text/event-stream'], ['Cache-Control', 'no-cache'], ...(plan.fields ?? [])],
  });
  const teller = new Teller(stream, job, clock, plan);
  exchange.whenOver(() => teller.stop());
  teller.begin();
}

class Teller {
  readonly #stream: ResponseStream;
  readonly #job: WaitingJob;
  readonly #clock: Clock;
  readonly #plan: EventsPlan;
  /** The change that was told last, and the newest that is to be told. */
  #told: number;
  #seen: number;
  /** What goes before the next event, or alone when it is due. */
  #lead: string;
  #due: boolean;
  #writing = false;
  #stopped = false;
  #leave: () => void = () => {};
  #cancelLook: () => void = () => {};
  #cancelSilence: () => void = () => {};

  constructor(stream: ResponseStream, job: WaitingJob, clock: Clock, plan: EventsPlan) {
    this.#stream = stream;
    this.#job = job;
    this.#clock = clock;
    this.#plan = plan;
    this.#told = plan.from;
    this.#seen = plan.from;
    this.#lead = `retry: ${plan.retry}\n\n`;
    this.#due = plan.flush;
  }

  begin(): void {
    const { poll } = this.#plan;
    if (poll !== null) this.#look(poll);
    else {
      this.#seen = this.#job.version;
      this.#leave = this.#job.follow(() => {
        this.#seen = this.#job.version;
        void this.#pump();
      });
    }
    void this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    this.#leave();
    this.#cancelLook();
    this.#cancelSilence();
  }

  /** The source behind the stream is itself polled: what happened between two looks is not seen. */
  #look(poll: number): void {
    this.#leave = this.#job.check((status) => {
      if (status !== null && status.version > this.#seen) {
        this.#seen = status.version;
        this.#told = status.version - 1;
        void this.#pump();
      }
      if (!this.#stopped && this.#seen < this.#job.last)
        this.#cancelLook = alarm(this.#clock, this.#clock.now() + poll, () => this.#look(poll));
    });
  }

  /** Writes what there is to say, piece by piece, each when the one before was taken. */
  async #pump(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    this.#cancelSilence();
    for (let text = this.#next(); text !== null; text = this.#next())
      if (!(await this.#stream.write(encoder.encode(text)))) return;
    this.#writing = false;
    if (this.#stopped) return;
    if (this.#told === this.#job.last) await this.#stream.end();
    else this.#watchSilence();
  }

  /** Null: nothing is to be said now. */
  #next(): string | null {
    const event = !this.#stopped && this.#told < this.#seen ? this.#event(++this.#told) : '';
    if (event === '' && !this.#due) return null;
    const text = this.#lead + event;
    this.#lead = '';
    this.#due = false;
    return text;
  }

  #event(version: number): string {
    const status = this.#job.status(version);
    const name = version === this.#job.last ? 'done' : 'progress';
    return `id: ${version}\nevent: ${name}\ndata: ${statusJson(this.#job, status)}\n\n`;
  }

  #watchSilence(): void {
    this.#cancelSilence = this.#clock.after(this.#plan.silence, () => {
      this.#lead += ': still there\n\n';
      this.#due = true;
      void this.#pump();
    });
  }
}
