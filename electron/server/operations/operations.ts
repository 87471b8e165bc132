// What the server remembers of the requests that it may be asked about later: the content as far as it came, the job,
// the response. Bounded: what is done makes room for what is new, the oldest first, whose end is known before others.
// What is unfinished stays for its lifetime, and what an item is made of as long as that is there.

import { randomBytes } from 'node:crypto';
import type { ServerState } from '../../../shared/contract.ts';
import type { Clock } from '../../wire/types.ts';
import type { ContentStores, StoredContent } from '../uploads/content-store.ts';
import { Operation, type OperationStart } from './operation.ts';

/** Resources that the state names. */
const SHOWN = 20;

interface OperationsOptions {
  /** Most operations kept at once. */
  readonly limit: number;
  readonly clock: Clock;
  readonly stores: ContentStores;
  /** Numbers all operations. */
  readonly guessable: boolean;
  /** How long one is kept after its end, or, unfinished, after it was last used (ms). */
  readonly lifetime: number;
  readonly changed: () => void;
}

export class Operations {
  readonly #byId = new Map<string, Operation>();
  readonly #options: OperationsOptions;
  #numbered = 0;

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  /** Room for bytes that are no request's content. */
  createContent(): StoredContent {
    return this.#options.stores.create();
  }

  /** Null if there are as many as can be kept, and each of them is still needed. */
  create(start: OperationStart): Operation | null {
    if (this.#byId.size >= this.#options.limit && !this.#makeRoom()) return null;
    const { clock, lifetime, guessable, changed } = this.#options;
    const id =
      start.naming === 'numbered' || guessable
        ? String(this.#numbered++)
        : randomBytes(12).toString('base64url');
    const operation = new Operation(id, start, {
      createContent: () => this.createContent(),
      clock,
      lifetime,
      changed,
    });
    this.#byId.set(id, operation);
    changed();
    return operation;
  }

  /** How long one is kept (ms), where its start does not say otherwise. */
  get lifetime(): number {
    return this.#options.lifetime;
  }

  get(id: string): Operation | undefined {
    return this.#byId.get(id);
  }

  remove(operation: Operation): void {
    if (!this.#byId.delete(operation.id)) return;
    operation.dispose();
    this.#options.changed();
  }

  /** A request that brought content was cut: only a client that wants it kept, and knows where, can come back for it. */
  broken(operation: Operation): void {
    const { job, upload, preferences } = operation;
    if (job === null && upload?.receiving !== true && preferences.resume !== 'save-incomplete') {
      this.remove(operation);
    }
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
    else this.#options.changed();
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
    let least: Operation | null = null;
    let need: Need = 'needed';
    // Oldest first: of those that are needed alike, the oldest goes.
    for (const operation of this.#byId.values()) {
      const other = needOf(operation);
      if (NEEDS.indexOf(other) >= NEEDS.indexOf(need)) continue;
      least = operation;
      need = other;
    }
    if (least === null) return false;
    this.remove(least);
    return true;
  }
}

/** How much an operation is still needed, least first. */
const NEEDS = ['expired', 'known', 'done', 'needed'] as const;
type Need = (typeof NEEDS)[number];

function needOf(operation: Operation): Need {
  if (operation.keepsContent) return 'needed';
  if (operation.expired || operation.invalid !== null) return 'expired';
  if (operation.result === null) return 'needed';
  return operation.told || operation.deleted.size > 0 ? 'known' : 'done';
}

function resourcesOf(operation: Operation): ServerState['resources'] {
  const { upload, job, result, document, deleted } = operation;
  const resources: ServerState['resources'] = [];
  if (operation.expired || operation.invalid !== null) return resources;
  if (upload !== null && !deleted.has('request')) {
    resources.push({
      path: operation.place,
      kind: 'upload',
      label: upload.complete ? 'done' : upload.receiving ? 'receiving' : 'waiting for the rest',
      have: upload.have,
      length: upload.length,
    });
  }
  if (operation.work.quiet === true) return resources;
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
