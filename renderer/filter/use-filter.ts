// How components follow the filter: a render for each change of what matches.

import { useStore } from 'zustand';
import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Model } from '../../shared/model/model.ts';
import { useLaboratory } from '../stores/context.ts';
import type { FilterState } from './store.ts';

export function useFilter(): FilterState {
  return useStore(useLaboratory().filter.store);
}

/** What the filter says of this session; null: everything is shown. */
export function useMatcher(model: Model): Matcher | null {
  const { matcher } = useFilter();
  return matcher?.model === model ? matcher : null;
}
