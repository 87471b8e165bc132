// The followers of one round: each follows to the end of what the appender says, and comes back when it is cut off itself.

import { followStream } from '../../client/websocket/follow.ts';
import type { StreamResult } from '../../client/websocket/outcome.ts';
import { pause } from '../../wire/pause.ts';
import { patienceOf } from '../kit/requests.ts';
import type { ExperimentContext } from '../kit/types.ts';

/** Tries of one follower. */
const MOST_TRIES = 20;
/** Milliseconds before a request that failed, or came too early, is sent again. */
export const TRY_AGAIN_AFTER = 200;

/** What became of one follower. */
export interface Followed {
  readonly result: StreamResult;
  /** Bytes that the stream had when it came. */
  readonly joinedAt: number;
  readonly tries: number;
}

export class Audience {
  readonly #context: ExperimentContext;
  readonly #url: string;
  readonly #followed: Promise<Followed>[] = [];

  constructor(context: ExperimentContext, url: string) {
    this.#context = context;
    this.#url = url;
  }

  /** One more follower. Resolves when it has been answered. @param joinedAt bytes that the stream has now */
  join(joinedAt: number): Promise<void> {
    return new Promise((resolve) => {
      const followed = this.#follow(joinedAt, resolve);
      this.#followed.push(followed);
      // None will be.
      void followed.then(() => resolve());
    });
  }

  /** Resolves when every one of them has heard the end. */
  all(): Promise<readonly Followed[]> {
    return Promise.all(this.#followed);
  }

  async #follow(joinedAt: number, opened: () => void): Promise<Followed> {
    const { signal, parameters } = this.#context;
    for (let tries = 1; ; tries++) {
      const enough = new AbortController();
      let told = 0;
      const content = (bytes: Uint8Array): null => {
        told += bytes.length;
        // More than was ever appended: nobody knows what else there is to come, and whether it has an end.
        if (told > Number(parameters['size'])) enough.abort();
        return null;
      };
      const options = { patience: patienceOf(this.#context), opened, content };
      const result = await followStream(this.#url, options, {
        ...this.#context,
        signal: AbortSignal.any([signal, enough.signal]),
      });
      const over = result.outcome === 'completed' || tries === MOST_TRIES || signal.aborted;
      if (over) return { result, joinedAt, tries };
      await pause(this.#context, TRY_AGAIN_AFTER);
    }
  }
}
