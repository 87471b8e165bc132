// What the exchanges of an operation brought together: an upload as the server has it by its pieces, or a download as the
// client has it. Put together anew while it grows, in ever longer steps.

import { useEffect, useRef, useState } from 'react';
import { assemble, type Representation } from '../../../shared/body/representation.ts';
import type { Stream } from '../../../shared/capture/records.ts';
import { Layer } from '../../../shared/model/events.ts';
import type { Operation } from '../../../shared/model/model.ts';
import { useLaboratory, useModel } from '../../stores/context.ts';
import { BodyContent } from './BodyContent.tsx';
import { MOST } from './source.ts';
import { steps } from './use-body.ts';
import { assembledWords } from './words.ts';

/** What was put together, and its bytes as they are shown: without their coding; null: not shown yet. */
export interface Together {
  readonly found: Representation;
  readonly shown: () => Uint8Array | null;
}

interface AssembledProps {
  readonly operation: Operation;
  /** Whose representation: what requests brought, or what responses did. */
  readonly stream: Stream;
  /** Told of each that is put together; null: none is shown any more. */
  readonly onFound: (together: Together | null) => void;
}

export function Assembled({ operation, stream, onFound }: AssembledProps) {
  const { found, problem } = useAssembled(operation, stream);
  const shown = useRef<Uint8Array | null>(null);
  useEffect(() => {
    shown.current = null;
    onFound(found === null ? null : { found, shown: () => shown.current });
    return () => onFound(null);
  }, [found, onFound]);
  if (found === null) return <div className="empty">{problem ?? 'Putting the pieces together…'}</div>;
  const { text, short } = assembledWords(found);
  return (
    <>
      <p className={`body-note${short ? ' short' : ''}`} role="status">
        {text}
      </p>
      <BodyContent
        content={found.bytes}
        contentType={found.contentType}
        contentEncoding={found.contentEncoding}
        whole={found.bytes.length === found.length}
        name="all pieces"
        origin={0}
        depth={0}
        onShown={(bytes) => {
          shown.current = bytes;
        }}
      />
    </>
  );
}

interface Found {
  readonly found: Representation | null;
  readonly problem: string | null;
}

const NOTHING: Found = { found: null, problem: null };

function useAssembled(operation: Operation, stream: Stream): Found {
  const { api } = useLaboratory();
  const { model } = useModel();
  const [state, setState] = useState<Found & { readonly of: Operation | null }>({ ...NOTHING, of: null });
  const coverage = stream === 'request' ? operation.upload : operation.download;
  const total = coverage.total(Layer.received) || coverage.total(Layer.sent);
  const isOver =
    operation.exchanges.length > 0 && model.exchanges[operation.exchanges.at(-1)!]?.complete === true;
  const mark = isOver ? total : steps(total);
  useEffect(() => {
    let wanted = true;
    assemble(
      model,
      operation,
      stream,
      (connection, stream, start, end) => api.commands.bytes({ connection, stream, start, end }),
      MOST,
    ).then(
      (found) => {
        if (wanted) setState({ found, problem: null, of: operation });
      },
      (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (wanted) setState({ found: null, problem, of: operation });
      },
    );
    return () => {
      wanted = false;
    };
    // It is read again when more has come, in steps.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api, model, operation, stream, mark, isOver]);
  return state.of === operation ? state : NOTHING;
}
