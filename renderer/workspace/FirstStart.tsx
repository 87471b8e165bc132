// Where a session has no events yet: what this is for, and the five-step example in one click.

import { Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useEngine, useLaboratory, useSetup } from '../stores/context.ts';
import { runChosen } from '../ui/commands.ts';
import { Key } from '../ui/Key.tsx';

const STEPS = [
  ['POST', 'An upload begins, and is cut after three bytes.', 'cut'],
  ['HEAD', 'The client asks how much arrived.', 'request'],
  ['PATCH', 'It sends the rest, from there on.', 'received'],
  ['GET', 'It follows the job by 102 interim responses.', 'interim'],
  ['GET', 'It fetches the answer that the cut had lost.', 'final'],
] as const;

const EXAMPLE = 'five-steps';

export function FirstStart() {
  const laboratory = useLaboratory();
  const setup = useSetup();
  const example = useEngine((state) => state.experiments.find((info) => info.id === EXAMPLE));
  const busy = useEngine((state) => state.run.state === 'running');
  const live = useEngine((state) => state.session.live);
  if (busy) return <div className="empty">The run begins…</div>;
  if (!live)
    return <div className="empty">This recording holds no HTTP. Open another one, or run an experiment.</div>;
  return (
    <div className="first-start">
      <div className="first-card">
        <h2>Watch, break and resume HTTP</h2>
        <p>
          Every request and every response on one timeline, both ends of each connection on one clock. Click a
          bar while it grows and the connection is cut right there; then watch the client find out, ask, and
          go on.
        </p>
        <ol className="first-steps">
          {STEPS.map(([method, words, tone], index) => (
            <li key={words} data-tone={tone}>
              <span className="step-number">{index + 1}</span>
              <code>{method}</code>
              <span>{words}</span>
            </li>
          ))}
        </ol>
        <div className="first-actions">
          <Button
            className="button primary"
            isDisabled={example === undefined}
            onPress={() => {
              setup.choose(EXAMPLE);
              runChosen({ laboratory, setup });
            }}
          >
            <Play size={13} fill="currentColor" aria-hidden="true" />
            Run the five-step example
          </Button>
          <span className="hint">
            or choose an experiment on the left and press <Key>R</Key>
          </span>
        </div>
      </div>
    </div>
  );
}
