// The experiment `lost-response-tracking`: a POST whose answer is lost, and a tracking number that was given out before it.
// The POST is sent again only where the server says that nothing came; the work must be done once.

import { z } from 'zod';
import type { Check } from '../../shared/contract.ts';
import { counted } from '../../shared/counted.ts';
import { bytesContent, contentDigest } from '../client/content.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type { OperationResult } from '../client/strategy.ts';
import { check, digestCheck, times } from './kit/checks.ts';
import { CUT, PATIENCE } from './kit/parameters.ts';
import { pause } from '../wire/pause.ts';
import { ask, ownCut, patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, Finished } from './kit/types.ts';

const ORDER = new TextEncoder().encode('one lamp, to be sent by post\r\n');
/** How long the work takes, and the pause between two questions while it runs, in milliseconds. */
const WORK = 600;
const ASK_EVERY = 400;
/** Times that the client asks before it gives up. */
const MOST_QUESTIONS = 20;
/** In the middle of the final status line: `HTTP/1.1 30`. */
const INTO_STATUS_LINE = 11;

/** What the server tells of a tracking number. */
const tracked = z.object({
  state: z.enum(['waiting', 'running', 'done']),
  posts: z.int(),
  begun: z.int(),
  result: z.object({ sha256: z.string() }).optional(),
});
type Tracked = z.infer<typeof tracked>;

export const lostResponseTracking: Experiment = {
  info: {
    id: 'lost-response-tracking',
    title: 'Track a lost response',
    group: 'failures',
    teaches:
      'A form brings a tracking number before anything is done. It is posted, and the answer should redirect to what became ' +
      'of it; but the redirect itself is lost. The client does not guess: it asks by the number it has had from the ' +
      'start, and posts again only if nothing came. The work is done once, whatever breaks.',
    sources: [
      'RFC 9110 §15.4.4 (303)',
      'RFC 9110 §9.2.2 (idempotent methods)',
      'the pattern POST, redirect, GET',
    ],
    parameters: [CUT, PATIENCE],
    cuts: [
      {
        label: 'In the middle of the POST',
        specs: [{ end: 'server', direction: 'in', at: 10, content: true, cut: 'rst' }],
      },
      {
        label: 'In the form, then in the POST',
        specs: [
          { end: 'server', direction: 'out', at: 30, content: true, cut: 'rst' },
          { end: 'client', direction: 'out', at: 10, content: true, cut: 'fin' },
        ],
      },
    ],
  },

  async run(context) {
    const { server, target } = context;
    if (target !== null) return over('refused', 'Only the test server has this form: leave out --target.');
    const form = await ask(context, 'GET', `${server.url}/tracking`);
    const action = /action="([^"]+)"/.exec(textOf(form))?.[1];
    if (form.outcome !== 'completed' || action === undefined) return over('failed', form.reason);
    const url = new URL(action, server.url).href;
    const first = await firstPost(context, url);
    return track(context, url, first);
  },

  expect(model, result) {
    if (result.outcome === 'refused') return [];
    const posts = model.exchanges.filter(({ method }) => method === 'POST');
    return [
      { id: 'posts', level: 'info', message: `${counted(posts.length, 'POST')} went out.` },
      digestCheck(result),
    ];
  },
};

/** The POST that loses its answer, where the user has no other cuts in mind. */
async function firstPost(context: ExperimentContext, url: string): Promise<OperationResult> {
  const { board, cuts } = context;
  const own = cuts === null ? board.arm(ownCut(context, 'response', INTO_STATUS_LINE, false), 'plan') : null;
  try {
    return await post(context, url);
  } finally {
    if (own !== null) board.disarm(own);
  }
}

function post(context: ExperimentContext, url: string): Promise<OperationResult> {
  const request = {
    method: 'POST',
    url: `${url}?work=${WORK}`,
    fields: [['Content-Type', 'text/plain']] as const,
    content: bytesContent(ORDER),
  };
  return runStrategy('plain', request, { patience: patienceOf(context) }, context);
}

/** Asks what became of it until it is done, and posts again where nothing came. */
async function track(context: ExperimentContext, url: string, first: OperationResult): Promise<Finished> {
  const sent = await contentDigest(bytesContent(ORDER));
  const redirected = first.final?.status === 303;
  for (let question = 0; question < MOST_QUESTIONS; question++) {
    const answer = await ask(context, 'GET', url);
    if (answer.outcome !== 'completed') return over('failed', answer.reason);
    const told = toldBy(answer);
    if (told === null) return over('failed', 'The server told nothing of the tracking number.');
    if (told.state === 'done') {
      const stored = told.result?.sha256 ?? null;
      const how = redirected
        ? 'The redirect led to it'
        : 'No redirect came, and asking by the number told it';
      return over('completed', `It is done. ${how}.`, { sent, stored }, [
        onceCheck(told),
        howCheck(redirected),
      ]);
    }
    if (told.state === 'waiting') await post(context, url);
    else await pause(context, ASK_EVERY);
    if (context.signal.aborted) return over('failed', 'It was stopped.');
  }
  return over('failed', `It was not done after ${MOST_QUESTIONS} questions.`);
}

function toldBy(answer: OperationResult): Tracked | null {
  try {
    return tracked.parse(JSON.parse(textOf(answer)));
  } catch {
    return null;
  }
}

function onceCheck({ posts, begun }: Tracked): Check {
  return check(
    'once',
    begun === 1,
    `${counted(posts, 'whole POST')} reached the server with this number; the work was begun ${times(begun)}.`,
  );
}

function howCheck(redirected: boolean): Check {
  const message = redirected
    ? 'The 303 came: the client followed it.'
    : 'No 303 came: the client asked by the number that it had before the POST.';
  return { id: 'asked', level: 'info', message };
}

function textOf({ final }: OperationResult): string {
  return new TextDecoder().decode(final?.content);
}

function over(
  outcome: 'completed' | 'failed' | 'refused',
  reason: string,
  digest: Finished['result']['digest'] = { sent: null, stored: null },
  observed: readonly Check[] = [],
): Finished {
  return { result: { outcome, reason, digest }, observed };
}
