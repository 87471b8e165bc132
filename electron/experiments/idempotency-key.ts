// The experiment `idempotency-key`: an order that is placed under a key, its answer lost, and placed again; beside it the same
// without a key. What the server refuses is asked for, too: no key, a key for something else, a key that is still in use.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Check } from '../../shared/contract.ts';
import { writeIdempotencyKey } from '../../shared/fields/idempotency-key.ts';
import { counted } from '../../shared/counted.ts';
import { bytesContent } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { OperationResult, StrategyName } from '../client/strategy.ts';
import { check, digestCheck, times } from './kit/checks.ts';
import { CUT, PATIENCE } from './kit/parameters.ts';
import { pause } from '../wire/pause.ts';
import { ask, ownCut, patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, Finished } from './kit/types.ts';

/** In the middle of the final status line: `HTTP/1.1 20`. */
const INTO_STATUS_LINE = 11;
/** How long an order takes that another one of the same key meets, and when that one comes, in milliseconds. */
const WORK = 600;
const MEANWHILE = 200;

const orders = z.array(z.object({ sha256: z.string() }));

export const idempotencyKey: Experiment = {
  info: {
    id: 'idempotency-key',
    title: 'A POST safe to repeat',
    group: 'failures',
    teaches:
      'When the answer to a POST is lost, nobody knows whether it was carried out, and to send it again may do it twice. An ' +
      'Idempotency-Key makes that safe: the server knows the request again and gives the first answer once more. The ' +
      'same key with other content is refused (422), and so is one that is still being worked on (409).',
    sources: ['draft-ietf-httpapi-idempotency-key-header', 'RFC 9457 (problem details)', 'RFC 9110 §9.2.2'],
    parameters: [CUT, PATIENCE],
    cuts: [
      {
        label: 'In the content, then in the answer',
        specs: [
          { end: 'server', direction: 'in', at: 4, content: true, cut: 'rst' },
          { end: 'server', direction: 'out', at: INTO_STATUS_LINE, content: false, cut: 'rst' },
        ],
      },
    ],
  },

  async run(context) {
    const shop = new Shop(context);
    const own = context.target === null;
    const first = await shop.told(
      `an order under a key${own && context.cuts === null ? ', whose answer is lost once' : ''}`,
      await shop.losing(() => shop.order('idempotency-key', LAMP, 'lamp')),
    );
    if (first.outcome !== 'completed') return over(context, first, shop, []);
    const again = await shop.told('the same once more', await shop.order('plain', LAMP, 'lamp'));
    const other = await shop.told('the same key, another order', await shop.order('plain', CHAIR, 'lamp'));
    const none = await shop.told('no key', await shop.order('plain', CHAIR, null));
    const checks = [
      sameCheck(context, first, again),
      answerCheck(context, 'other', 'The same key with another order', other, 422),
      answerCheck(context, 'missing', 'An order without a key', none, 400),
    ];
    if (!own) return over(context, first, shop, checks);
    const busy = await shop.told('a key that is being worked on', await shop.meeting());
    await shop.told('an order without a key, where that is allowed', await shop.orderWithoutKey());
    checks.push(busyCheck(busy), await onceCheck(shop), await twiceCheck(context, shop));
    return over(context, first, shop, checks);
  },

  expect(model, result) {
    const posts = model.exchanges.filter(({ method }) => method === 'POST');
    return [
      { id: 'posts', level: 'info', message: `${counted(posts.length, 'POST')} went out.` },
      digestCheck(result),
    ];
  },
};

const LAMP = 'one lamp';
const CHAIR = 'one chair';
const TABLE = 'one table, which takes long';
const SHELF = 'one shelf, without a key';

/** The place of the orders, and what is ordered there in this run. */
class Shop {
  readonly rows: string[][] = [];
  readonly #context: ExperimentContext;
  readonly #url: string;
  /** Makes contents and keys those of this run. */
  readonly #run: string;

  constructor(context: ExperimentContext) {
    this.#context = context;
    this.#url = context.target ?? `${context.server.url}/orders`;
    this.#run = Math.floor(context.random() * 2 ** 32).toString(16);
  }

  order(strategy: StrategyName, what: string, key: string | null, query = ''): Promise<OperationResult> {
    const name =
      key === null ? [] : [['Idempotency-Key', writeIdempotencyKey(`${key}-${this.#run}`)] as const];
    const request = {
      method: 'POST',
      url: `${this.#url}${query}`,
      fields: [['Content-Type', 'text/plain'] as const, ...name],
      content: bytesContent(this.#content(what)),
    };
    return runStrategy(strategy, request, { patience: patienceOf(this.#context) }, this.#context);
  }

  /** An answer is lost on its way, where it is ours to lose it and the user has no other cuts in mind. */
  async losing(send: () => Promise<OperationResult>): Promise<OperationResult> {
    const { board, cuts, target } = this.#context;
    if (cuts !== null || target !== null) return send();
    const cut = board.arm(ownCut(this.#context, 'response', INTO_STATUS_LINE, false), 'plan');
    try {
      return await send();
    } finally {
      board.disarm(cut);
    }
  }

  /** An order that takes long, and the same again meanwhile, whose answer this is. */
  async meeting(): Promise<OperationResult> {
    const query = `?work=${WORK}`;
    const slow = this.order('idempotency-key', TABLE, 'table', query);
    await pause(this.#context, MEANWHILE);
    const met = await this.order('plain', TABLE, 'table', query);
    await slow;
    return met;
  }

  /** As a client does it that knows of no keys: it did not hear, so it sends it again. */
  async orderWithoutKey(): Promise<OperationResult> {
    const send = (): Promise<OperationResult> => this.order('plain', SHELF, null, '?key=optional');
    const first = await this.losing(send);
    return first.final === null ? send() : first;
  }

  /** A row of the table. */
  async told(title: string, result: OperationResult): Promise<OperationResult> {
    const counts = await Promise.all([LAMP, CHAIR, TABLE, SHELF].map((what) => this.placed(what)));
    const placed = counts.reduce<number>((sum, number) => sum + (number ?? 0), 0);
    const { final } = result;
    const answer = final === null ? 'none' : `${final.status} ${final.reason}`;
    this.rows.push([title, answer, counts.includes(null) ? '–' : String(placed)]);
    return result;
  }

  /** How often the server has that order; null: it cannot be seen. */
  async placed(what: string): Promise<number | null> {
    if (this.#context.target !== null) return null;
    const { final } = await ask(this.#context, 'GET', this.#url);
    const list =
      final?.status === 200 ? orders.parse(JSON.parse(new TextDecoder().decode(final.content))) : null;
    return list?.filter(({ sha256 }) => sha256 === this.digestOf(what)).length ?? null;
  }

  /** SHA-256 (hex) of an order. */
  digestOf(what: string): string {
    return createHash('sha256').update(this.#content(what)).digest('hex');
  }

  #content(what: string): Uint8Array {
    return new TextEncoder().encode(`${what} (${this.#run})\r\n`);
  }
}

function sameCheck(
  { cuts, target }: ExperimentContext,
  first: OperationResult,
  again: OperationResult,
): Check {
  const bytes = ({ final }: OperationResult): string => Buffer.from(final?.content ?? []).toString('latin1');
  const same = again.final?.status === first.final?.status && bytes(again) === bytes(first);
  return check(
    'same-answer',
    same,
    same
      ? 'The same request was given the same answer.'
      : `The same request was answered ${statusOf(again)}.`,
    cuts === null && target === null ? 'error' : 'info',
  );
}

function answerCheck(
  { cuts, target }: ExperimentContext,
  id: string,
  what: string,
  result: OperationResult,
  status: number,
): Check {
  const otherwise = cuts === null && target === null ? 'error' : 'info';
  const right = result.final?.status === status;
  const due = right ? ', as is due' : `; ${status} is due`;
  return check(id, right, `${what} was answered ${statusOf(result)}${due}.`, otherwise);
}

/** Whether they meet is a matter of time. */
function busyCheck(busy: OperationResult): Check {
  return check(
    'busy',
    busy.final?.status === 409,
    `A key that was being worked on was answered ${statusOf(busy)}.`,
    'info',
  );
}

async function onceCheck(shop: Shop): Promise<Check> {
  const placed = await shop.placed(LAMP);
  return check('once', placed === 1, `The order under a key was placed ${times(placed ?? 0)}.`);
}

async function twiceCheck({ cuts }: ExperimentContext, shop: Shop): Promise<Check> {
  const placed = await shop.placed(SHELF);
  const message = `The order without a key was placed ${times(placed ?? 0)}`;
  return cuts === null
    ? check('twice', placed === 2, `${message}: its client could not know that the first had arrived.`)
    : { id: 'twice', level: 'info', message: `${message}.` };
}

function statusOf({ final }: OperationResult): string {
  return final === null ? 'not at all' : `${final.status} ${final.reason}`.trim();
}

async function over(
  context: ExperimentContext,
  { outcome, reason }: OperationResult,
  shop: Shop,
  observed: readonly Check[],
): Promise<Finished> {
  const sent = context.target === null ? shop.digestOf(LAMP) : null;
  const stored = (await shop.placed(LAMP)) === 1 ? sent : null;
  const stopped = context.signal.aborted;
  const columns = ['Request', 'Answer', 'Orders at the server'];
  return {
    result: {
      outcome: stopped ? 'failed' : outcome,
      reason: stopped
        ? 'It was stopped.'
        : outcome === 'completed'
          ? 'The order under a key was answered, however often it had to be sent.'
          : reason,
      digest: { sent, stored },
    },
    observed,
    tables: [{ title: 'One order after the other', columns, rows: shop.rows }],
  };
}
