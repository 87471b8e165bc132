// All keys, in one dialog.

import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { Command } from './commands.ts';
import { keyLabel } from './commands.ts';
import { Key } from './Key.tsx';
import { DialogHeader } from './DialogHeader.tsx';

interface KeysDialogProps {
  readonly commands: readonly Command[];
  readonly mac: boolean;
  readonly isOpen: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const GROUPS: readonly Command['group'][] = ['Run', 'Faults', 'View', 'Session'];

/** What the pointer does, which no key tells. */
const POINTER = [
  ['Click a bar that grows', 'Cuts its connection there and then'],
  ['Alt-click', 'Selects it instead'],
  ['Click the byte axis of the map', 'Arms a cut at that byte'],
  ['Wheel, pinch, drag', 'Zooms and pans the timeline'],
  ['Drag the time axis, Shift-drag', 'Zooms to that stretch; Escape takes it back'],
  ['Double-click', 'Zooms to what is there; on the axis, to all'],
] as const;

export function KeysDialog({ commands, mac, isOpen, onOpenChange }: KeysDialogProps) {
  return (
    <ModalOverlay className="scrim" isDismissable isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal className="popover keys">
        <Dialog className="keys-dialog">
          <DialogHeader title="Keys" />
          <div className="keys-columns">
            {GROUPS.map((group) => (
              <section key={group}>
                <h3 className="section-title">{group}</h3>
                <dl>
                  {commands
                    .filter((command) => command.group === group && command.key !== undefined)
                    .map((command) => (
                      <div key={command.id}>
                        <dt>{command.title}</dt>
                        <dd>
                          <Key>{keyLabel(command.key!, mac)}</Key>
                          <span className="visually-hidden">{command.key}</span>
                        </dd>
                      </div>
                    ))}
                </dl>
              </section>
            ))}
            <section>
              <h3 className="section-title">Pointer</h3>
              <dl>
                {POINTER.map(([what, does]) => (
                  <div key={what}>
                    <dt>{does}</dt>
                    <dd className="hint">{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
