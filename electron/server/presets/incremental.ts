// /presets/incremental: the answer itself tells how far the operation is while it comes, and asks by Incremental: ?1
// (RFC 10036, here as draft-ietf-httpbis-incremental has it) that nobody on the way holds it back.

import type { Route, ServerCore } from '../router.ts';
import { tellEvents } from '../waiting/events.ts';
import type { Operations } from './begin.ts';

export const INCREMENTAL = '/presets/incremental/operations';

/** Milliseconds after which a client of server-sent events comes back. */
const RETRY = 1000;

export function incrementalRoutes(core: ServerCore, operations: Operations): Route[] {
  return [
    {
      path: /^\/presets\/incremental$/,
      allow: 'POST',
      index: [
        "  curl -N -X POST 'http://HOST/presets/incremental?steps=3&step=1000'   events, with Incremental: ?1",
      ],
      answer: (exchange) =>
        operations.begin(exchange, (job) =>
          tellEvents(exchange, job, core.clock, {
            from: 0,
            retry: RETRY,
            flush: true,
            poll: null,
            silence: core.silenceMilliseconds,
            fields: [['Incremental', '?1']],
          }),
        ),
    },
  ];
}
