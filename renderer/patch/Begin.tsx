// What stands where there is nothing to edit yet, and what must be said or asked before going on: one sentence, and ways
// out of it.

import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import type { Problem, Way } from './answers.ts';
import { type Asking, NEW_LENGTH } from './editor.ts';
import { keepFocus } from './focus.ts';

/** Before there is anything to edit. */
export function Begin() {
  const { patch } = useLaboratory();
  const phase = useStore(patch.store, (state) => state.phase);
  const problem = useStore(patch.store, (state) => state.problem);
  if (phase === 'loading')
    return (
      <div className="empty patch-begin" role="status">
        <p>Loading…</p>
        <p>
          <Button className="button small" onPress={() => void patch.stop()}>
            Stop
          </Button>
        </p>
      </div>
    );
  const isAbsent = problem?.mild === true;
  return (
    <div className="empty patch-begin">
      {isAbsent ? (
        <p className="strong">{problem.sentence}</p>
      ) : (
        <>
          <p className="strong">Change a few bytes of a resource, and see the request that does it.</p>
          <p>Load what is at the address, or begin with new bytes; then type over them.</p>
        </>
      )}
      <p className="patch-ways">
        <Button className={`button${isAbsent ? '' : ' primary'}`} onPress={() => patch.load()}>
          {problem === null ? 'Load' : 'Load again'}
        </Button>
        <Button className={`button${isAbsent ? ' primary' : ''}`} onPress={() => patch.startNew(NEW_LENGTH)}>
          Begin with {NEW_LENGTH} bytes
        </Button>
      </p>
    </div>
  );
}

/** What is wrong or has to be answered first, in one sentence, with ways to go on. */
export function ProblemBar() {
  const { patch } = useLaboratory();
  const problem = useStore(patch.store, (state) => state.problem);
  const asking = useStore(patch.store, (state) => state.asking);
  const phase = useStore(patch.store, (state) => state.phase);
  const base = useStore(patch.store, (state) => state.base);
  if (asking !== null) return <Question asking={asking} />;
  // Where nothing is loaded, that there is nothing is said in the middle.
  if (problem === null || phase !== 'idle' || (base === null && problem.mild === true)) return null;
  return <ProblemLine problem={problem} />;
}

function Question({ asking }: { readonly asking: Asking }) {
  const { patch } = useLaboratory();
  useEffect(() => keepFocus, []);
  return (
    <div
      className="problem-bar"
      data-tone="interim"
      role="alertdialog"
      aria-label="Changes were not sent"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        patch.answer(false);
      }}
    >
      <TriangleAlert size={15} aria-hidden="true" />
      <p className="grow">
        Your changes were not sent. {asking.about === 'load' ? 'Loading' : 'Beginning anew'} throws them away.
      </p>
      <Button autoFocus className="button small" onPress={() => patch.answer(false)}>
        Keep them
      </Button>
      <Button className="button danger small" onPress={() => patch.answer(true)}>
        Throw them away
      </Button>
    </div>
  );
}

function ProblemLine({ problem }: { readonly problem: Problem }) {
  const { patch } = useLaboratory();
  useEffect(() => keepFocus, []);
  return (
    <div
      className="problem-bar"
      data-tone={problem.mild === true ? 'accent' : 'error'}
      role="group"
      aria-label="Problem"
    >
      {problem.mild === true ? (
        <Info size={15} aria-hidden="true" />
      ) : (
        <CircleAlert size={15} aria-hidden="true" />
      )}
      <p className="grow selectable">{problem.sentence}</p>
      {problem.ways.map((way) => (
        <WayButton key={way} way={way} />
      ))}
      <Button className="button plain icon small" aria-label="Dismiss" onPress={() => patch.dismiss()}>
        <X size={13} aria-hidden="true" />
      </Button>
    </div>
  );
}

function WayButton({ way }: { readonly way: Way }) {
  const { patch } = useLaboratory();
  switch (way) {
    case 'load':
      return (
        <Button className="button small" onPress={() => patch.load()}>
          Load
        </Button>
      );
    case 'new':
      return (
        <Button className="button small" onPress={() => patch.startNew(NEW_LENGTH)}>
          Begin with {NEW_LENGTH} bytes
        </Button>
      );
    case 'put':
      return (
        <Button className="button small" onPress={() => patch.setForm('put')}>
          Use PUT
        </Button>
      );
  }
}
