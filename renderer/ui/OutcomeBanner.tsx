// How a run ended, what it found out and what was checked, in plain words; stays until dismissed or the next run.

import { ChevronDown, CircleCheck, CircleX, Info, SquareTerminal, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { assertNever, type CheckLevel } from '../../shared/capture/records.ts';
import type { RunState } from '../../shared/contract.ts';
import { copyCommandLine } from '../copy/command-line.ts';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { counted } from '../timeline/format.ts';
import { Hint } from './Hint.tsx';
import { ResultTables } from './ResultTables.tsx';

/** What the centre shows of a run's outcome. */
export interface Outcome {
  /** Null: nothing ended, or it was dismissed. */
  readonly run: RunState | null;
  readonly open: boolean;
  toggle(): void;
  dismiss(): void;
}

/** The run's outcome, and what the user did with it: dismissed it, opened or closed its details. */
export function useOutcome(): Outcome {
  const run = useEngine((state) => state.run);
  const live = useEngine((state) => state.session.live);
  const [dismissed, setDismissed] = useState<RunState | null>(null);
  // A run whose result is a table is read there; the checks of others are for whoever asks.
  const [chosen, setChosen] = useState<{ readonly run: RunState; readonly open: boolean } | null>(null);
  const found = run.tables.length > 0;
  const open = chosen !== null && chosen.run === run ? chosen.open : found;
  const over = run.state !== 'idle' && run.state !== 'running';
  // What was opened tells how its operations ended; what it found out stands nowhere else.
  const shown = over && (live || found) && run !== dismissed;
  return {
    run: shown ? run : null,
    open: shown && open,
    toggle: () => setChosen({ run, open: !open }),
    dismiss: () => setDismissed(run),
  };
}

export function OutcomeBanner({ outcome }: { readonly outcome: Outcome }) {
  const laboratory = useLaboratory();
  const { run, open } = outcome;
  if (run === null) return null;
  const good = isGood(run);
  return (
    <section className="outcome" data-tone={good ? 'final' : 'error'} aria-label="Outcome">
      <div className="outcome-line">
        {good ? <CircleCheck size={15} aria-hidden="true" /> : <CircleX size={15} aria-hidden="true" />}
        <span className="strong">{word(run.state, good)}</span>
        <span className="outcome-reason ellipsis grow">{run.reason}</span>
        {run.checks.length + run.tables.length === 0 ? null : (
          <Button className="button plain small" aria-expanded={open} onPress={outcome.toggle}>
            {summary(run)}
            <ChevronDown size={13} aria-hidden="true" className={open ? 'turned' : ''} />
          </Button>
        )}
        <Hint text="Copies the run as a command line, for scripts and CI">
          <Button
            className="button plain icon small"
            aria-label="Copy as command line"
            onPress={() => void copyCommandLine(laboratory)}
          >
            <SquareTerminal size={13} aria-hidden="true" />
          </Button>
        </Hint>
        <Button
          className="button plain icon small"
          aria-label="Dismiss the outcome"
          onPress={outcome.dismiss}
        >
          <X size={13} aria-hidden="true" />
        </Button>
      </div>
    </section>
  );
}

/** Characters of a reason that the banner shows in any window. */
const FITS = 90;

/** What the run found out, and what was checked. */
export function OutcomeDetails({ run }: { readonly run: RunState }) {
  return (
    // What is longer than its pane is scrolled by keys, too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="outcome-details" aria-label="Result" tabIndex={0}>
      {run.reason.length > FITS ? <p className="outcome-all selectable">{run.reason}</p> : null}
      <ResultTables tables={run.tables} />
      <ul className="checks" aria-label="Checks">
        {run.checks.map((check) => (
          <li key={`${check.id} ${check.message}`} data-tone={toneOf(check.level)}>
            <CheckIcon level={check.level} />
            <span className="selectable">{check.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isGood(run: RunState): boolean {
  return run.state === 'completed' && !run.checks.some(({ level }) => level === 'error');
}

function word(state: RunState['state'], good: boolean): string {
  if (state === 'completed') return good ? 'Completed' : 'Completed, but not as it should';
  return state === 'refused' ? 'Refused' : 'Failed';
}

/** `2 tables, 12 checks passed, 1 warning` */
function summary({ tables, checks }: RunState): string {
  const of = (level: CheckLevel): number => checks.filter((one) => one.level === level).length;
  const parts: string[] = [];
  if (tables.length > 0) parts.push(counted(tables.length, 'table'));
  if (of('pass') > 0) parts.push(`${counted(of('pass'), 'check')} passed`);
  else if (of('info') > 0) parts.push(counted(of('info'), 'remark'));
  if (of('warning') > 0) parts.push(counted(of('warning'), 'warning'));
  if (of('error') > 0) parts.push(`${of('error')} failed`);
  return parts.join(', ');
}

function toneOf(level: CheckLevel): string {
  switch (level) {
    case 'pass':
      return 'final';
    case 'info':
      return 'accent';
    case 'warning':
      return 'interim';
    case 'error':
      return 'error';
    default:
      return assertNever(level);
  }
}

function CheckIcon({ level }: { readonly level: CheckLevel }) {
  switch (level) {
    case 'pass':
      return <CircleCheck size={14} role="img" aria-label="passed" />;
    case 'info':
      return <Info size={14} role="img" aria-label="worth knowing" />;
    case 'warning':
      return <TriangleAlert size={14} role="img" aria-label="warning" />;
    case 'error':
      return <CircleX size={14} role="img" aria-label="failed" />;
    default:
      return assertNever(level);
  }
}
