// Bytes of a stretch of a stream, explained: fetched when looked at, again when the stretch has grown.

import { useEffect, useState } from 'react';
import type { Stream } from '../../shared/capture/records.ts';
import { explain } from '../../shared/http1/explain.ts';
import { useLaboratory, useModel } from '../stores/context.ts';
import type { Span } from './hex-rows.ts';

/** Longest stretch that is explained: heads, and the structure of the first of the content. */
const EXPLAINED = 256 * 1024;
/** What still grows is read again each time that this much has come. */
const STEP = 64 * 1024;

export interface Stretch {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly end: number;
  /** Nothing more will come of it: it is read to its end. Else in steps, as it grows. */
  readonly settled: boolean;
  /** The request's method decides how its response is framed (HEAD, CONNECT). */
  readonly method: string;
}

export interface Explained {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly bytes: Uint8Array;
  /** False: nothing of it was kept. */
  readonly kept: boolean;
  /** Positions count from `start`. */
  readonly spans: readonly Span[];
}

/** Null until the bytes are there, and for no stretch. A longer stretch replaces a shorter one when it has come. */
export function useExplained(stretch: Stretch | null): Explained | null {
  const { api } = useLaboratory();
  const { model } = useModel();
  const [explained, setExplained] = useState<{ model: unknown; found: Explained } | null>(null);
  const { connection, stream, start, end, settled, method } = stretch ?? NOTHING;
  const length = settled ? end - start : Math.ceil((end - start) / STEP) * STEP;
  const to = start + Math.min(length, EXPLAINED);
  useEffect(() => {
    if (connection === 0 || to <= start) return undefined;
    let wanted = true;
    api.commands.bytes({ connection, stream, start, end: to }).then(
      ({ bytes, kept }) => {
        if (!wanted) return;
        const { spans } = explain(bytes, stream, { method });
        setExplained({
          model,
          found: {
            connection,
            stream,
            start,
            bytes,
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
  }, [api, model, connection, stream, start, to, method]);
  const found = explained?.model === model ? explained.found : null;
  const same =
    found !== null && found.connection === connection && found.stream === stream && found.start === start;
  return same ? found : null;
}

const NOTHING: Stretch = { connection: 0, stream: 'request', start: 0, end: 0, settled: true, method: '' };
