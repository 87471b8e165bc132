// What is asked before the test server is changed: a file's name and text, a job's steps, settings, and whether something
// is really to go. One dialog at a time; acts only through the keeper.

import { type ReactNode, useState } from 'react';
import {
  Button,
  Dialog,
  Form,
  Input,
  Label,
  Modal,
  ModalOverlay,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { assertNever } from '../../shared/capture/records.ts';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { Choice } from '../ui/Choice.tsx';
import { readFigure } from '../ui/figure.ts';
import { FigureField } from '../ui/FigureField.tsx';
import type { ServerDialog } from './keeper.ts';
import { draftOf, readSettings, SETTING_FIGURES, TRANSACTIONS } from './settings.ts';
import { DialogHeader } from '../ui/DialogHeader.tsx';

export function ServerDialogs() {
  const { keeper } = useLaboratory();
  const dialog = useStore(keeper.store, (state) => state.dialog);
  // It stands until its frame is gone: the keys could else not be given back from within it.
  const [last, setLast] = useState(dialog);
  if (dialog !== null && dialog !== last) setLast(dialog);
  return (
    <ModalOverlay
      className="scrim"
      isDismissable
      isOpen={dialog !== null}
      onOpenChange={(open) => {
        if (!open) keeper.show(null);
      }}
    >
      <Modal className="popover asking">{last === null ? null : <Chosen dialog={last} />}</Modal>
    </ModalOverlay>
  );
}

function Chosen({ dialog }: { readonly dialog: ServerDialog }) {
  switch (dialog.kind) {
    case 'file':
      return <NewFile />;
    case 'job':
      return <NewJob />;
    case 'settings':
      return <Settings />;
    case 'restart':
      return <Restart />;
    case 'delete':
      return <Delete path={dialog.path} />;
    default:
      return assertNever(dialog);
  }
}

const STEPS = { least: 1, most: 1000 };
const STEP = { least: 1, most: 60_000 };

function NewFile() {
  const { keeper } = useLaboratory();
  const [name, setName] = useState('');
  const [content, setContent] = useState('');
  return (
    <Asked
      title="New file"
      action="Create"
      isReady={name.trim() !== ''}
      onAct={() => void keeper.createFile(name.trim(), content)}
    >
      <TextField className="field" value={name} onChange={setName} autoFocus>
        <Label>Name</Label>
        <Input className="input" placeholder="notes.txt" />
        <Text slot="description" className="hint">
          Its address is /uploads/ and the name. A file of that name is replaced.
        </Text>
      </TextField>
      <TextField className="field" value={content} onChange={setContent}>
        <Label>Text</Label>
        <TextArea className="input asking-text" rows={8} />
      </TextField>
    </Asked>
  );
}

function NewJob() {
  const { keeper } = useLaboratory();
  const [steps, setSteps] = useState('5');
  const [step, setStep] = useState('1000');
  const count = readFigure(STEPS, steps);
  const milliseconds = readFigure(STEP, step);
  return (
    <Asked
      title="New job"
      action="Begin"
      isReady={typeof count === 'number' && typeof milliseconds === 'number'}
      onAct={() => {
        if (typeof count === 'number' && typeof milliseconds === 'number')
          void keeper.createJob(count, milliseconds);
      }}
    >
      <p className="hint">
        Something to wait for: by asking again, by one long request, by events, by 102s or over a WebSocket.
      </p>
      <FigureField label="Steps" bounds={STEPS} typed={steps} onType={setSteps} />
      <FigureField label="Each step, ms" bounds={STEP} typed={step} onType={setStep} />
    </Asked>
  );
}

function Settings() {
  const { keeper } = useLaboratory();
  const settings = useEngine((state) => state.server.settings);
  const [draft, setDraft] = useState(() => draftOf(settings));
  const read = readSettings(draft);
  return (
    <Asked
      title="Settings of the server"
      action="Apply"
      isReady={read !== null}
      onAct={() => {
        if (read !== null) void keeper.set(read);
      }}
    >
      <p className="hint">
        They hold at once, without a restart, and are kept. A router that drops connections which are silent
        for too long is among the faults: press A, and choose Cut when idle.
      </p>
      <Choice
        label="Writes that break off"
        value={draft.transaction}
        choices={TRANSACTIONS}
        hint="For requests that do not prefer a transaction themselves."
        onChoose={(transaction) => setDraft({ ...draft, transaction })}
      />
      {SETTING_FIGURES.map((figure) => (
        <FigureField
          key={figure.name}
          label={figure.label}
          bounds={figure}
          hint={figure.hint}
          typed={draft.figures[figure.name]}
          onType={(typed) => setDraft({ ...draft, figures: { ...draft.figures, [figure.name]: typed } })}
        />
      ))}
    </Asked>
  );
}

function Restart() {
  const { keeper } = useLaboratory();
  return (
    <Asked
      title="Restart the server?"
      action="Restart"
      isDangerous
      isReady
      onAct={() => void keeper.restart()}
    >
      <p>
        Every connection to it is reset. It comes back at the same address; files and streams live on,
        uploads, jobs and responses are forgotten.
      </p>
    </Asked>
  );
}

function Delete({ path }: { readonly path: string }) {
  const { keeper } = useLaboratory();
  return (
    <Asked title="Delete it?" action="Delete" isDangerous isReady onAct={() => void keeper.remove(path)}>
      <p>
        <span className="mono selectable server-path">{path}</span> cannot be brought back. The request shows
        in the session.
      </p>
    </Asked>
  );
}

interface AskedProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly action: string;
  readonly isReady: boolean;
  readonly isDangerous?: boolean;
  readonly onAct: () => void;
  readonly children: ReactNode;
}

function Asked({ title, action, isReady, isDangerous = false, onAct, children }: AskedProps) {
  const { keeper } = useLaboratory();
  const isBusy = useStore(keeper.store, (state) => state.isBusy);
  const problem = useStore(keeper.store, (state) => state.problem);
  return (
    <Dialog className="asking-dialog" role={isDangerous ? 'alertdialog' : 'dialog'}>
      <DialogHeader title={title} />
      <Form
        className="asking-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onAct();
        }}
      >
        {children}
        {problem === null ? null : (
          <p className="problem selectable" role="alert">
            {problem}
          </p>
        )}
        <div className="asking-actions">
          <Button slot="close" className="button" autoFocus={isDangerous}>
            Cancel
          </Button>
          <Button
            type="submit"
            className={isDangerous ? 'button danger' : 'button primary'}
            isDisabled={!isReady}
          >
            {isBusy ? 'Working …' : action}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
