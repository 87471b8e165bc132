// The resources about requests that fail, and about telling it honestly: all that they share is the work that goes on
// behind an answer.

import { DetachedWork } from '../operations/detached.ts';
import type { Route, ServerCore } from '../router.ts';
import { earlyRoutes } from './early.ts';
import { failingRoute } from './failing.ts';
import { idempotencyRoutes } from './idempotency.ts';
import { platformRoute } from './platform.ts';
import { refusingRoutes } from './refusing.ts';
import { trackingRoutes } from './tracking.ts';

/** Routes, and what ends the work behind them. */
export function createFailures(core: ServerCore): { readonly routes: readonly Route[]; close(): void } {
  const work = new DetachedWork(core.clock);
  return {
    routes: [
      failingRoute(),
      ...earlyRoutes(core, work),
      ...refusingRoutes(core),
      ...trackingRoutes(work),
      ...idempotencyRoutes(core, work),
      platformRoute(core),
    ],
    close: () => work.close(),
  };
}
