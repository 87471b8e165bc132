// The bytes of one message of a stream, fetched when it is looked at.

import { useEffect, useState } from 'react';
import type { Stream } from '../../shared/capture/records.ts';
import { useLaboratory } from '../stores/context.ts';
import { WHOLE, wholeMessage } from './whole-message.ts';

interface Place {
  readonly connection: number;
  readonly stream: Stream;
  readonly start: number;
  readonly end: number;
  /** Of its row in the event table. */
  readonly code: number;
}

/** The message as text; null until its bytes are there. */
export function useMessage({ connection, stream, start, end, code }: Place): string | null {
  const { api } = useLaboratory();
  const key = `${connection} ${stream} ${start} ${end}`;
  const [read, setRead] = useState<{ readonly key: string; readonly text: string } | null>(null);
  useEffect(() => {
    let wanted = true;
    const tell = (text: string): void => {
      if (wanted) setRead({ key: `${connection} ${stream} ${start} ${end}`, text });
    };
    api.commands.bytes({ connection, stream, start, end: Math.min(end, start + WHOLE) }).then(
      ({ bytes, kept }) =>
        tell(
          kept || bytes.length > 0
            ? wholeMessage(bytes, code)
            : 'These bytes were counted, not kept: the session was over its budget when they came.',
        ),
      (error: unknown) => tell(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      wanted = false;
    };
  }, [api, connection, stream, start, end, code]);
  return read?.key === key ? read.text : null;
}
