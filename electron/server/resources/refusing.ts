// /guarded: takes uploads from those who have the key, and refuses the others as early as the request lets it: at the head
// where the key is in the URL, at the end where it is in the content. How the refusal ends the connection can be chosen.

import { randomBytes } from 'node:crypto';
import { announcedLength, expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { Exchange } from '../http/exchange.ts';
import { forgetOldest } from '../oldest.ts';
import { Query } from '../http/query.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import type { Route, ServerCore } from '../router.ts';

/** Anybody may know it: nothing here is worth a secret. */
const KEY = 'sesame';

/**
 * After a refusal before the end of the content: `drain`: FIN, and what comes is thrown away, so that the client can read
 * the answer; `reset`: the connection is reset behind the answer, and may take it with it; `keep`: the rest of the content
 * is read, and the connection goes on.
 */
const ENDS = ['drain', 'reset', 'keep'] as const;
type End = (typeof ENDS)[number];

/** Where the key is looked for. */
const PLACES = ['url', 'content'] as const;
/** A key is in the first bytes of the content, or not at all. */
const HEAD_OF_CONTENT = 1024;
const MOST_TICKETS = 1000;

export function refusingRoutes(core: ServerCore): readonly Route[] {
  const tickets = new Set<string>();
  return [
    {
      path: /^\/guarded$/,
      allow: 'POST',
      index: [
        `  curl -v -H 'Expect: 100-continue' --data-binary @FILE 'http://HOST/guarded?key=wrong'   (right: ${KEY})`,
      ],
      answer: (exchange) => {
        const query = new Query(exchange);
        const end = query.choice('end', ENDS);
        const place = query.choice('key-in', PLACES);
        const limit = query.whole('limit', core.uploadLimit, 0, core.uploadLimit);
        if (query.fault !== null) refuse(exchange, 400, query.fault);
        else if (!meetsExpectation(exchange)) return;
        else if (place === 'content') takeKeyed(exchange);
        else if (query.text('key') !== KEY) refuseEarly(exchange, end, 403, WRONG_KEY);
        else takeUpTo(exchange, end, limit);
      },
    },
    {
      path: /^\/guarded\/uploads$/,
      allow: 'POST',
      answer: (exchange) => {
        if (new Query(exchange).text('key') !== KEY) refuse(exchange, 403, WRONG_KEY);
        else giveTicket(exchange, tickets);
      },
    },
    {
      path: /^\/guarded\/uploads\/([\w-]{1,64})$/,
      allow: 'PUT',
      answer: (exchange, [ticket = '']) => {
        if (tickets.has(ticket)) takeUpTo(exchange, 'drain', core.uploadLimit);
        else
          refuseEarly(
            exchange,
            'drain',
            404,
            'There is no such upload: ask for one at /guarded/uploads first.',
          );
      },
    },
  ];
}

const WRONG_KEY = 'The key is wrong: nothing of what is sent is kept.';

function refuseEarly(exchange: Exchange, end: End, status: number, sentence: string): void {
  const content = text(sentence);
  if (end === 'reset') {
    const stream = exchange.stream({ status, fields: [PLAIN_TEXT], length: content.length });
    void stream.write(content).then(() => stream.abort('rst'));
    return;
  }
  void exchange.final({
    status,
    fields: [PLAIN_TEXT],
    content,
    ...(end === 'keep' ? { readsOn: true } : {}),
  });
}

/** The whole content must come before it is known what to say. */
function takeKeyed(exchange: Exchange): void {
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  let begin = '';
  exchange.receive({
    content: (bytes, from, to) => {
      const end = Math.min(to, from + HEAD_OF_CONTENT - begin.length);
      begin += String.fromCharCode(...bytes.subarray(from, Math.max(from, end)));
    },
    end: (complete) => {
      if (!complete) return;
      if (begin.includes(`key=${KEY}`)) welcome(exchange);
      else refuse(exchange, 403, WRONG_KEY);
    },
  });
}

/** Content up to a length, counted and thrown away; more is refused as soon as it is known. */
function takeUpTo(exchange: Exchange, end: End, limit: number): void {
  const length = announcedLength(exchange);
  const sentence = `An upload may have ${limit} bytes here.`;
  if (length !== 'none' && length !== null && length > limit) {
    refuseEarly(exchange, end, 413, sentence);
    return;
  }
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  let have = 0;
  exchange.receive({
    content: (_bytes, from, to) => {
      const before = have;
      have += to - from;
      if (have > limit && before <= limit) refuseEarly(exchange, end, 413, sentence);
    },
    end: (complete) => {
      if (complete && have <= limit) welcome(exchange);
    },
  });
}

function welcome(exchange: Exchange): void {
  void exchange.final({
    status: 200,
    fields: [PLAIN_TEXT],
    content: text('The key is right, and all of it came.'),
  });
}

function giveTicket(exchange: Exchange, tickets: Set<string>): void {
  const ticket = randomBytes(12).toString('base64url');
  tickets.add(ticket);
  forgetOldest(tickets, MOST_TICKETS);
  void exchange.final({
    status: 201,
    fields: [['Location', `/guarded/uploads/${ticket}`], PLAIN_TEXT],
    content: text('PUT the upload where Location says.'),
  });
}
