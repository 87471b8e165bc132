// A section of the left rail: a title that folds it, what belongs beside the title, and content that scrolls in its share.

import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Section } from '../stores/arrangement.ts';
import { useLaboratory } from '../stores/context.ts';
import { releasePointerFocus } from './focus.ts';

interface RailSectionProps {
  readonly id: Section;
  readonly title: string;
  /** The experiments lead through the page; the others are parts of it. */
  readonly as?: 'nav';
  /** How many things are in it: what a folded one still tells. */
  readonly count: number;
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

export function RailSection({ id, title, as, count, beside, children }: RailSectionProps) {
  const { arrangement } = useLaboratory();
  const isFolded = useStore(arrangement.store, (state) => state.folded.includes(id));
  const Part = as ?? 'section';
  return (
    <Part className={`rail-section ${id}`} aria-label={title} data-folded={isFolded || undefined}>
      <div className="rail-title">
        <h2 className="grow">
          <button
            type="button"
            className="rail-fold"
            aria-expanded={!isFolded}
            onClick={(event) => {
              releasePointerFocus(event);
              arrangement.toggle(id);
            }}
          >
            {title}
            {isFolded && count > 0 ? <span className="rail-count">{count}</span> : null}
            <ChevronRight className="turns" size={12} aria-hidden="true" />
          </button>
        </h2>
        {beside}
      </div>
      {isFolded ? null : children}
    </Part>
  );
}
