// /capture and /photos/N: the example of draft-wright-http-progress. A POST takes a photograph, in three steps.

import { answerByJob, answerStatus } from '../answers.ts';
import { expectsContinue, meetsExpectation } from '../accept.ts';
import type { Exchange } from '../exchange.ts';
import type { Work } from '../operations.ts';
import { readPreferences } from '../preferences.ts';
import { refuse, refuseMethod, PLAIN_TEXT, text } from '../refuse.ts';
import { respond } from '../respond.ts';
import type { Route, ServerCore } from '../router.ts';
import { STEPS } from './collection.ts';
import { deleteStatus } from './job.ts';

export function captureRoutes(core: ServerCore): Route[] {
  let taken = 0;
  return [
    {
      path: /^\/capture$/,
      allow: 'GET, HEAD, POST, DELETE',
      index: ["  curl -v -X POST -H 'Prefer: processing, respond-async, wait=20' http://HOST/capture"],
      answer: (exchange) => {
        const id = /^request=([\w-]{1,32})$/.exec(exchange.query)?.[1];
        if (exchange.method === 'POST') {
          if (id === undefined) capture(exchange, core, () => ++taken);
          else refuseMethod(exchange, 'GET, HEAD, DELETE');
        } else if (id !== undefined) statusDocument(exchange, core, id);
        else if (exchange.method === 'DELETE') refuseMethod(exchange, 'GET, HEAD, POST');
        else {
          void exchange.final({
            status: 200,
            fields: [PLAIN_TEXT],
            content: text('POST here to have a photograph taken.'),
          });
        }
      },
    },
    {
      path: /^\/photos\/(\d{1,15})$/,
      allow: 'GET, HEAD',
      answer: (exchange, [number = '']) => {
        if (Number(number) < 1 || Number(number) > taken) {
          refuse(exchange, 404, 'There is no such photograph. POST /capture takes one.');
          return;
        }
        respond(exchange, {
          status: 200,
          fields: [
            ['Content-Type', 'image/svg+xml'],
            ['ETag', `"photo-${number}"`],
          ],
          content: landscape(Number(number)),
        });
      },
    },
  ];
}

function capture(exchange: Exchange, core: ServerCore, take: () => number): void {
  if (!meetsExpectation(exchange)) return;
  const work: Work = {
    worker: 'photographer',
    plan: (operation) => ({
      steps: STEPS,
      stepMilliseconds: core.stepMilliseconds,
      finish: (job) => {
        const path = `/photos/${take()}`;
        const summary = ['The photographer uploaded your image to:', `  <${operation.origin}${path}>`];
        return {
          status: 201,
          fields: [
            ['Progress', job.progress],
            ['Location', path],
            ['Content-Location', operation.statusPath],
            PLAIN_TEXT,
          ],
          content: text(...summary),
          summary,
        };
      },
    }),
  };
  const operation = core.operations.create({
    exchange,
    preferences: readPreferences(exchange),
    work,
    naming: 'unguessable',
    statusPath: (id) => `/capture?request=${id}`,
    upload: null,
  });
  if (operation === null) {
    refuse(exchange, 503, 'The photographer has too much to do: try again later.', [['Retry-After', '60']]);
    return;
  }
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  // Content has no meaning here: it is read and thrown away, and the job starts when all of it is there.
  exchange.receive({
    content: () => {},
    end: (complete) => {
      if (!complete) {
        core.operations.remove(operation);
        return;
      }
      operation.begin();
      if (operation.job !== null) answerByJob(exchange, operation, operation.job, core.clock);
    },
  });
}

function statusDocument(exchange: Exchange, core: ServerCore, id: string): void {
  const operation = core.operations.get(id);
  if (operation === undefined || operation.upload !== null) {
    refuse(exchange, 404, 'There is no such capture: it was deleted, or never asked for.');
  } else if (exchange.method === 'DELETE') deleteStatus(exchange, core, operation);
  else answerStatus(exchange, operation, readPreferences(exchange).processing);
}

/** A picture that only depends on its number: hills under a sun. */
function landscape(number: number): Uint8Array {
  const hue = (number * 47) % 360;
  const sun = 40 + ((number * 83) % 240);
  return text(
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200" viewBox="0 0 320 200">',
    `<rect width="320" height="200" fill="hsl(${hue} 60% 80%)"/>`,
    `<circle cx="${sun}" cy="60" r="24" fill="hsl(45 90% 60%)"/>`,
    `<path d="M0 140 Q80 90 160 140 T320 130 V200 H0Z" fill="hsl(${(hue + 120) % 360} 35% 45%)"/>`,
    `<path d="M0 165 Q100 130 200 170 T320 160 V200 H0Z" fill="hsl(${(hue + 120) % 360} 40% 32%)"/>`,
    '</svg>',
  );
}
