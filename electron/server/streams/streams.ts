// The streams of one server: which of them are in use, and where they lie: in a folder of their own below the root, so that
// no upload can be one, and survive the server with it. Decides nothing about requests.

import { join } from 'node:path';
import type { ServerState } from '../../../shared/contract.ts';
import type { ContentStores } from '../uploads/content-store.ts';
import { forgetOldest } from '../oldest.ts';
import { Budget } from '../files/budget.ts';
import { type Disk, realDisk } from '../files/disk.ts';
import { Folder, OWN } from '../files/folder.ts';
import { fileName } from '../files/names.ts';
import { Stream } from './stream.ts';
import type { StreamFileContext } from './stream-file.ts';

type Row = ServerState['resources'][number];

/** Streams that the state names. */
const SHOWN = 20;
/** Entries of the folder that are looked at when it is opened. */
const LISTED = 1000;

interface StreamsOptions {
  /** Folder of the server's files; undefined: a temporary one, which goes with the server. */
  readonly root: string | undefined;
  readonly stores: Pick<ContentStores, 'claim'>;
  /** Most bytes of one stream. */
  readonly limit: number;
  /** Default: the real one. */
  readonly disk?: Disk | undefined;
  readonly changed: () => void;
}

export class Streams {
  readonly #context: StreamFileContext & { readonly changed: (stream: Stream) => void };
  /** Those in use, by name. */
  readonly #streams = new Map<string, Stream>();
  /** What the state names, newest last. */
  readonly #rows = new Map<string, Row>();

  /** Rejects with a ServerError `bad-option` if the root cannot be used. */
  static async open(options: StreamsOptions): Promise<Streams> {
    const streams = new Streams(options);
    // What an earlier server has left in the root.
    for (const name of Array.from(streams.#context.folder.names(LISTED))) {
      if (fileName(name) !== name) continue;
      const stream = streams.enter(name);
      streams.#show(stream);
      streams.leave(stream);
    }
    return streams;
  }

  private constructor({ root, stores, limit, disk = realDisk, changed }: StreamsOptions) {
    this.#context = {
      folder: new Folder(root === undefined ? undefined : join(root, OWN, 'streams')),
      budget: new Budget(stores),
      disk,
      limit,
      changed: (stream) => {
        this.#show(stream);
        changed();
      },
    };
  }

  /** A stream to be used until it is left. @throws ServerError `store-failed` */
  enter(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new Stream(name, this.#context);
      this.#streams.set(name, stream);
    }
    stream.users++;
    return stream;
  }

  leave(stream: Stream): void {
    if (--stream.users > 0) return;
    stream.close();
    this.#streams.delete(stream.name);
  }

  /** Takes a stream off the disk; false: somebody appends to it or follows it. @throws ServerError `store-failed` */
  remove(stream: Stream): boolean {
    if (stream.appended || stream.followers > 0) return false;
    stream.file.remove();
    this.#context.changed(stream);
    return true;
  }

  /**
   * SHA-256 (hex) of what a stream holds now, by the path of its resource; null if it was never written.
   * @throws ServerError `store-failed`
   */
  async digest(path: string): Promise<string | null> {
    const name = fileName(path.replace(/^\/streams\//, ''));
    if (name === null) return null;
    const stream = this.enter(name);
    try {
      return await stream.file.digest();
    } finally {
      this.leave(stream);
    }
  }

  /** Those that were used last, newest first. */
  resources(): Row[] {
    return Array.from(this.#rows.values()).toReversed();
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.#context.folder.close();
  }

  #show({ name, appended, followers, length }: Stream): void {
    const path = `/streams/${name}`;
    if (length === null) {
      this.#rows.delete(path);
      return;
    }
    const audience = followers === 0 ? '' : `, ${followers} following`;
    const label = appended ? `appending${audience}` : 'complete';
    this.#rows.delete(path);
    this.#rows.set(path, { path, kind: 'stream', label, have: length, length: appended ? null : length });
    forgetOldest(this.#rows, SHOWN);
  }
}
