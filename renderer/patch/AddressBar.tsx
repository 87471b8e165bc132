// Which resource is edited: its address, with the files of the test server to choose from, and how to begin.

import { ChevronDown, FilePlus2, RotateCw, Square } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  ComboBox,
  Dialog,
  DialogTrigger,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  TextField,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { useEngine, useLaboratory } from '../stores/context.ts';
import { count, counted } from '../timeline/format.ts';
import { Hint } from '../ui/Hint.tsx';
import { missingIn, MOST } from './cells.ts';
import { NEW_LENGTH } from './editor.ts';

export function AddressBar() {
  const { patch } = useLaboratory();
  const address = useStore(patch.store, (state) => state.address);
  const phase = useStore(patch.store, (state) => state.phase);
  const { url, resources } = useEngine((state) => state.server);
  const root = url.replace(/\/$/, '');
  const files = resources.filter(({ kind }) => kind === 'file').map(({ path }) => ({ id: `${root}${path}` }));
  return (
    <div className="patch-address">
      <ComboBox
        className="address-field grow"
        aria-label="Address of the resource"
        allowsCustomValue
        inputValue={address}
        // What stands in the field already is no choice: a list of it alone would open over what follows.
        defaultItems={files.filter(({ id }) => id !== address)}
        onInputChange={(value) => patch.setAddress(value)}
        onSelectionChange={(chosen) => {
          if (chosen === null) return;
          patch.setAddress(String(chosen));
          patch.load();
        }}
      >
        <Input
          className="input"
          placeholder="http://127.0.0.1:18080/uploads/example.bin"
          spellCheck={false}
          onKeyDown={(event) => {
            // With a file of the list in hand, Enter chooses that one.
            if (event.key !== 'Enter' || event.currentTarget.hasAttribute('aria-activedescendant')) return;
            // A question that follows has its focus at once: this very stroke must not answer it.
            event.preventDefault();
            patch.load();
          }}
        />
        {files.length === 0 ? null : (
          <Button className="address-files" aria-label="Files of the test server">
            <ChevronDown size={14} aria-hidden="true" />
          </Button>
        )}
        <Popover className="popover address-list">
          <ListBox className="menu">
            {(file: { id: string }) => (
              <ListBoxItem id={file.id} className="menu-item" textValue={file.id}>
                <span className="mono ellipsis">{file.id}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      <Hint
        text={phase === 'loading' ? 'Ends the request' : 'Fetches the resource: at most 1 MiB of it (Enter)'}
      >
        <Button
          className="button"
          isDisabled={phase === 'sending'}
          onPress={() => {
            if (phase === 'loading') void patch.stop();
            else patch.load();
          }}
        >
          {phase === 'loading' ? (
            <>
              <Square size={11} fill="currentColor" aria-hidden="true" />
              Stop
            </>
          ) : (
            <>
              <RotateCw size={13} aria-hidden="true" />
              Load
            </>
          )}
        </Button>
      </Hint>
      <DialogTrigger>
        <Button className="button" isDisabled={phase !== 'idle'}>
          <FilePlus2 size={13} aria-hidden="true" />
          New…
        </Button>
        <Popover className="popover" placement="bottom end">
          <Dialog className="new-dialog" aria-label="Begin a new resource">
            {({ close }) => <NewForm onDone={close} />}
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  );
}

function NewForm({ onDone }: { readonly onDone: () => void }) {
  const { patch } = useLaboratory();
  const [typed, setTyped] = useState(String(NEW_LENGTH));
  const length = /^\d{1,7}$/.test(typed.trim()) ? Number(typed) : NaN;
  const isWrong = !(length <= MOST);
  return (
    <form
      className="new-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong) return;
        onDone();
        patch.startNew(length);
      }}
    >
      <TextField className="field" value={typed} onChange={setTyped} isInvalid={isWrong} autoFocus>
        <Label>Bytes to begin with</Label>
        <Input className="input" inputMode="numeric" />
      </TextField>
      <p className={isWrong ? 'problem' : 'hint'}>
        {isWrong
          ? `A whole number, ${count(MOST)} at most.`
          : 'All of them 00. Send them to make the resource.'}
      </p>
      <Button type="submit" className="button primary small" isDisabled={isWrong}>
        Begin
      </Button>
    </form>
  );
}

/** `200 OK · 4,096 bytes · ETag "abc" · text/plain`: what is known of the state that differences are measured against. */
export function BaseLine() {
  const { patch } = useLaboratory();
  const base = useStore(patch.store, (state) => state.base);
  const status = useStore(patch.store, (state) => state.status);
  if (base === null) return null;
  const { cells, etag, exists, contentType } = base;
  const missing = missingIn(cells);
  return (
    <p className="base-line selectable">
      {exists ? (
        <>
          {status === '' ? null : (
            <span>
              {status}
              {status.startsWith('206') && missing === 0 ? ': all of it' : ''}
            </span>
          )}
          <span>{counted(cells.length, 'byte')}</span>
          {missing === 0 ? null : (
            <span className="incomplete">
              incomplete, {count(missing)} {missing === 1 ? 'byte is' : 'bytes are'} missing
            </span>
          )}
          <span>
            {etag === null ? (
              'no ETag'
            ) : (
              <>
                ETag <code>{etag}</code>
              </>
            )}
          </span>
          <span className="ellipsis">{contentType}</span>
        </>
      ) : (
        <span>Not there yet: what is sent makes it.</span>
      )}
    </p>
  );
}
