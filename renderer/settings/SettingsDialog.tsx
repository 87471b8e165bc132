// What can be set once and for all: looks, motion, pace, how much is kept. Each change holds at once and is remembered.

import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { Joined } from '../ui/Joined.tsx';
import { type Choice, CONTRASTS, KEEPING, MOTIONS, PACE_CHOICES, THEMES, YES_NO } from './choices.ts';
import './settings.css';
import { DialogHeader } from '../ui/DialogHeader.tsx';

/** What the engine keeps of a session where nobody says otherwise: 256 MiB. */
const USUAL_KEEPING = 256 * 1024 * 1024;

export function SettingsDialog() {
  const { dialogs } = useLaboratory();
  const isOpen = useStore(dialogs.store, (state) => state.open === 'settings');
  return (
    <ModalOverlay className="scrim" isDismissable isOpen={isOpen} onOpenChange={dialogs.close}>
      <Modal className="popover asking settings">
        <Dialog className="asking-dialog settings-dialog">
          <DialogHeader title="Settings" />
          <Settings />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Settings() {
  const laboratory = useLaboratory();
  const { preferences } = laboratory;
  const chosen = useStore(preferences.store);
  const rate = useEngine((state) => state.faults.rate);
  return (
    <>
      <section>
        <h3 className="section-title">Looks</h3>
        <Setting
          title="Theme"
          choices={THEMES}
          value={chosen.theme}
          onChange={(theme) => preferences.set({ theme })}
        />
        <Setting
          title="Contrast"
          choices={CONTRASTS}
          value={chosen.contrast}
          onChange={(contrast) => preferences.set({ contrast })}
        />
        <Setting
          title="Motion"
          choices={MOTIONS}
          value={chosen.motion}
          onChange={(motion) => preferences.set({ motion })}
        />
      </section>
      <section>
        <h3 className="section-title">At the start</h3>
        <Setting
          title="Pace"
          help="Of every write, in each direction. Slow enough to cut by hand, or as fast as it goes."
          choices={PACE_CHOICES}
          value={chosen.pace ?? rate}
          onChange={(pace) => {
            preferences.set({ pace });
            void laboratory.pace(pace);
          }}
        />
        <Setting
          title="Follow the newest event"
          help="The timeline moves along with a session that grows."
          choices={YES_NO}
          value={chosen.follow}
          onChange={(follow) => preferences.set({ follow })}
        />
      </section>
      <section>
        <h3 className="section-title">Recording</h3>
        <Setting
          title="Bytes kept of a session"
          help="What comes after is counted and not kept. A session that was over it stays so."
          choices={KEEPING}
          value={chosen.keptBytes ?? USUAL_KEEPING}
          onChange={(keptBytes) => void laboratory.keep(keptBytes)}
        />
      </section>
    </>
  );
}

interface SettingProps<T> {
  readonly title: string;
  readonly help?: string;
  readonly choices: readonly Choice<T>[];
  /** One that is none of the choices: nothing is marked. */
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Setting<T extends string | number | boolean>({
  title,
  help,
  choices,
  value,
  onChange,
}: SettingProps<T>) {
  return (
    <div className="setting">
      <div>
        <span>{title}</span>
        {help === undefined ? null : <p className="hint">{help}</p>}
      </div>
      <Joined
        label={title}
        of={choices.map((choice) => choice.label)}
        chosen={choices.find((choice) => choice.value === value)?.label ?? null}
        onChoose={(label) => {
          const found = choices.find((choice) => choice.label === label);
          if (found !== undefined) onChange(found.value);
        }}
      />
    </div>
  );
}
