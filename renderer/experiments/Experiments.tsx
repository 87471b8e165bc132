// The experiments in the left rail, grouped; the chosen one shows what it teaches and how it is set up.

import { ChevronRight, Search, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ExperimentInfo } from '../../shared/contract.ts';
import { useEngine, useSetup } from '../stores/context.ts';
import { releasePointerFocus } from '../ui/focus.ts';
import { ExperimentDetails } from './ExperimentDetails.tsx';
import { isAbout } from './find.ts';
import { chosenExperiment } from './setup.ts';
import './experiments.css';

type Group = ExperimentInfo['group'];

/** Order and colour of the groups; the group's name stands above, so the colour is never alone. */
const GROUPS: readonly (readonly [Group, string])[] = [
  ['resume', 'request'],
  ['progress', 'interim'],
  ['byte ranges', 'received'],
  ['streaming', 'final'],
  ['failures', 'error'],
  ['proxies and libraries', 'resent'],
];

export function Experiments() {
  const setup = useSetup();
  const experiments = useEngine((state) => state.experiments);
  const chosen = useStore(setup.store, (state) => chosenExperiment(state, experiments));
  const open = useStore(setup.store, (state) => state.open);
  const [wanted, setWanted] = useState('');
  const found = experiments.filter((info) => isAbout(info, wanted));
  const running = useEngine((state) => (state.run.state === 'running' ? state.run.experiment : null));

  return (
    <nav className="rail-section experiments" aria-label="Experiments">
      <h2 className="rail-title">Experiments</h2>
      <SearchField
        className="find-experiment"
        aria-label="Find an experiment"
        value={wanted}
        onChange={setWanted}
      >
        <Search size={12} aria-hidden="true" />
        <Input className="input" placeholder="Find" />
        <Button className="button plain icon small" aria-label="Show all experiments">
          <X size={12} aria-hidden="true" />
        </Button>
      </SearchField>
      {found.length === 0 ? (
        <p className="rail-hint">
          No experiment is about “{wanted.trim()}”: try a word such as resume or 102.
        </p>
      ) : null}
      {GROUPS.map(([group, tone]) => {
        const members = found.filter((info) => info.group === group);
        if (members.length === 0) return null;
        return (
          <section key={group} role="group" aria-label={group} onKeyDown={moveFocus}>
            <h3 className="group-title">{group}</h3>
            {members.map((info) => (
              <div key={info.id} className="experiment" data-chosen={info === chosen || undefined}>
                <button
                  type="button"
                  className="experiment-name"
                  aria-current={info === chosen || undefined}
                  aria-expanded={info === chosen && open}
                  onClick={(event) => {
                    releasePointerFocus(event);
                    setup.toggle(info.id);
                  }}
                >
                  <span className="dot" data-tone={tone} />
                  <span className="ellipsis grow">{info.title}</span>
                  {running === info.id ? (
                    <span className="hint">running</span>
                  ) : (
                    <ChevronRight className="turns" size={13} aria-hidden="true" />
                  )}
                </button>
                {info === chosen && open ? <ExperimentDetails info={info} /> : null}
              </div>
            ))}
          </section>
        );
      })}
    </nav>
  );
}

/** ↑ and ↓ go from name to name. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const target = event.target as HTMLElement;
  if (!target.classList.contains('experiment-name')) return;
  const names = [...document.querySelectorAll<HTMLElement>('.experiment-name')];
  names[names.indexOf(target) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  event.preventDefault();
}
