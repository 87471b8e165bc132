// /early: three servers that say 200: before they have read the content, before the work that is left to somebody else,
// and when everything is done. The store has `room` for so many bytes; whatever does not fit is lost, told or not.

import { createHash, type Hash } from 'node:crypto';
import type { DetachedWork } from '../operations/detached.ts';
import { announcedLength, expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import { forgetOldest } from '../oldest.ts';
import { Query } from '../http/query.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

const WHEN = ['after-work', 'before-work', 'before-content'] as const;
type When = (typeof WHEN)[number];

/** Things that are remembered, the newest. */
const MOST_THINGS = 100;
const MOST_WORK_MILLISECONDS = 60_000;

interface Plan {
  readonly when: When;
  /** Bytes that can be stored. */
  readonly room: number;
  /** How long it takes to store them, once they are there. */
  readonly workMilliseconds: number;
}

export function earlyRoutes(core: ServerCore, work: DetachedWork): readonly Route[] {
  const things = new Map<string, Thing>();
  let numbered = 0;
  return [
    {
      path: /^\/early$/,
      allow: 'POST',
      index: [
        "  curl -v --data-binary @FILE 'http://HOST/early?when=before-content&room=1000'   (or before-work, after-work)",
      ],
      answer: (exchange) => {
        const query = new Query(exchange);
        const plan: Plan = {
          when: query.choice('when', WHEN),
          room: query.whole('room', core.uploadLimit, 0, core.uploadLimit),
          workMilliseconds: query.whole('work', 0, 0, MOST_WORK_MILLISECONDS),
        };
        if (query.fault !== null) refuse(exchange, 400, query.fault);
        else if (announcedLength(exchange) === 'none')
          refuse(exchange, 411, 'Send some content to be stored.');
        else if (meetsExpectation(exchange)) {
          const path = `/early/${++numbered}`;
          const thing = new Thing(work, plan);
          things.set(path, thing);
          forgetOldest(things, MOST_THINGS);
          takeIn(exchange, thing, path, plan);
        }
      },
    },
    {
      path: /^\/early\/\d{1,15}$/,
      allow: 'GET, HEAD',
      answer: (exchange) => {
        const thing = things.get(exchange.path);
        if (thing === undefined)
          refuse(exchange, 404, 'There is no such thing here. POST to /early makes one.');
        else exchange.whenOver(thing.whenDecided(() => tell(exchange, thing)));
      },
    },
  ];
}

/** What was sent to be stored: counted and hashed, not kept. */
class Thing {
  readonly #work: DetachedWork;
  readonly #plan: Plan;
  readonly #hash: Hash = createHash('sha256');
  #length = 0;
  /** Why it is lost; null: it is not, or not yet. */
  #lost: string | null = null;
  #decided = false;
  readonly #waiting = new Set<() => void>();
  #digest = '';

  constructor(work: DetachedWork, plan: Plan) {
    this.#work = work;
    this.#plan = plan;
  }

  /** Null: it is stored, once that is decided. */
  get lost(): string | null {
    return this.#lost;
  }

  /** Of what is stored. */
  get account(): { readonly length: number; readonly sha256: string } {
    return { length: this.#length, sha256: this.#digest };
  }

  take(bytes: Uint8Array): void {
    if (this.#decided) return;
    this.#length += bytes.length;
    this.#hash.update(bytes);
    // Who leaves the work to somebody else takes in what there is no room for.
    if (this.#plan.when === 'before-content' && this.#length > this.#plan.room) this.#decide(this.#full);
  }

  /** The content is over: what is left is the work. */
  finish(complete: boolean): void {
    if (!complete) this.#decide(`the connection broke after ${this.#length} bytes`);
    else {
      this.#work.after(this.#plan.workMilliseconds, () => {
        this.#decide(this.#length > this.#plan.room ? this.#full : null);
      });
    }
  }

  /** Calls once when it is known whether it is stored, at once if it is, unless the returned function is called before. */
  whenDecided(call: () => void): () => void {
    if (this.#decided) call();
    else this.#waiting.add(call);
    return () => void this.#waiting.delete(call);
  }

  get #full(): string {
    return `there is room for ${this.#plan.room} bytes only`;
  }

  #decide(lost: string | null): void {
    if (this.#decided) return;
    this.#decided = true;
    this.#lost = lost;
    this.#digest = this.#hash.digest('hex');
    for (const call of this.#waiting) call();
    this.#waiting.clear();
  }
}

function takeIn(exchange: Exchange, thing: Thing, path: string, { when }: Plan): void {
  const succeed = (): void =>
    void exchange.final({
      status: 200,
      fields: [['Content-Location', path], PLAIN_TEXT],
      content: text('It is stored.'),
      readsOn: true,
    });
  if (when === 'before-content') succeed();
  else if (expectsContinue(exchange)) void exchange.interim(100, []);
  exchange.receive({
    content: (bytes, from, to) => thing.take(bytes.subarray(from, to)),
    end: (complete) => {
      thing.finish(complete);
      if (when === 'before-work' && complete) succeed();
      if (when !== 'after-work') return;
      thing.whenDecided(() => {
        if (thing.lost === null) succeed();
        else refuse(exchange, 507, `It could not be stored: ${thing.lost}.`, [['Content-Location', path]]);
      });
    },
  });
}

function tell(exchange: Exchange, thing: Thing): void {
  if (thing.lost !== null) {
    refuse(exchange, 404, `Nothing is stored here: ${thing.lost}.`);
    return;
  }
  answerJson(exchange, 200, thing.account);
}
