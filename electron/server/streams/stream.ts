// One stream: a file that one appender at most writes to, and that any number of followers read while it does. Knows no
// socket. An append is in the file before a follower hears of it.

import type { Follower } from './follower.ts';
import { StreamFile, type StreamFileContext } from './stream-file.ts';

/** What became of an appender, as its followers are told. */
export type Departure = 'left' | 'cut' | 'failed';

export class Stream {
  readonly name: string;
  /** Requests and sockets that have it in use. */
  users = 0;
  readonly file: StreamFile;
  readonly #changed: (stream: Stream) => void;
  readonly #followers = new Set<Follower>();
  #appended = false;

  /** @throws ServerError as its file does */
  constructor(name: string, context: StreamFileContext & { readonly changed: (stream: Stream) => void }) {
    this.name = name;
    this.file = new StreamFile(name, context);
    this.#changed = context.changed;
  }

  /** Somebody appends to it now. */
  get appended(): boolean {
    return this.#appended;
  }

  /** Bytes; null: it was never written. */
  get length(): number | null {
    return this.file.length;
  }

  get followers(): number {
    return this.#followers.size;
  }

  /** Makes the caller its appender, until {@link leave}. There must be none. @throws ServerError; then it is not */
  begin(): void {
    this.file.openForAppends();
    this.#appended = true;
    this.#changed(this);
  }

  /** @throws ServerError; nothing of it is in the file then, and no follower hears of it */
  append(bytes: Uint8Array, binary: boolean): void {
    if (bytes.length === 0) return;
    this.file.append(bytes);
    for (const follower of this.#followers) follower.appended(bytes, binary);
    this.#changed(this);
  }

  /** The appender is gone: its followers get what is there, and are told. */
  leave(how: Departure): void {
    this.file.closeForAppends();
    this.#appended = false;
    for (const follower of this.#followers) follower.finish(how);
    this.#followers.clear();
    this.#changed(this);
  }

  /** Tells a follower of all appends from now on. */
  follow(follower: Follower): void {
    this.#followers.add(follower);
    this.#changed(this);
  }

  unfollow(follower: Follower): void {
    if (this.#followers.delete(follower)) this.#changed(this);
  }

  close(): void {
    this.file.close();
  }
}
