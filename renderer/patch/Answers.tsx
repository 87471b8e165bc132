// What the server said to each request that was sent, and the coverage of the bytes that were written.

import { CircleCheck, CircleDashed, CircleX, LoaderCircle } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { CoverageMap } from '../coverage/CoverageMap.tsx';
import { useEngine, useLaboratory, useModel } from '../stores/context.ts';
import type { Answer } from './editor.ts';
import { sentOperation } from './sent.ts';

export function Answers({ theme }: { readonly theme: string }) {
  const laboratory = useLaboratory();
  const { patch, feed } = laboratory;
  const { model, revision } = useModel();
  const answers = useStore(patch.store, (state) => state.answers);
  const mark = useStore(patch.store, (state) => state.mark);
  const url = useStore(patch.store, (state) => state.base?.url);
  const armed = useEngine((state) => state.faults.armed);
  if (answers.length === 0 || mark === null || url === undefined)
    return (
      <p className="empty">
        Nothing was sent yet. What the server answers stands here, and which bytes were written.
      </p>
    );
  const operation = sentOperation(model, feed.store.getState().epoch, mark, url);
  return (
    <div className="answers">
      <ol className="answer-list" aria-label="Answers">
        {answers.map((answer, index) => (
          // Requests of a send never change their places.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="answer" data-state={answer.state}>
            <StateIcon state={answer.state} />
            <span className="mono">{answer.method}</span>
            <span className="mono ellipsis answer-what">{answer.what}</span>
            <span className="grow" />
            <span className="answer-status">{answer.status}</span>
            {answer.etag === null ? null : <code className="answer-etag ellipsis">{answer.etag}</code>}
          </li>
        ))}
      </ol>
      <div className="answer-coverage">
        <CoverageMap
          model={model}
          revision={revision}
          subscribe={feed.subscribe}
          playhead={Infinity}
          theme={theme}
          pointed={laboratory.pointed}
          operation={operation}
          filtered={false}
          armed={armed}
          onArm={(at) => void laboratory.arm(at)}
          onDisarm={(id) => void laboratory.disarm(id)}
          onSelect={(selection) => laboratory.select(selection)}
          onNote={(row) => laboratory.showNote(row)}
        />
      </div>
      <Button
        className="button small show-timeline"
        isDisabled={operation === null}
        onPress={() => {
          if (operation !== null) laboratory.select({ kind: 'operation', id: operation });
          patch.close();
        }}
      >
        Show it on the timeline
      </Button>
    </div>
  );
}

function StateIcon({ state }: { readonly state: Answer['state'] }) {
  switch (state) {
    case 'waiting':
      return <CircleDashed size={14} role="img" aria-label="waits" />;
    case 'sending':
      return <LoaderCircle className="turning" size={14} role="img" aria-label="being sent" />;
    case 'done':
      return <CircleCheck size={14} role="img" aria-label="done" />;
    case 'failed':
      return <CircleX size={14} role="img" aria-label="not done" />;
  }
}
