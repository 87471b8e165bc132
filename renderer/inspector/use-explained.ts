// Bytes of a stretch of a stream, explained: fetched when looked at, again when the stretch has grown.

import { useEffect, useState } from 'react';
import type { Stream } from '../../shared/capture/records.ts';
import { explain } from '../../shared/http1/explain.ts';
import { useLaboratory, useModel } from '../stores/context.ts';
import type { Span } from './hex-rows.ts';

/** Longest stretch that is explained: heads, and the structure of the first of the content. */
const EXPLAINED = 256 * 1024;

export interface Stretch {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly end: number;
  /** The request's method decides how its response is framed (HEAD, CONNECT). */
  readonly method: string;
}

export interface Explained {
  readonly stretch: Stretch;
  /** False: nothing of it was kept. */
  readonly kept: boolean;
  /** Positions count from the stretch's start. */
  readonly spans: readonly Span[];
}

/** Null until the bytes are there, and for no stretch. A longer stretch replaces a shorter one when it has come. */
export function useExplained(stretch: Stretch | null): Explained | null {
  const { api } = useLaboratory();
  const { model } = useModel();
  const [explained, setExplained] = useState<{ model: unknown; found: Explained } | null>(null);
  const { connection, stream, start, end, method } = stretch ?? NOTHING;
  useEffect(() => {
    if (connection === 0 || end <= start) return undefined;
    let wanted = true;
    const to = Math.min(end, start + EXPLAINED);
    api.commands.bytes({ connection, stream, start, end: to }).then(
      ({ bytes, kept }) => {
        if (!wanted) return;
        const { spans } = explain(bytes, stream, { method });
        setExplained({
          model,
          found: {
            stretch: { connection, stream, start, end, method },
            kept: kept || bytes.length > 0,
            spans,
          },
        });
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [api, model, connection, stream, start, end, method]);
  const found = explained?.model === model ? explained.found : null;
  const same =
    found !== null &&
    found.stretch.connection === connection &&
    found.stretch.stream === stream &&
    found.stretch.start === start;
  return same ? found : null;
}

const NOTHING: Stretch = { connection: 0, stream: 'request', start: 0, end: 0, method: '' };
