// /collection, /vault and /items/NAME: the five-step example. A POST creates an item, which is the content as it was
// uploaded, or a file that was uploaded before. What /vault makes is for those who know its password only.

import { randomBytes } from 'node:crypto';
import { isAdmitted, mintCredentials } from '../operations/access.ts';
import { acceptUpload } from '../uploads/accept.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Job, JobPlan, StoredResponse } from '../operations/jobs.ts';
import { JSON_TYPE, jsonLine } from '../http/json.ts';
import { LinkedFile, linkFile, type LinkRefusal } from '../files/linked-file.ts';
import type { Operation, Work } from '../operations/operation.ts';
import type { RequestPreferences } from '../operations/preferences.ts';
import { EXAMPLE_STEPS, LOOKING_UP } from '../operations/phrases.ts';
import { refuse, PLAIN_TEXT, text } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import { progressFields } from '../operations/response-fields.ts';
import type { Route, ServerCore } from '../router.ts';
import type { UploadContent } from '../uploads/uploads.ts';
import { createUpload, isUploadCreation, tellLimits } from '../uploads/ietf/create.ts';
import { isUriList } from '../files/uri-list.ts';

/** A client that asked for `respond-async` sees this one in the 202, and is told of it before it ends. */
const GATED_STEP = 1;
const ALLOW = 'GET, HEAD, POST, OPTIONS';

interface Item {
  /** Whose end is that of the item, too. */
  readonly operation: Operation;
  readonly content: UploadContent;
  readonly contentType: string;
}

interface Collection {
  readonly routes: readonly Route[];
  /** SHA-256 (hex) of the item at a path; null if there is none. */
  digest(path: string): Promise<string | null>;
}

export function createCollection(core: ServerCore): Collection {
  const items = new Items(core);
  return {
    routes: [
      {
        path: /^\/collection$/,
        allow: ALLOW,
        index: [
          "  curl -v -H 'Expect: 100-continue' -H 'Prefer: resume, processing, respond-async, wait=1' \\",
          "       -H 'Content-Type: application/json' -d '{}' http://HOST/collection",
        ],
        answer: (exchange) => {
          const work = ({ representation }: RequestPreferences): Work =>
            new CollectionWork(
              { core, items, newName: () => items.nextNumber(), credentials: null },
              representation,
            );
          if (exchange.method === 'OPTIONS') tellLimits(exchange, core, ALLOW);
          else if (exchange.method !== 'POST') listItems(exchange, items);
          else if (isUploadCreation(exchange)) createUpload(exchange, core, work);
          else acceptUpload(exchange, core, { naming: 'unguessable', work });
        },
      },
      {
        path: /^\/vault$/,
        allow: 'GET, HEAD, POST',
        index: [
          "  curl -v -H 'Expect: 100-continue' -H 'Prefer: resume' --data-binary @FILE http://HOST/vault   (asks for a password)",
        ],
        answer: (exchange) => {
          if (exchange.method !== 'POST') {
            const content = text('POST something here to keep it. Only its URIs will know the password.');
            void exchange.final({ status: 200, fields: [PLAIN_TEXT], content });
          } else {
            const credentials = mintCredentials();
            acceptUpload(exchange, core, {
              naming: 'unguessable',
              credentials,
              work: ({ representation }) =>
                new CollectionWork({ core, items, newName: newSecret, credentials }, representation),
            });
          }
        },
      },
      {
        path: /^\/items\/([\w-]{1,32})$/,
        allow: 'GET, HEAD, DELETE',
        answer: (exchange, [name = '']) => answerItem(exchange, items, name),
      },
    ],
    digest: (path) => {
      const item = items.get(/^\/items\/([\w-]{1,32})$/.exec(path)?.[1] ?? '');
      return item === undefined ? Promise.resolve(null) : item.content.digest();
    },
  };
}

class Items {
  readonly #core: ServerCore;
  /** Those whose operation was forgotten leave when the next one comes. */
  readonly #items = new Map<string, Item>();
  #numbered = 0;

  constructor(core: ServerCore) {
    this.#core = core;
  }

  nextNumber(): string {
    return String(++this.#numbered);
  }

  /** Paths of those that have a number; the others are nobody's business. */
  get paths(): string[] {
    const names = Array.from(this.#items.keys()).filter((name) => this.get(name) !== undefined);
    return names.filter((name) => /^\d{1,15}$/.test(name)).map((name) => `/items/${name}`);
  }

  get(name: string): Item | undefined {
    const item = this.#items.get(name);
    return item !== undefined && this.#isKept(item) ? item : undefined;
  }

  add(name: string, item: Item): void {
    for (const [other, one] of this.#items) if (!this.#isKept(one)) this.#items.delete(other);
    this.#items.set(name, item);
    item.operation.keepsContent = true;
  }

  remove(name: string): void {
    const item = this.get(name);
    this.#items.delete(name);
    if (item === undefined) return;
    const { operation } = item;
    operation.keepsContent = false;
    operation.ownContent?.dispose();
    if (operation.expired || operation.deleted.has('request')) {
      this.#core.operations.delete(operation, 'request');
    }
  }

  #isKept({ operation }: Item): boolean {
    return this.#core.operations.get(operation.id) === operation;
  }
}

interface Making {
  readonly core: ServerCore;
  readonly items: Items;
  readonly newName: () => string;
  /** `user:password` that the item asks for, as the operation does; null: it is open to everyone. */
  readonly credentials: string | null;
}

/** Makes an item of what was uploaded. */
class CollectionWork implements Work {
  readonly worker = 'photographer';
  readonly steps = EXAMPLE_STEPS.length;
  readonly gatedStep = GATED_STEP;
  readonly contentLocation?: string;
  readonly #making: Making;
  /** Its name, where the client wants to be answered with the item itself, and so is told of it ahead. */
  readonly #name: string | null;

  constructor(making: Making, representation: boolean) {
    this.#making = making;
    this.#name = representation ? making.newName() : null;
    if (this.#name !== null) this.contentLocation = `/items/${this.#name}`;
  }

  plan(operation: Operation): JobPlan {
    const { core } = this.#making;
    const { stepMilliseconds } = core;
    if (!isUriList(operation.upload?.contentType ?? '')) {
      const finish = (job: Job): StoredResponse => this.#created(job, operation, itemOf(operation));
      return { steps: EXAMPLE_STEPS, stepMilliseconds, finish };
    }
    const link = linkFile(core, operation);
    if (!(link instanceof LinkedFile)) {
      return { steps: [LOOKING_UP], stepMilliseconds: 0, finish: () => refused(link) };
    }
    const { content, contentType, ready } = link;
    const finish = (job: Job): StoredResponse =>
      link.refusal === null
        ? this.#created(job, operation, { operation, content, contentType })
        : refused(link.refusal);
    return { steps: EXAMPLE_STEPS, stepMilliseconds, ready, finish };
  }

  #created(job: Job, operation: Operation, item: Item | null): StoredResponse {
    const { items, newName, credentials } = this.#making;
    const name = this.#name ?? newName();
    const path = `/items/${name}`;
    if (item !== null) items.add(name, item);
    const location = operation.locate(path, credentials);
    const summary = ['The item was added to the collection:', `  <${operation.origin}${path}>`];
    const fields = [...progressFields(job), ['Location', location] as const];
    if (this.#name === null || item === null) {
      return { status: 201, fields: [...fields, PLAIN_TEXT], content: text('Resource created.'), summary };
    }
    return {
      status: 201,
      fields: [
        ...fields,
        ['Content-Location', location],
        ['Preference-Applied', 'return=representation'],
        ...itemFields(name, item),
      ],
      content: item.content,
      summary,
    };
  }
}

/** Null: the request content was deleted while the job ran. */
function itemOf(operation: Operation): Item | null {
  const { upload } = operation;
  if (upload === null || operation.deleted.has('request')) return null;
  return { operation, content: upload.content, contentType: upload.contentType };
}

function itemFields(name: string, { contentType }: Item): [string, string][] {
  return [
    ['Content-Type', contentType],
    ['ETag', `"item-${name}"`],
  ];
}

function refused({ status, sentence }: LinkRefusal): StoredResponse {
  return { status, fields: [PLAIN_TEXT], content: text(sentence), summary: [sentence] };
}

function newSecret(): string {
  return randomBytes(12).toString('base64url');
}

function listItems(exchange: Exchange, items: Items): void {
  respond(exchange, {
    status: 200,
    fields: [JSON_TYPE],
    content: jsonLine(items.paths),
  });
}

function answerItem(exchange: Exchange, items: Items, name: string): void {
  const item = items.get(name);
  if (item === undefined) {
    refuse(exchange, 404, 'There is no such item. GET /collection lists those there are.');
  } else if (!isAdmitted(exchange, item.operation.access)) {
    return;
  } else if (exchange.method === 'DELETE') {
    items.remove(name);
    void exchange.final({ status: 204, fields: [], content: new Uint8Array(0) });
  } else {
    respond(exchange, { status: 200, fields: itemFields(name, item), content: item.content });
  }
}
