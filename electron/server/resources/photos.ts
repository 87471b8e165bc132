// /photos and /photos/N: what /capture takes. DELETE /photos is a long-running operation of many subordinate ones, each
// with a result of its own (draft-wright-http-progress, Status-URI).

import type { StatusUri } from '../../../shared/fields/status-uri.ts';
import { beginJob } from '../operations/begin.ts';
import type { Exchange } from '../http/exchange.ts';
import type { JobPlan } from '../operations/jobs.ts';
import { JSON_TYPE, jsonLine } from '../http/json.ts';
import type { Work } from '../operations/operation.ts';
import { DELETED } from '../operations/phrases.ts';
import { PLAIN_TEXT, refuse, text } from '../http/refuse.ts';
import { respond } from '../http/respond.ts';
import { progressFields } from '../operations/response-fields.ts';
import type { Route, ServerCore } from '../router.ts';

/** Photographs kept; the oldest that is not protected makes room. */
const LIMIT = 1000;
const NOTHING = new Uint8Array(0);

interface Photograph {
  /** It cannot be deleted. */
  readonly protected: boolean;
}

export class Album {
  readonly #photographs = new Map<number, Photograph>();
  #taken = 0;

  /** Adds one. @returns its path; null: there are too many that cannot be deleted */
  take(isProtected: boolean): string | null {
    if (this.#photographs.size >= LIMIT && !this.#makeRoom()) return null;
    this.#photographs.set(++this.#taken, { protected: isProtected });
    return pathOf(this.#taken);
  }

  get numbers(): number[] {
    return Array.from(this.#photographs.keys());
  }

  get(number: number): Photograph | undefined {
    return this.#photographs.get(number);
  }

  /** @returns the status of a DELETE: 204, 403 for a protected one, 404 */
  delete(number: number): 204 | 403 | 404 {
    const photograph = this.#photographs.get(number);
    if (photograph === undefined) return 404;
    if (photograph.protected) return 403;
    this.#photographs.delete(number);
    return 204;
  }

  #makeRoom(): boolean {
    return this.numbers.some((number) => this.delete(number) === 204);
  }
}

export function photoRoutes(core: ServerCore, album: Album): Route[] {
  return [
    {
      path: /^\/photos$/,
      allow: 'GET, HEAD, DELETE',
      index: ["  curl -v -X DELETE -H 'Prefer: processing' http://HOST/photos"],
      answer: (exchange) => {
        if (exchange.method === 'DELETE') deleteAll(exchange, core, album);
        else list(exchange, album);
      },
    },
    {
      path: /^\/photos\/(\d{1,15})$/,
      allow: 'GET, HEAD, DELETE',
      answer: (exchange, [digits = '']) => {
        const number = Number(digits);
        if (album.get(number) === undefined) {
          refuse(exchange, 404, 'There is no such photograph. POST /capture takes one.');
        } else if (exchange.method === 'DELETE') deleteOne(exchange, album, number);
        else {
          respond(exchange, {
            status: 200,
            fields: [
              ['Content-Type', 'image/svg+xml'],
              ['ETag', `"photo-${number}"`],
            ],
            content: landscape(number),
          });
        }
      },
    },
  ];
}

function pathOf(number: number): string {
  return `/photos/${number}`;
}

function list(exchange: Exchange, album: Album): void {
  const photographs = album.numbers.map((number) => ({
    path: pathOf(number),
    protected: album.get(number)?.protected ?? false,
  }));
  respond(exchange, {
    status: 200,
    fields: [JSON_TYPE, ['Cache-Control', 'no-store']],
    content: jsonLine(photographs),
  });
}

function deleteOne(exchange: Exchange, album: Album, number: number): void {
  if (album.delete(number) === 403) refuse(exchange, 403, 'This photograph is protected.');
  else void exchange.final({ status: 204, fields: [], content: NOTHING });
}

function deleteAll(exchange: Exchange, core: ServerCore, album: Album): void {
  const { numbers } = album;
  if (numbers.length === 0) {
    const content = text('There are no photographs: nothing was deleted.');
    void exchange.final({ status: 200, fields: [PLAIN_TEXT], content });
    return;
  }
  const work = new DeletingWork(core, album, numbers);
  beginJob(exchange, core, { work, statusPath: (id) => `/job/${id}.job` });
}

/** Deletes those that there were when it began, one in each step. */
class DeletingWork implements Work {
  readonly worker = 'archivist';
  readonly #core: ServerCore;
  readonly #album: Album;
  readonly #numbers: readonly number[];

  constructor(core: ServerCore, album: Album, numbers: readonly number[]) {
    this.#core = core;
    this.#album = album;
    this.#numbers = numbers;
  }

  get steps(): number {
    return this.#numbers.length;
  }

  plan(): JobPlan {
    return {
      steps: this.#numbers.map(pathOf),
      end: DELETED,
      stepMilliseconds: this.#core.stepMilliseconds,
      work: (step) => this.#delete(this.#numbers[step] ?? 0),
      finish: (job) => {
        const lines = job.results.map(({ status, reference }) => `${status} ${reference}`);
        const kept = job.results.filter(({ status }) => status === 403).length;
        const total = `Of ${count(job.results.length)}, ${kept} protected and kept.`;
        return {
          status: 200,
          fields: [...progressFields(job), PLAIN_TEXT],
          content: text(total, ...lines),
          summary: [total, ...lines],
        };
      },
    };
  }

  #delete(number: number): StatusUri {
    return { status: this.#album.delete(number), reference: pathOf(number) };
  }
}

function count(number: number): string {
  return `${number} photograph${number === 1 ? '' : 's'}`;
}

/** A picture that only depends on its number: hills under a sun. */
function landscape(number: number): Uint8Array {
  const hue = (number * 47) % 360;
  const sun = 40 + ((number * 83) % 240);
  return text(
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200" viewBox="0 0 320 200">',
    `<rect width="320" height="200" fill="hsl(${hue} 60% 80%)"/>`,
    `<circle cx="${sun}" cy="60" r="24" fill="hsl(45 90% 60%)"/>`,
    `<path d="M0 140 Q80 90 160 140 T320 130 V200 H0Z" fill="hsl(${(hue + 120) % 360} 35% 45%)"/>`,
    `<path d="M0 165 Q100 130 200 170 T320 160 V200 H0Z" fill="hsl(${(hue + 120) % 360} 40% 32%)"/>`,
    '</svg>',
  );
}
