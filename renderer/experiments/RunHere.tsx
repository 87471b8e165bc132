// Run beside the name of the chosen experiment: in sight however long what is told of it.

import { Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ExperimentInfo } from '../../shared/contract.ts';
import { useEngine, useLaboratory, useSetup } from '../stores/context.ts';
import { runChosen } from '../ui/commands.ts';
import { Hint } from '../ui/Hint.tsx';
import { runArguments } from './setup.ts';

interface RunHereProps {
  readonly info: ExperimentInfo;
  /** Its details are shown: this is what they lead to. */
  readonly isOpen: boolean;
}

export function RunHere({ info, isOpen }: RunHereProps) {
  const laboratory = useLaboratory();
  const setup = useSetup();
  const isWrong = useStore(setup.store, (state) => runArguments(state, info) === null);
  const running = useEngine((engine) => engine.run.state === 'running');
  const ready = useEngine((engine) => engine.ready && engine.link === 'connected');
  return (
    <Hint text="Runs it (R)">
      <Button
        className={`button small icon run-here ${isOpen ? 'primary' : 'plain'}`}
        aria-label={`Run ${info.title}`}
        isDisabled={running || isWrong || !ready}
        onPress={() => runChosen({ laboratory, setup })}
      >
        <Play size={11} fill="currentColor" aria-hidden="true" />
      </Button>
    </Hint>
  );
}
