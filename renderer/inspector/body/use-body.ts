// The body of a message for a component: read as it comes, and again in ever longer steps while it grows.

import { useEffect, useMemo, useState } from 'react';
import { useLaboratory, useModel } from '../../stores/context.ts';
import type { Part } from '../message.ts';
import { type BodySource, createBodySource } from './source.ts';

interface MessageOf {
  readonly connection: number;
  readonly method: string;
  /** Null: nothing is read. */
  readonly part: Part | null;
  /** It grows before the eyes: taken in by steps. */
  readonly moving: boolean;
}

export function useBody({ connection, method, part, moving }: MessageOf): BodySource {
  const { api } = useLaboratory();
  const { model } = useModel();
  const [, redraw] = useState(0);
  const stream = part?.stream ?? 'request';
  const start = part?.start ?? 0;
  const source = useMemo(
    () =>
      createBodySource(
        (connection, stream, start, end) => api.commands.bytes({ connection, stream, start, end }),
        { connection, stream, start, method },
        () => redraw((times) => times + 1),
      ),
    // Another model is another session: its bytes are others.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [api, model, connection, stream, start, method],
  );
  const reached =
    part === null ? 0 : Number.isNaN(part.end) ? part.headEnd : Math.max(part.end, part.headEnd);
  const end = moving && part !== null ? Math.max(part.headEnd, start + steps(reached - start)) : reached;
  const complete = part?.complete ?? false;
  const isRead = part !== null;
  useEffect(() => {
    if (isRead) source.reaches(end, complete);
  }, [source, end, complete, isRead]);
  return source;
}

/** A length that grows, in steps of an eighth: what is drawn anew for each of them is drawn only so often. */
export function steps(length: number): number {
  const step = 2 ** Math.max(7, Math.floor(Math.log2(Math.max(1, length))) - 3);
  return Math.floor(length / step) * step;
}
