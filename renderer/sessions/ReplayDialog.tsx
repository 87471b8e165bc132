// What is asked before a session is sent again: where to, how fast, with its faults or without; and what will be sent, and what
// cannot be. Acts only through the desk.

import { Info, Send } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  Dialog,
  FieldError,
  Form,
  Input,
  Label,
  Modal,
  ModalOverlay,
  TextField,
} from 'react-aria-components';
import { useStore } from 'zustand';
import type { ReplayPreview } from '../../shared/replay/preview.ts';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { Joined } from '../ui/Joined.tsx';
import {
  type AgainDraft,
  amountWords,
  faultWords,
  FIRST_DRAFT,
  readAgain,
  serverWords,
  timesFault,
  urlFault,
} from './again.ts';
import './again.css';
import { DialogHeader } from '../ui/DialogHeader.tsx';

const TO = { same: 'Where it went', other: 'Another server' } as const;
const TIMING = { asap: 'At once', 'as-recorded': 'As recorded', times: 'Faster or slower' } as const;
const FAULTS = { with: 'As recorded', without: 'None' } as const;

export function ReplayDialog() {
  const { desk } = useLaboratory();
  const asked = useStore(desk.store, (state) => state.asked);
  const { name } = useEngine((state) => state.session);
  return (
    <ModalOverlay
      className="scrim"
      isDismissable
      isOpen={asked !== null}
      onOpenChange={(open) => {
        if (!open) desk.dismiss();
      }}
    >
      <Modal className="popover asking">
        <Dialog className="asking-dialog">
          <DialogHeader title={`Send “${name}” again`} />
          {asked === null ? null : asked === 'reading' ? (
            <p className="hint" role="status">
              Reading what there is to send …
            </p>
          ) : asked.refusal !== null ? (
            <p className="problem selectable" role="alert">
              {asked.refusal}
            </p>
          ) : (
            <Asked preview={asked} />
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Asked({ preview }: { readonly preview: ReplayPreview }) {
  const { desk } = useLaboratory();
  const [draft, setDraft] = useState<AgainDraft>({
    ...FIRST_DRAFT,
    to: preview.needsTarget ? 'other' : 'same',
  });
  const args = readAgain(draft);
  const hasFaults = preview.cuts + preview.disturbances > 0;
  return (
    <Form
      className="asking-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (args !== null) void desk.sendAgain(args);
      }}
    >
      <dl className="again-facts">
        <dt>What</dt>
        <dd>{amountWords(preview)}</dd>
        <dt>Went to</dt>
        <dd>
          {preview.servers.map((server) => (
            <span key={server.authority} className="selectable">
              {serverWords(server)}
            </span>
          ))}
        </dd>
        <dt>Faults</dt>
        <dd>{faultWords(preview)}</dd>
      </dl>
      <div className="again-choice">
        <span>Send it to</span>
        {preview.needsTarget ? (
          <span className="hint">Another program recorded it: name a server.</span>
        ) : (
          <Joined
            label="Send it to"
            of={['same', 'other']}
            chosen={draft.to}
            name={(to) => TO[to]}
            onChoose={(to) => setDraft({ ...draft, to })}
          />
        )}
      </div>
      {draft.to === 'same' ? null : (
        <Typed
          label="Server"
          value={draft.url}
          placeholder="http://127.0.0.1:8080"
          fault={urlFault(draft.url)}
          onType={(url) => setDraft({ ...draft, url })}
        />
      )}
      <div className="again-choice">
        <span>Timing</span>
        <Joined
          label="Timing"
          of={['asap', 'as-recorded', 'times']}
          chosen={draft.timing}
          name={(timing) => TIMING[timing]}
          onChoose={(timing) => setDraft({ ...draft, timing })}
        />
      </div>
      {draft.timing === 'times' ? (
        <Typed
          label="Times as fast"
          value={draft.times}
          fault={timesFault(draft.times)}
          onType={(times) => setDraft({ ...draft, times })}
        />
      ) : null}
      {hasFaults ? (
        <div className="again-choice">
          <span>Faults</span>
          <Joined
            label="Faults"
            of={['with', 'without']}
            chosen={draft.faults ? 'with' : 'without'}
            name={(choice) => FAULTS[choice]}
            onChoose={(choice) => setDraft({ ...draft, faults: choice === 'with' })}
          />
        </div>
      ) : null}
      {preview.leftOut.length === 0 ? null : (
        <ul className="again-notes">
          {preview.leftOut.map((sentence) => (
            <li key={sentence}>
              <Info size={13} aria-hidden="true" />
              <span>{sentence}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="asking-actions">
        <Button slot="close" className="button">
          Cancel
        </Button>
        <Button type="submit" className="button primary" isDisabled={args === null} autoFocus>
          <Send size={13} aria-hidden="true" />
          Send
        </Button>
      </div>
    </Form>
  );
}

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly fault: string | null;
  readonly onType: (typed: string) => void;
}

function Typed({ label, value, placeholder, fault, onType }: TypedProps) {
  return (
    <TextField
      className="field"
      value={value}
      onChange={onType}
      isInvalid={fault !== null}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input className="input" {...(placeholder === undefined ? {} : { placeholder })} />
      {fault === null ? null : <FieldError className="problem">{fault}</FieldError>}
    </TextField>
  );
}
