// What the server remembers of the requests that it may be asked about later: the content as far as it came, the job,
// the response. Bounded: the oldest that is done with makes room for the newest.

import { randomBytes } from 'node:crypto';
import type { ServerState } from '../../shared/contract.ts';
import { writeResponse } from '../../shared/http1/writer.ts';
import type { Clock } from '../wire/types.ts';
import type { ContentStores } from './content-store.ts';
import type { Exchange } from './exchange.ts';
import { Job, type JobPlan, type StoredResponse } from './jobs.ts';
import type { RequestPreferences } from './preferences.ts';
import { Upload } from './uploads.ts';

/** What a resource that starts operations brings along. */
export interface Work {
  /** Whom the status texts speak of: `photographer`. */
  readonly worker: string;
  /** The job, once the request is complete. */
  plan(operation: Operation): JobPlan;
  /** Sees every byte of the content once, in order. */
  observe?(bytes: Uint8Array, from: number, to: number): void;
  /** A request for the upload was refused, for that reason. */
  refused?(sentence: string): void;
  /** A step that lasts, for a client that asked for `respond-async`, until somebody was told of it. */
  readonly gatedStep?: number;
  /** Bytes after which the test server breaks a connection that brings more content. */
  readonly cutAfter?: { readonly post: number | null; readonly patch: number | null };
}

interface OperationStart {
  readonly exchange: Exchange;
  readonly preferences: RequestPreferences;
  readonly work: Work;
  /** `numbered`: the proof of concept's paths; `unguessable`: 96 random bits (both drafts: Security Considerations). */
  readonly naming: 'numbered' | 'unguessable';
  /** Path of the status document, from the identifier. */
  readonly statusPath: (id: string) => string;
  /** Content to come; null: the request has none that is kept. */
  readonly upload: { readonly contentType: string; readonly length: number | null } | null;
}

/** Operations kept at once. */
const LIMIT = 1000;
/** Resources that the state names. */
const SHOWN = 20;

export class Operation {
  readonly id: string;
  /** 1, 2, 3 … in the order in which operations began. */
  readonly number: number;
  readonly origin: string;
  /** Path of the first request. */
  readonly target: string;
  readonly preferences: RequestPreferences;
  readonly work: Work;
  readonly upload: Upload | null;
  readonly statusPath: string;
  /** Which of its resources were deleted. */
  readonly deleted = new Set<'request' | 'status' | 'response'>();
  /** A resource of another name holds on to the content: DELETE of the request content leaves it there. */
  keepsContent = false;
  #job: Job | null = null;
  #document: Uint8Array | null = null;
  readonly #clock: Clock;
  readonly #changed: () => void;

  constructor(
    id: string,
    number: number,
    start: OperationStart,
    context: { stores: ContentStores; clock: Clock; changed: () => void },
  ) {
    this.id = id;
    this.number = number;
    this.origin = start.exchange.origin;
    this.target = start.exchange.path;
    this.preferences = start.preferences;
    this.work = start.work;
    this.statusPath = start.statusPath(id);
    this.#clock = context.clock;
    this.#changed = context.changed;
    const { work } = start;
    this.upload =
      start.upload === null
        ? null
        : new Upload({
            ...start.upload,
            content: context.stores.create(),
            ...(work.observe === undefined ? {} : { observe: work.observe.bind(work) }),
            completed: () => this.begin(),
            changed: context.changed,
          });
  }

  get requestPath(): string {
    return `/job/${this.id}.req`;
  }

  get responsePath(): string {
    return `/job/${this.id}.res`;
  }

  /** Null until the request is complete. */
  get job(): Job | null {
    return this.#job;
  }

  get result(): StoredResponse | null {
    return this.#job?.result ?? null;
  }

  /** The response as a message/http document, once there is one. */
  get document(): Uint8Array | null {
    const { result } = this;
    if (result === null) return null;
    if (this.#document === null) {
      const head = writeResponse({
        status: result.status,
        fields: [...result.fields, ['Content-Length', String(result.content.length)]],
      });
      this.#document = new Uint8Array(head.length + result.content.length);
      this.#document.set(head);
      this.#document.set(result.content, head.length);
    }
    return this.#document;
  }

  /** The request is complete: the job starts. */
  begin(): void {
    if (this.#job !== null) return;
    this.#job = new Job(this.work.plan(this), this.#clock);
    const { gatedStep } = this.work;
    if (gatedStep !== undefined && this.preferences.respondAsync) this.#job.gate(gatedStep);
    this.#job.follow(this.#changed);
    this.#changed();
  }

  /** Forgets everything; who still waits for it is not told. */
  dispose(): void {
    this.#job?.abandon();
    this.upload?.content.dispose();
  }
}

export class Operations {
  readonly #byId = new Map<string, Operation>();
  readonly #clock: Clock;
  readonly #stores: ContentStores;
  readonly #guessable: boolean;
  readonly #changed: () => void;
  #begun = 0;
  #numbered = 0;

  constructor(options: { clock: Clock; stores: ContentStores; guessable: boolean; changed: () => void }) {
    this.#clock = options.clock;
    this.#stores = options.stores;
    this.#guessable = options.guessable;
    this.#changed = options.changed;
  }

  /** Null if there are as many as can be kept, and none of them is done. */
  create(start: OperationStart): Operation | null {
    if (this.#byId.size >= LIMIT && !this.#makeRoom()) return null;
    const id =
      start.naming === 'numbered' || this.#guessable
        ? String(this.#numbered++)
        : randomBytes(12).toString('base64url');
    const context = { stores: this.#stores, clock: this.#clock, changed: this.#changed };
    const operation = new Operation(id, ++this.#begun, start, context);
    this.#byId.set(id, operation);
    this.#changed();
    return operation;
  }

  get(id: string): Operation | undefined {
    return this.#byId.get(id);
  }

  /** Newest last. */
  all(): IterableIterator<Operation> {
    return this.#byId.values();
  }

  remove(operation: Operation): void {
    if (!this.#byId.delete(operation.id)) return;
    operation.dispose();
    this.#changed();
  }

  /** One of its resources was deleted: what nobody can ask for any more is forgotten. */
  delete(operation: Operation, part: 'request' | 'status' | 'response'): void {
    operation.deleted.add(part);
    if (part === 'request' && !operation.keepsContent) operation.upload?.content.dispose();
    const requestGone = operation.upload === null || operation.deleted.has('request');
    const responseGone = operation.upload === null || operation.deleted.has('response');
    const unfinished = operation.job === null && requestGone;
    const gone = requestGone && responseGone && operation.deleted.has('status') && !operation.keepsContent;
    if (unfinished || gone) this.remove(operation);
    else this.#changed();
  }

  resources(): ServerState['resources'] {
    const shown: ServerState['resources'] = [];
    for (const operation of Array.from(this.#byId.values()).toReversed()) {
      if (shown.length >= SHOWN) break;
      shown.push(...resourcesOf(operation));
    }
    return shown.slice(0, SHOWN);
  }

  close(): void {
    for (const operation of this.#byId.values()) operation.dispose();
    this.#byId.clear();
  }

  #makeRoom(): boolean {
    for (const operation of this.#byId.values()) {
      const idle = operation.job === null ? operation.upload?.receiving !== true : operation.result !== null;
      if (!idle) continue;
      this.remove(operation);
      return true;
    }
    return false;
  }
}

function resourcesOf(operation: Operation): ServerState['resources'] {
  const { upload, job, result, document, deleted } = operation;
  const resources: ServerState['resources'] = [];
  if (upload !== null && !deleted.has('request')) {
    resources.push({
      path: operation.requestPath,
      kind: 'upload',
      label: upload.complete ? 'done' : upload.receiving ? 'receiving' : 'waiting for the rest',
      have: upload.have,
      length: upload.length,
    });
  }
  if (job !== null && !deleted.has('status')) {
    resources.push({
      path: operation.statusPath,
      kind: 'job',
      label: result === null ? `${job.step}/${job.steps}` : 'done',
      have: job.step,
      length: job.steps,
    });
  }
  if (upload !== null && result !== null && document !== null && !deleted.has('response')) {
    resources.push({
      path: operation.responsePath,
      kind: 'response',
      label: String(result.status),
      have: document.length,
      length: document.length,
    });
  }
  return resources;
}
