// Bytes of the user's own on a connection of their own, and what came back. Adds nothing, leaves nothing out, sends nothing
// twice, and never waits for ever.

import { createParser } from '../../shared/http1/parser.ts';
import type { Http1Parser, Violation } from '../../shared/http1/types.ts';
import { counted } from '../../shared/counted.ts';
import { connect } from '../wire/connect.ts';
import type { ClosedNote } from '../wire/recorder.ts';
import { type Wire, WireError } from '../wire/types.ts';
import { fieldsOf } from './received-response.ts';
import { watchPatience } from './lenses/sockets.ts';
import type { FinalResponse, OperationResult, StrategyContext } from './strategy.ts';
import { connected, type Target } from './target.ts';

export interface RawResult {
  readonly outcome: OperationResult['outcome'];
  /** One sentence, for a person. */
  readonly reason: string;
  /** All that came, interim ones and one that broke off included, in order; see the bounds below. */
  readonly responses: readonly FinalResponse[];
}

/** Responses that are kept, and bytes of their content: of each, and of all. The session has the rest. */
const MOST_RESPONSES = 1_000;
const MOST_CONTENT = 1024 * 1024;
const MOST_IN_ALL = 4 * 1024 * 1024;
/** Interim responses after which no end is to be hoped for. */
const MOST_INTERIM = 10_000;
/** How long (ms) the peer may take to end a connection that we have ended. */
const LEAVE_WITHIN = 1_000;

/**
 * Sends the bytes and reads responses until every request in them is answered, the connection is over, or no byte moved for
 * `patience` ms. Never rejects for what a server does.
 */
export async function sendRaw(
  target: Target,
  bytes: Uint8Array,
  patience: number,
  context: StrategyContext,
): Promise<RawResult> {
  const { recorder, clock } = context;
  recorder.step(0, 'begin', 'The bytes are sent as they are; whatever comes is the result.');
  let wire: Wire;
  try {
    wire = await connect(target.host, target.port, context, target.security);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    recorder.step(0, 'refused', error.message);
    return { outcome: 'refused', reason: error.message, responses: [] };
  }
  recorder.step(wire.connection, 'connect', connected(target));
  const result = await new RawExchange(wire, bytes, patience, context).go();
  recorder.step(wire.connection, STEPS[result.outcome], result.reason);
  const cancel = clock.after(LEAVE_WITHIN, () => wire.close('rst'));
  if (wire.open) wire.close('fin');
  await wire.over;
  cancel();
  return result;
}

const STEPS = { completed: 'complete', failed: 'give-up', refused: 'refused' } as const;

/** Methods of the requests that the bytes are, as far as they are any: what answers are read by (RFC 9112 §6.3). */
function methodsIn(bytes: Uint8Array): string[] {
  const methods: string[] = [];
  let ended = 0;
  const parser = createParser('request', {
    head: ({ method }) => methods.push(method),
    messageEnd: () => ended++,
  });
  parser.feed(bytes);
  // Whatever is no request, or only the beginning of one, may be answered as well.
  const more = parser.failed !== null || parser.inMessage || methods.length === 0;
  return more && ended === methods.length ? [...methods, 'GET'] : methods;
}

interface Growing extends FinalResponse {
  readonly pieces: Uint8Array[];
}

class RawExchange {
  readonly #wire: Wire;
  readonly #bytes: Uint8Array;
  readonly #patience: number;
  readonly #context: StrategyContext;
  readonly #parser: Http1Parser;
  readonly #methods: readonly string[];
  readonly #responses: Growing[] = [];
  /** The response whose content comes; null: none, or one that is over the bounds. */
  #current: Growing | null = null;
  #finals: { status: number; reason: string }[] = [];
  #interims = 0;
  /** Content that is kept of the current one, and of all. */
  #kept = 0;
  #keptInAll = 0;
  #whole = 0;
  #upgraded = false;
  /** Why it came to no good end. */
  #wrong: string | null = null;
  #done: () => void = () => undefined;

  constructor(wire: Wire, bytes: Uint8Array, patience: number, context: StrategyContext) {
    this.#wire = wire;
    this.#bytes = bytes;
    this.#patience = patience;
    this.#context = context;
    this.#methods = methodsIn(bytes);
    this.#parser = createParser('response', {
      head: (head) => {
        const { status, reason } = head;
        const interim = status < 200 && status !== 101;
        this.#current = null;
        this.#kept = 0;
        if (this.#responses.length < MOST_RESPONSES) {
          const response = { status, reason, fields: fieldsOf(head), content: NOTHING, pieces: [] };
          this.#responses.push(response);
          if (!interim) this.#current = response;
        }
        if (!interim) this.#finals.push({ status, reason });
        else if (++this.#interims > MOST_INTERIM)
          this.#giveUp(`The server sent more than ${MOST_INTERIM} interim responses.`);
      },
      content: (content, from, to) => this.#content(content, from, to),
      messageEnd: (_end, complete) => {
        if (complete) this.#whole++;
        // Nothing of HTTP comes after it (RFC 9110 §15.2.2).
        if (this.#finals.at(-1)?.status === 101) this.#upgraded = true;
        if (this.#complete) this.#done();
      },
      tunnel: () => {
        this.#upgraded = true;
        this.#done();
      },
      error: (violation) => this.#error(violation),
    });
    for (const method of this.#methods) this.#parser.expect(method);
  }

  async go(): Promise<RawResult> {
    const { clock, signal } = this.#context;
    const over = new Promise<void>((resolve) => (this.#done = resolve));
    this.#wire.handle({
      data: (bytes) => this.#parser.feed(bytes),
      end: () => this.#wire.close('fin'),
      closed: (note) => this.#closed(note),
    });
    const leave = watchPatience({
      clock,
      signal,
      patience: this.#patience,
      moved: () => this.#wire.sent + this.#wire.received,
      giveUp: ({ code, message }) => {
        this.#wrong ??= code === 'stopped' ? message : `${this.#answered()} ${message}`;
        if (this.#wire.open) this.#wire.close(code === 'stopped' ? 'rst' : 'silence');
      },
    });
    void this.#wire.write(this.#bytes);
    await over;
    leave();
    return this.#result();
  }

  get #complete(): boolean {
    return this.#upgraded || this.#whole >= this.#methods.length;
  }

  #content(bytes: Uint8Array, from: number, to: number): void {
    const room = Math.min(MOST_CONTENT - this.#kept, MOST_IN_ALL - this.#keptInAll);
    if (this.#current === null || room <= 0) return;
    const piece = new Uint8Array(bytes.subarray(from, Math.min(to, from + room)));
    this.#current.pieces.push(piece);
    this.#kept += piece.length;
    this.#keptInAll += piece.length;
  }

  #error({ code, at, rfc }: Violation): void {
    // The end of the stream is told by the wire, which knows a reset from a FIN.
    if (code === 'closed-before-head' || code === 'closed-in-body') return;
    this.#giveUp(`The server's answer is not HTTP/1.1 (${code} at byte ${at}, ${rfc}).`);
  }

  #giveUp(why: string): void {
    this.#wrong ??= why;
    if (this.#wire.open) this.#wire.close('fin');
  }

  #closed({ how, by }: ClosedNote): void {
    // Only an orderly end completes content that is delimited by it (RFC 9112 §8).
    if (how === 'fin' && by !== 'fault' && this.#wrong === null) this.#parser.end();
    if (!this.#complete) this.#wrong ??= `The connection ${ENDED[how]}. ${this.#answered()}`;
    this.#done();
  }

  /** How far the server came, as a sentence. */
  #answered(): string {
    const begun = this.#finals.length > this.#whole ? ', and the next broke off' : '';
    if (this.#methods.length > 1)
      return `${this.#whole} of ${counted(this.#methods.length, 'request')} were answered${begun}.`;
    return begun === '' ? 'There was no answer.' : 'The answer broke off.';
  }

  #result(): RawResult {
    const responses = this.#responses.map(({ status, reason, fields, pieces }) => ({
      status,
      reason,
      fields,
      content: new Uint8Array(Buffer.concat(pieces)),
    }));
    if (!this.#complete) return { outcome: 'failed', reason: this.#wrong ?? this.#answered(), responses };
    const last = this.#finals.findLast(({ status }) => status >= 400) ?? this.#finals.at(-1)!;
    const said = `${last.status} ${last.reason}`.trim();
    const count = this.#finals.length;
    return {
      outcome: last.status >= 400 ? 'refused' : 'completed',
      reason:
        count === 1
          ? `The server answered ${said}.`
          : `The server answered ${counted(count, 'request')}, ${last.status >= 400 ? 'one of them' : 'the last'} with ${said}.`,
      responses,
    };
  }
}

const NOTHING = new Uint8Array(0);

const ENDED: Readonly<Record<ClosedNote['how'], string>> = {
  fin: 'ended',
  rst: 'was reset',
  silence: 'fell silent',
  error: 'failed',
};
