// /orders: a POST that must not be done twice, and is not where it carries an Idempotency-Key
// (draft-ietf-httpapi-idempotency-key-header): the second time, the answer of the first one comes again.

import { FieldFault } from '../../../shared/fields/fault.ts';
import { parseIdempotencyKey } from '../../../shared/fields/idempotency-key.ts';
import type { Clock } from '../../wire/types.ts';
import type { DetachedWork } from '../operations/detached.ts';
import { announcedLength } from '../http/announced.ts';
import type { Exchange, FinalResponse } from '../http/exchange.ts';
import { refuseWithProblem } from '../files/problem.ts';
import { answerJson, JSON_TYPE, jsonLine } from '../http/json.ts';
import { forgetOldest } from '../oldest.ts';
import { Query } from '../http/query.ts';
import { type ReadContent, readDigest } from '../http/read-through.ts';
import { refuse } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

/** Keys, and orders, that are remembered: the newest. */
const MOST_KEPT = 1000;
/** The draft asks a server to tell how long it knows a key: a day, and it is in the index. */
const KEY_LIFETIME = 24 * 60 * 60 * 1000;
const MOST_WORK_MILLISECONDS = 60_000;

interface Order {
  readonly order: number;
  readonly length: number;
  readonly sha256: string;
}

/** A request that came with a key. */
interface Kept {
  /** SHA-256 of its content: the same key with other content is another request. */
  readonly fingerprint: string;
  readonly until: number;
  /** Null: it is still being worked on. */
  answer: FinalResponse | null;
}

export function idempotencyRoutes(core: ServerCore, work: DetachedWork): readonly Route[] {
  const orders = new Orders(core.clock, work);
  return [
    {
      path: /^\/orders$/,
      allow: 'GET, HEAD, POST',
      index: [
        `  curl -v -H 'Idempotency-Key: "a1"' -d 'one lamp' http://HOST/orders   (a key is known for a day; ?key=optional)`,
      ],
      answer: (exchange) => {
        if (exchange.method === 'POST') takeOrder(exchange, orders);
        else answerJson(exchange, 200, orders.list);
      },
    },
  ];
}

class Orders {
  readonly #clock: Clock;
  readonly #work: DetachedWork;
  readonly #keys = new Map<string, Kept>();
  #list: Order[] = [];
  #numbered = 0;

  constructor(clock: Clock, work: DetachedWork) {
    this.#clock = clock;
    this.#work = work;
  }

  get list(): readonly Order[] {
    return this.#list;
  }

  find(key: string): Kept | undefined {
    const kept = this.#keys.get(key);
    return kept !== undefined && kept.until > this.#clock.now() ? kept : undefined;
  }

  /** Does the work, and calls with its answer, which is kept under the key. */
  place(
    content: Omit<Order, 'order'>,
    key: string | null,
    milliseconds: number,
    done: (answer: FinalResponse) => void,
  ): void {
    const kept: Kept = {
      fingerprint: content.sha256,
      until: this.#clock.now() + KEY_LIFETIME,
      answer: null,
    };
    if (key !== null) {
      this.#keys.delete(key);
      this.#keys.set(key, kept);
      forgetOldest(this.#keys, MOST_KEPT);
    }
    this.#work.after(milliseconds, () => {
      const order: Order = { order: ++this.#numbered, ...content };
      this.#list = [...this.#list, order].slice(-MOST_KEPT);
      kept.answer = {
        status: 201,
        fields: [JSON_TYPE, ['Cache-Control', 'no-store']],
        content: jsonLine(order),
      };
      done(kept.answer);
    });
  }
}

function takeOrder(exchange: Exchange, orders: Orders): void {
  const query = new Query(exchange);
  const needed = query.choice('key', ['required', 'optional']) === 'required';
  const milliseconds = query.whole('work', 0, 0, MOST_WORK_MILLISECONDS);
  const value = exchange.field('Idempotency-Key');
  const key = value === null ? null : parseIdempotencyKey(value);
  if (query.fault !== null) refuse(exchange, 400, query.fault);
  else if (announcedLength(exchange) === 'none') refuse(exchange, 411, 'Send what is to be ordered.');
  else if (key === null && needed) problem(exchange, 400, NO_KEY);
  else if (key instanceof FieldFault)
    problem(exchange, 400, `The Idempotency-Key cannot be read: ${key.message}`);
  else readDigest(exchange, (content) => answer(exchange, orders, { key, content, milliseconds }));
}

interface Ordered {
  readonly key: string | null;
  readonly content: ReadContent;
  /** Of work, for one that is new. */
  readonly milliseconds: number;
}

function answer(exchange: Exchange, orders: Orders, { key, content, milliseconds }: Ordered): void {
  const kept = key === null ? undefined : orders.find(key);
  if (kept === undefined) orders.place(content, key, milliseconds, (first) => void exchange.final(first));
  else if (kept.fingerprint !== content.sha256) problem(exchange, 422, OTHER_CONTENT);
  else if (kept.answer === null) problem(exchange, 409, IN_PROGRESS, [['Retry-After', '1']]);
  else void exchange.final(kept.answer);
}

const NO_KEY =
  'A request that is not to be done twice needs a name: send an Idempotency-Key of your own, such as "8e03978e-40d5".';
const OTHER_CONTENT =
  'This Idempotency-Key was used for a request with other content: use a new key for a new request.';
const IN_PROGRESS = 'The request with this Idempotency-Key is still being worked on: ask again in a moment.';

function problem(
  exchange: Exchange,
  status: number,
  sentence: string,
  fields: FinalResponse['fields'] = [],
): void {
  refuseWithProblem(exchange, { status, sentence, at: null, fields });
}
