// Groups of panels that are found as they were left. Knows nothing of what the panels hold.

import { type RefObject, useMemo } from 'react';
import {
  type GroupImperativeHandle,
  type LayoutChangedMeta,
  type PanelImperativeHandle,
  useGroupRef,
  usePanelRef,
} from 'react-resizable-panels';
import { useLaboratory } from '../stores/context.ts';
import type { Sizes } from '../stores/arrangement.ts';

interface RememberedPanels {
  readonly defaultLayout?: Record<string, number>;
  readonly onLayoutChanged: (layout: Sizes, meta: Pick<LayoutChangedMeta, 'isUserInteraction'>) => void;
}

/**
 * What a `Group` is given to be as the user left it.
 *
 * @param panels the ids of those it has now; with others it is arranged anew
 */
export function usePanels(group: string, panels: readonly string[]): RememberedPanels {
  const { arrangement } = useLaboratory();
  const sizes = arrangement.sizesOf(group, panels);
  return {
    ...(sizes === undefined ? {} : { defaultLayout: { ...sizes } }),
    onLayoutChanged: (layout, { isUserInteraction }) => {
      if (isUserInteraction) arrangement.resized(group, layout);
    },
  };
}

/** A panel that folds to its title, and the group it is in; both are null while they are not shown. */
export interface Foldable {
  readonly groupRef: RefObject<GroupImperativeHandle | null>;
  readonly panelRef: RefObject<PanelImperativeHandle | null>;
  readonly toggle: () => void;
}

/** One that is remembered with its group. */
export function useFoldable(group: string): Foldable {
  const { arrangement } = useLaboratory();
  const groupRef = useGroupRef();
  const panelRef = usePanelRef();
  return useMemo(
    () => ({
      groupRef,
      panelRef,
      toggle: () => {
        const panel = panelRef.current;
        if (panel === null) return;
        if (panel.isCollapsed()) panel.expand();
        else panel.collapse();
        if (groupRef.current !== null) arrangement.resized(group, groupRef.current.getLayout());
      },
    }),
    [arrangement, group, groupRef, panelRef],
  );
}
