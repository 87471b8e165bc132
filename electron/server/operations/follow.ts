// Tells a client that waits how far a job is, by 102s: at each step, at moments within a long one, and where silence
// could time the connection out. Shares out the interim responses that one request may have; never ends an exchange.

import { type StatusUri, writeStatusUri } from '../../../shared/fields/status-uri.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Job, StoredResponse } from './jobs.ts';
import type { Language } from './phrases.ts';
import type { ServerCore } from '../router.ts';

/** Results of subordinate operations that one 102 tells; of more, the latest. */
const RESULTS_TOLD = 100;

interface Attendance {
  /** Fields of the first 102 beside Progress; null: no 102 is wanted. */
  readonly interim: FieldLines | null;
  /** Of remarks; null: they are quoted strings. */
  readonly language: Language | null;
  readonly done: (result: StoredResponse) => void;
  /** Whoever is attended came to be told of steps: that opens the job's gate. */
  readonly told?: boolean;
}

/** Sends 102s from now on, until the job is done or the exchange over. Returns what ends it earlier. */
export function attend(exchange: Exchange, core: ServerCore, job: Job, attendance: Attendance): () => void {
  const follower = new Follower(exchange, core, job, attendance);
  exchange.whenOver(() => follower.stop());
  return () => follower.stop();
}

class Follower {
  readonly #exchange: Exchange;
  readonly #core: ServerCore;
  readonly #job: Job;
  readonly #attendance: Attendance;
  readonly #leave: () => void;
  #fields: FieldLines;
  /** Step that the last 102 told of. */
  #step: number;
  /** Steps from it to the next one that is told: more than one where there are more steps than 102s. */
  #stride = 1;
  /** Results that were told. */
  #results = 0;
  #cancelSilence: () => void = () => {};

  constructor(exchange: Exchange, core: ServerCore, job: Job, attendance: Attendance) {
    this.#exchange = exchange;
    this.#core = core;
    this.#job = job;
    this.#attendance = attendance;
    this.#fields = attendance.interim ?? [];
    this.#step = job.step;
    this.#leave = job.follow(() => this.#happened());
    this.#tell();
  }

  stop(): void {
    this.#leave();
    this.#cancelSilence();
  }

  #happened(): void {
    const { step, result } = this.#job;
    if (result !== null) {
      this.stop();
      if (this.#job.results.length > this.#results) this.#tell();
      this.#cancelSilence();
      this.#attendance.done(result);
    } else if (step >= this.#step + this.#stride) this.#tell();
    else if (step === this.#step) this.#tellBetween();
    else this.#wasTold();
  }

  /** Something that may be left out, when all that is still to be told of steps needs the 102s that are left. */
  #tellBetween(): void {
    if (this.#exchange.interimsLeft > this.#job.stepsToTell) this.#tell();
  }

  #tell(): void {
    if (this.#attendance.interim === null) return;
    const { results } = this.#job;
    const news = results.slice(Math.max(this.#results, results.length - RESULTS_TOLD));
    this.#results = results.length;
    const sending = this.#exchange.interim(102, [
      ...this.#fields,
      ['Progress', this.#job.progressIn(this.#attendance.language)],
      ...statusUri(news),
    ]);
    this.#fields = [];
    this.#step = this.#job.step;
    const left = this.#exchange.interimsLeft;
    this.#stride = left === 0 ? Infinity : Math.max(1, Math.ceil(this.#job.stepsToTell / left));
    this.#watchSilence();
    this.#wasTold(sending);
  }

  /** Not told because there were too many 102s already: who is attended waits all the same. */
  #wasTold(sending: Promise<boolean> = Promise.resolve(false)): void {
    if (this.#attendance.told !== true) return;
    const { step } = this.#job;
    void sending.then((sent) => {
      if (sent || !this.#exchange.over) this.#job.told(step);
    });
  }

  #watchSilence(): void {
    this.#cancelSilence();
    if (this.#exchange.interimsLeft === 0) return;
    const { clock, silenceMilliseconds } = this.#core;
    this.#cancelSilence = clock.after(silenceMilliseconds, () => this.#tellBetween());
  }
}

function statusUri(results: readonly StatusUri[]): FieldLines {
  return results.length === 0 ? [] : [['Status-URI', writeStatusUri(results)]];
}
