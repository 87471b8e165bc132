// /tracking: a form that hands out a tracking number before anything is done, so that whoever lost every answer can still
// ask what became of it. POST, redirect, GET: the work is done for the first whole POST of a number, and for no other.

import { randomBytes } from 'node:crypto';
import type { DetachedWork } from '../operations/detached.ts';
import { announcedLength } from '../http/announced.ts';
import type { Exchange } from '../http/exchange.ts';
import { answerJson } from '../http/json.ts';
import { forgetOldest } from '../oldest.ts';
import { Query } from '../http/query.ts';
import { readDigest } from '../http/read-through.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route } from '../router.ts';

/** Numbers that are remembered, the newest. */
const MOST_NUMBERS = 1000;
const MOST_WORK_MILLISECONDS = 60_000;

interface Tracked {
  state: 'waiting' | 'running' | 'done';
  /** Whole POSTs that came with this number. */
  posts: number;
  /** Times that the work was begun. */
  begun: number;
  result: Result | null;
}

/** What was ordered. */
interface Result {
  readonly length: number;
  readonly sha256: string;
}

export function trackingRoutes(work: DetachedWork): readonly Route[] {
  const numbers = new Map<string, Tracked>();
  return [
    {
      path: /^\/tracking$/,
      allow: 'GET, HEAD',
      index: ['  curl -v http://HOST/tracking   (a form with a tracking number)'],
      answer: (exchange) => giveForm(exchange, numbers),
    },
    {
      path: /^\/tracking\/([\w-]{1,64})$/,
      allow: 'GET, HEAD, POST',
      answer: (exchange, [number = '']) => {
        const tracked = numbers.get(number);
        const query = new Query(exchange);
        const milliseconds = query.whole('work', 0, 0, MOST_WORK_MILLISECONDS);
        if (query.fault !== null) refuse(exchange, 400, query.fault);
        else if (tracked === undefined)
          refuse(exchange, 404, 'This tracking number was not given out here: GET /tracking gives one.');
        else if (exchange.method === 'POST')
          takeForm(exchange, (result) => {
            receive(tracked, work, milliseconds, result);
          });
        else tell(exchange, tracked);
      },
    },
  ];
}

function giveForm(exchange: Exchange, numbers: Map<string, Tracked>): void {
  const number = randomBytes(9).toString('base64url');
  // HEAD hands out nothing that nobody can read.
  if (exchange.method === 'GET') {
    numbers.set(number, { state: 'waiting', posts: 0, begun: 0, result: null });
    forgetOldest(numbers, MOST_NUMBERS);
  }
  void exchange.final({
    status: 200,
    fields: [
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Cache-Control', 'no-store'],
    ],
    content: text(
      '<!doctype html><title>Order</title>',
      `<form method="post" enctype="text/plain" action="/tracking/${number}">`,
      `<p>Please keep this tracking number: <b>${number}</b></p>`,
      '<textarea name="order"></textarea> <button>Order</button>',
      '</form>',
    ),
  });
}

/** @param came called with what a whole POST brought */
function takeForm(exchange: Exchange, came: (result: Result) => void): void {
  if (announcedLength(exchange) === 'none') {
    refuse(exchange, 411, 'Send what is to be ordered.');
    return;
  }
  readDigest(exchange, (content) => {
    came(content);
    // RFC 9110 §15.4.4: what came of it is somewhere else, and can be read as often as one likes.
    const fields = [['Location', exchange.path], PLAIN_TEXT] as const;
    void exchange.final({ status: 303, fields, content: text('Look there.') });
  });
}

/** Only the first one that comes whole begins the work. */
function receive(tracked: Tracked, work: DetachedWork, milliseconds: number, result: Result): void {
  tracked.posts++;
  if (tracked.state !== 'waiting') return;
  tracked.state = 'running';
  tracked.begun++;
  work.after(milliseconds, () => {
    tracked.state = 'done';
    tracked.result = result;
  });
}

function tell(exchange: Exchange, tracked: Tracked): void {
  const { state, posts, begun, result } = tracked;
  const document = {
    job: exchange.path,
    state,
    progress: { done: state === 'done' ? 1 : 0, total: 1, text: WORDS[state] },
    posts,
    begun,
    ...(result === null ? {} : { result }),
  };
  answerJson(exchange, 200, document, state === 'running' ? [['Retry-After', '1']] : []);
}

const WORDS: Readonly<Record<Tracked['state'], string>> = {
  waiting: 'Nothing came with this number yet',
  running: 'It is being done',
  done: 'It is done',
};
