// /presets/…: the ways in which well-known interfaces tell of an operation that takes long, each as its own clients know
// it. What they have in common is in begin.ts.

import type { Route, ServerCore } from '../router.ts';
import { AIP151, aip151Routes } from './aip151.ts';
import { AZURE, azureRoutes } from './azure.ts';
import { Operations } from './begin.ts';
import { INCREMENTAL, incrementalRoutes } from './incremental.ts';
import { POLLING, pollingRoutes } from './polling.ts';

/** Routes, and what stops the timers of the operations. */
export function createPresets(core: ServerCore): { readonly routes: readonly Route[]; close(): void } {
  const all: Operations[] = [];
  const operations = (path: string): Operations => {
    const made = new Operations(path, core.clock);
    all.push(made);
    return made;
  };
  return {
    routes: [
      ...pollingRoutes(operations(POLLING)),
      ...azureRoutes(operations(AZURE)),
      ...aip151Routes(operations(AIP151)),
      ...incrementalRoutes(core, operations(INCREMENTAL)),
    ],
    close: () => {
      for (const each of all) each.close();
    },
  };
}
