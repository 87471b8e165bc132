// How a run ended, and what was checked, in plain words; stays until dismissed or the next run.

import { ChevronDown, CircleCheck, CircleX, Info, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { assertNever, type CheckLevel } from '../../shared/capture/records.ts';
import type { RunState } from '../../shared/contract.ts';
import { useEngine } from '../stores/context.ts';
import { ResultTables } from './ResultTables.tsx';

export function OutcomeBanner() {
  const run = useEngine((state) => state.run);
  const live = useEngine((state) => state.session.live);
  const [dismissed, setDismissed] = useState<RunState | null>(null);
  // A run whose result is a table is read there; the checks of others are for whoever asks.
  const [chosen, setChosen] = useState<{ readonly run: RunState; readonly open: boolean } | null>(null);
  const found = run.tables.length > 0;
  const open = chosen !== null && chosen.run === run ? chosen.open : found;
  // What was opened tells how its operations ended; what it found out stands nowhere else.
  if ((!live && !found) || run.state === 'idle' || run.state === 'running' || run === dismissed) return null;
  const good = run.state === 'completed' && !run.checks.some(({ level }) => level === 'error');
  const counts = summary(run.checks.map(({ level }) => level));
  return (
    <section className="outcome" data-tone={good ? 'final' : 'error'} aria-label="Outcome">
      <div className="outcome-line">
        {good ? <CircleCheck size={15} aria-hidden="true" /> : <CircleX size={15} aria-hidden="true" />}
        <span className="strong">{word(run.state, good)}</span>
        <span className="outcome-reason ellipsis grow">{run.reason}</span>
        {run.checks.length === 0 && !found ? null : (
          <Button
            className="button plain small"
            aria-expanded={open}
            onPress={() => setChosen({ run, open: !open })}
          >
            {counts}
            <ChevronDown size={13} aria-hidden="true" className={open ? 'turned' : ''} />
          </Button>
        )}
        <Button
          className="button plain icon small"
          aria-label="Dismiss the outcome"
          onPress={() => setDismissed(run)}
        >
          <X size={13} aria-hidden="true" />
        </Button>
      </div>
      {open ? (
        <div className="outcome-details">
          <ResultTables tables={run.tables} />
          <ul className="checks" aria-label="Checks">
            {run.checks.map((check) => (
              <li key={`${check.id} ${check.message}`} data-tone={toneOf(check.level)}>
                <CheckIcon level={check.level} />
                <span className="selectable">{check.message}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  );
}

function word(state: RunState['state'], good: boolean): string {
  if (state === 'completed') return good ? 'Completed' : 'Completed, but not as it should';
  return state === 'refused' ? 'Refused' : 'Failed';
}

/** `12 checks passed, 1 warning` */
function summary(levels: readonly CheckLevel[]): string {
  const of = (level: CheckLevel): number => levels.filter((one) => one === level).length;
  const passed = of('pass');
  const parts = [`${passed} ${passed === 1 ? 'check' : 'checks'} passed`];
  if (of('warning') > 0) parts.push(`${of('warning')} ${of('warning') === 1 ? 'warning' : 'warnings'}`);
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
