// Where a note is written, changed or taken back: its words, and what it is beside. Keeps it with Ctrl+Enter, too.

import { Trash2 } from 'lucide-react';
import { Button, Dialog, Form, Label, Modal, ModalOverlay, TextArea, TextField } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { Key } from '../ui/Key.tsx';
import { keyLabel } from '../ui/commands.ts';
import { roomWords } from './writer.ts';
import './remarks.css';
import { DialogHeader } from '../ui/DialogHeader.tsx';

export function RemarkDialog({ mac }: { readonly mac: boolean }) {
  const { writer } = useLaboratory();
  const { open, text, problem, isBusy } = useStore(writer.store);
  const room = roomWords(text);
  const id = open?.id ?? null;
  return (
    <ModalOverlay
      className="scrim"
      isDismissable
      isOpen={open !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) writer.close();
      }}
    >
      <Modal className="popover asking">
        <Dialog className="asking-dialog">
          <DialogHeader title={id === null ? 'New note' : 'Your note'} about={`on ${open?.beside ?? ''}`} />
          <Form
            className="asking-form"
            onSubmit={(event) => {
              event.preventDefault();
              void writer.save();
            }}
          >
            <TextField className="field" value={text} onChange={(typed) => writer.setText(typed)} autoFocus>
              <Label className="visually-hidden">Note</Label>
              <TextArea
                className="input asking-text remark-text"
                rows={6}
                placeholder="What you found here"
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                  event.preventDefault();
                  void writer.save();
                }}
              />
            </TextField>
            {problem === null ? (
              <p className="hint remark-room">
                {room === '' ? 'Saved with the session, for whoever opens it.' : room}
              </p>
            ) : (
              <p className="problem selectable" role="alert">
                {problem}
              </p>
            )}
            <div className="asking-actions">
              {id === null ? null : (
                <Button
                  className="button plain danger-text"
                  isDisabled={isBusy}
                  onPress={() => void writer.takeBack({ id })}
                >
                  <Trash2 size={13} aria-hidden="true" />
                  Take back
                </Button>
              )}
              <span className="grow" />
              <Button slot="close" className="button">
                Cancel
              </Button>
              <Button
                type="submit"
                className="button primary"
                isDisabled={isBusy || (id === null && text.trim() === '')}
              >
                Keep
                <Key>{keyLabel('Mod+Enter', mac)}</Key>
              </Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
