// Groups of panels that are found as they were left. Knows nothing of what the panels hold.

import { type RefObject, useMemo, useRef } from 'react';
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

/** A panel that folds to its title or away, and the group it is in; both are null while they are not shown. */
export interface Foldable {
  readonly groupRef: RefObject<GroupImperativeHandle | null>;
  readonly panelRef: RefObject<PanelImperativeHandle | null>;
  readonly toggle: () => void;
  readonly unfold: () => void;
}

/**
 * One that is remembered with its group.
 *
 * @param usual pixels that it unfolds to where it was folded from the start
 */
export function useFoldable(group: string, usual: number): Foldable {
  const { arrangement } = useLaboratory();
  const groupRef = useGroupRef();
  const panelRef = usePanelRef();
  const before = useRef(usual);
  return useMemo(() => {
    const fold = (isFolded: boolean): void => {
      const panel = panelRef.current;
      if (panel === null || panel.isCollapsed() === isFolded) return;
      if (isFolded) {
        before.current = panel.getSize().inPixels;
        panel.collapse();
      } else panel.resize(before.current);
      if (groupRef.current !== null) arrangement.resized(group, groupRef.current.getLayout());
    };
    return {
      groupRef,
      panelRef,
      toggle: () => fold(panelRef.current?.isCollapsed() === false),
      unfold: () => fold(false),
    };
  }, [arrangement, group, groupRef, panelRef]);
}
