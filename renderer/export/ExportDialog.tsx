// The formats side by side: what each keeps of this session and what it loses, counted. Decides nothing itself.

import { Check, CircleDashed, Download, Minus } from 'lucide-react';
import { useMemo } from 'react';
import { Button, Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ExportFormat } from '../../shared/contract.ts';
import { type Kept, lossesOf } from '../../shared/export/losses.ts';
import { useEngine, useLaboratory, useModel } from '../stores/context.ts';
import { count } from '../timeline/format.ts';
import { keyLabel } from '../ui/commands.ts';
import { Key } from '../ui/Key.tsx';
import { FORMAT_WORDS, FORMATS } from './formats.ts';
import './export.css';
import { DialogHeader } from '../ui/DialogHeader.tsx';

export function ExportDialog() {
  const { dialogs } = useLaboratory();
  const isOpen = useStore(dialogs.store, (state) => state.open === 'export');
  return (
    <ModalOverlay className="scrim" isDismissable isOpen={isOpen} onOpenChange={dialogs.close}>
      <Modal className="popover export">
        <Dialog className="export-dialog">
          <Formats />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Formats() {
  const laboratory = useLaboratory();
  const { model, revision } = useModel();
  const name = useEngine((state) => state.session.name);
  const leftOut = useEngine((state) => state.session.leftOutBytes);
  // The model grows in place: its revision says so.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const rows = useMemo(() => lossesOf(model, leftOut), [model, revision, leftOut]);
  const isEmpty = model.events.length === 0;
  const mac = laboratory.api.platform === 'darwin';
  const choose = (format: ExportFormat): void => {
    laboratory.dialogs.close();
    void laboratory.exportAs(format);
  };
  return (
    <>
      <DialogHeader title="Export" about={name} />
      <div className="export-scroll">
        <table className="export-table">
          <thead>
            <tr>
              <td />
              {FORMATS.map((format, index) => {
                const { title, extension, use } = FORMAT_WORDS[format];
                return (
                  <th key={format} scope="col">
                    <Button
                      className="button export-button"
                      aria-label={`Export as ${title}`}
                      autoFocus={index === 0}
                      isDisabled={isEmpty}
                      onPress={() => choose(format)}
                    >
                      <Download size={13} aria-hidden="true" />
                      {title}
                    </Button>
                    <code className="export-extension">{extension}</code>
                    <span className="hint">{use}</span>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {isEmpty
              ? null
              : rows.map(({ what, count: number, unit, formats }) => (
                  <tr key={what}>
                    <th scope="row">
                      <span className="export-what">
                        {what}
                        {number === null ? null : (
                          <span className="export-count">
                            {count(number)}
                            {unit === null ? null : <span className="visually-hidden"> {unit}</span>}
                          </span>
                        )}
                      </span>
                    </th>
                    {FORMATS.map((format) => (
                      <KeptCell key={format} {...formats[format]} />
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
        {isEmpty ? (
          <p className="export-empty">There is nothing to export yet: run an experiment first.</p>
        ) : null}
      </div>
      <footer className="hint">
        The session file itself keeps all of this, and Wireshark opens it: save it with{' '}
        <Key>{keyLabel('Mod+S', mac)}</Key>
      </footer>
    </>
  );
}

const WORDS = { kept: 'kept', partly: 'in part', lost: 'lost' } as const;

function KeptCell({ keeping, how }: Kept) {
  const Icon = keeping === 'kept' ? Check : keeping === 'partly' ? CircleDashed : Minus;
  return (
    <td data-keeping={keeping}>
      <div className="export-kept">
        <Icon size={13} aria-hidden="true" />
        <span>
          {how === '' ? (
            WORDS[keeping]
          ) : (
            <>
              <span className="visually-hidden">{WORDS[keeping]}: </span>
              {how.startsWith('_') ? <code>{how.replaceAll(', ', ' ')}</code> : how}
            </>
          )}
        </span>
      </div>
    </td>
  );
}
