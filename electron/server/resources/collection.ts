// /collection and /items/N: the five-step example. A POST creates an item, which is the content as it was uploaded.

import { acceptUpload } from '../accept.ts';
import type { JobPlan } from '../jobs.ts';
import type { Operation, Work } from '../operations.ts';
import { refuse, PLAIN_TEXT, text } from '../refuse.ts';
import { respond } from '../respond.ts';
import type { Route, ServerCore } from '../router.ts';

/** The example of the drafts. */
export const STEPS = ['Herding cats', 'Knitting sweaters', 'Slaying dragons'] as const;
/** A client that asked for `respond-async` sees this one in the 202, and is told of it before it ends. */
const GATED_STEP = 1;

interface Collection {
  readonly routes: readonly Route[];
  /** The operation whose content is the item at a path. */
  itemAt(path: string): Operation | undefined;
}

export function createCollection(core: ServerCore): Collection {
  /** Item number → operation whose content it is. Those that were forgotten leave when the next one comes. */
  const items = new Map<number, Operation>();
  let created = 0;
  const itemOf = (number: number): Operation | undefined => {
    const operation = items.get(number);
    return operation !== undefined && core.operations.get(operation.id) === operation ? operation : undefined;
  };
  const work: Work = {
    worker: 'photographer',
    gatedStep: GATED_STEP,
    plan: (operation): JobPlan => ({
      steps: STEPS,
      stepMilliseconds: core.stepMilliseconds,
      finish: (job) => {
        for (const [number, { id }] of items) if (core.operations.get(id) === undefined) items.delete(number);
        const path = `/items/${++created}`;
        // A request content that was deleted while the job ran leaves an item without content: none.
        if (!operation.deleted.has('request')) {
          items.set(created, operation);
          operation.keepsContent = true;
        }
        return {
          status: 201,
          fields: [['Progress', job.progress], ['Location', path], PLAIN_TEXT],
          content: text('Resource created.'),
          summary: ['The item was added to the collection:', `  <${operation.origin}${path}>`],
        };
      },
    }),
  };
  const routes: Route[] = [
    {
      path: /^\/collection$/,
      allow: 'GET, HEAD, POST',
      index: [
        "  curl -v -H 'Expect: 100-continue' -H 'Prefer: resume, processing, respond-async, wait=1' \\",
        "       -H 'Content-Type: application/json' -d '{}' http://HOST/collection",
      ],
      answer: (exchange) => {
        if (exchange.method === 'POST') {
          acceptUpload(exchange, core, { naming: 'unguessable', work: () => work });
          return;
        }
        const numbers = Array.from(items.keys()).filter((number) => itemOf(number) !== undefined);
        const paths = numbers.map((number) => `/items/${number}`);
        respond(exchange, {
          status: 200,
          fields: [['Content-Type', 'application/json']],
          content: new TextEncoder().encode(`${JSON.stringify(paths)}\n`),
        });
      },
    },
    {
      path: /^\/items\/(\d{1,15})$/,
      allow: 'GET, HEAD, DELETE',
      answer: (exchange, [number = '']) => {
        const operation = itemOf(Number(number));
        if (operation === undefined || operation.upload === null) {
          refuse(exchange, 404, 'There is no such item. GET /collection lists those there are.');
          return;
        }
        if (exchange.method === 'DELETE') {
          items.delete(Number(number));
          operation.keepsContent = false;
          if (operation.deleted.has('request')) core.operations.delete(operation, 'request');
          void exchange.final({ status: 204, fields: [], content: new Uint8Array(0) });
          return;
        }
        respond(exchange, {
          status: 200,
          fields: [
            ['Content-Type', operation.upload.contentType],
            ['ETag', `"item-${number}"`],
          ],
          content: operation.upload.content,
        });
      },
    },
  ];
  return {
    routes,
    itemAt: (path) => itemOf(Number(/^\/items\/(\d{1,15})$/.exec(path)?.[1])),
  };
}
