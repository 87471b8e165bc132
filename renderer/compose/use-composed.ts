// What the parts of the composer look at: the draft, the request that is edited, and what is wrong at a control.

import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { type Draft, NO_REQUEST, type RequestDraft } from './draft.ts';
import { judge, type Problem } from './outgoing.ts';

export function useDraft(): Draft {
  return useStore(useLaboratory().composer.store, (state) => state.draft);
}

/** The request that is edited: of a batch the chosen one. */
export function useRequest(): RequestDraft {
  const { mode, request, batch } = useDraft();
  return mode === 'batch' ? (batch.requests[batch.chosen] ?? NO_REQUEST) : request;
}

/** What is wrong at a control of the shown request, one sentence; null: nothing. */
export function useProblems(): (at: Problem['at']) => string | null {
  const draft = useDraft();
  const problems = useMemo(() => judge(draft), [draft]);
  const chosen = draft.mode === 'batch' ? draft.batch.chosen : null;
  return (at) =>
    problems.find((problem) => problem.at === at && (problem.request === null || problem.request === chosen))
      ?.sentence ?? null;
}
