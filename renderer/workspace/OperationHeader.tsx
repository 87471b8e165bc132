// The line above the timeline: which operation the panels show and how it stands, the filter, and how the timeline moves.

import { Button, ToggleButton } from 'react-aria-components';
import { FilterBar } from '../filter/FilterBar.tsx';
import { useEngine } from '../stores/context.ts';
import { Key } from '../ui/Key.tsx';
import type { OperationSummary } from './operation.ts';

interface OperationHeaderProps {
  /** Null: there is no operation to tell of. */
  readonly summary: OperationSummary | null;
  /** The session has no events: nothing can be filtered or fitted. */
  readonly isEmpty: boolean;
  readonly following: boolean;
  readonly onFit: () => void;
  readonly toggleFollow: () => void;
}

export function OperationHeader({ summary, isEmpty, following, onFit, toggleFollow }: OperationHeaderProps) {
  const live = useEngine((state) => state.session.live);
  return (
    <header className="operation-header workspace-head" data-empty={isEmpty || undefined}>
      {summary === null ? (
        <h2 className="strong">Timeline</h2>
      ) : (
        <div
          className="operation-told"
          title={`${summary.title}\n${summary.badge}\n${summary.counts.join(' · ')}`}
        >
          <h2 className="strong ellipsis">{summary.title}</h2>
          <span className="badge" data-tone={summary.tone}>
            {summary.badge}
          </span>
          {/* Each count whole, or not at all where there is no room for it. */}
          <span className="operation-counts">
            {summary.counts.map((count, place) => (
              <span key={count}>{place === 0 ? count : ` · ${count}`}</span>
            ))}
          </span>
        </div>
      )}
      {isEmpty ? null : <FilterBar />}
      <div className="operation-tools">
        <ToggleButton
          className="button small"
          isSelected={following && live}
          isDisabled={isEmpty}
          onChange={toggleFollow}
        >
          Follow
          <Key>F</Key>
        </ToggleButton>
        <Button className="button plain small" isDisabled={isEmpty} onPress={onFit}>
          Fit
          <Key>0</Key>
        </Button>
      </div>
    </header>
  );
}
