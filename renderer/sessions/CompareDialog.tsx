// Which session to hold against the one that is looked at: a recent one, or any file; then how far that has come.

import { FolderOpen } from 'lucide-react';
import {
  Button,
  Dialog,
  FileTrigger,
  Heading,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  ProgressBar,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { shortBytes } from '../timeline/format.ts';
import { DialogHeader } from '../ui/DialogHeader.tsx';

export function CompareDialog() {
  const { desk } = useLaboratory();
  const choosing = useStore(desk.store, (state) => state.choosing);
  const isComparing = useStore(desk.store, (state) => state.busy === 'comparing');
  return (
    <ModalOverlay
      className="scrim"
      isDismissable={!isComparing}
      isKeyboardDismissDisabled={isComparing}
      isOpen={choosing || isComparing}
      onOpenChange={(open) => desk.choose(open)}
    >
      <Modal className="popover compare-dialog">{isComparing ? <Comparing /> : <Choosing />}</Modal>
    </ModalOverlay>
  );
}

/** A long comparison: how far it is, and how to end it. */
function Comparing() {
  const laboratory = useLaboratory();
  const share = useStore(laboratory.desk.store, (state) => state.share);
  const { name } = useEngine((state) => state.session);
  return (
    <Dialog className="compare-with comparing">
      <Heading slot="title" className="strong ellipsis">
        Comparing “{name}” …
      </Heading>
      <ProgressBar className="comparing-bar" aria-label="Exchanges compared" value={share * 100}>
        {({ percentage = 0, valueText }) => (
          <>
            <span className="comparing-track">
              <span className="comparing-done" style={{ width: `${percentage}%` }} />
            </span>
            <span className="hint">{share === 0 ? 'reading' : valueText}</span>
          </>
        )}
      </ProgressBar>
      <Button className="button" autoFocus onPress={() => void laboratory.stop()}>
        Stop
      </Button>
    </Dialog>
  );
}

function Choosing() {
  const { desk, compareFile } = useLaboratory();
  const recents = useEngine((state) => state.recents);
  const { name, path } = useEngine((state) => state.session);
  const others = recents.filter((recent) => recent.path !== path);
  return (
    <Dialog className="compare-with">
      <DialogHeader title={`Compare “${name}” with…`} />
      <ListBox
        className="menu compare-list"
        aria-label="Recent sessions"
        // A dialog opens for one choice: its first is at hand.
        autoFocus={others.length > 0 ? 'first' : false}
        onAction={(key) => void desk.compareWith(String(key))}
        renderEmptyState={() => <p className="empty">No other session was recorded yet: choose a file.</p>}
      >
        {others.map((recent) => (
          <ListBoxItem key={recent.path} id={recent.path} textValue={recent.name} className="menu-item">
            <span className="grow ellipsis">{recent.name}</span>
            <span className="hint">
              {new Date(recent.modifiedAt).toLocaleString()} · {shortBytes(recent.bytes)}
            </span>
          </ListBoxItem>
        ))}
      </ListBox>
      <footer>
        <FileTrigger
          acceptedFileTypes={['.pcapng', '.pcap']}
          onSelect={(files) => {
            const file = files?.[0];
            if (file !== undefined) void compareFile(file);
          }}
        >
          <Button className="button">
            <FolderOpen size={13} aria-hidden="true" />
            Choose a file…
          </Button>
        </FileTrigger>
      </footer>
    </Dialog>
  );
}
