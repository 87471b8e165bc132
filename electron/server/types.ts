// The test server as its users see it.

import type { ServerState } from '../../shared/contract.ts';

export interface TestServer {
  /** `http://127.0.0.1:18080` */
  readonly url: string;
  readonly port: number;
  /** SHA-256 (hex) of what was stored for a request-content resource or a file, by path; null if there is none. */
  digest(path: string): Promise<string | null>;
  /** What lives on it now. */
  state(): ServerState;
  /** Called after each change of state, at most once a tick. One listener. */
  changed: () => void;
  /** Gates of named jobs: a gated job goes to its next step only when released (experiments, tests). */
  release(job: string): void;
  close(): Promise<void>;
}
