// Recent sessions in the left rail, and the way to any other file.

import { FolderOpen } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { shortBytes } from '../timeline/format.ts';
import { releasePointerFocus } from '../ui/focus.ts';
import { Hint } from '../ui/Hint.tsx';
import { RailSection } from '../ui/RailSection.tsx';
import './sessions.css';

export function Sessions() {
  const laboratory = useLaboratory();
  const recents = useEngine((state) => state.recents);
  const path = useEngine((state) => state.session.path);
  return (
    <RailSection
      id="sessions"
      title="Sessions"
      count={recents.length}
      beside={
        <Hint text="Opens a session or a capture; a file can also be dropped into the window">
          <Button
            className="button plain icon small"
            aria-label="Open a session"
            onPress={() => void laboratory.open()}
          >
            <FolderOpen size={13} aria-hidden="true" />
          </Button>
        </Hint>
      }
    >
      <div className="rail-content">
        {recents.length === 0 ? (
          <p className="hint rail-hint">
            What you run is recorded and shows here. Drop a .pcapng to open it.
          </p>
        ) : (
          <ul>
            {recents.map((recent) => (
              <li key={recent.path}>
                <button
                  type="button"
                  className="recent"
                  aria-current={recent.path === path || undefined}
                  title={`${recent.name}\n${new Date(recent.modifiedAt).toLocaleString()} · ${shortBytes(recent.bytes)}`}
                  onClick={(event) => {
                    releasePointerFocus(event);
                    void laboratory.openPath(recent.path);
                  }}
                >
                  <span className="ellipsis">{recent.name}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </RailSection>
  );
}
