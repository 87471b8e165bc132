// One request that the server may be asked about later: its content as far as it came, its job, its response, and where
// they are found. Knows no other operation.

import type { Clock } from '../../wire/types.ts';
import { Access } from './access.ts';
import type { ContentSource } from '../uploads/content-store.ts';
import type { Exchange } from '../http/exchange.ts';
import { Job, type JobPlan, type StoredResponse } from './jobs.ts';
import { messageDocument } from './message-document.ts';
import type { RequestPreferences } from './preferences.ts';
import { Upload, type UploadContent } from '../uploads/uploads.ts';

/** What a resource that starts operations brings along. */
export interface Work {
  /** Whom the status texts speak of: `photographer`. */
  readonly worker: string;
  /** Steps of its job: as many interim responses tell of them. */
  readonly steps: number;
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
  /** Path at which the content of the response will be found, if that is known before there is one. */
  readonly contentLocation?: string;
  /** Its job is done as soon as the request is complete: the state names the upload only. */
  readonly quiet?: true;
  /** Takes the content instead of a store: nobody can read it then. */
  readonly content?: UploadContent;
}

export interface OperationStart {
  readonly exchange: Exchange;
  readonly preferences: RequestPreferences;
  readonly work: Work;
  /** `numbered`: the proof of concept's paths; `unguessable`: 96 random bits (both drafts: Security Considerations). */
  readonly naming: 'numbered' | 'unguessable';
  /** Path of the status document, from the identifier. */
  readonly statusPath: (id: string) => string;
  /** Content to come; null: the request has none that is kept. */
  readonly upload: {
    readonly contentType: string;
    readonly length: number | null;
    /** Most bytes. */
    readonly limit: number;
    /** All of it, where it is there already. Default: none is. */
    readonly content?: UploadContent;
  } | null;
  /** Path by which the state names its content. Default: that of the request content. */
  readonly place?: (id: string) => string;
  /** How long it is kept (ms). Default: as long as others. */
  readonly lifetime?: number;
  /** `user:password` that its resources ask for; null: they are open to whoever knows their names. */
  readonly credentials: string | null;
}

interface OperationContext {
  readonly createContent: () => UploadContent;
  readonly clock: Clock;
  /** How long it is kept after its end, or, unfinished, after somebody last brought or asked something (ms). */
  readonly lifetime: number;
  readonly changed: () => void;
}

/** The resources of an operation, as fields name them: paths, or URIs with userinfo. */
export interface Locations {
  /** Where the content of the response will be found; null: that is not known yet. */
  readonly content: string | null;
  readonly request: string;
  readonly response: string;
  readonly status: string;
}

export class Operation {
  readonly id: string;
  readonly origin: string;
  /** Path of the first request. */
  readonly target: string;
  readonly preferences: RequestPreferences;
  readonly work: Work;
  readonly upload: Upload | null;
  readonly statusPath: string;
  /** Path by which the state names its content. */
  readonly place: string;
  /** Null: its resources are open to whoever knows their names. */
  readonly access: Access | null;
  /** Which of its resources were deleted. */
  readonly deleted = new Set<'request' | 'status' | 'response'>();
  /** A resource of another name holds on to the content: DELETE of the request content leaves it there. */
  keepsContent = false;
  /** Somebody was sent its response: to the request itself, or the document of it. */
  told = false;
  /** What that resource has instead of the request's content. */
  ownContent: UploadContent | null = null;
  #job: Job | null = null;
  #document: ContentSource | null = null;
  #expired = false;
  #invalid: string | null = null;
  readonly #lifetime: number;
  #lastUse: number;
  #cancelExpiry: () => void = () => {};
  readonly #context: OperationContext;

  constructor(id: string, start: OperationStart, context: OperationContext) {
    this.id = id;
    this.origin = start.exchange.origin;
    this.target = start.exchange.path;
    this.preferences = start.preferences;
    this.work = start.work;
    this.statusPath = start.statusPath(id);
    this.place = start.place?.(id) ?? this.requestPath;
    this.access = start.credentials === null ? null : new Access(start.credentials);
    this.#context = context;
    this.#lifetime = start.lifetime ?? context.lifetime;
    const { work } = start;
    this.upload =
      start.upload === null
        ? null
        : new Upload({
            ...start.upload,
            content: start.upload.content ?? work.content ?? context.createContent(),
            readable: work.content === undefined,
            ...(work.observe === undefined ? {} : { observe: work.observe.bind(work) }),
            completed: () => this.begin(),
            changed: () => {
              if (this.#job === null) this.#used();
              context.changed();
            },
          });
    this.#lastUse = context.clock.now();
    this.#watch(this.#lifetime);
    // Content that is there already was never appended.
    if (start.upload?.content !== undefined) this.upload?.declareComplete();
  }

  get requestPath(): string {
    return `/job/${this.id}.req`;
  }

  get responsePath(): string {
    return `/job/${this.id}.res`;
  }

  /**
   * Where one of its resources is, for a client that has these credentials (`user:password`); null: it needs none. The
   * drafts want the userinfo in the URIs, though RFC 9110 §4.2.4 deprecates it there.
   */
  locate(path: string, credentials: string | null): string {
    if (this.access === null || credentials === null) return path;
    return `${this.origin.replace('//', `//${credentials}@`)}${path}`;
  }

  /** Where all of them are, by {@link locate}. */
  locations(credentials: string | null): Locations {
    const { contentLocation } = this.work;
    return {
      content: contentLocation === undefined ? null : this.locate(contentLocation, credentials),
      request: this.locate(this.requestPath, credentials),
      response: this.locate(this.responsePath, credentials),
      status: this.locate(this.statusPath, credentials),
    };
  }

  /** Null until the request is complete. */
  get job(): Job | null {
    return this.#job;
  }

  get result(): StoredResponse | null {
    return this.#job?.result ?? null;
  }

  /** It was kept for as long as it is kept: nothing of it can be read any more, but that it was there. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Milliseconds that it is still kept if nobody uses it: past them, {@link expired}. */
  get remaining(): number {
    return Math.max(0, this.#lastUse + this.#lifetime - this.#context.clock.now());
  }

  /** Why nothing can be done with it any more, as a sentence; null: it can. */
  get invalid(): string | null {
    return this.#invalid;
  }

  /** Gives it up: its content is thrown away, and whoever asks for it is told why. Only while it has no job. */
  invalidate(sentence: string): void {
    this.#invalid = sentence;
    this.upload?.content.dispose();
    this.#context.changed();
  }

  /** The response as a message/http document, once there is one. */
  get document(): ContentSource | null {
    const { result } = this;
    if (result !== null) this.#document ??= messageDocument(result);
    return this.#document;
  }

  /** The request is complete: the job starts. */
  begin(): void {
    if (this.#job !== null) return;
    const { clock, changed } = this.#context;
    this.#job = new Job(this.work.plan(this), clock, this.preferences.language);
    const { gatedStep } = this.work;
    if (gatedStep !== undefined && this.preferences.respondAsync) this.#job.gate(gatedStep);
    this.#job.follow(() => {
      this.#used();
      changed();
    });
    changed();
  }

  /** Forgets everything; who still waits for it is not told. */
  dispose(): void {
    this.#cancelExpiry();
    this.#job?.abandon();
    this.upload?.content.dispose();
    this.ownContent?.dispose();
  }

  #used(): void {
    this.#lastUse = this.#context.clock.now();
  }

  /** Looks again when it may have been kept for long enough. */
  #watch(milliseconds: number): void {
    const { clock } = this.#context;
    this.#cancelExpiry = clock.after(milliseconds, () => {
      const busy = this.#job === null ? this.upload?.receiving === true : this.result === null;
      const left = busy ? this.#lifetime : this.remaining;
      if (left > 0) this.#watch(left);
      else this.#expire();
    });
  }

  #expire(): void {
    this.#expired = true;
    this.#document = null;
    if (!this.keepsContent) this.upload?.content.dispose();
    this.#context.changed();
  }
}
