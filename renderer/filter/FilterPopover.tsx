// What stands below the filter's field while it is typed in: what is wrong, or what may follow.

import { useEffect, useRef } from 'react';
import type { Completion } from '../../shared/filter/complete.ts';
import type { FilterFault } from '../../shared/filter/filter.ts';

/** Of the list; its options are numbered behind it. */
export const COMPLETIONS = 'filter-completions';

interface FilterPopoverProps {
  readonly fault: FilterFault | null;
  readonly options: readonly Completion[];
  /** Index of the option that Enter takes; −1: none. */
  readonly active: number;
  /** Characters before the place that it is about. */
  readonly left: number;
  readonly onChoose: (option: Completion) => void;
}

export function FilterPopover({ fault, options, active, left, onChoose }: FilterPopoverProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  // What may follow says more than that something must.
  const said = fault?.code === 'incomplete' && options.length > 0 ? null : fault;
  if (said === null && options.length === 0) return null;
  return (
    <div className="popover filter-popover" style={{ left: `min(${left}ch + 20px, max(0px, 100% - 440px))` }}>
      {said === null ? null : (
        <p
          className="filter-fault"
          data-tone={said.code === 'incomplete' ? 'quiet' : 'error'}
          aria-hidden="true"
        >
          {said.message}
        </p>
      )}
      {options.length === 0 ? null : (
        <div
          ref={list}
          id={COMPLETIONS}
          className="filter-options"
          role="listbox"
          aria-label="What may follow"
        >
          {options.map((option, index) => (
            <div
              key={option.label}
              id={`${COMPLETIONS}-${index}`}
              className="filter-option"
              role="option"
              aria-selected={index === active}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(option)}
            >
              <code className="ellipsis">{option.label}</code>
              <span className="hint ellipsis">{option.detail}</span>
              {option.count === null ? null : (
                <span className="hint count">{option.count.toLocaleString('en-US')}</span>
              )}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
