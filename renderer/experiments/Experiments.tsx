// The experiments in the left rail, grouped; the chosen one shows what it teaches and how it is set up.

import { ChevronRight, Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ExperimentInfo } from '../../shared/contract.ts';
import { useEngine, useSetup } from '../stores/context.ts';
import { releasePointerFocus } from '../ui/focus.ts';
import { RailSection } from '../ui/RailSection.tsx';
import { ExperimentDetails } from './ExperimentDetails.tsx';
import { RunHere } from './RunHere.tsx';
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
    <RailSection id="experiments" title="Experiments" as="nav" count={experiments.length}>
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
      <div className="rail-content">
        {found.length === 0 ? (
          <p className="hint rail-hint">
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
                <Experiment
                  key={info.id}
                  info={info}
                  tone={tone}
                  isChosen={info === chosen}
                  isOpen={info === chosen && open}
                  isRunning={running === info.id}
                />
              ))}
            </section>
          );
        })}
      </div>
    </RailSection>
  );
}

interface ExperimentProps {
  readonly info: ExperimentInfo;
  readonly tone: string;
  /** It is the one that the Run button runs. */
  readonly isChosen: boolean;
  readonly isOpen: boolean;
  readonly isRunning: boolean;
}

function Experiment({ info, tone, isChosen, isOpen, isRunning }: ExperimentProps) {
  const setup = useSetup();
  const card = useRef<HTMLDivElement>(null);
  // What was opened at the lower edge comes into sight, from its name on where it is longer than the list.
  useEffect(() => {
    const list = card.current?.closest('.rail-content');
    if (!isOpen || card.current === null || list === null || list === undefined) return;
    const isLonger = card.current.offsetHeight > list.clientHeight;
    card.current.scrollIntoView({ block: isLonger ? 'start' : 'nearest' });
  }, [isOpen]);
  return (
    <div ref={card} className="experiment" data-chosen={isChosen || undefined}>
      <div className="experiment-head">
        <button
          type="button"
          className="experiment-name"
          aria-current={isChosen || undefined}
          aria-expanded={isOpen}
          title={info.title}
          onClick={(event) => {
            releasePointerFocus(event);
            setup.toggle(info.id);
          }}
        >
          <span className="dot" data-tone={tone} />
          <span className="ellipsis grow">{info.title}</span>
          {isRunning ? (
            <span className="hint">running</span>
          ) : (
            <ChevronRight className="turns" size={13} aria-hidden="true" />
          )}
        </button>
        {isChosen && !isRunning ? <RunHere info={info} isOpen={isOpen} /> : null}
      </div>
      {isOpen ? <ExperimentDetails info={info} /> : null}
    </div>
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
