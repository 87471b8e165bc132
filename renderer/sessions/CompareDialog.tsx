// Which session to hold against the one that is looked at: a recent one, or any file.

import { FolderOpen, X } from 'lucide-react';
import {
  Button,
  Dialog,
  FileTrigger,
  Heading,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { shortBytes } from '../timeline/format.ts';

export function CompareDialog() {
  const { desk, compareFile } = useLaboratory();
  const isOpen = useStore(desk.store, (state) => state.choosing);
  const recents = useEngine((state) => state.recents);
  const { name, path } = useEngine((state) => state.session);
  const others = recents.filter((recent) => recent.path !== path);
  return (
    <ModalOverlay className="scrim" isDismissable isOpen={isOpen} onOpenChange={(open) => desk.choose(open)}>
      <Modal className="popover compare-dialog">
        <Dialog className="compare-with">
          <header>
            <Heading slot="title" className="strong grow ellipsis">
              Compare “{name}” with…
            </Heading>
            <Button slot="close" className="button plain icon small" aria-label="Close">
              <X size={14} aria-hidden="true" />
            </Button>
          </header>
          <ListBox
            className="menu compare-list"
            aria-label="Recent sessions"
            // A dialog opens for one choice: its first is at hand.
            autoFocus={others.length > 0 ? 'first' : false}
            onAction={(key) => void desk.compareWith(String(key))}
            renderEmptyState={() => (
              <p className="empty">No other session was recorded yet: choose a file.</p>
            )}
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
      </Modal>
    </ModalOverlay>
  );
}
