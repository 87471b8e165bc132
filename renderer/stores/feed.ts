// The events of the session, taken in batch by batch, and the model folded from them. At most one word to the interface a
// frame, and only now and then while much is still to come; must never let what it holds and what the engine has sent
// differ in silence.

import { createStore } from 'zustand/vanilla';
import { applyBatch, type BatchHeader, readBatchHeader } from '../../shared/model/batch.ts';
import { EventTable } from '../../shared/model/events.ts';
import { Model } from '../../shared/model/model.ts';

export interface FeedState {
  readonly model: Model;
  /** Grows with every fold, over all sessions. */
  readonly revision: number;
  readonly epoch: number;
}

interface FeedHost {
  /** Calls back once, in the next frame, with a clock in milliseconds. */
  nextFrame(callback: (now: number) => void): void;
  /** Everything up to this batch is taken in. */
  taken(epoch: number, batch: number): void;
  /** A batch is missing, or is none: all must be asked for again. */
  outOfStep(): void;
}

/**
 * While batches are still to come that were made already, the interface is told this often at first, in milliseconds,
 * and each time half as often as before, down to RARELY: what a picture costs grows with the session.
 */
const NOW_AND_THEN = 250;
const RARELY = 1000;

export function createFeed(host: FeedHost) {
  const empty = (epoch: number, revision: number): FeedState => ({
    model: new Model(new EventTable()),
    revision,
    epoch,
  });
  const store = createStore<FeedState>(() => empty(-1, 0));
  const listeners = new Set<() => void>();
  let queue: Uint8Array[] = [];
  let scheduled = false;
  /** The model has grown since the interface was told of it. */
  let isUntold = false;
  let isBehind = false;
  let toldAt = -Infinity;
  let pause = NOW_AND_THEN;
  let nextPause = NOW_AND_THEN;

  const changed = (state: FeedState): void => {
    isUntold = false;
    store.setState(state);
    for (const listener of listeners) listener();
  };

  const takeIn = (): void => {
    const batches = queue;
    queue = [];
    const { model, epoch } = store.getState();
    let last = 0;
    for (const bytes of batches) {
      if (readBatchHeader(bytes).epoch !== epoch) continue;
      try {
        last = applyBatch(model.events, bytes).number;
      } catch {
        host.outOfStep();
        return;
      }
    }
    if (last === 0) return;
    model.fold();
    isUntold = true;
    host.taken(epoch, last);
  };

  const frame = (now: number): void => {
    scheduled = false;
    takeIn();
    if (!isUntold) return;
    if (isBehind && now - toldAt < pause) return schedule();
    toldAt = now;
    pause = nextPause;
    nextPause = isBehind ? Math.min(nextPause * 2, RARELY) : NOW_AND_THEN;
    const { model, revision, epoch } = store.getState();
    changed({ model, revision: revision + 1, epoch });
  };

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    host.nextFrame(frame);
  };

  return {
    store,

    /** Calls back after every fold and every new session, without a render. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** Another session takes the place of this one; the same epoch again changes nothing. */
    begin(epoch: number): void {
      const { epoch: known, revision } = store.getState();
      if (epoch === known) return;
      queue = [];
      toldAt = -Infinity;
      nextPause = NOW_AND_THEN;
      changed(empty(epoch, revision + 1));
    },

    /** Takes a batch; one of an older epoch is dropped, one of a newer epoch begins it. */
    batch(bytes: Uint8Array): void {
      let header: BatchHeader;
      try {
        header = readBatchHeader(bytes);
      } catch {
        host.outOfStep();
        return;
      }
      const { epoch, firstRow, rows, of } = header;
      if (epoch < store.getState().epoch) return;
      this.begin(epoch);
      queue.push(bytes);
      isBehind = firstRow + rows < of;
      // The next frame may be far, and the engine waits for the word that this is taken.
      if (isBehind) takeIn();
      schedule();
    },
  };
}
