// The faults that are armed, each to be taken back, and a form that arms one more. Acts only through the laboratory.

import { ChevronDown, CloudLightning, X } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Form, Heading, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { count } from '../timeline/format.ts';
import { Choice } from '../ui/Choice.tsx';
import { readFigure } from '../ui/figure.ts';
import { FigureField } from '../ui/FigureField.tsx';
import { Key } from '../ui/Key.tsx';
import { COUNTS, FAULT_KINDS, type Figure, figuresOf, placesOf, readDraft } from './draft.ts';
import {
  CUT_KINDS,
  disturbanceLabel,
  faultHelp,
  faultLabel,
  kindHelp,
  kindLabel,
  placeHelp,
  specLabel,
} from './labels.ts';
import './faults.css';

export function FaultPanel() {
  const { armory } = useLaboratory();
  const isOpen = useStore(armory.store, (state) => state.isOpen);
  const waiting = useArmed();
  const count = waiting.length;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={(open) => armory.show(open)}>
      <Button
        className={count > 0 ? 'button faults-button on' : 'button faults-button'}
        aria-label={count === 0 ? 'Faults: none armed' : `Faults ${count} armed`}
      >
        <CloudLightning size={14} aria-hidden="true" />
        <span className="faults-word">Faults</span>{' '}
        {count === 0 ? null : (
          <span className="badge" data-tone="cut">
            {count}
          </span>
        )}
        <ChevronDown size={13} aria-hidden="true" />
      </Button>
      <Popover className="popover" offset={4}>
        <Dialog className="faults-dialog">
          <Heading slot="title" className="strong">
            Armed faults
          </Heading>
          {count === 0 ? (
            <p className="hint">
              None. What is armed here stands until it strikes or is taken back, whatever runs.
            </p>
          ) : (
            <ul className="faults-armed" aria-label="Armed faults">
              {waiting.map(({ id, label }) => (
                <ArmedFaultRow key={id} id={id} label={label} />
              ))}
            </ul>
          )}
          <FaultForm />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** What waits or stands, in words, in the order in which it was armed. */
function useArmed(): readonly { readonly id: number; readonly label: string }[] {
  const cuts = useEngine((state) => state.faults.armed);
  const disturbances = useEngine((state) => state.faults.disturbances);
  return [
    ...cuts.filter(({ fired }) => !fired).map(({ id, spec }) => ({ id, label: specLabel(spec) })),
    ...disturbances.map(({ id, disturbance }) => ({ id, label: disturbanceLabel(disturbance) })),
  ].sort((one, other) => one.id - other.id);
}

function ArmedFaultRow({ id, label }: { readonly id: number; readonly label: string }) {
  const laboratory = useLaboratory();
  return (
    <li>
      <span className="grow">{label}</span>
      <Button
        className="button plain icon small"
        aria-label={`Take back: ${label}`}
        onPress={() => void laboratory.disarm(id)}
      >
        <X size={13} aria-hidden="true" />
      </Button>
    </li>
  );
}

function FaultForm() {
  const { armory } = useLaboratory();
  const draft = useStore(armory.store, (state) => state.draft);
  const places = placesOf(draft.kind);
  const place = places.find(({ label }) => label === draft.place) ?? places[0];
  return (
    <Form
      className="faults-form"
      aria-label="Arm a fault"
      onSubmit={(event) => {
        event.preventDefault();
        void armory.arm();
      }}
    >
      <Choice
        label="Fault"
        value={draft.kind}
        choices={FAULT_KINDS.map((kind) => ({ id: kind, text: faultLabel(kind) }))}
        onChoose={(kind) => armory.edit({ kind })}
      />
      {place === undefined ? null : (
        <Choice
          label="Where"
          value={place.label}
          choices={places.map(({ label, end, direction }) => ({
            id: label,
            text: label,
            hint: placeHelp(end, direction),
          }))}
          onChoose={(label) => armory.edit({ place: label })}
        />
      )}
      {draft.kind !== 'cut-after' && draft.kind !== 'cut-at' ? null : (
        <Choice
          label="How"
          value={draft.cut}
          choices={CUT_KINDS.map((kind) => ({ id: kind, text: kindLabel(kind), hint: kindHelp(kind) }))}
          onChoose={(cut) => armory.edit({ cut })}
        />
      )}
      {draft.kind !== 'cut-at' ? null : (
        <Choice
          label="Counts the bytes of"
          value={draft.counts}
          choices={COUNTS}
          onChoose={(counts) => armory.edit({ counts })}
        />
      )}
      {figuresOf(draft.kind).map((figure) => (
        <FigureField
          key={figure.name}
          label={figure.label}
          bounds={figure}
          typed={draft.figures[figure.name]}
          {...inFull(figure, draft.figures[figure.name])}
          onType={(typed) => armory.type(figure.name, typed)}
        />
      ))}
      <p className="hint">{faultHelp(draft.kind)}</p>
      <Button type="submit" className="button primary" isDisabled={readDraft(draft) === null}>
        Arm
        <Key>↵</Key>
      </Button>
    </Form>
  );
}

/** What a figure with a unit comes to, as a hint. */
function inFull(figure: Figure, typed: string): { readonly hint?: string } {
  const value = readFigure(figure, typed);
  return typeof value === 'number' && /[a-z]/i.test(typed) ? { hint: `${count(value)} bytes` } : {};
}
