// The test server as its users see it.

import type { ServerSettings, ServerState } from '../../shared/contract.ts';
import type { WireContext } from '../wire/types.ts';
import type { UploadLimits } from './uploads/ietf/limits.ts';

/** What the server does where neither its options nor a request say otherwise. */
export const USUAL_SETTINGS: ServerSettings = {
  // More do not survive common proxies.
  interimLimit: 10,
  incompleteStatus: 299,
  transaction: 'by-method',
  acknowledgeBytes: 64 * 1024,
  stepMilliseconds: 400,
  // Well below the time after which common proxies and routers give a silent connection up.
  silenceMilliseconds: 10_000,
};

/** A setting that is left out is as in {@link USUAL_SETTINGS}. */
export interface TestServerOptions extends Partial<Readonly<ServerSettings>> {
  readonly context: WireContext;
  /** A loopback address or `localhost`. Default 127.0.0.1. */
  readonly host?: string;
  /** A port, 0 for any free one, or `default`: 18080, else the next free one of the hundred from there. */
  readonly port: number | 'default';
  /** Numbers every job, so that transcripts repeat; otherwise those of /collection and /capture are 96 random bits. */
  readonly guessable?: boolean;
  /** Most bytes of one upload. Default 4 GiB. */
  readonly uploadLimit?: number;
  /** What one request may bring to an upload at /resumable, and how small one may be that can be resumed. Default: no limits. */
  readonly uploadLimits?: Partial<UploadLimits>;
  /** How long an operation is kept after its end, or, unfinished, after it was last used (ms). Default 3 days. */
  readonly statusLifetime?: number;
  /** Most requests that can be asked about later, uploads and jobs; more are answered with 503. Default 1000. */
  readonly operationLimit?: number;
  /** Most connections at a time; as many again are answered with 503, others reset. Default 1024. */
  readonly connectionLimit?: number;
  /** Bytes of one upload in memory, before it goes to a temporary file. Default 8 MiB; 64 MiB for all together. */
  readonly memoryLimit?: number;
  /**
   * Folder of the files at /uploads/ and of the streams, which survive the server. Default: a temporary folder, which goes with it. What is
   * in it already can be read and written, too.
   */
  readonly root?: string | undefined;
  /** Bytes of all uploads together; more are answered with 507. Default 16 GiB. */
  readonly storeLimit?: number;
  /** Bytes of appends that a follower of a stream may be behind before it is closed. Default 1 MiB. */
  readonly followerLag?: number;
}

export interface TestServer {
  /** `http://127.0.0.1:18080` */
  readonly url: string;
  readonly port: number;
  /**
   * SHA-256 (hex) of what is stored for a request-content resource (`/job/N.req`, the same as `/resumable/N` and `/tus/N`), an item (`/items/N`), a complete
   * file (`/uploads/PATH`) or a stream (`/streams/PATH`), by path; null if there is none.
   */
  digest(path: string): Promise<string | null>;
  /** Sentences about what an earlier server had begun in the root, and this one could not carry out. */
  readonly leftOver: readonly string[];
  /** What lives on it now. */
  state(): ServerState;
  /** Other settings, for what comes from now on. */
  set(settings: ServerSettings): void;
  /** Called after each change of state, at most once a tick. One listener. */
  changed: () => void;
  close(): Promise<void>;
}
